// The list of interviews: which stand on a page, and in which order.
import { searchable } from '../forms/writing'
import type { Interview } from './api'
import { phase } from './interview-form'

export type Window = ReturnType<typeof phase>
export type ListedInterview = Interview & { phase: Window }

export const INTERVIEWS_PER_PAGE = 20
const ORDER: Record<Window, number> = { open: 0, ahead: 1, over: 2 }

/** Open ones first, then the next, then those that are over, the newest first. */
export function listedInterviews(
  interviews: readonly Interview[],
  search: string,
  page: number,
  now: number,
) {
  const words = searchable(search)
  const found = interviews
    .filter(({ name }) => searchable(name).includes(words))
    .map((interview): ListedInterview => ({ ...interview, phase: phase(interview, now) }))
    .sort(
      (a, b) =>
        ORDER[a.phase] - ORDER[b.phase] ||
        (a.phase === 'over' ? b.closes_at - a.closes_at : a.opens_at - b.opens_at),
    )
  const pages = Math.max(1, Math.ceil(found.length / INTERVIEWS_PER_PAGE))
  const shown = Math.min(page, pages - 1)
  return {
    rows: found.slice(shown * INTERVIEWS_PER_PAGE, (shown + 1) * INTERVIEWS_PER_PAGE),
    found: found.length,
    pages,
  }
}
