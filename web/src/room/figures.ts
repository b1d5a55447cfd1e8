// Statistics as a person reads them.
import type { Statistics, StatsReport, StreamStatistics } from '../client'

/** The figures at the top of the panel; null where nothing is known. */
export interface Figures {
  roundTrip: string | null
  loss: string | null
  bitrate: string | null
  cipher: string | null
  protocol: string | null
}

/** What this end measured; where it measured nothing, what the server did. */
export function figures(own: Statistics | null, server: StatsReport | null): Figures {
  const roundTrip = own?.roundTripMs ?? server?.rtt_ms ?? null
  const up = own?.lossUp ?? server?.loss_up ?? null
  const down = own?.lossDown ?? server?.loss_down ?? null
  return {
    roundTrip: roundTrip === null ? null : `${Math.round(roundTrip)} ms`,
    loss: up === null && down === null ? null : `${percent(up)} / ${percent(down)}`,
    bitrate: own ? `${bitrate(own.bitrateUp)} / ${bitrate(own.bitrateDown)}` : null,
    cipher: own?.srtpCipher ?? null,
    protocol: own?.protocol?.toUpperCase() ?? null,
  }
}

/** E.g. `1.5 Mb/s`. */
export function bitrate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1_000_000
    ? `${(bitsPerSecond / 1_000_000).toFixed(1)} Mb/s`
    : `${Math.round(bitsPerSecond / 1000)} kb/s`
}

/** One line of the panel for a stream that carries something. */
export function streamLine(stream: StreamStatistics): string {
  const size =
    stream.height > 0 ? `${stream.width}×${stream.height}@${Math.round(stream.framesPerSecond)}` : null
  return [stream.codec, stream.rid, size, bitrate(stream.bitrate)].filter((part) => part !== null).join(' · ')
}

/** Streams of one direction that carry something, pictures first, larger before smaller. */
export function busyStreams(own: Statistics | null, direction: 'in' | 'out'): StreamStatistics[] {
  return (own?.streams ?? [])
    .filter((stream) => stream.direction === direction && stream.bitrate > 0)
    .sort((a, b) => b.kind.localeCompare(a.kind) || b.height - a.height)
}

function percent(part: number | null): string {
  return part === null ? '—' : `${(part * 100).toFixed(1)} %`
}
