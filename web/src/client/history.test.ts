// Lines of chat are shown in order and once, whatever way and how often they come.
import { expect, test } from 'vitest'
import type { ChatLine } from '../protocol/interview'
import { History, joined, NO_HISTORY } from './history'

const line = (id: number) => ({ id: String(id), text: `line ${id}` }) as ChatLine
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index))
const part = (from: number, to: number, before = from > 1 ? from - 1 : null) => ({
  lines: lines(from, to),
  before: before === null ? null : String(before),
})
const shown = ({ state: { value } }: History) =>
  [value.lines.map(({ id }) => Number(id)), value.more] as const

test('what is new follows what is known, and earlier lines stand before it', () => {
  const history = new History()
  expect(history.state.value.loaded).toBe(false)
  history.take(part(5, 7))
  history.take(part(8, 8))
  expect(shown(history)).toEqual([[5, 6, 7, 8], true])
  history.take(part(2, 4))
  expect(shown(history)).toEqual([[2, 3, 4, 5, 6, 7, 8], true])
  history.take(part(1, 1))
  expect(shown(history)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], false])
})

test('the newest lines after a reconnect bring no doubles', () => {
  const history = new History()
  history.take(part(1, 4))
  history.take(part(3, 6))
  history.take(part(3, 6))
  expect(shown(history)).toEqual([[1, 2, 3, 4, 5, 6], false])
  history.take(part(1, 7))
  expect(shown(history)).toEqual([[1, 2, 3, 4, 5, 6, 7], false])
})

test('no hole is shown: lines that were missed are asked for', () => {
  const history = new History()
  history.take(part(1, 4))
  history.take(part(10, 12))
  expect(shown(history)).toEqual([[10, 11, 12], true])
  history.take(part(1, 9))
  expect(shown(history)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], false])
})

test('numbers have gaps where lines are not for this seat', () => {
  const history = new History()
  history.take({ lines: [line(9), line(10)], before: null })
  history.take({ lines: [line(30)], before: '10' })
  expect(shown(history)).toEqual([[9, 10, 30], false])
})

test('no lines at all are an answer too', () => {
  expect(joined(NO_HISTORY, { lines: [], before: null })).toEqual({ lines: [], more: false, loaded: true })
  const known = { lines: lines(3, 4), more: true, loaded: true }
  expect(joined(known, { lines: [], before: null })).toEqual({ ...known, more: false })
})
