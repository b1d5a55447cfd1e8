// Tests of the score sheet.
import { describe, expect, test } from 'vitest'
import type { PanelView } from '../interview/types'
import { card, sheet, view } from '../staff/sample'
import {
  candidateToScore,
  complains,
  draftOf,
  othersSheets,
  overdue,
  scored,
  sheetModel,
  total,
} from './sheet'

const criteria = [
  { id: 'a', name: 'A', weight: 60, min: 0, max: 10_000 },
  { id: 'b', name: 'B', weight: 40, min: 1000, max: 5000 },
]
const examiner = (change: Partial<PanelView> = {}) =>
  view('interview', {
    role: 'examiner',
    seat: 'e1',
    criteria,
    candidates: [card('x', { current: true })],
    ...change,
  })
const model = (points: Record<string, string>, change: Partial<PanelView> = {}) =>
  sheetModel(examiner(change), 'x', { points, remark: ' 好 ' })

describe('what is typed', () => {
  test('valid points are saved and added up, the rest is left out', () => {
    const { save, submit, filled, total: sum } = model({ a: '90', b: '60' })
    expect(save).toEqual({ do: 'save_scores', candidate: 'x', points: { a: 9000 }, remark: '好' })
    expect([submit, filled, sum]).toEqual([null, 1, 5400])
  })

  test('each fault has its name', () => {
    expect(model({ a: 'x', b: '9' }).fields.map(({ problem }) => problem)).toEqual(['wrong', 'low'])
    expect(model({ a: '100.01', b: '' }).fields.map(({ problem }) => problem)).toEqual(['high', null])
  })

  test('it is said at once, but not while more digits may lead to the bounds', () => {
    const said = (text: string, max = 5000) => {
      const [field] = model(
        { b: text },
        { criteria: [{ ...criteria[1], id: 'b', name: '', weight: 1, min: 1000, max }] },
      ).fields
      return field ? complains(field, false) : null
    }
    // From 10 to 50.
    expect(['51', 'x', '1x', '9', '5', '1', '０', '9.5', '9.'].map((text) => said(text))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      true,
      true,
    ])
    expect(['', '10', '５０', '1２．５'].map((text) => said(text))).toEqual([false, false, false, false])
    expect(said('9', 100_000)).toBe(false)
    const [, low] = model({ b: '1' }).fields
    expect(low && complains(low, true)).toBe(true)
  })

  test('only a complete sheet is submitted', () => {
    expect(model({ a: '90', b: '45.5' })).toMatchObject({
      submit: { do: 'submit_scores', candidate: 'x' },
      total: 7220,
      most: 8000,
    })
    expect(model({}).submit).toBeNull()
    expect(model({ a: '0' }, { criteria: [] }).submit).toBeNull()
  })
})

describe('a sheet that is closed', () => {
  test('takes nothing after it was submitted', () => {
    const closed = model(
      { a: '90', b: '45' },
      { sheets: [sheet('e1', 'x', { submitted_at: 7, total: 7200 })] },
    )
    expect(closed).toMatchObject({
      state: 'submitted',
      save: null,
      submit: null,
      total: 7200,
      submittedAt: 7,
    })
  })

  test('nor when it is locked', () => {
    expect(model({ a: '90', b: '45' }, { locked: ['x'] })).toMatchObject({
      state: 'locked',
      save: null,
      submit: null,
    })
  })

  test('a host has no sheet', () => {
    expect(model({ a: '90', b: '45' }, { role: 'host' })).toMatchObject({ save: null, submit: null })
  })
})

test('what was saved comes back as it was typed', () => {
  expect(draftOf(sheet('e1', 'x', { points: { a: 8550 }, remark: 'r' }))).toEqual({
    points: { a: '85.5' },
    remark: 'r',
  })
  expect(draftOf(null)).toEqual({ points: {}, remark: '' })
})

test('the total is the weighted mean, halves rounded up', () => {
  expect(total(criteria, { a: 9000, b: 8000 })).toBe(8600)
  expect(
    total(
      [
        { ...criteria[0], id: 'a', name: '', weight: 1, min: 0, max: 1 },
        { id: 'b', name: '', weight: 1, min: 0, max: 1 },
      ],
      { a: 1, b: 2 },
    ),
  ).toBe(2)
  expect(total([], {})).toBe(0)
})

describe('whose sheet is open', () => {
  const done = card('d', { done: true })
  const now = card('x', { current: true })

  test('the chosen one, else the current one, else one that is overdue', () => {
    expect(candidateToScore(examiner({ candidates: [done, now] }), 'd')?.seat).toBe('d')
    expect(candidateToScore(examiner({ candidates: [done, now] }), null)?.seat).toBe('x')
    expect(candidateToScore(examiner({ candidates: [done, card('w')] }), null)?.seat).toBe('d')
    expect(candidateToScore(examiner({ candidates: [card('i', { step: 'invited' })] }), null)).toBeNull()
  })

  test('when all is handed in, the newest one that was', () => {
    const sheets = [sheet('e1', 'd', { submitted_at: 5 }), sheet('e1', 'w', { submitted_at: 9 })]
    expect(candidateToScore(examiner({ candidates: [done, card('w')], sheets }), null)?.seat).toBe('w')
  })

  test('overdue is who is done, or begun, and not handed in', () => {
    expect(overdue(examiner({ candidates: [now, done] }))?.seat).toBe('d')
    expect(
      overdue(examiner({ candidates: [now, done], sheets: [sheet('e1', 'd', { submitted_at: 5 })] })),
    ).toBeNull()
    expect(overdue(examiner({ candidates: [now, card('w')] }))).toBeNull()
    expect(
      overdue(examiner({ candidates: [now, card('w')], sheets: [sheet('e1', 'w', { points: { a: 1 } })] }))
        ?.seat,
    ).toBe('w')
    expect(overdue(examiner({ candidates: [now, done], locked: ['d'] }))).toBeNull()
  })

  test('who is still on the way to the panel is not scored', () => {
    expect(
      scored(
        examiner({ candidates: [card('i', { step: 'invited' }), card('m', { step: 'microphone' }), now] }),
      ).map(({ seat }) => seat),
    ).toEqual(['x'])
  })
})

test('sheets of others are those that the view brings', () => {
  const sheets = [sheet('e1', 'x'), sheet('e2', 'x', { total: 8000 }), sheet('e2', 'y')]
  expect(othersSheets(examiner({ sheets }), 'x').map(({ name, sheet: one }) => [name, one.total])).toEqual([
    ['考官乙', 8000],
  ])
})
