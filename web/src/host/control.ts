// The stages as the host leads through them: where one may go, and what has to be said before.
import type { PanelView, SeatAction, StageKind } from '../interview/types'
import { hasTurn } from '../staff/panel'

/** A stage to go to. */
export interface Move {
  index: number
  name: string
  kind: StageKind
  action: SeatAction
  /**
   * What must be confirmed first: `end` closes media for all candidates, `cut` parts the current one from the panel, both
   * at once. Any other stage that was entered by mistake is easily left again.
   */
  confirm: 'end' | 'cut' | null
}

/** All stages but the current one. An end that came too early is left as any other stage. */
export function moves(view: PanelView): Move[] {
  if (view.role !== 'host') return []
  return view.stages.flatMap(({ name, kind }, index): Move[] =>
    index === view.stage
      ? []
      : [
          {
            index,
            name,
            kind,
            action: { do: 'go_to_stage', stage: index },
            confirm:
              kind === 'end'
                ? 'end'
                : kind === 'deliberation' && view.current !== null && hasTurn(view)
                  ? 'cut'
                  : null,
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
  const stays = view.candidates.filter(
    ({ step }) => step !== 'removed' && step !== 'left' && step !== 'invited',
  )
  return {
    waiting: stays.filter(({ done, current }) => !done && !current).length,
    unconfirmed: stays.filter(({ result, confirmed_at }) => result !== null && confirmed_at === null).length,
    unpublished: stays.filter(({ done, current, result }) => (done || current) && result === null).length,
  }
}
