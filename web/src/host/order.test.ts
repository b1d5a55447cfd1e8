// Tests of places in the queue.
import { expect, test } from 'vitest'
import { card, view } from '../staff/sample'
import { beforeAt, cut, found, moveTo } from './order'
import { groups, rows } from './queue'

const waits = (seat: string, position: number) =>
  card(seat, { step: 'waiting', position, number: `10${seat}` })
const now = view('interview', {
  candidates: [waits('a', 1), card('x', { step: 'invited' }), waits('b', 2), waits('c', 3)],
})
const group = groups(rows(now)).find((one) => one.group === 'waiting')?.rows ?? []

test('somebody is put before whoever stands at that place, or behind the last one of the group', () => {
  expect(beforeAt(now, group, 'c', 0)).toBe('a')
  expect(beforeAt(now, group, 'c', 1)).toBe('b')
  expect(beforeAt(now, group, 'a', 2)).toBeNull()
  const later = { ...now, candidates: [...now.candidates, card('y', { step: 'invited' })] }
  expect(beforeAt(later, group, 'a', 2)).toBe('y')
})

test('a move to the same place, or beyond the ends, is none or the end', () => {
  expect(moveTo(now, group, 'a', 0)).toBeNull()
  expect(moveTo(now, group, 'a', -1)).toBeNull()
  expect(moveTo(now, group, 'q', 1)).toBeNull()
  expect(moveTo(now, group, 'a', Infinity)).toEqual({ do: 'move_candidate', candidate: 'a', before: null })
  expect(moveTo(now, group, 'b', 0)).toEqual({ do: 'move_candidate', candidate: 'b', before: 'a' })
})

test('a long queue is searched by name and number', () => {
  expect(found(rows(now), ' 10B ').map((row) => row.card.seat)).toEqual(['b'])
  expect(found(rows(now), '')).toHaveLength(4)
})

test('of a long list the first rows are drawn, and each group says how many it has', () => {
  const drawn = (most: number) =>
    cut(groups(rows(now)), most).map((part) => [
      part.group,
      part.rows.map(({ card: one }) => one.seat),
      part.count,
    ])
  expect(drawn(2)).toEqual([
    ['waiting', ['a', 'b'], 3],
    ['invited', [], 1],
  ])
  expect(drawn(4)).toEqual([
    ['waiting', ['a', 'b', 'c'], 3],
    ['invited', ['x'], 1],
  ])
})
