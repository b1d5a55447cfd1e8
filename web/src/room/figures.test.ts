// Tests of figures as text.
import { expect, test } from 'vitest'
import type { Statistics, StreamStatistics } from '../client'
import { bitrate, busyStreams, figures, streamLine } from './figures'

const stream = (change: Partial<StreamStatistics>): StreamStatistics => ({
  direction: 'in',
  kind: 'video',
  mid: '1',
  rid: null,
  codec: 'VP8',
  bitrate: 500_000,
  width: 640,
  height: 360,
  framesPerSecond: 29.97,
  frames: 1,
  packets: 1,
  loss: 0,
  ...change,
})
const own = (change: Partial<Statistics>): Statistics => ({
  at: 0,
  roundTripMs: null,
  lossUp: null,
  lossDown: null,
  bitrateUp: 0,
  bitrateDown: 0,
  relayed: false,
  srtpCipher: null,
  protocol: null,
  streams: [],
  ...change,
})

test('bit rates have readable units', () => {
  expect([bitrate(0), bitrate(149_600), bitrate(1_740_000)]).toEqual(['0 kb/s', '150 kb/s', '1.7 Mb/s'])
})

test('a stream is one line', () => {
  expect(streamLine(stream({ rid: 'h' }))).toBe('VP8 · h · 640×360@30 · 500 kb/s')
  expect(streamLine(stream({ kind: 'audio', codec: 'opus', height: 0, bitrate: 32_000 }))).toBe(
    'opus · 32 kb/s',
  )
})

test('the server’s figures fill the gaps', () => {
  const report = {
    rtt_ms: 41.6,
    loss_up: 0.1,
    loss_down: 0,
    bytes_in: 0,
    bytes_out: 0,
    protocol: null,
    slots: [],
  }
  expect(figures(own({ lossDown: 0.025 }), report)).toMatchObject({
    roundTrip: '42 ms',
    loss: '10.0 % / 2.5 %',
  })
  expect(figures(null, null)).toEqual({
    roundTrip: null,
    loss: null,
    bitrate: null,
    cipher: null,
    protocol: null,
  })
})

test('only streams that carry something are listed, pictures first', () => {
  const streams = [
    stream({ bitrate: 0 }),
    stream({ kind: 'audio', height: 0 }),
    stream({ height: 90 }),
    stream({}),
    stream({ direction: 'out' }),
  ]
  expect(busyStreams(own({ streams }), 'in').map(({ kind, height }) => [kind, height])).toEqual([
    ['video', 360],
    ['video', 90],
    ['audio', 0],
  ])
})
