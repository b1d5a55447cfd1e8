// What the browser's tab says of a candidate's page, for whoever looks at another one.
import type { CandidateView } from '../interview/types'
import type { Page } from './flow'
import { waitingState } from './waiting'

/** Gives the text of a key. */
type Translate = (key: string, named?: Record<string, unknown>) => string

const CHECKS: readonly Page[] = ['speaker', 'microphone', 'camera']

/** The page's part of the title. `elsewhere`: another tab or device has the seat. */
export function titleOf(
  page: Page,
  view: CandidateView,
  where: { entered: boolean; elsewhere: boolean },
  t: Translate,
): string {
  const title = pageTitle(page, view, where, t)
  return view.rehearsal ? `${t('rehearsal.mark')} · ${title}` : title
}

function pageTitle(
  page: Page,
  view: CandidateView,
  { entered, elsewhere }: { entered: boolean; elsewhere: boolean },
  t: Translate,
): string {
  if (elsewhere) return t('candidate.tab.elsewhere')
  const check = CHECKS.indexOf(page)
  if (check >= 0) return t('candidate.tab.check', { page: t(`candidate.page.${page}`), number: check + 1 })
  if (page === 'waiting') return waitingTitle(view, entered, t)
  if (page === 'released') return t('candidate.released.title')
  if (page === 'end') {
    if (view.step === 'removed') return t('candidate.end.removed')
    return view.rehearsal ? t('rehearsal.over') : t('candidate.end.title')
  }
  return t(`candidate.page.${page}`)
}

/** That the checks are done, and where one stands. */
function waitingTitle(view: CandidateView, entered: boolean, t: Translate): string {
  const waiting = waitingState(view, entered)
  if (waiting.kind === 'ready') return t('candidate.tab.checked')
  return t('candidate.tab.waiting', { state: waitingLine(waiting, t) })
}

/** One line for where one stands in the waiting room. */
export function waitingLine(
  waiting: Exclude<ReturnType<typeof waitingState>, { kind: 'ready' }>,
  t: Translate,
): string {
  return waiting.kind === 'ahead'
    ? t('candidate.waiting.title.ahead', { count: waiting.count })
    : t(`candidate.waiting.title.${waiting.kind}`)
}
