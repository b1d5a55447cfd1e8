// From one candidate to the next: what the one button does now, and what has to be said before.
import { stageTimer } from '../interview/stages'
import type { CandidateCard, PanelView, SeatAction } from '../interview/types'
import { nextInLine } from '../staff/line'
import { callNext } from './queue'

/** Something that is still open with the candidate who is to be finished. */
type Open =
  /** So many examiners have not handed the sheet in. */
  | { kind: 'sheets'; count: number }
  /** Less than half of the planned time has passed. */
  | { kind: 'early' }
  /** The hand is up. */
  | { kind: 'hand' }

/** What the button does. */
export interface NextStep {
  action: SeatAction
  finishes: CandidateCard | null
  calls: CandidateCard | null
  /** Those who are offline and keep their place. */
  skipped: number
  /** What is asked about first; nothing: it is done at once. */
  open: Open[]
}

/** Null where nobody can be finished or called. */
export function nextStep(view: PanelView, now: number): NextStep | null {
  const { card: calls, skipped } = nextInLine(view, now)
  const finishes = view.candidates.find(({ current }) => current) ?? null
  if (!view.leads || finishes === null) {
    const action = callNext(view, now)
    return action && { action, finishes: null, calls, skipped, open: [] }
  }
  const action: SeatAction = { do: 'next_candidate', finish: finishes.seat }
  return { action, finishes, calls, skipped, open: openOf(finishes, view, now) }
}

function openOf(card: CandidateCard, view: PanelView, now: number): Open[] {
  const open: Open[] = []
  const examiners = view.panel.filter(({ role, removed }) => role === 'examiner' && !removed)
  const sheets = view.submitted[card.seat] ?? []
  const count = examiners.filter(({ seat }) => !sheets.includes(seat)).length
  if (view.criteria.length > 0 && count > 0 && !view.locked.includes(card.seat))
    open.push({ kind: 'sheets', count })
  const timer = view.stages[view.stage]?.kind === 'interview' ? stageTimer(view, now) : null
  if (timer?.left != null && timer.elapsed < timer.left) open.push({ kind: 'early' })
  if (card.hand) open.push({ kind: 'hand' })
  return open
}
