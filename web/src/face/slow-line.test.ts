// Tests of the slow line.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SlowLine } from './slow-line'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first text is there at once, the next ones wait, and only the newest of them is shown', () => {
  const line = new SlowLine('', 2000)
  const changes: [number, string][] = []
  const began = performance.now()
  line.shown.watch((text) => changes.push([performance.now() - began, text]))
  line.say('closer')
  vi.advanceTimersByTime(500)
  line.say('more light')
  vi.advanceTimersByTime(500)
  line.say('hold still')
  vi.advanceTimersByTime(5000)
  expect(changes).toEqual([
    [0, 'closer'],
    [2000, 'hold still'],
  ])
})

test('what was taken back in time was never said', () => {
  const line = new SlowLine('', 2000)
  line.say('closer')
  line.say('more light')
  line.say('closer')
  vi.advanceTimersByTime(5000)
  expect(line.shown.value).toBe('closer')
  line.say('more light')
  expect(line.shown.value).toBe('more light')
})

test('two that say the same are no change, whatever they are', () => {
  const line = new SlowLine({ text: 'closer' }, 2000, (one, other) => one.text === other.text)
  line.say({ text: 'more light' })
  line.say({ text: 'hold still' })
  line.say({ text: 'more light' })
  vi.advanceTimersByTime(5000)
  expect(line.shown.value).toEqual({ text: 'more light' })
})

test('a closed line says nothing more', () => {
  const line = new SlowLine('', 2000)
  line.say('closer')
  line.say('more light')
  line.close()
  vi.advanceTimersByTime(5000)
  expect(line.shown.value).toBe('closer')
})
