// Scores and results as the host sees them: who has submitted, what it comes to, what may be done.
import type { CandidateCard, Gate, PanelMember, PanelView, SeatAction } from '../interview/types'
import { mean } from '../staff/points'

/** What one examiner gave one candidate. */
export interface ScoreCell {
  examiner: string
  name: string
  submitted: boolean
  /** Hundredths; null while it may not be seen. */
  total: number | null
  remark: string
}

/** The scores of one candidate. */
export interface ScoreRow {
  card: CandidateCard
  cells: ScoreCell[]
  submitted: number
  expected: number
  /** Before the panel, or with something to look at; the others are shown in brief. */
  begun: boolean
  /** Of the totals, once all have submitted. */
  mean: number | null
  locked: boolean
  lock: SeatAction | null
  /** What still stands in the way of a result. */
  gates: readonly Gate[]
  /** Tells the result. Null where it was confirmed; where something stands in the way, with a chair's reason alone. */
  publish: ((draft: ResultDraft, reason: string) => SeatAction) | null
  /** A chair may tell the result although something stands in the way. */
  beyond: boolean
  /** Keeps it as a draft; null where a result is told. */
  prepare: ((draft: ResultDraft) => SeatAction) | null
  /** Takes back what is told and not confirmed. */
  withdraw: ((reason: string) => SeatAction) | null
  /** Tells another result after the confirmation. */
  correct: ((draft: ResultDraft, reason: string) => SeatAction) | null
}

export interface ResultDraft {
  outcome: string
  points: number | null
  remark: string
}

/** The longest outcome and remark, in characters. */
export const LONGEST_OUTCOME = 100
export const LONGEST_REMARK = 2000

/** Those who came as far as the panel: the current one first, then those with something to look at. */
export function scoreRows(view: PanelView): ScoreRow[] {
  const cellsOf = scoreCells(view)
  return view.candidates
    .filter(
      ({ step, submitted, result, withdrawn }) =>
        step === 'waiting' || step === 'admitted' || submitted > 0 || result !== null || withdrawn !== null,
    )
    .sort((a, b) => Number(b.current) - Number(a.current) || Number(begun(b)) - Number(begun(a)))
    .map((card) => {
      const cells = cellsOf(card.seat)
      const totals = totalsOf(cells)
      const submitted = cells.filter((cell) => cell.submitted).length
      const complete = cells.length > 0 && submitted === cells.length
      const locked = view.locked.includes(card.seat)
      const host = view.leads
      return {
        card,
        cells,
        submitted,
        expected: cells.length,
        begun: card.current || begun(card),
        mean: totals && mean(totals),
        locked,
        lock: host && complete && !locked ? { do: 'lock_scores', candidate: card.seat } : null,
        ...deeds(card, host, view.is_chair),
      }
    })
}

/** Those whose scores count: who was put out and has scored nobody does not. */
export function scorers(view: PanelView): PanelMember[] {
  const scored = new Set(Object.values(view.submitted).flat())
  return view.panel.filter(({ seat, role, removed }) => role === 'examiner' && (!removed || scored.has(seat)))
}

/** What each of the {@link scorers} gave a candidate, by the candidate's seat. */
export function scoreCells(view: PanelView): (candidate: string) => ScoreCell[] {
  const examiners = scorers(view)
  const sheets = new Map(view.sheets.map((sheet) => [`${sheet.examiner} ${sheet.candidate}`, sheet]))
  return (candidate) =>
    examiners.map(({ seat, name }) => {
      const submitted = view.submitted[candidate]?.includes(seat) ?? false
      const sheet = submitted ? sheets.get(`${seat} ${candidate}`) : undefined
      return {
        examiner: seat,
        name,
        submitted,
        total: sheet?.total ?? null,
        remark: sheet?.remark ?? '',
      }
    })
}

/** All totals, once everyone has handed in and they may be seen; else null. */
export function totalsOf(cells: readonly ScoreCell[]): number[] | null {
  const totals = cells.flatMap(({ total }) => (total === null ? [] : [total]))
  return totals.length > 0 && totals.length === cells.length ? totals : null
}

/** What may become of one candidate's result; what is impossible is null. */
function deeds(
  card: CandidateCard,
  host: boolean,
  chair: boolean,
): Pick<ScoreRow, 'gates' | 'publish' | 'beyond' | 'prepare' | 'withdraw' | 'correct'> {
  const { seat, gates, result } = card
  const confirmed = card.confirmed_at !== null
  const beyond = chair && gates.length > 0
  return {
    gates,
    beyond,
    publish:
      host && !confirmed && (gates.length === 0 || beyond)
        ? (draft, reason) => ({
            do: 'publish_result',
            candidate: seat,
            ...draft,
            ...(beyond ? { beyond: reason } : {}),
          })
        : null,
    prepare: host && !result ? (draft) => ({ do: 'draft_result', candidate: seat, ...draft }) : null,
    withdraw:
      host && result && !confirmed ? (reason) => ({ do: 'withdraw_result', candidate: seat, reason }) : null,
    correct:
      host && confirmed
        ? (draft, reason) => ({ do: 'correct_result', candidate: seat, ...draft, reason })
        : null,
  }
}

function begun({ done, submitted, result, withdrawn }: CandidateCard): boolean {
  return done || submitted > 0 || result !== null || withdrawn !== null
}

/** What is in the dialog when it opens: what was published before, else what was prepared, else the mean. */
export function firstDraft(row: ScoreRow): ResultDraft {
  const known = row.card.result ?? row.card.draft
  return known
    ? { outcome: known.outcome, points: known.points, remark: known.remark }
    : { outcome: '', points: row.mean, remark: '' }
}

/** Outcomes that were used in this interview already, the newest first. */
export function usedOutcomes(view: PanelView): string[] {
  const used = view.candidates.flatMap(({ result, draft }) => [
    ...(result ? [{ outcome: result.outcome, at: result.published_at }] : []),
    ...(draft ? [{ outcome: draft.outcome, at: draft.at }] : []),
  ])
  return [...new Set(used.sort((a, b) => b.at - a.at).map(({ outcome }) => outcome))]
}

/** Who has confirmed, and who still has to. */
export function confirmations(view: PanelView): { confirmed: CandidateCard[]; awaited: CandidateCard[] } {
  const published = view.candidates.filter(({ result }) => result !== null)
  return {
    confirmed: published.filter(({ confirmed_at }) => confirmed_at !== null),
    awaited: published.filter(({ confirmed_at }) => confirmed_at === null),
  }
}
