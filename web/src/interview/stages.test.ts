// Tests of the marks of the stages and of their clock.
import { expect, test } from 'vitest'
import { clockText, stageKind, stageMarks, stageTimer } from './stages'
import type { StageView } from './types'

const stages: StageView[] = [
  { name: '宣讲', kind: 'briefing', minutes: null },
  { name: '面谈', kind: 'interview', minutes: 20 },
  { name: '结束', kind: 'end', minutes: null },
]

test('stages before the current one are done', () => {
  expect(stageMarks({ stages, stage: 1 }).map(({ state }) => state)).toEqual(['done', 'current', 'ahead'])
})

test('the kind of the current stage, and of one that is not there', () => {
  expect(stageKind({ stages, stage: 1 })).toBe('interview')
  expect(stageKind({ stages, stage: 3 })).toBe('waiting')
})

test('a stage without a plan only counts up', () => {
  expect(stageTimer({ stages, stage: 0, stage_since: 1000 }, 61_000)).toEqual({
    elapsed: 60_000,
    left: null,
    urgency: 'none',
  })
})

test.each([
  [0, 1_200_000, 'none'],
  [1_140_000, 60_000, 'soon'],
  [1_200_000, 0, 'over'],
  [1_230_000, -30_000, 'over'],
] as const)('after %d of 20 minutes %d are left: %s', (now, left, urgency) => {
  expect(stageTimer({ stages, stage: 1, stage_since: 0 }, now)).toEqual({ elapsed: now, left, urgency })
})

test('a clock that is behind shows no negative time', () => {
  expect(stageTimer({ stages, stage: 1, stage_since: 5000 }, 0).elapsed).toBe(0)
})

test.each([
  [0, '00:00'],
  [249_999, '04:09'],
  [3_849_000, '1:04:09'],
  [-30_000, '00:30'],
])('%d is %s', (milliseconds, text) => {
  expect(clockText(milliseconds)).toBe(text)
})
