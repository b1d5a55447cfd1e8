// A view that is told by its changes is the view that the server has.
import { expect, test } from 'vitest'
import type { MessageOf } from './protocol'
import { ViewParts } from './view'

const whole = (view: object, more?: boolean) =>
  ({ type: 'interview', view, ...(more ? { more } : {}) }) as unknown as MessageOf<'interview'>

test('fields and elements of lists change, others stay the same objects', () => {
  const parts = new ViewParts()
  const first = parts.take(whole({ stage: 0, candidates: [{ seat: 'a' }, { seat: 'b' }] }))
  const next = parts.take({
    type: 'interview_change',
    fields: { stage: 1, now: 5 },
    lists: {
      candidates: {
        length: 3,
        elements: [
          [1, { seat: 'b', done: true }],
          [2, { seat: 'c' }],
        ],
      },
    },
  })
  expect(next).toEqual({
    stage: 1,
    now: 5,
    candidates: [{ seat: 'a' }, { seat: 'b', done: true }, { seat: 'c' }],
  })
  expect((next?.candidates as unknown[])[0]).toBe((first?.candidates as unknown[])[0])
  expect(first).toEqual({ stage: 0, candidates: [{ seat: 'a' }, { seat: 'b' }] })
  expect(
    parts.take({ type: 'interview_change', fields: {}, lists: { candidates: { length: 1, elements: [] } } })
      ?.candidates,
  ).toEqual([{ seat: 'a' }])
})

test('a view in parts is shown when it is whole', () => {
  const parts = new ViewParts()
  expect(parts.take(whole({ stage: 0, candidates: [1] }, true))).toBeNull()
  expect(
    parts.take({
      type: 'interview_change',
      fields: {},
      lists: { candidates: { length: 2, elements: [[1, 2]] } },
      more: true,
    }),
  ).toBeNull()
  expect(
    parts.take({
      type: 'interview_change',
      fields: {},
      lists: { candidates: { length: 3, elements: [[2, 3]] } },
    }),
  ).toEqual({ stage: 0, candidates: [1, 2, 3] })
})

test('a change before any view is none', () => {
  expect(new ViewParts().take({ type: 'interview_change', fields: { stage: 1 }, lists: {} })).toBeNull()
})
