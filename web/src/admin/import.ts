// Importing candidates from a file: what may be chosen, what the server found, and the file to start from.
import { Problem, type ProblemCode } from '../interview/api'
import type { ImportRow } from '../protocol/interview'
import type {
  ColumnMeaning,
  ImportChoices,
  Imported,
  ImportPreview,
  ImportProblem,
  PreviewColumn,
  ShownChange,
} from './api'
import { listTemplate } from './list-template'

const LARGEST_FILE = 5 * 1024 * 1024
/** Of photos, in an archive or in a workbook. */
const LARGEST_PHOTOS = 512 * 1024 * 1024
/** So many problems are listed; who has more begins with these. */
export const MOST_SHOWN = 200

/** Why a table cannot be sent; null when it can. */
export function fileProblem(file: { name: string; size: number }): 'type' | 'size' | 'empty' | null {
  if (!/\.(csv|xlsx)$/i.test(file.name)) return 'type'
  if (file.size === 0) return 'empty'
  return file.size > (/\.xlsx$/i.test(file.name) ? LARGEST_PHOTOS : LARGEST_FILE) ? 'size' : null
}

/** Why an archive of photos cannot be sent; null when it can. */
export function photosProblem(file: { name: string; size: number }): 'zip' | 'size' | 'empty' | null {
  if (!/\.zip$/i.test(file.name)) return 'zip'
  if (file.size === 0) return 'empty'
  return file.size > LARGEST_PHOTOS ? 'size' : null
}

export const template = () => listTemplate('姓名', '考号', '手机', '密码', '时间')

/** What is wrong with a file, row by row in the order of the rows; null when the server refused for another reason. */
export const refusedRows = (error: unknown) => rowsOf(error, 'import_refused')

/** Why no face can be compared with a photo; null when the server refused it for another reason. */
export const refusedPhoto = (error: unknown) => rowsOf(error, 'photo_unfit')?.[0] ?? null

function rowsOf(error: unknown, code: ProblemCode): ImportProblem[] | null {
  if (!(error instanceof Problem) || error.code !== code || !Array.isArray(error.body.rows)) return null
  const rows = (error.body.rows as unknown[]).flatMap(row)
  return rows.sort((a, b) => a.row - b.row)
}

function row(value: unknown): ImportProblem[] {
  if (typeof value !== 'object' || value === null) return []
  const { row, column, problem, cell, limit, text } = value as Record<string, unknown>
  if (typeof row !== 'number' || typeof problem !== 'string') return []
  const found: ImportProblem = { row, column: typeof column === 'string' ? column : '', problem }
  if (typeof cell === 'string') found.cell = cell
  if (typeof limit === 'number') found.limit = limit
  if (typeof text === 'string') found.text = text
  return [found]
}

/** Photos with which no face can be compared: a person decides what becomes of them. */
const UNFIT = [
  'photo_damaged',
  'photo_too_many_pixels',
  'photo_no_face',
  'photo_several_faces',
  'photo_face_small',
  'photo_turned',
  'photo_leaning',
  'photo_light',
  'photo_blurred',
] as const

/** Whether nothing but photos keeps the list from being imported. */
export function onlyPhotos(rows: readonly ImportProblem[]): boolean {
  return rows.length > 0 && rows.every(({ problem }) => among(UNFIT, problem) !== null)
}

const COLUMNS = [
  'name',
  'number',
  'phone',
  'password',
  'time',
  'account',
  'role',
  'room',
  'examiners',
  'hosts',
] as const
const PLACES = ['file', 'photos'] as const
const FAULTS = [
  'empty',
  'too_long',
  'invalid',
  'duplicate',
  'entered',
  'outside',
  'time_format',
  'time_day',
  'time_changing',
  'column_missing',
  'broken',
  'too_large',
  'not_a_photo',
  'photo_of_nobody',
  'rounded',
  'scientific',
  'date',
  'boolean',
  'error_value',
  'formula',
  'unclear',
  'merged',
  'decimal',
  'hidden_row',
  'hidden_column',
  'heading_again',
  'heading_missing',
  'no_heading',
  'column_twice',
  'column_unknown',
  'sheet_choice',
  'sheet_missing',
  'old_workbook',
  'quote',
  'too_many_rows',
  'too_many_columns',
  'too_many_files',
  'encrypted',
  'unsupported_zip',
  'photos_unchecked',
  'role_unknown',
  'too_many_accounts',
  'heading_unclear',
  'sheets_several',
  'too_many_rooms',
  'room_full',
  'room_exists',
  'panel_differs',
  'panel_full',
  'person_twice',
  'two_rooms',
  'account_unknown',
  'account_ambiguous',
  'account_disabled',
  'no_examiners',
  'no_hosts',
  ...UNFIT,
] as const

const among = <T extends string>(list: readonly T[], word: string): T | null =>
  list.find((known) => known === word) ?? null

/** The server's words as far as they are known here; the name of a file, or a word of a newer server, stands for itself. */
export const columnOf = (problem: ImportProblem) => among(COLUMNS, problem.column)
export const placeOf = (problem: ImportProblem) => among(PLACES, problem.column)
export const faultOf = (problem: ImportProblem) => among(FAULTS, problem.problem)

/** The problems as text, to paste to whoever made the table. */
export function rowsText(rows: readonly ImportProblem[], line: (problem: ImportProblem) => string): string {
  return rows.map(line).join('\n')
}

// What becomes of a list -------------------------------------------------------------------------------------------

/** Would nothing change? */
export const isNothing = ({ added, changed }: Imported) => added + changed === 0

/** Whether an import can be undone, or why it cannot. */
export function undoing(
  { left, entered, until }: ImportRow,
  now: number,
): 'can' | 'gone' | 'entered' | 'late' {
  if (left === 0) return 'gone'
  if (entered > 0) return 'entered'
  return now > until ? 'late' : 'can'
}

/**
 * What changes of somebody: from what to what, or null where it is replaced without being shown. `told` writes the own
 * time; without one it is empty.
 */
export function changedParts(
  { before, after, new_password, new_photo }: ShownChange,
  told: (at: number) => string,
) {
  const texts = (['name', 'phone'] as const)
    .filter((what) => before[what] !== after[what])
    .map((what) => ({ what, from: before[what], to: after[what] }))
  const time = ({ starts_at }: ShownChange['before']) => (starts_at === null ? '' : told(starts_at))
  const times =
    before.starts_at === after.starts_at
      ? []
      : [{ what: 'time' as const, from: time(before), to: time(after) }]
  const replaced = (what: 'password' | 'photo', is: boolean) => (is ? [{ what, from: '', to: null }] : [])
  return [...texts, ...times, ...replaced('password', new_password), ...replaced('photo', new_photo)]
}

// What is taken from where, seen before anything is taken ------------------------------------------------------------

export const MEANINGS: readonly ColumnMeaning[] = ['name', 'number', 'phone', 'password', 'time', 'ignore']

/** What a column is taken for: as the person has said, else as it was found out; null where the person must say. */
export function meaningOf(column: PreviewColumn, chosen: ImportChoices): ColumnMeaning | null {
  const said = chosen.columns?.[column.column]
  if (said !== undefined) return said
  if (column.filled === 0) return column.meaning ?? 'ignore'
  // What nobody sees, and what has no name or a telling one, is not decided without the person.
  if (column.hidden && column.meaning !== null) return null
  if (column.meaning !== null) return column.meaning
  return column.likely !== null || column.heading === '' ? null : 'ignore'
}

/** What the person must still say before the list can be checked. */
export function undecided(
  preview: ImportPreview,
  chosen: ImportChoices,
): { columns: string[]; sheet: boolean; hidden: boolean } {
  return {
    columns: preview.columns
      .filter((column) => meaningOf(column, chosen) === null)
      .map(({ column }) => column),
    sheet: chosen.sheet === undefined && preview.faults.some(({ problem }) => problem === 'sheet_choice'),
    hidden: preview.hidden > 0 && chosen.hidden_rows === undefined,
  }
}

/** Exactly what was seen: what is imported is not found out a second time. */
export function decided(preview: ImportPreview, chosen: ImportChoices): ImportChoices {
  const columns = preview.columns.flatMap((column) => {
    const meaning = meaningOf(column, chosen)
    return meaning === null ? [] : [[column.column, meaning] as const]
  })
  return {
    ...chosen,
    ...(preview.encoding === null ? {} : { encoding: preview.encoding }),
    ...(preview.sheet === null ? {} : { sheet: preview.sheet }),
    heading_row: preview.heading_row,
    columns: Object.fromEntries(columns),
  }
}
