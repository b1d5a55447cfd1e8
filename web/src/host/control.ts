// The stages as the host leads through them: where one may go, and what has to be said before.
import type { PanelView, SeatAction, StageKind } from '../interview/types'
import { isAlone, stageKind } from '../interview/stages'
import { hasTurn } from '../staff/panel'
import { groupOf } from '../staff/line'

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
  /** Who goes there: all, the current candidate alone, or each who is called from then on. */
  who: 'all' | 'current' | 'each'
}

/** All stages but the current one. An end that came too early is left as any other stage. */
export function moves(view: PanelView): Move[] {
  if (!view.leads) return []
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
            who: !isAlone(kind) ? 'all' : view.current === null ? 'each' : 'current',
          },
        ],
  )
}

/**
 * The stage that comes next; after a break, past what all have heard. Between two candidates it is the next one of all; while
 * somebody still waits to be called, that is reached by the list of all stages alone.
 */
export function forward(view: PanelView): Move | null {
  const alone = isAlone(stageKind(view))
  const after = moves(view).filter(({ index }) => index > view.stage && view.marks[index] !== 'done')
  const next = after.find(({ kind }) => !alone || view.current !== null || !isAlone(kind)) ?? null
  const waiting = view.candidates.some((card) => groupOf(card) === 'waiting')
  return alone && waiting && next?.who === 'all' ? null : next
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
