// All results as one table: what the examiners gave, what is prepared, what may be published now.
import type { CandidateCard, Draft, PanelView, SeatAction, StageKind } from '../interview/types'
import type { Drafting } from './drafting'
import { stageKind } from '../interview/stages'
import { mean, pointsText, readPoints } from '../staff/points'
import { type ScoreCell, scoreCells, totalsOf } from './scores'

/** Where a candidate is, as far as a result is concerned; in this order when sorted. */
const STATES = ['invited', 'underway', 'waiting', 'session', 'interviewed', 'gone'] as const
type State = (typeof STATES)[number]

/** How a result stands: what is missing, or how far it has come; in this order when sorted. */
const STANDS = ['gated', 'open', 'ready', 'told', 'confirmed'] as const
type Stand = (typeof STANDS)[number]

/** One candidate in the table. */
export interface ResultRow {
  card: CandidateCard
  state: State
  cells: readonly ScoreCell[]
  /** Of the totals, once all have handed in. */
  mean: number | null
  /** By the mean, from 1; equals share a place, and the next one comes after all of them. */
  rank: number | null
  /** The largest total less the smallest. */
  spread: number | null
  draft: Draft | null
  stand: Stand
  /** A draft may be written in the row: where a result is told, it is changed or taken back on its card. */
  editable: boolean
  /** There is a draft, and nothing stands in its way. */
  publishable: boolean
}

/** One row a candidate, in the order of the queue. */
export function resultRows(view: PanelView): ResultRow[] {
  const cellsOf = scoreCells(view)
  const kind = stageKind(view)
  const host = view.leads
  const scored = view.candidates.map((card) => {
    const cells = cellsOf(card.seat)
    const totals = totalsOf(cells)
    return {
      card,
      cells,
      mean: totals && mean(totals),
      spread: totals && Math.max(...totals) - Math.min(...totals),
    }
  })
  const rankOf = ranks(scored.flatMap((row) => (row.mean === null ? [] : [row.mean])))
  return scored.map((row) => {
    const { result, draft } = row.card
    const stand = standOf(row.card)
    return {
      ...row,
      rank: row.mean === null ? null : (rankOf.get(row.mean) ?? null),
      state: stateOf(row.card, kind),
      draft,
      stand,
      editable: host && stand !== 'confirmed' && (result === null || draft !== null),
      publishable: host && draft !== null && row.card.gates.length === 0 && stand !== 'confirmed',
    }
  })
}

function ranks(means: readonly number[]): Map<number, number> {
  const places = new Map<number, number>()
  const falling = [...means].sort((a, b) => b - a)
  for (const [index, one] of falling.entries()) if (!places.has(one)) places.set(one, index + 1)
  return places
}

function stateOf(card: CandidateCard, kind: StageKind): State {
  if (card.current && (kind === 'interview' || kind === 'deliberation')) return 'session'
  if (card.interviewed_at !== null) return 'interviewed'
  if (card.step === 'left' || card.step === 'removed') return 'gone'
  if (card.step === 'waiting' || card.step === 'admitted') return 'waiting'
  return card.step === 'invited' ? 'invited' : 'underway'
}

function standOf({ result, confirmed_at, gates, draft }: CandidateCard): Stand {
  if (confirmed_at !== null) return 'confirmed'
  if (result !== null) return 'told'
  if (gates.length > 0) return 'gated'
  return draft === null ? 'open' : 'ready'
}

// Which rows, in which order --------------------------------------------------------------------------------------------

/** What a column is sorted by; an examiner's column by the seat. */
export type Column =
  | 'number'
  | 'name'
  | 'state'
  | 'mean'
  | 'rank'
  | 'spread'
  | 'outcome'
  | 'points'
  | 'stand'
  | { examiner: string }

export interface Sort {
  by: Column
  descending: boolean
}

export const FILTERS = ['all', 'ready', 'unscored', 'unheard', 'told', 'confirmed', 'withdrawn'] as const
export type Filter = (typeof FILTERS)[number]

/** What somebody wants to see of the table. */
export interface Wish {
  filter: Filter
  /** Part of a name or a number. */
  query: string
  sort: Sort
}

export function isSortedBy({ by }: Sort, column: Column): boolean {
  if (typeof by === 'string' || typeof column === 'string') return by === column
  return by.examiner === column.examiner
}

/** The same column once more turns it round. */
export function sortedBy(sort: Sort, by: Column): Sort {
  return { by, descending: isSortedBy(sort, by) && !sort.descending }
}

function matches({ card, stand, publishable }: ResultRow, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'ready':
      return publishable
    case 'unscored':
      return card.interviewed_at !== null && card.gates.includes('sheets_missing')
    case 'unheard':
      return card.interviewed_at === null
    case 'told':
      return card.result !== null
    case 'confirmed':
      return stand === 'confirmed'
    case 'withdrawn':
      return card.withdrawn !== null
  }
}

/** How many each filter shows. */
export function tally(rows: readonly ResultRow[]): Record<Filter, number> {
  const count = (filter: Filter) => rows.filter((row) => matches(row, filter)).length
  return {
    all: rows.length,
    ready: count('ready'),
    unscored: count('unscored'),
    unheard: count('unheard'),
    told: count('told'),
    confirmed: count('confirmed'),
    withdrawn: count('withdrawn'),
  }
}

/** The rows that are wished for, sorted; those without a value come last in both directions. */
export function shown(rows: readonly ResultRow[], wish: Wish, locale: string): ResultRow[] {
  const { by, descending } = wish.sort
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const wanted = plain(wish.query)
  return rows
    .filter((row) => matches(row, wish.filter))
    .filter(({ card }) => plain(card.name).includes(wanted) || plain(card.number).includes(wanted))
    .map((row) => ({ row, value: valueOf(row, by) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : compare(String(a.value), String(b.value))
      return descending ? -order : order
    })
    .map(({ row }) => row)
}

/** A keyboard may give digits of full width, and letters of either case. */
const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase()

function valueOf(row: ResultRow, by: Column): string | number | null {
  if (typeof by !== 'string') return row.cells.find(({ examiner }) => examiner === by.examiner)?.total ?? null
  switch (by) {
    case 'number':
    case 'name':
      return row.card[by]
    case 'state':
      return STATES.indexOf(row.state)
    case 'stand':
      return STANDS.indexOf(row.stand)
    case 'outcome':
    case 'points':
      return (row.draft ?? row.card.result)?.[by] ?? null
    default:
      return row[by]
  }
}

// Drafts ----------------------------------------------------------------------------------------------------------------

/** What somebody has typed in a row and is not saved yet; a field that nobody touched is not in it. */
export interface Typed {
  outcome?: string
  points?: string
}

/** The fields of a row as they are shown: what is typed, else what the draft says. */
export function texts({ draft }: ResultRow, typed: Typed = {}): Required<Typed> {
  const points = draft?.points ?? null
  return {
    outcome: typed.outcome ?? draft?.outcome ?? '',
    points: typed.points ?? (points === null ? '' : pointsText(points)),
  }
}

/** What a result may have at most, in hundredths. */
export const MOST_POINTS = 1_000_000

/** What is wrong with a field of a row. */
export type Complaint =
  { field: 'outcome'; why: 'missing' } | { field: 'points'; why: 'wrong' | 'too_many' } | null

/** What comes of what is typed: what is to be asked for, null where nothing changes; or what is wrong. */
export function edit(row: ResultRow, typed: Typed): { action: SeatAction | null; complaint: Complaint } {
  const { outcome, points: written } = texts(row, typed)
  const said = outcome.trim()
  const points = readPoints(written)
  if (points === 'wrong') return { action: null, complaint: { field: 'points', why: 'wrong' } }
  if (points !== null && points > MOST_POINTS)
    return { action: null, complaint: { field: 'points', why: 'too_many' } }
  const candidate = row.card.seat
  if (said === '') {
    if (points !== null) return { action: null, complaint: { field: 'outcome', why: 'missing' } }
    return { action: row.draft ? { do: 'drop_draft', candidate } : null, complaint: null }
  }
  const same = row.draft?.outcome === said && row.draft.points === points
  return { action: same ? null : drafted(row, said, points), complaint: null }
}

function drafted({ card, draft }: ResultRow, outcome: string, points: number | null): Drafting {
  return { do: 'draft_result', candidate: card.seat, outcome, points, remark: draft?.remark ?? '' }
}

/** Gives drafts without points the mean; what has no outcome yet is left. */
export function fills(rows: readonly ResultRow[]): Drafting[] {
  return rows.flatMap((row) =>
    row.editable && row.draft && row.draft.points === null && row.mean !== null
      ? [drafted(row, row.draft.outcome, row.mean)]
      : [],
  )
}

/** Those whose draft says another outcome than this. */
export function otherOutcomes(rows: readonly ResultRow[], outcome: string): ResultRow[] {
  return rows.filter(({ editable, draft }) => editable && draft !== null && draft.outcome !== outcome)
}

/** Gives these the outcome; points and remark stay. */
export function outcomesSet(rows: readonly ResultRow[], outcome: string): Drafting[] {
  return rows.flatMap((row) =>
    row.editable && row.draft?.outcome !== outcome ? [drafted(row, outcome, row.draft?.points ?? null)] : [],
  )
}

// Publishing ------------------------------------------------------------------------------------------------------------

/** Publishes these drafts as they are seen here, all or none; null where there is none that may be. */
export function publication(rows: readonly ResultRow[]): SeatAction | null {
  const drafts = rows.flatMap(({ card, draft, publishable }) =>
    draft && publishable ? [{ candidate: card.seat, revision: draft.revision }] : [],
  )
  return drafts.length === 0 ? null : { do: 'publish_drafts', drafts }
}

/** How many of these get each outcome, the most frequent first. */
export function outcomeCounts(rows: readonly ResultRow[]): { outcome: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { draft } of rows) if (draft) counts.set(draft.outcome, (counts.get(draft.outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => ({ outcome, count })).sort((a, b) => b.count - a.count)
}

/** Those of whom something else is true now than when they were seen. */
export function changedSince(seen: readonly ResultRow[], now: readonly ResultRow[]): ResultRow[] {
  const newest = new Map(now.map((row) => [row.card.seat, row]))
  return seen.filter(({ card, draft }) => {
    const row = newest.get(card.seat)
    return !row?.publishable || row.draft?.revision !== draft?.revision
  })
}
