// The list of interviews: which stand on a page, and in which order; what is looked for stands in the address.
import { searchable } from '../forms/writing'
import type { Interview } from './api'
import { phase } from './interview-form'

export type Window = ReturnType<typeof phase>
export type ListedInterview = Interview & { phase: Window }

/** What is looked for. */
export interface InterviewWish {
  /** Any part of the name. */
  search: string
  state: Window | 'all'
  /** Days as date fields have them, both of them included; empty for no bound. */
  from: string
  until: string
  /** From 0. */
  page: number
}

export const STATES = ['all', 'ahead', 'open', 'over'] as const satisfies readonly InterviewWish['state'][]
export const INTERVIEWS_PER_PAGE = 20
const DAY = /^\d{4}-\d{2}-\d{2}$/
const ORDER: Record<Window, number> = { open: 0, ahead: 1, over: 2 }

/** Open ones first, then the next, then those that are over, the newest first. */
export function listedInterviews(interviews: readonly Interview[], wish: InterviewWish, now: number) {
  const words = searchable(wish.search)
  const found = interviews
    .map((interview): ListedInterview => ({ ...interview, phase: phase(interview, now) }))
    .filter(
      (interview) =>
        searchable(interview.name).includes(words) &&
        (wish.state === 'all' || interview.phase === wish.state) &&
        within(interview, wish),
    )
    .sort(
      (a, b) =>
        ORDER[a.phase] - ORDER[b.phase] ||
        (a.phase === 'over' ? b.closes_at - a.closes_at : a.opens_at - b.opens_at),
    )
  const pages = Math.max(1, Math.ceil(found.length / INTERVIEWS_PER_PAGE))
  const page = Math.min(wish.page, pages - 1)
  return {
    rows: found.slice(page * INTERVIEWS_PER_PAGE, (page + 1) * INTERVIEWS_PER_PAGE),
    found: found.length,
    pages,
    page,
  }
}

/** Whether some of it lies in these days. */
function within({ opens_at, closes_at }: Interview, { from, until }: InterviewWish): boolean {
  const begins = from === '' ? -Infinity : dayBegins(from, 0)
  const ends = until === '' ? Infinity : dayBegins(until, 1)
  return closes_at > begins && opens_at < ends
}

/** When a day begins where the person is, or the day after it. */
function dayBegins(day: string, later: 0 | 1): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).getTime()
}

type Query = Readonly<Record<string, unknown>>

/** What the address asks for; what it does not say, or says wrongly, is the usual. */
export function wishOf(query: Query): InterviewWish {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  const day = (name: string) =>
    DAY.test(text(name)) && Number.isFinite(dayBegins(text(name), 0)) ? text(name) : ''
  const page = /^\d{1,4}$/.test(text('page')) ? Math.max(0, Number(text('page')) - 1) : 0
  return {
    search: text('q').slice(0, 200),
    state: STATES.find((known) => known === text('state')) ?? 'all',
    from: day('from'),
    until: day('until'),
    page,
  }
}

/** The address of a wish; the usual is left out. */
export function queryOf({ search, state, from, until, page }: InterviewWish): Record<string, string> {
  return {
    ...(search !== '' && { q: search }),
    ...(state !== 'all' && { state }),
    ...(from !== '' && { from }),
    ...(until !== '' && { until }),
    ...(page > 0 && { page: String(page + 1) }),
  }
}

/** Is anything left out but by the page? */
export const filters = ({ search, state, from, until }: InterviewWish) =>
  search !== '' || state !== 'all' || from !== '' || until !== ''
