// Tests of the way back after the end.
import { expect, test } from 'vitest'
import { endingModel } from './ending'

test('who left by choice may come back, who was removed may not', () => {
  expect(endingModel({ kind: 'closed', reason: 'left' })).toEqual({
    kind: 'reason',
    reason: 'left',
    again: true,
  })
  expect(endingModel({ kind: 'closed', reason: 'removed' }).again).toBe(false)
})

test('a dead link offers no second try', () => {
  expect(endingModel({ kind: 'error', code: 'unauthorized', detail: '' }).again).toBe(false)
  expect(endingModel({ kind: 'error', code: 'bad_offer', detail: '' }).again).toBe(true)
})

test('reasons without a text of their own share one', () => {
  expect(endingModel({ kind: 'closed', reason: 'too_slow' })).toMatchObject({
    reason: 'stopped',
    again: true,
  })
})
