// Tests of what the report of a rehearsal says.
import { expect, test } from 'vitest'
import type { Rehearsed } from '../protocol/interview'
import { linked, mayRehearse, outcomeOf, sorted } from './rehearsal'

const passed = { passed: true, device: 'computer' } as const
const one = (seat: string, change: Partial<Rehearsed> = {}): Rehearsed => ({
  seat,
  entered_at: 1,
  step: 'waiting',
  shown_by: 'sms',
  device: 'computer',
  checks: { speaker: passed, microphone: passed, camera: passed },
  waived: false,
  locked: false,
  troubles: [],
  network: 0,
  called: false,
  ...change,
})
const failed = { speaker: passed, microphone: passed, camera: { passed: false, device: null } }

test('all three checks make somebody ready, and a word of the staff is told as one', () => {
  expect(outcomeOf(one('a'))).toBe('passed')
  expect(outcomeOf(one('a', { checks: failed }))).toBe('open')
  expect(outcomeOf(one('a', { checks: failed, waived: true }))).toBe('waived')
  expect(outcomeOf(one('a', { entered_at: null }))).toBe('absent')
})

test('whom somebody should call stands first, the others in the order of the list', () => {
  const people = [
    one('a'),
    one('b', { entered_at: null }),
    one('c', { checks: failed }),
    one('d'),
    one('e', { checks: failed, waived: true }),
  ]
  expect(sorted(people).map(({ seat }) => seat)).toEqual(['c', 'e', 'b', 'a', 'd'])
})

test('a rehearsal takes ten minutes before the interview opens', () => {
  expect(mayRehearse({ opens_at: 600_000 }, 0)).toBe(true)
  expect(mayRehearse({ opens_at: 600_000 }, 1)).toBe(false)
})

test('who has an account needs no link', () => {
  const seats = [
    { seat: 'a', account: 'li' },
    { seat: 'b', account: '' },
  ]
  expect(linked(seats).map(({ seat }) => seat)).toEqual(['b'])
})
