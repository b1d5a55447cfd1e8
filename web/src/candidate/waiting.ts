// What the waiting room says: one line for where one stands, one for what happens next.
import type { CandidateView } from '../interview/types'
import { contactOf } from './flow'

export type WaitingState =
  /** The devices are checked, the person has not yet pressed the button. */
  | { kind: 'ready' }
  /** The host is talking to this candidate. */
  | { kind: 'addressed' }
  | { kind: 'deferred' }
  /** Was led in before and waits again, or waits for a result. */
  | { kind: 'result' }
  | { kind: 'next' }
  | { kind: 'ahead'; count: number }
  /** The queue does not say. */
  | { kind: 'unknown' }

export function waitingState(view: CandidateView, entered: boolean): WaitingState {
  if (!entered) return { kind: 'ready' }
  if (contactOf(view) === 'host') return { kind: 'addressed' }
  if (view.result) return { kind: 'result' }
  if (view.deferred) return { kind: 'deferred' }
  if (view.ahead === null) return { kind: 'unknown' }
  return view.ahead === 0 ? { kind: 'next' } : { kind: 'ahead', count: view.ahead }
}

/** What can be done about the own result; what is impossible is not there. */
export interface ResultModel {
  outcome: string
  /** Such as `86.5`; null where none was published. */
  points: string | null
  remark: string
  publishedAt: number
  confirmedAt: number | null
  /** Why it is another than the one that was confirmed; null where none was. */
  correction: string | null
  confirm: { published_at: number; revision: number } | null
}

/** Null until there is a result. */
export function resultModel({
  result,
  confirmed_at,
  may_confirm,
}: Pick<CandidateView, 'result' | 'confirmed_at' | 'may_confirm'>): ResultModel | null {
  if (!result) return null
  return {
    outcome: result.outcome,
    points: result.points === null ? null : pointsText(result.points),
    remark: result.remark,
    publishedAt: result.published_at,
    confirmedAt: confirmed_at,
    correction: result.correction,
    confirm:
      may_confirm && confirmed_at === null
        ? { published_at: result.published_at, revision: result.revision }
        : null,
  }
}

/** Hundredths as a person writes them. */
export function pointsText(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : ''
  const size = Math.abs(hundredths)
  const rest = String(size % 100)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return `${sign}${Math.floor(size / 100)}${rest === '' ? '' : `.${rest}`}`
}
