// Tests of the steps from an interruption to a new peer connection.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Recovery } from './recovery'

let done: string[]
let recovery: Recovery

beforeEach(() => {
  vi.useFakeTimers()
  done = []
  recovery = new Recovery({ restartIce: () => done.push('restart'), rebuild: () => done.push('rebuild') })
})
afterEach(() => void vi.useRealTimers())

test('a short interruption heals by itself', () => {
  recovery.ice('disconnected')
  vi.advanceTimersByTime(2_400)
  recovery.ice('connected')
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual([])
})

test('a long one restarts ICE once, then rebuilds once', () => {
  recovery.ice('connected')
  recovery.ice('disconnected')
  vi.advanceTimersByTime(2_500)
  expect(done).toEqual(['restart'])
  recovery.ice('failed')
  recovery.server(false)
  vi.advanceTimersByTime(5_000)
  expect(done).toEqual(['restart', 'rebuild'])
  recovery.ice('failed')
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual(['restart', 'rebuild'])
})

test('failure and the server’s word restart at once; success ends it', () => {
  recovery.ice('failed')
  recovery.ice('connected')
  recovery.server(false)
  recovery.server(true)
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual(['restart', 'restart'])
})

test('a connection that never comes is rebuilt', () => {
  recovery.answered()
  recovery.ice('checking')
  vi.advanceTimersByTime(10_000)
  expect(done).toEqual(['rebuild'])
})

test('a connection that is still coming up is not restarted', () => {
  recovery.answered()
  recovery.server(false)
  recovery.networkChanged()
  expect(done).toEqual([])
})

test('a new network restarts at once, but not twice', () => {
  recovery.ice('connected')
  recovery.ice('disconnected')
  recovery.networkChanged()
  recovery.networkChanged()
  expect(done).toEqual(['restart'])
})

test('a connection that was up before its answer was applied is left alone, and so is one that negotiates once more', () => {
  recovery.ice('connected')
  recovery.answered()
  vi.advanceTimersByTime(60_000)
  recovery.answered()
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual([])
})

test('one that never comes up is given up later and later, up to a limit', () => {
  const given = [0, 1, 2, 3, 4, 40].map((rebuilt) => {
    const began = Date.now()
    let gone = 0
    const one = new Recovery(
      { restartIce: () => undefined, rebuild: () => (gone = Date.now() - began) },
      rebuilt,
    )
    one.answered()
    vi.advanceTimersByTime(200_000)
    return gone / 1_000
  })
  expect(given).toEqual([10, 20, 40, 80, 80, 80])
})

test('a first connection that does not come up directly takes a detour once, and is rebuilt after that', () => {
  recovery.answered(300)
  recovery.ice('checking')
  vi.advanceTimersByTime(299)
  expect(done).toEqual([])
  vi.advanceTimersByTime(1)
  expect(done).toEqual(['restart'])
  recovery.answered(300)
  vi.advanceTimersByTime(9_999)
  expect(done).toEqual(['restart'])
  vi.advanceTimersByTime(1)
  expect(done).toEqual(['restart', 'rebuild'])
})

test('a first connection that comes up takes no detour', () => {
  recovery.answered(300)
  recovery.ice('connected')
  recovery.answered(300)
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual([])
})
