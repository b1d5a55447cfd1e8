// Tests of the waits between attempts.
import { expect, test } from 'vitest'
import { backoff } from './backoff'

test('waits double up to the longest', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 100, 5000].map((attempt) => backoff(attempt, 0))
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000])
})

test('jitter takes off at most half', () => {
  expect(backoff(2, 0.999999)).toBe(500)
  expect(backoff(2, 0.5)).toBe(750)
})
