// The own scores as a table, so that the tenth candidate is measured as the first one was.
import type { CandidateCard, Criterion, PanelView } from '../interview/types'
import { mean } from '../staff/points'
import { ownSheet, total } from './sheet'

type Points = Readonly<Record<string, number>>

/** One candidate in the table. */
interface OwnRow {
  card: CandidateCard
  /** Hundredths, in the order of the criteria; null where none are given. */
  points: (number | null)[]
  /** Null while points are missing. */
  total: number | null
  /** Among the own totals, from 1; equals share a place. */
  rank: number | null
  /** Handed in. */
  final: boolean
  /** The one whose sheet is open: its points are those that are typed now. */
  now: boolean
}

/** All whom the examiner has given points, in the order of the queue, and the means of what is handed in. */
export interface OwnTable {
  rows: OwnRow[]
  means: (number | null)[]
  mean: number | null
}

/** `typed` are the valid points on the open sheet. */
export function ownTable(view: PanelView, open: string, typed: Points): OwnTable {
  const rows = view.candidates.flatMap((card): OwnRow[] => {
    const sheet = ownSheet(view, card.seat)
    const final = sheet?.submitted_at != null
    const now = card.seat === open
    const given: Points = now && !final ? typed : (sheet?.points ?? {})
    if (!now && Object.keys(given).length === 0) return []
    const points = view.criteria.map(({ id }) => given[id] ?? null)
    return [{ card, points, total: whole(view.criteria, points, given), rank: null, final, now }]
  })
  const falling = rows.flatMap((row) => row.total ?? []).sort((a, b) => b - a)
  const final = rows.filter((row) => row.final)
  return {
    rows: rows.map((row) => ({ ...row, rank: row.total === null ? null : falling.indexOf(row.total) + 1 })),
    means: view.criteria.map((_, index) => mean(final.flatMap(({ points }) => points[index] ?? []))),
    mean: mean(final.flatMap((row) => row.total ?? [])),
  }
}

function whole(
  criteria: readonly Criterion[],
  points: readonly (number | null)[],
  given: Points,
): number | null {
  return criteria.length === 0 || points.includes(null) ? null : total(criteria, given)
}
