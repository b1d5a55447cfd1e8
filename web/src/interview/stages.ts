// The stages as a row of marks, the kind of the current one, and its clock.
import type { Basics, StageKind, StageMark } from './types'

/** A stage in the row. */
export interface StageEntry {
  index: number
  name: string
  mark: StageMark
}

/** One entry a stage, in order, as it stands for this seat. */
export function stageRow({ stages, marks }: Pick<Basics, 'stages' | 'marks'>): StageEntry[] {
  return stages.map(({ name }, index) => ({ index, name, mark: marks[index] ?? 'ahead' }))
}

/** The kind of the current stage; `waiting` where a view names none. */
export function stageKind({ stages, stage }: Pick<Basics, 'stages' | 'stage'>): StageKind {
  return stages[stage]?.kind ?? 'waiting'
}

/** Does each candidate go through stages of this kind alone? The others are everybody's. */
export function isAlone(kind: StageKind): boolean {
  return kind === 'interview' || kind === 'deliberation' || kind === 'announcement' || kind === 'confirmation'
}

/** Milliseconds. */
export interface StageTimer {
  elapsed: number
  /** What is left of the planned time, null without a plan; negative when it is over. */
  left: number | null
  /** The last minute of the plan, or beyond it. */
  urgency: 'none' | 'soon' | 'over'
  /** Stopped by a host. */
  paused: boolean
}

/**
 * The clock: of a candidate from the call on, of a stage of all since it began. A stage whose time is over goes on until
 * somebody ends it. Null while nobody is in a stage that each goes through alone.
 */
export function stageTimer(
  view: Pick<Basics, 'stages' | 'stage' | 'stage_since' | 'clock'>,
  now: number,
): StageTimer | null {
  const { clock } = view
  if (clock === null && isAlone(stageKind(view))) return null
  const since = clock === null ? view.stage_since : clock.running_since
  const elapsed = (clock?.spent ?? 0) + (since === null ? 0 : Math.max(0, now - since))
  const paused = clock?.paused ?? false
  const planned = clock === null ? minutesOf(view) : clock.planned && clock.planned + clock.extended
  if (planned === null) return { elapsed, left: null, urgency: 'none', paused }
  const left = planned - elapsed
  return { elapsed, left, urgency: left <= 0 ? 'over' : left <= 60_000 ? 'soon' : 'none', paused }
}

function minutesOf({ stages, stage }: Pick<Basics, 'stages' | 'stage'>): number | null {
  const minutes = stages[stage]?.minutes ?? null
  return minutes === null ? null : minutes * 60_000
}

/** Such as `04:09` or `1:04:09`; of a negative time its size. */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
