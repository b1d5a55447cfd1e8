// Tests of the quality mark.
import { expect, test } from 'vitest'
import { quality, worse } from './quality'

test.each([
  [null, null, 'unknown'],
  [0, null, 'good'],
  [0.019, 199, 'good'],
  [0.02, 50, 'fair'],
  [0, 200, 'fair'],
  [0.08, 50, 'poor'],
  [0, 400, 'poor'],
  [null, 1000, 'poor'],
] as const)('loss %s and round trip %s is %s', (loss, roundTrip, expected) => {
  expect(quality(loss, roundTrip)).toBe(expected)
})

test('the worse of two wins', () => {
  expect(worse('good', 'poor')).toBe('poor')
  expect(worse('unknown', 'good')).toBe('good')
  expect(worse('lost', 'fair')).toBe('lost')
})
