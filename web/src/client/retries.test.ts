// Automatic tries are few, and further and further apart.
import { expect, test } from 'vitest'
import { Retries } from './retries'

const limits = { first: 1_000, longest: 3_000, most: 5, holds: 10_000, rests: 60_000 }

test('the first try is at once, then pauses grow up to the longest, then there is an end', () => {
  const retries = new Retries(limits)
  expect(Array.from({ length: 7 }, () => retries.next(0))).toEqual([
    0,
    1_000,
    2_000,
    3_000,
    3_000,
    null,
    null,
  ])
  retries.reset()
  expect(retries.next(0)).toBe(0)
})

test('only what has held for a while begins a new row', () => {
  const retries = new Retries(limits)
  for (let time = 0; time < 4; time++) {
    retries.next(time)
    retries.works(time)
  }
  expect(retries.next(5_000)).toBe(3_000)
  retries.works(5_000)
  expect(retries.next(15_000)).toBe(0)
  // What fails without having worked in between does not count as held.
  expect(retries.next(30_000)).toBe(1_000)
})

test('what changes may work at once, but not more often than the first pause', () => {
  const retries = new Retries(limits)
  for (let time = 0; time < 5; time++) retries.next(time)
  retries.changed(500)
  expect(retries.next(500)).toBe(null)
  retries.changed(1_004)
  expect(retries.next(1_004)).toBe(0)
  const tries = Array.from({ length: 1_000 }, (_, index) => 2_100 + index * 10).filter((time) => {
    retries.changed(time)
    return retries.next(time) === 0
  })
  expect(tries.length).toBeLessThanOrEqual(10)
})

test('who has given up tries again after a rest, as when a new device is plugged in later', () => {
  const retries = new Retries(limits)
  for (let time = 0; time < 5; time++) retries.next(time)
  expect(retries.next(59_000)).toBe(null)
  expect(retries.next(60_004)).toBe(0)
})
