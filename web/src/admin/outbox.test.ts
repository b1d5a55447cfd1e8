// Tests of following SMS on their way.
import { expect, test } from 'vitest'
import type { Message } from './api'
import { cursor, delivery, listed, merged } from './outbox'

const message = (id: number, state: string, change: Partial<Message> = {}): Message => ({
  id,
  at: id,
  phone: `1380000000${id}`,
  kind: 'invitation',
  text: `第 ${id} 条`,
  state,
  attempts: 1,
  error: null,
  ...change,
})

test('it asks again from before the oldest message that is still on its way', () => {
  expect(cursor([])).toBeNull()
  expect(cursor([message(1, 'queued')])).toBeNull()
  expect(cursor([message(1, 'sent'), message(2, 'sent')])).toBe(2)
  expect(cursor([message(1, 'sent'), message(2, 'queued'), message(3, 'sent')])).toBe(1)
})

test('what comes anew replaces what was known, and no news is no change', () => {
  const list = [message(1, 'sent'), message(2, 'queued')]
  expect(merged(list, [])).toBe(list)
  expect(merged(list, [message(2, 'queued')])).toBe(list)
  const next = merged(list, [message(2, 'failed', { error: 'refused' }), message(3, 'queued')])
  expect(next.map(({ id, state }) => [id, state])).toEqual([
    [1, 'sent'],
    [2, 'failed'],
    [3, 'queued'],
  ])
})

test('an earlier part goes before what is known', () => {
  const list = [message(3, 'sent'), message(4, 'sent')]
  const next = merged(list, [message(1, 'sent'), message(2, 'failed')])
  expect(next.map(({ id }) => id)).toEqual([1, 2, 3, 4])
  expect(cursor(next)).toBe(4)
})

test('the newest stands first, and a filter shows what failed', () => {
  const list = [message(1, 'failed'), message(2, 'sent'), message(3, 'queued')]
  expect(listed(list, 'all', '').map(({ id }) => id)).toEqual([3, 2, 1])
  expect(listed(list, 'failed', '').map(({ id }) => id)).toEqual([1])
  expect(listed(list, 'all', '00002').map(({ id }) => id)).toEqual([2])
})

test('an unknown state is still on its way', () => {
  expect(delivery({ state: 'sending' })).toBe('waiting')
  expect(delivery({ state: 'delivered' })).toBe('sent')
})

test('what no provider sends is kept: it is not on its way and not asked for again', () => {
  expect(delivery({ state: 'kept' })).toBe('kept')
  const list = [message(1, 'kept'), message(2, 'kept')]
  expect(cursor(list)).toBe(2)
  expect(listed(list, 'waiting', '')).toEqual([])
  expect(listed(list, 'kept', '')).toHaveLength(2)
})
