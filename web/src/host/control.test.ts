// Tests of the ways between the stages.
import { expect, test } from 'vitest'
import type { StageView } from '../interview/types'
import { card, view } from '../staff/sample'
import { forward, moves, unfinished } from './control'

const stages: StageView[] = (['waiting', 'interview', 'deliberation', 'end'] as const).map((kind) => ({
  name: kind,
  kind,
  minutes: null,
}))
const current = card('a', { current: true, step: 'admitted' })

test('any other stage may be gone to, the next one first', () => {
  const now = view('interview', { stages, stage: 1, candidates: [current], current: 'a' })
  expect(moves(now).map(({ index }) => index)).toEqual([0, 2, 3])
  expect(forward(now)).toMatchObject({ index: 2, action: { do: 'go_to_stage', stage: 2 } })
})

test('the end, and cutting a candidate off, are asked for once more', () => {
  const now = view('interview', { stages, stage: 1, candidates: [current] })
  expect(moves(now).map(({ confirm }) => confirm)).toEqual([null, 'cut', 'end'])
  expect(moves(view('interview', { stages, stage: 1 })).map(({ confirm }) => confirm)).toEqual([
    null,
    null,
    'end',
  ])
})

test('one candidate goes on alone; to the stages of all one goes when nobody waits any more', () => {
  const waits = card('b', { step: 'waiting', position: 1 })
  const alone = view('interview', { stages, stage: 1, candidates: [current, waits], current: 'a' })
  expect(moves(alone).map(({ who }) => who)).toEqual(['all', 'current', 'all'])
  expect(forward(alone)?.index).toBe(2)
  expect(forward({ ...alone, stage: 2 })).toBeNull()
  expect(forward({ ...alone, stage: 2, candidates: [current] })?.index).toBe(3)
  const between = { ...alone, candidates: [waits], current: null }
  expect(moves(between).map(({ who }) => who)).toEqual(['all', 'each', 'all'])
  expect(forward(between)).toBeNull()
  expect(forward({ ...between, candidates: [] })?.index).toBe(3)
  expect(forward({ ...between, stage: 0 })?.index).toBe(1)
})

test('after a break one goes on past what all have heard, which may be chosen by hand', () => {
  const day = (['waiting', 'briefing', 'interview', 'end'] as const).map((kind) => ({
    name: kind,
    kind,
    minutes: null,
  }))
  const waits = card('b', { step: 'waiting', position: 1 })
  const before = view('waiting', {
    stages: day,
    marks: ['now', 'ahead', 'ahead', 'ahead'],
    candidates: [waits],
  })
  expect(forward(before)?.index).toBe(1)
  const after = { ...before, marks: ['now', 'done', 'ahead', 'ahead'] as const }
  expect(forward({ ...after, marks: [...after.marks] })).toMatchObject({ index: 2, who: 'each' })
  expect(moves({ ...after, marks: [...after.marks] }).map(({ index }) => index)).toEqual([1, 2, 3])
})

test('from the end one goes back, not on; an examiner goes nowhere', () => {
  expect(moves(view('end', { stages, stage: 3 })).map(({ index }) => index)).toEqual([0, 1, 2])
  expect(forward(view('end', { stages, stage: 3 }))).toBeNull()
  expect(forward(view('interview', { stages, stage: 1, role: 'examiner' }))).toBeNull()
})

test('what would be left unfinished is counted', () => {
  const result = { outcome: 'x', points: null, remark: '', published_at: 1, revision: 1, correction: null }
  const candidates = [
    current,
    card('b'),
    card('c', { done: true, result }),
    card('d', { done: true, result, confirmed_at: 2 }),
    card('e', { step: 'invited' }),
    card('f', { step: 'removed' }),
  ]
  expect(unfinished(view('interview', { candidates }))).toEqual({
    waiting: 1,
    unconfirmed: 1,
    unpublished: 1,
  })
})
