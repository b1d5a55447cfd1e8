// Tests of the way from one candidate to the next.
import { expect, test } from 'vitest'
import type { ClockView } from '../interview/types'
import { card, view } from '../staff/sample'
import { nextStep } from './next'

const MINUTE = 60_000
const clock = (minutes: number): ClockView => ({
  spent: minutes * MINUTE,
  running_since: null,
  planned: 20 * MINUTE,
  extended: 0,
  paused: false,
})
const criterion = { id: 'c', name: 'c', weight: 1, max: 100, min: 0 }
const current = card('a', { current: true, step: 'admitted', position: null })
const waits = card('b', { step: 'waiting', position: 1, online: true })
const away = card('c', { step: 'waiting', position: 2, online: false })

test('without anybody before the panel the first who is here is called', () => {
  const step = nextStep(view('interview', { candidates: [away, { ...waits, position: 3 }] }), 0)
  expect(step).toMatchObject({
    action: { do: 'call_next' },
    finishes: null,
    calls: { seat: 'b' },
    skipped: 1,
  })
  expect(nextStep(view('interview', { candidates: [away] }), 0)).toBeNull()
})

test('whoever is before the panel is finished, and the next one called, in one step', () => {
  const now = view('deliberation', { candidates: [current, waits], current: 'a', clock: clock(3) })
  expect(nextStep(now, 0)).toMatchObject({
    action: { do: 'next_candidate', finish: 'a' },
    finishes: { seat: 'a' },
    calls: { seat: 'b' },
    open: [],
  })
  expect(nextStep({ ...now, candidates: [current, away] }, 0)).toMatchObject({ calls: null, skipped: 1 })
  expect(nextStep({ ...now, leads: false }, 0)).toBeNull()
})

test('it is asked first where sheets are missing, the time is not half over, or a hand is up', () => {
  const candidates = [{ ...current, hand: true }, waits]
  const change = { candidates, current: 'a', criteria: [criterion], submitted: { a: ['e1'] } }
  expect(nextStep(view('interview', { ...change, clock: clock(9) }), 0)?.open).toEqual([
    { kind: 'sheets', count: 1 },
    { kind: 'early' },
    { kind: 'hand' },
  ])
  const done = { ...change, submitted: { a: ['e1', 'e2'] }, candidates: [current, waits] }
  expect(nextStep(view('interview', { ...done, clock: clock(11) }), 0)?.open).toEqual([])
  expect(nextStep(view('interview', { ...change, locked: ['a'], clock: clock(11) }), 0)?.open).toEqual([
    { kind: 'hand' },
  ])
})
