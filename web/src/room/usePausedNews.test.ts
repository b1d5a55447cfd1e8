// Tests of when paused pictures are news.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { usePausedNews } from './usePausedNews'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('paused pictures are told once, and again after a calm while', async () => {
  const paused = ref(false)
  const tell = vi.fn()
  const scope = effectScope()
  scope.run(() => usePausedNews(() => paused.value, tell))
  const become = async (now: boolean, after: number) => {
    paused.value = now
    await nextTick()
    vi.advanceTimersByTime(after)
  }
  expect(tell).not.toHaveBeenCalled()
  await become(true, 1_000)
  await become(false, 29_000)
  await become(true, 60_000)
  expect(tell).toHaveBeenCalledTimes(1)
  await become(false, 30_000)
  await become(true, 0)
  expect(tell).toHaveBeenCalledTimes(2)
  scope.stop()
})
