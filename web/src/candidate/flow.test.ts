// Tests of the candidate's path.
import { expect, test } from 'vitest'
import type { StageKind, Step } from '../interview/types'
import { contactOf, pageOf, pathOf, stepMarks } from './flow'

const at = (
  step: Step,
  kind: StageKind,
  change: { current?: boolean; addressed?: boolean; let_go_at?: number } = {},
) => ({
  step,
  stage: 0,
  stages: [{ name: '', kind, minutes: null }],
  current: change.current ?? false,
  addressed: change.addressed ?? false,
  let_go_at: change.let_go_at ?? null,
})

test('who is unknown is asked for the invitation', () => {
  expect(pageOf(null, true)).toBe('invitation')
})

test.each(['password', 'identity', 'pledge', 'speaker', 'microphone', 'camera'] as const)(
  '%s has its own page in every stage',
  (step) => {
    for (const kind of ['waiting', 'briefing', 'interview', 'end'] as const)
      expect(pageOf(at(step, kind), true)).toBe(step)
  },
)

test('who may go is told so, in every stage but the end, and is led in again by a call', () => {
  for (const kind of ['waiting', 'briefing', 'interview'] as const)
    expect(pageOf(at('waiting', kind, { let_go_at: 1 }), true)).toBe('released')
  expect(pageOf(at('waiting', 'end', { let_go_at: 1 }), true)).toBe('end')
  expect(pageOf(at('admitted', 'interview', { current: true }), true)).toBe('room')
  expect(stepMarks('released', [])).toBeNull()
})

test.each<[StageKind, boolean, string]>([
  ['waiting', false, 'waiting'],
  ['interview', false, 'waiting'],
  ['deliberation', false, 'waiting'],
  ['confirmation', false, 'waiting'],
  ['briefing', false, 'room'],
  ['joint_announcement', false, 'room'],
  ['interview', true, 'room'],
  ['end', false, 'end'],
])('who waits in a stage of kind %s (current: %s) is on the page %s', (kind, current, page) => {
  expect(pageOf(at('waiting', kind, { current }), true)).toBe(page)
})

test('a briefing does not pull in who has not yet entered', () => {
  expect(pageOf(at('waiting', 'briefing'), false)).toBe('waiting')
})

test('who was led in is in the room, also while the panel deliberates', () => {
  for (const kind of ['waiting', 'interview', 'deliberation', 'announcement', 'confirmation'] as const) {
    expect(pageOf(at('admitted', kind), false)).toBe('room')
  }
})

test('the end comes by leaving, by removal, and by the last stage', () => {
  expect(pageOf(at('left', 'interview'), true)).toBe('end')
  expect(pageOf(at('removed', 'waiting'), true)).toBe('end')
  expect(pageOf(at('admitted', 'end'), true)).toBe('end')
})

test('contact follows the table of the stages', () => {
  expect(contactOf(at('admitted', 'interview', { current: true }))).toBe('panel')
  expect(contactOf(at('admitted', 'deliberation', { current: true }))).toBe('none')
  expect(contactOf(at('waiting', 'interview'))).toBe('none')
  expect(contactOf(at('waiting', 'interview', { addressed: true }))).toBe('host')
  expect(contactOf(at('waiting', 'briefing'))).toBe('listening')
  expect(contactOf(at('admitted', 'end', { addressed: true }))).toBe('none')
})

test('addresses', () => {
  expect(pathOf('speaker')).toBe('/candidate/speaker')
})

const way = (done: number, ...steps: Step[]) => steps.map((step, at) => ({ step, done: at < done }))
const states = (...given: Parameters<typeof stepMarks>) => stepMarks(...given)?.map(({ state }) => state)

test('the row of steps marks what is done', () => {
  const all = ['identity', 'pledge', 'speaker', 'microphone', 'camera', 'waiting'] as const
  expect(states('microphone', way(3, ...all))).toEqual(['done', 'done', 'done', 'current', 'ahead', 'ahead'])
  expect(states('identity', way(0, ...all))?.[1]).toBe('ahead')
  expect(stepMarks('microphone', way(3, ...all))?.map(({ step }) => step)).toEqual(all)
  for (const page of ['invitation', 'password', 'room', 'end'] as const)
    expect(stepMarks(page, way(0, ...all))).toBeNull()
  expect(stepMarks('end', [])).toBeNull()
})

test('who is asked once more walks what is left', () => {
  expect(states('identity', way(0, 'identity', 'waiting'))).toEqual(['current', 'ahead'])
})
