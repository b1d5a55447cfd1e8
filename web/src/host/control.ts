// The stages as the host leads through them: where one may go, and what has to be said before.
import type { PanelView, SeatAction, StageKind } from '../interview/types'
import { stageKind } from '../staff/stages'

/** A stage to go to. */
export interface Move {
  index: number
  name: string
  kind: StageKind
  action: SeatAction
  /**
   * What must be confirmed first: `end` cannot be taken back; `cut` parts the candidate from the panel at once; `open`
   * stages that were left by mistake are easily entered again.
   */
  confirm: 'end' | 'cut' | null
}

/** All stages but the current one; none once the interview has ended. */
export function moves(view: PanelView): Move[] {
  if (view.role !== 'host' || stageKind(view) === 'end') return []
  return view.stages.flatMap(({ name, kind }, index): Move[] =>
    index === view.stage
      ? []
      : [
          {
            index,
            name,
            kind,
            action: { do: 'go_to_stage', stage: index },
            confirm: kind === 'end' ? 'end' : kind === 'deliberation' && view.current !== null ? 'cut' : null,
          },
        ],
  )
}

/** The stage after this one. */
export function forward(view: PanelView): Move | null {
  return moves(view).find(({ index }) => index === view.stage + 1) ?? null
}

/** What is not finished, and would be left so by the end. */
export function unfinished(view: PanelView): { waiting: number; unconfirmed: number; unpublished: number } {
  const stays = view.candidates.filter(({ step }) => step !== 'removed' && step !== 'left' && step !== 'invited')
  return {
    waiting: stays.filter(({ done, current }) => !done && !current).length,
    unconfirmed: stays.filter(({ result, confirmed_at }) => result !== null && confirmed_at === null).length,
    unpublished: stays.filter(({ done, current, result }) => (done || current) && result === null).length,
  }
}
