// Tests of saving by itself, on virtual time.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Autosave } from './autosave'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server that is answered by hand. */
function server() {
  const asked: { value: number; accept: () => void; refuse: () => void }[] = []
  const save = (value: number) =>
    new Promise<void>((resolve, reject) =>
      asked.push({ value, accept: resolve, refuse: () => reject(new Error('no')) }),
    )
  return { asked, auto: new Autosave(save, 800) }
}

test('it saves once, a moment after the last change', async () => {
  const { asked, auto } = server()
  auto.change(1)
  await vi.advanceTimersByTimeAsync(700)
  auto.change(2)
  await vi.advanceTimersByTimeAsync(700)
  expect([asked.length, auto.phase.value]).toEqual([0, 'changed'])
  await vi.advanceTimersByTimeAsync(100)
  expect([asked.map(({ value }) => value), auto.phase.value]).toEqual([[2], 'saving'])
  asked[0]?.accept()
  await vi.advanceTimersByTimeAsync(0)
  expect(auto.phase.value).toBe('saved')
})

test('a change while it saves is saved after it, never at the same time', async () => {
  const { asked, auto } = server()
  auto.change(1)
  await vi.advanceTimersByTimeAsync(800)
  auto.change(2)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(asked.length).toBe(1)
  asked[0]?.accept()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map(({ value }) => value)).toEqual([1, 2])
  asked[1]?.accept()
  await vi.advanceTimersByTimeAsync(0)
  expect(auto.phase.value).toBe('saved')
})

test('what was refused is kept, and saved when it is asked for again', async () => {
  const { asked, auto } = server()
  auto.change(1)
  await vi.advanceTimersByTimeAsync(800)
  asked[0]?.refuse()
  await vi.advanceTimersByTimeAsync(0)
  expect(auto.phase.value).toBe('failed')
  expect(auto.problem.value).toBeInstanceOf(Error)
  const flushed = auto.flush()
  asked[1]?.accept()
  await flushed
  expect([asked.map(({ value }) => value), auto.phase.value, auto.problem.value]).toEqual([
    [1, 1],
    'saved',
    null,
  ])
})

test('flushing saves at once and waits for all of it', async () => {
  const { asked, auto } = server()
  auto.change(1)
  let done = false
  const flushed = auto.flush().then(() => (done = true))
  await vi.advanceTimersByTimeAsync(0)
  auto.change(2)
  asked[0]?.accept()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toBe(false)
  asked[1]?.accept()
  await flushed
  expect(asked.map(({ value }) => value)).toEqual([1, 2])
})

test('flushing tells of a refusal; a newer change stands for the refused one', async () => {
  const { asked, auto } = server()
  auto.change(1)
  const flushed = auto.flush()
  auto.change(2)
  asked[0]?.refuse()
  await expect(flushed).rejects.toThrow('no')
  await vi.advanceTimersByTimeAsync(800)
  expect(asked.map(({ value }) => value)).toEqual([1, 2])
})

test('what is dropped is not saved', async () => {
  const { asked, auto } = server()
  auto.change(1)
  auto.drop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect([asked.length, auto.phase.value]).toEqual([0, 'saved'])
})
