// Tests of messages as a page shows them.
import { expect, test } from 'vitest'
import { chatItems, LINE_LENGTH, sendable, unread } from './chat'
import type { ChatLine } from './types'

const line = (id: string, from: string, at: number, change: Partial<ChatLine> = {}): ChatLine => ({
  id,
  at,
  from,
  from_name: from,
  from_role: 'host',
  audience: { to: 'all' },
  text: id,
  ...change,
})

test('lines of one person in a row belong together', () => {
  const lines = [line('1', 'a', 0), line('2', 'a', 1000), line('3', 'b', 2000), line('4', 'b', 400_000)]
  expect(chatItems(lines, 'b').map(({ first, mine }) => [first, mine])).toEqual([
    [true, false],
    [false, false],
    [true, true],
    [true, true],
  ])
})

test('another audience starts anew', () => {
  const lines = [
    line('1', 'a', 0),
    line('2', 'a', 1, { audience: { to: 'candidate', candidate: 'x' } }),
    line('3', 'a', 2, { audience: { to: 'candidate', candidate: 'y' } }),
  ]
  expect(chatItems(lines, 'b').map(({ first }) => first)).toEqual([true, true, true])
})

test('unread are those of others after the one seen last', () => {
  const lines = [line('1', 'a', 0), line('2', 'me', 1), line('3', 'a', 2)]
  expect(unread(lines, null, 'me')).toBe(2)
  expect(unread(lines, '1', 'me')).toBe(1)
  expect(unread(lines, '3', 'me')).toBe(0)
  expect(unread(lines, '0', 'me')).toBe(2)
})

test('what is empty or too long is not sent', () => {
  expect(sendable('  \n')).toBeNull()
  expect(sendable(' 你好 ')).toBe('你好')
  expect(sendable('😀'.repeat(LINE_LENGTH))).not.toBeNull()
  expect(sendable('x'.repeat(LINE_LENGTH + 1))).toBeNull()
})
