// What `getStats` says, as a few figures a person can read.
import type { MediaKind } from './kinds'

/** One stream of packets: a layer that is sent, or a slot that receives. */
export interface StreamStatistics {
  direction: 'in' | 'out'
  kind: MediaKind
  mid: string
  rid: string | null
  /** E.g. `VP8`. */
  codec: string | null
  /** Bits a second since the report before. */
  bitrate: number
  /** Decoded or encoded picture; 0 where there is none. */
  width: number
  height: number
  framesPerSecond: number
  /** Frames decoded (in) or encoded (out) so far. */
  frames: number
  /** Packets so far. */
  packets: number
  /** Of the packets since the report before, 0 to 1; null where not measured. */
  loss: number | null
}

/** One look at a peer connection. */
export interface Statistics {
  /** Milliseconds, by the browser's clock. */
  at: number
  roundTripMs: number | null
  lossUp: number | null
  lossDown: number | null
  bitrateUp: number
  bitrateDown: number
  /** E.g. `AEAD_AES_256_GCM`. */
  srtpCipher: string | null
  /** `udp` or `tcp`. */
  protocol: string | null
  /** Does it go by TURN? */
  relayed: boolean
  streams: StreamStatistics[]
}

interface Entry {
  id: string
  type: string
  timestamp: number
  [field: string]: unknown
}

/** Entries of a report by id, from one look to the next. */
export type Report = ReadonlyMap<string, Entry>

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const refer = (report: Report, id: unknown): Entry | undefined =>
  typeof id === 'string' ? report.get(id) : undefined

/** Figures from this report and the one before it. */
export function digest(report: Report, before: Report | null): Statistics {
  const entries = [...report.values()]
  const streams = entries
    .filter((entry) => entry.type === 'inbound-rtp' || entry.type === 'outbound-rtp')
    .map((entry) => stream(entry, report, before?.get(entry.id)))
  const transport = entries.find((entry) => entry.type === 'transport')
  const pair =
    refer(report, transport?.selectedCandidatePairId) ??
    entries.find(
      (entry) => entry.type === 'candidate-pair' && (entry.selected === true || entry.nominated === true),
    )
  const local = refer(report, pair?.localCandidateId)
  const roundTrip = number(pair?.currentRoundTripTime)
  const of = (direction: 'in' | 'out') => streams.filter((s) => s.direction === direction)
  return {
    at: Math.max(0, ...entries.map((entry) => entry.timestamp)),
    roundTripMs: roundTrip === null ? null : roundTrip * 1000,
    lossUp: worst(of('out')),
    lossDown: worst(of('in')),
    bitrateUp: sum(of('out')),
    bitrateDown: sum(of('in')),
    srtpCipher: text(transport?.srtpCipher),
    protocol: text(local?.protocol),
    relayed: local?.candidateType === 'relay',
    streams,
  }
}

function stream(entry: Entry, report: Report, before: Entry | undefined): StreamStatistics {
  const inbound = entry.type === 'inbound-rtp'
  const direction = inbound ? 'in' : 'out'
  const bytes = inbound ? 'bytesReceived' : 'bytesSent'
  const packets = inbound ? 'packetsReceived' : 'packetsSent'
  const seconds = before ? (entry.timestamp - before.timestamp) / 1000 : 0
  const grown = (field: string) => Math.max(0, (number(entry[field]) ?? 0) - (number(before?.[field]) ?? 0))
  const codec = text(refer(report, entry.codecId)?.mimeType)
  return {
    direction,
    kind: entry.kind === 'audio' ? 'audio' : 'video',
    mid: text(entry.mid) ?? '',
    rid: text(entry.rid),
    codec: codec?.split('/')[1] ?? null,
    bitrate: seconds > 0 ? Math.round((grown(bytes) * 8) / seconds) : 0,
    width: number(entry.frameWidth) ?? 0,
    height: number(entry.frameHeight) ?? 0,
    framesPerSecond: number(entry.framesPerSecond) ?? 0,
    frames: number(entry[inbound ? 'framesDecoded' : 'framesEncoded']) ?? 0,
    packets: number(entry[packets]) ?? 0,
    loss: inbound
      ? lossOf(grown('packetsLost'), grown(packets), before)
      : number(refer(report, entry.remoteId)?.fractionLost),
  }
}

function lossOf(lost: number, received: number, before: Entry | undefined): number | null {
  return before && lost + received > 0 ? lost / (lost + received) : null
}

function worst(streams: readonly StreamStatistics[]): number | null {
  const known = streams.flatMap(({ loss }) => (loss === null ? [] : [loss]))
  return known.length > 0 ? Math.max(...known) : null
}

function sum(streams: readonly StreamStatistics[]): number {
  return streams.reduce((total, { bitrate }) => total + bitrate, 0)
}

/** A browser's report as a plain map. */
export function plainReport(report: RTCStatsReport): Report {
  const entries = new Map<string, Entry>()
  report.forEach((entry: Entry) => entries.set(entry.id, entry))
  return entries
}
