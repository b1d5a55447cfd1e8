// A page that is turned quickly is told a few times a second, and the last one always.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pace, PAUSE } from './pace'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('the first is told at once, a storm becomes its newest, and none after the end', () => {
  const told: number[] = []
  const pages = pace<number>((page) => told.push(page))
  for (let page = 1; page <= 20; page++) pages.say(page)
  expect(told).toEqual([1])
  vi.advanceTimersByTime(PAUSE)
  expect(told).toEqual([1, 20])
  expect(pages.isQuiet()).toBe(false)
  vi.advanceTimersByTime(PAUSE)
  expect(pages.isQuiet()).toBe(true)
  pages.say(3)
  pages.say(4)
  pages.stop()
  vi.advanceTimersByTime(10 * PAUSE)
  expect(told).toEqual([1, 20, 3])
})
