// Where the made-up seats stand among the stages, and the clock of the one before the panel.
import { isAlone } from '../interview/stages'
import type { ClockView, StageKind, StageMark } from '../interview/types'

export const STAGES: { name: string; kind: StageKind; minutes: number | null }[] = [
  { name: '候考', kind: 'waiting', minutes: null },
  { name: '宣讲', kind: 'briefing', minutes: 10 },
  { name: '面谈', kind: 'interview', minutes: 20 },
  { name: '评议', kind: 'deliberation', minutes: 15 },
  { name: '公布', kind: 'announcement', minutes: 5 },
  { name: '成绩确认', kind: 'confirmation', minutes: 5 },
  { name: '结束', kind: 'end', minutes: null },
]

/** A row of marks with this one as the current one. */
export function storyMarks(stage: number): StageMark[] {
  return STAGES.map((_, index) => (index < stage ? 'done' : index === stage ? 'now' : 'ahead'))
}

/** The clock of the current candidate in this stage; none in a stage of all. */
export function storyClock(stage: number, since: number, paused: boolean): ClockView | null {
  const { kind, minutes } = STAGES[stage] ?? { kind: 'waiting', minutes: null }
  if (!isAlone(kind)) return null
  const spent = paused ? Date.now() - since : 0
  const planned = minutes === null ? null : minutes * 60_000
  return { spent, running_since: paused ? null : since, planned, extended: 0, paused }
}
