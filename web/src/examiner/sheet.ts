// The score sheet of one examiner for one candidate: what is typed, what of it counts, what may be done with it.
import type { CandidateCard, Criterion, PanelView, PrivateNote, SeatAction, Sheet } from '../interview/types'
import { pointsText, readPoints } from '../staff/points'

/** What is typed, as it is typed. */
export interface Draft {
  /** By criterion. */
  points: Readonly<Record<string, string>>
  remark: string
}

/** One line of the sheet. */
export interface Field {
  criterion: Criterion
  text: string
  /** Hundredths; null while nothing valid is typed. */
  points: number | null
  problem: 'wrong' | 'low' | 'high' | null
}

/** The sheet as it is shown. */
export interface SheetModel {
  candidate: string
  fields: Field[]
  remark: string
  state: 'open' | 'submitted' | 'locked'
  submittedAt: number | null
  filled: number
  /** Of the valid fields, in hundredths. */
  total: number
  /** The most that could be given. */
  most: number
  /** What is valid, to be saved; null when the sheet takes nothing any more. */
  save: SeatAction | null
  /** Null until every criterion has valid points. */
  submit: SeatAction | null
}

/** The longest remark, in characters. */
export const LONGEST_REMARK = 2000

/** The longest private note, in characters. */
export const LONGEST_NOTE = 2000

/** What was saved, as text to be edited. */
export function draftOf(sheet: Sheet | null): Draft {
  const points = Object.fromEntries(
    Object.entries(sheet?.points ?? {}).map(([id, value]) => [id, pointsText(value)]),
  )
  return { points, remark: sheet?.remark ?? '' }
}

/** The own sheet for a candidate. */
export function ownSheet(view: PanelView, candidate: string): Sheet | null {
  return view.sheets.find((sheet) => sheet.examiner === view.seat && sheet.candidate === candidate) ?? null
}

/** The own private note of a candidate. */
export function ownNote(view: PanelView, candidate: string): PrivateNote | null {
  return view.notes.find((note) => note.candidate === candidate) ?? null
}

export function sheetModel(view: PanelView, candidate: string, draft: Draft): SheetModel {
  const sheet = ownSheet(view, candidate)
  const submittedAt = sheet?.submitted_at ?? null
  const state = view.locked.includes(candidate) ? 'locked' : submittedAt !== null ? 'submitted' : 'open'
  const fields = view.criteria.map((criterion) => field(criterion, draft.points[criterion.id] ?? ''))
  const valid = fields.filter((one) => one.points !== null && one.problem === null)
  const points = Object.fromEntries(valid.map((one) => [one.criterion.id, one.points ?? 0]))
  const open = state === 'open' && view.role === 'examiner'
  return {
    candidate,
    fields,
    remark: draft.remark,
    state,
    submittedAt,
    filled: valid.length,
    total: state !== 'open' && sheet?.total != null ? sheet.total : total(view.criteria, points),
    most: total(view.criteria, Object.fromEntries(view.criteria.map(({ id, max }) => [id, max]))),
    save: open ? { do: 'save_scores', candidate, points, remark: draft.remark.trim() } : null,
    submit:
      open && fields.length > 0 && valid.length === fields.length ? { do: 'submit_scores', candidate } : null,
  }
}

/** The weighted mean as the server makes it, halves rounded up; a missing criterion counts as nothing. */
export function total(criteria: readonly Criterion[], points: Readonly<Record<string, number>>): number {
  const weights = criteria.reduce((sum, { weight }) => sum + weight, 0)
  if (weights === 0) return 0
  const sum = criteria.reduce((all, { id, weight }) => all + (points[id] ?? 0) * weight, 0)
  return Math.floor((2 * sum + weights) / (2 * weights))
}

function field(criterion: Criterion, text: string): Field {
  const read = readPoints(text)
  if (read === 'wrong') return { criterion, text, points: null, problem: 'wrong' }
  const problem = read === null ? null : read < criterion.min ? 'low' : read > criterion.max ? 'high' : null
  return { criterion, text, points: read, problem }
}

/**
 * Is it time to say what is wrong with a field? What is too high or no number is said at once; what is too low, once the
 * field was left, or when no further digit could lead to the bounds.
 */
export function complains(field: Field, left: boolean): boolean {
  return field.problem !== null && (left || field.problem !== 'low' || !mayGrow(field))
}

/** Could more digits behind what is typed lead to the bounds? */
function mayGrow({ text, points, criterion }: Field): boolean {
  const fraction = /[.,。．，｡](.*)$/.exec(text.trim())?.[1]
  if (points === null) return false
  const within = (least: number, span: number) => least + span > criterion.min && least <= criterion.max
  if (fraction !== undefined) return within(points, 10 ** (2 - fraction.length))
  return [1, 10, 100, 1000, 10_000, 100_000].some((shift) => within(points * shift, 100 * shift))
}

/** Candidates whom this examiner may score: whoever came as far as the panel. */
export function scored(view: PanelView): CandidateCard[] {
  return view.candidates.filter(
    ({ seat, step, current, done }) =>
      current || done || step === 'waiting' || step === 'admitted' || ownSheet(view, seat) !== null,
  )
}

/** The first whose sheet is begun, or who is done with the panel, and that is not handed in yet. */
export function overdue(view: PanelView): CandidateCard | null {
  return (
    scored(view).find((card) => {
      const sheet = ownSheet(view, card.seat)
      if (card.current || view.locked.includes(card.seat) || sheet?.submitted_at != null) return false
      return card.done || Object.keys(sheet?.points ?? {}).length > 0
    }) ?? null
  )
}

/** Whose sheet is open: the chosen one, else the current candidate, else one that is not handed in, else the last one that is. */
export function candidateToScore(view: PanelView, chosen: string | null): CandidateCard | null {
  const list = scored(view)
  const submitted = (card: CandidateCard) => ownSheet(view, card.seat)?.submitted_at ?? null
  return (
    list.find(({ seat }) => seat === chosen) ??
    list.find(({ current }) => current) ??
    overdue(view) ??
    list
      .filter((card) => submitted(card) !== null)
      .sort((a, b) => (submitted(b) ?? 0) - (submitted(a) ?? 0))[0] ??
    null
  )
}

/** Sheets of the other examiners, as soon as the view brings them. */
export function othersSheets(view: PanelView, candidate: string): { sheet: Sheet; name: string }[] {
  return view.sheets
    .filter((sheet) => sheet.candidate === candidate && sheet.examiner !== view.seat)
    .map((sheet) => ({ sheet, name: view.panel.find(({ seat }) => seat === sheet.examiner)?.name ?? '' }))
}
