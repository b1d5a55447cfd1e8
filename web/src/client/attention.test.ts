// Tests of when a page counts as being in the background.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Attention, AWAY } from './attention'

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'

  turn(state: DocumentVisibilityState) {
    this.visibilityState = state
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a page is away after a while in the background, and back at once', () => {
  const page = new Page()
  const changed = vi.fn()
  const attention = new Attention(page, changed)
  page.turn('hidden')
  vi.advanceTimersByTime(AWAY - 1)
  expect(attention.away).toBe(false)
  vi.advanceTimersByTime(1)
  expect(attention.away).toBe(true)
  page.turn('visible')
  expect(attention.away).toBe(false)
  expect(changed).toHaveBeenCalledTimes(2)
})

test('a glance into another tab changes nothing', () => {
  const page = new Page()
  const changed = vi.fn()
  new Attention(page, changed)
  page.turn('hidden')
  vi.advanceTimersByTime(AWAY - 1)
  page.turn('visible')
  vi.advanceTimersByTime(2 * AWAY)
  expect(changed).not.toHaveBeenCalled()
})

test('a page that opens in the background is away, and one that is stopped tells nothing', () => {
  const page = new Page()
  page.visibilityState = 'hidden'
  const changed = vi.fn()
  const attention = new Attention(page, changed)
  vi.advanceTimersByTime(AWAY)
  expect(attention.away).toBe(true)
  attention.stop()
  page.turn('visible')
  expect(changed).toHaveBeenCalledTimes(1)
})
