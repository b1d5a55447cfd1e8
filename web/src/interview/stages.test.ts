// Tests of the marks of the stages and of their clock.
import { expect, test } from 'vitest'
import { clockText, stageKind, stageRow, stageTimer } from './stages'
import type { ClockView, StageView } from './types'

const stages: StageView[] = [
  { name: '宣讲', kind: 'briefing', minutes: null },
  { name: '面谈', kind: 'interview', minutes: 20 },
  { name: '候考', kind: 'waiting', minutes: 20 },
]
const running: ClockView = { spent: 0, running_since: 0, planned: 1_200_000, extended: 0, paused: false }

test('each stage stands as it is for this seat', () => {
  expect(stageRow({ stages, marks: ['done', 'next'] })).toEqual([
    { index: 0, name: '宣讲', mark: 'done' },
    { index: 1, name: '面谈', mark: 'next' },
    { index: 2, name: '候考', mark: 'ahead' },
  ])
})

test('the kind of the current stage, and of one that is not there', () => {
  expect(stageKind({ stages, stage: 1 })).toBe('interview')
  expect(stageKind({ stages, stage: 3 })).toBe('waiting')
})

test('a stage without a plan only counts up', () => {
  expect(stageTimer({ stages, stage: 0, stage_since: 1000, clock: null }, 61_000)).toEqual({
    elapsed: 60_000,
    left: null,
    urgency: 'none',
    paused: false,
  })
  const clock = { ...running, planned: null }
  expect(stageTimer({ stages, stage: 1, stage_since: 0, clock }, 5000)?.left).toBeNull()
})

test.each([
  [0, 1_200_000, 'none'],
  [1_140_000, 60_000, 'soon'],
  [1_200_000, 0, 'over'],
  [1_230_000, -30_000, 'over'],
] as const)('after %d of 20 minutes %d are left: %s', (now, left, urgency) => {
  const timer = { elapsed: now, left, urgency, paused: false }
  expect(stageTimer({ stages, stage: 1, stage_since: 77, clock: running }, now)).toEqual(timer)
  expect(stageTimer({ stages, stage: 2, stage_since: 0, clock: null }, now)).toEqual(timer)
})

test('a candidate’s clock stands while it is paused, and added time counts', () => {
  const clock = { ...running, spent: 1_100_000, running_since: null, extended: 300_000, paused: true }
  expect(stageTimer({ stages, stage: 1, stage_since: 0, clock }, 9e9)).toEqual({
    elapsed: 1_100_000,
    left: 400_000,
    urgency: 'none',
    paused: true,
  })
  const goesOn = { ...clock, running_since: 2_000_000, paused: false }
  expect(stageTimer({ stages, stage: 1, stage_since: 0, clock: goesOn }, 2_350_000)?.left).toBe(50_000)
})

test('no clock runs while nobody is in a stage that each goes through alone', () => {
  expect(stageTimer({ stages, stage: 1, stage_since: 0, clock: null }, 9)).toBeNull()
})

test('a clock that is behind shows no negative time', () => {
  expect(stageTimer({ stages, stage: 2, stage_since: 5000, clock: null }, 0)?.elapsed).toBe(0)
})

test.each([
  [0, '00:00'],
  [249_999, '04:09'],
  [3_849_000, '1:04:09'],
  [-30_000, '00:30'],
])('%d is %s', (milliseconds, text) => {
  expect(clockText(milliseconds)).toBe(text)
})
