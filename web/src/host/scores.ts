// Scores and results as the host sees them: who has submitted, what it comes to, what may be done.
import type { CandidateCard, PanelView, SeatAction } from '../interview/types'
import { mean } from '../staff/points'

/** What one examiner gave one candidate. */
interface ScoreCell {
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
  /** Null while no result may be published. */
  publish: ((draft: ResultDraft) => SeatAction) | null
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
  const examiners = view.panel.filter(
    ({ seat, role, removed }) =>
      role === 'examiner' &&
      (!removed || Object.values(view.submitted).some((seats) => seats.includes(seat))),
  )
  return view.candidates
    .filter(
      ({ step, submitted, result }) =>
        step === 'waiting' || step === 'admitted' || submitted > 0 || result !== null,
    )
    .sort((a, b) => Number(b.current) - Number(a.current) || Number(begun(b)) - Number(begun(a)))
    .map((card) => {
      const cells = examiners.map(({ seat, name }): ScoreCell => {
        const sheet = view.sheets.find(
          ({ examiner, candidate }) => examiner === seat && candidate === card.seat,
        )
        const submitted = view.submitted[card.seat]?.includes(seat) ?? false
        return {
          examiner: seat,
          name,
          submitted,
          total: submitted ? (sheet?.total ?? null) : null,
          remark: submitted ? (sheet?.remark ?? '') : '',
        }
      })
      const totals = cells.flatMap(({ total }) => (total === null ? [] : [total]))
      const submitted = cells.filter((cell) => cell.submitted).length
      const complete = cells.length > 0 && submitted === cells.length
      const locked = view.locked.includes(card.seat)
      const host = view.role === 'host'
      return {
        card,
        cells,
        submitted,
        expected: cells.length,
        begun: card.current || begun(card),
        mean: complete && totals.length === cells.length ? mean(totals) : null,
        locked,
        lock: host && complete && !locked ? { do: 'lock_scores', candidate: card.seat } : null,
        publish:
          host && card.confirmed_at === null
            ? (draft) => ({ do: 'publish_result', candidate: card.seat, ...draft })
            : null,
      }
    })
}

function begun({ done, submitted, result }: CandidateCard): boolean {
  return done || submitted > 0 || result !== null
}

/** What is in the dialog when it opens: what was published before, else the mean. */
export function firstDraft(row: ScoreRow): ResultDraft {
  const { result } = row.card
  return result
    ? { outcome: result.outcome, points: result.points, remark: result.remark }
    : { outcome: '', points: row.mean, remark: '' }
}

/** Outcomes that were used in this interview already, the newest first. */
export function usedOutcomes(view: PanelView): string[] {
  const results = view.candidates.flatMap(({ result }) => (result ? [result] : []))
  return [...new Set(results.sort((a, b) => b.published_at - a.published_at).map(({ outcome }) => outcome))]
}

/** Who has confirmed, and who still has to. */
export function confirmations(view: PanelView): { confirmed: CandidateCard[]; awaited: CandidateCard[] } {
  const published = view.candidates.filter(({ result }) => result !== null)
  return {
    confirmed: published.filter(({ confirmed_at }) => confirmed_at !== null),
    awaited: published.filter(({ confirmed_at }) => confirmed_at === null),
  }
}
