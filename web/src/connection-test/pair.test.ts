// Tests of what is made of the figures of both ends.
import { expect, test } from 'vitest'
import type { Statistics } from '../client'
import { flowOf } from './pair'

const look = (change: Partial<Statistics>): Statistics => ({
  at: 0,
  roundTripMs: null,
  lossUp: null,
  lossDown: null,
  bitrateUp: 0,
  bitrateDown: 0,
  srtpCipher: null,
  protocol: 'udp',
  relayed: false,
  streams: [],
  ...change,
})

test('rates are the best that were seen, faults their mean', () => {
  const seen = [
    {
      sent: look({ bitrateUp: 900_000, roundTripMs: 20, lossUp: 0 }),
      received: look({ bitrateDown: 800_000, lossDown: 0.02 }),
    },
    {
      sent: look({ bitrateUp: 1_500_000, roundTripMs: 40, lossUp: null }),
      received: look({ bitrateDown: 1_200_000, lossDown: 0 }),
    },
  ]
  expect(flowOf(seen, 'udp')).toMatchObject({
    up: 1_500_000,
    down: 1_200_000,
    lossUp: 0,
    lossDown: 0.01,
    roundTripMs: 30,
    way: 'udp',
  })
})

test('without a picture that comes back there is no figure', () => {
  expect(flowOf([], 'udp')).toBeNull()
  expect(flowOf([{ sent: look({ bitrateUp: 500_000 }), received: look({}) }], 'tcp')).toBeNull()
})
