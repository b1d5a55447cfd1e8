// The stages as a row of marks, the kind of the current one, and its clock.
import type { Basics, StageKind } from './types'

export interface StageMark {
  index: number
  name: string
  state: 'done' | 'current' | 'ahead'
}

/** One mark a stage, in order. */
export function stageMarks({ stages, stage }: Pick<Basics, 'stages' | 'stage'>): StageMark[] {
  return stages.map(({ name }, index) => ({
    index,
    name,
    state: index < stage ? 'done' : index === stage ? 'current' : 'ahead',
  }))
}

/** The kind of the current stage; `waiting` where a view names none. */
export function stageKind({ stages, stage }: Pick<Basics, 'stages' | 'stage'>): StageKind {
  return stages[stage]?.kind ?? 'waiting'
}

/** Milliseconds. */
export interface StageTimer {
  elapsed: number
  /** What is left of the planned time, null without a plan; negative when it is over. */
  left: number | null
  /** The last minute of the plan, or beyond it. */
  urgency: 'none' | 'soon' | 'over'
}

/** The clock of the current stage. A stage whose time is over goes on until somebody ends it. */
export function stageTimer(view: Pick<Basics, 'stages' | 'stage' | 'stage_since'>, now: number): StageTimer {
  const elapsed = Math.max(0, now - view.stage_since)
  const minutes = view.stages[view.stage]?.minutes ?? null
  if (minutes === null) return { elapsed, left: null, urgency: 'none' }
  const left = minutes * 60_000 - elapsed
  return { elapsed, left, urgency: left <= 0 ? 'over' : left <= 60_000 ? 'soon' : 'none' }
}

/** Such as `04:09` or `1:04:09`; of a negative time its size. */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
