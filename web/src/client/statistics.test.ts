// Tests of the figures drawn from getStats.
import { expect, test } from 'vitest'
import { digest, type Report } from './statistics'

type Entry = Report extends ReadonlyMap<string, infer E> ? E : never
const report = (...entries: Entry[]): Report => new Map(entries.map((entry) => [entry.id, entry]))

const inbound = (
  timestamp: number,
  bytesReceived: number,
  packetsReceived: number,
  packetsLost: number,
): Entry => ({
  id: 'I',
  type: 'inbound-rtp',
  kind: 'video',
  mid: '4',
  codecId: 'C',
  timestamp,
  bytesReceived,
  packetsReceived,
  packetsLost,
  frameWidth: 1280,
  frameHeight: 720,
  framesDecoded: 60,
  framesPerSecond: 30,
})
const shared: Entry[] = [
  { id: 'C', type: 'codec', timestamp: 0, mimeType: 'video/VP8' },
  { id: 'T', type: 'transport', timestamp: 0, srtpCipher: 'AEAD_AES_256_GCM', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', timestamp: 0, currentRoundTripTime: 0.042, localCandidateId: 'L' },
  { id: 'L', type: 'local-candidate', timestamp: 0, protocol: 'udp' },
]

test('a first look has sizes and names, but no rates', () => {
  const look = digest(report(inbound(1000, 5000, 10, 0), ...shared), null)
  expect(look).toMatchObject({
    roundTripMs: 42,
    srtpCipher: 'AEAD_AES_256_GCM',
    protocol: 'udp',
    bitrateDown: 0,
    lossDown: null,
  })
  expect(look.streams).toMatchObject([
    { direction: 'in', mid: '4', codec: 'VP8', width: 1280, height: 720, frames: 60 },
  ])
})

test('rates and loss are those since the look before', () => {
  const look = digest(report(inbound(3000, 255_000, 100, 10), ...shared), report(inbound(1000, 5000, 10, 0)))
  expect(look.bitrateDown).toBe(1_000_000)
  expect(look.lossDown).toBeCloseTo(0.1)
})

test('loss upward is what the far end reports', () => {
  const look = digest(
    report(
      { id: 'O', type: 'outbound-rtp', kind: 'video', mid: '1', rid: 'q', timestamp: 1, remoteId: 'R' },
      { id: 'R', type: 'remote-inbound-rtp', timestamp: 1, fractionLost: 0.05 },
    ),
    null,
  )
  expect(look.lossUp).toBe(0.05)
})

test('nothing connected yet: nothing known', () => {
  expect(digest(report(), null)).toEqual({
    at: 0,
    roundTripMs: null,
    lossUp: null,
    lossDown: null,
    bitrateUp: 0,
    bitrateDown: 0,
    srtpCipher: null,
    protocol: null,
    relayed: false,
    streams: [],
  })
})
