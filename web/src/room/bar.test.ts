// Tests of the bar: what stands in sight on a phone, and what waits behind 更多.
import { expect, test } from 'vitest'
import { type BarItem, folded, markOf } from './bar'

const item = (id: string, more: Partial<BarItem> = {}): BarItem => ({
  id,
  icon: 'mic',
  label: id,
  word: id,
  act: () => undefined,
  ...more,
})
const ids = (items: readonly BarItem[]) => items.map(({ id }) => id)

test('what is used all the time stays in sight, in the order of the bar', () => {
  const { first, rest } = folded([
    item('microphone', { first: true }),
    item('camera', { first: true }),
    item('full'),
    item('hand', { first: true }),
    item('chat', { first: true }),
    item('settings'),
  ])
  expect(ids(first)).toEqual(['microphone', 'camera', 'hand', 'chat'])
  expect(ids(rest)).toEqual(['full', 'settings'])
})

test('more than fit beside each other wait with the others, and none is lost', () => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((id) => item(id, { first: true }))
  const { first, rest } = folded(all)
  expect(ids(first)).toEqual(['a', 'b', 'c', 'd'])
  expect(ids(rest)).toEqual(['e'])
})

test('what goes wrong behind it shows on 更多; what works does not', () => {
  expect(markOf([item('phone', { mark: 'good' }), item('settings')])).toBeNull()
  expect(markOf([item('phone', { mark: 'good' }), item('other', { mark: 'warn' })])).toBe('warn')
})
