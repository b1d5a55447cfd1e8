// Tests of the row of stages and of their time.
import { describe, expect, test } from 'vitest'
import type { StageView } from '../interview/types'
import { clockText, stageKind, stageSteps, stageTimer } from './stages'

const stages: StageView[] = [
  { name: '候考', kind: 'waiting', minutes: null },
  { name: '面谈', kind: 'interview', minutes: 20 },
  { name: '结束', kind: 'end', minutes: null },
]
const at = (stage: number) => ({ stages, stage, stage_since: 1_000_000 })

test('what is behind is past, what comes is ahead', () => {
  expect(stageSteps(at(1)).map(({ place }) => place)).toEqual(['past', 'current', 'ahead'])
  expect(stageKind(at(1))).toBe('interview')
  expect(stageKind(at(9))).toBe('waiting')
})

describe('timer', () => {
  const after = (seconds: number) => stageTimer(at(1), 1_000_000 + seconds * 1000)

  test('it counts up, and down from the plan', () => {
    expect(after(61)).toMatchObject({ elapsed: 61, left: 1139, tone: 'plain' })
  })

  test('the last two minutes are its end, then it is over and goes on', () => {
    expect(after(18 * 60).tone).toBe('soon')
    expect(after(20 * 60).tone).toBe('soon')
    expect(after(20 * 60 + 5)).toMatchObject({ left: -5, tone: 'over', share: 1 })
  })

  test('without a plan it only counts up', () => {
    expect(stageTimer(at(0), 1_005_000)).toEqual({ elapsed: 5, left: null, tone: 'plain', share: null })
  })

  test('a stage that began a moment ahead of the own clock has just begun', () => {
    expect(stageTimer(at(1), 0).elapsed).toBe(0)
  })
})

test.each([
  [0, '00:00'],
  [69, '01:09'],
  [-69, '01:09'],
  [3723, '1:02:03'],
])('%d seconds are %s', (seconds, text) => {
  expect(clockText(seconds)).toBe(text)
})
