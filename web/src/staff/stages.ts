// What the current stage is.
import type { Basics, StageKind } from '../interview/types'

/** The kind of the current stage; `waiting` where a view names none. */
export function stageKind({ stages, stage }: Pick<Basics, 'stages' | 'stage'>): StageKind {
  return stages[stage]?.kind ?? 'waiting'
}
