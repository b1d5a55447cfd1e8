// Tests of the table of the own scores.
import { expect, test } from 'vitest'
import type { PanelView } from '../interview/types'
import { card, sheet, view } from '../staff/sample'
import { ownTable } from './own'

const criteria = [
  { id: 'a', name: 'A', weight: 1, min: 0, max: 10_000 },
  { id: 'b', name: 'B', weight: 1, min: 0, max: 10_000 },
]
const candidates = ['x', 'y', 'z', 'w', 'n'].map((seat) => card(seat, { current: seat === 'z' }))
const mine = (of: string, a: number, b: number, at: number | null = 1) =>
  sheet('e1', of, { points: { a, b }, submitted_at: at })
const examiner = (sheets: PanelView['sheets']) =>
  view('interview', { role: 'examiner', seat: 'e1', criteria, candidates, sheets })
const all = examiner([
  mine('x', 9000, 8001),
  mine('y', 7000, 7000),
  mine('z', 1000, 1000, null),
  sheet('e1', 'w', { points: { a: 6000 } }),
  sheet('e2', 'n', { points: { a: 100, b: 100 }, submitted_at: 1 }),
])
const brief = (of: PanelView, typed: Record<string, number>) =>
  ownTable(of, 'z', typed).rows.map(({ card: { seat }, points, total, rank }) => [
    seat,
    ...points,
    total,
    rank,
  ])

test('the own sheets stand in the order of the queue, that of others not', () => {
  expect(brief(all, {})).toEqual([
    ['x', 9000, 8001, 8501, 1],
    ['y', 7000, 7000, 7000, 2],
    ['z', null, null, null, null],
    ['w', 6000, null, null, null],
  ])
})

test('what is typed now stands in its place and is ranked when it is whole', () => {
  expect(brief(all, { a: 8000 })[2]).toEqual(['z', 8000, null, null, null])
  expect(brief(all, { a: 8000, b: 7500 }).map((row) => row[4])).toEqual([1, 3, 2, null])
  expect(brief(all, { a: 9000, b: 8001 }).map((row) => row[4])).toEqual([1, 3, 1, null])
})

test('the means are those of the sheets that are handed in', () => {
  expect(ownTable(all, 'z', { a: 0, b: 0 })).toMatchObject({ means: [8000, 7501], mean: 7751 })
  expect(ownTable(examiner([]), 'z', { a: 0, b: 0 })).toMatchObject({ means: [null, null], mean: null })
})

test('a sheet that is handed in shows what was handed in', () => {
  const done = examiner([mine('z', 5000, 5000)])
  expect(brief(done, { a: 1, b: 1 })).toEqual([['z', 5000, 5000, 5000, 1]])
})
