// Tests of who is next, and how many are still to come.
import { expect, test } from 'vitest'
import { groupOf, nextInLine, progress } from './line'
import { card, view } from './sample'

test('the next one is the first of the queue who waits, the deferred last', () => {
  const queue = [
    card('m', { step: 'microphone', position: 1 }),
    card('b', { position: 3, deferred: true }),
    card('a', { position: 2 }),
    card('d', { done: true }),
  ]
  const next = (candidates: typeof queue) => nextInLine(view('interview', { candidates }), 0)
  expect(next(queue).card?.seat).toBe('a')
  expect(next(queue.slice(0, 2)).card?.seat).toBe('b')
  expect(next([card('d', { done: true })])).toEqual({ card: null, skipped: 0 })
})

test('who is offline is passed by, but not who is gone for a moment', () => {
  const queue = [
    card('a', { position: 1, online: false, offline_since: 1_000 }),
    card('b', { position: 2, online: false }),
    card('c', { position: 3 }),
  ]
  const at = (now: number, candidates = queue) => nextInLine(view('interview', { candidates }), now)
  expect(at(15_999)).toMatchObject({ card: { seat: 'a' }, skipped: 0 })
  expect(at(16_000)).toMatchObject({ card: { seat: 'c' }, skipped: 2 })
  expect(at(16_000, queue.slice(0, 2))).toEqual({ card: null, skipped: 2 })
})

test('who left after being done is done, who left before is gone', () => {
  expect(groupOf(card('a', { step: 'left', done: true }))).toBe('done')
  expect(groupOf(card('a', { step: 'left' }))).toBe('gone')
})

test('those who are through and those who still come are counted, the current one and who is gone are not', () => {
  const candidates = [
    card('now', { current: true, step: 'admitted' }),
    card('d', { done: true }),
    card('w', {}),
    card('m', { step: 'microphone' }),
    card('i', { step: 'invited' }),
    card('out', { step: 'removed' }),
  ]
  expect(progress(view('interview', { candidates }))).toEqual({ done: 1, left: 3 })
})
