// Random draws: what the server is asked, and how a draw is told.
import { get, post } from '../interview/api'
import type { DrawFile, DrawKind, DrawSheet, DrawView } from '../protocol/interview'

export interface Draws {
  /** All draws with their lists. Throws as all requests. */
  all(): Promise<DrawFile>
  /** Holds a new seed and the list. */
  begin(body: BeginBody): Promise<DrawFile>
  /** Draws, and shows the seed. */
  draw(number: number, words: string): Promise<DrawFile>
}

interface BeginBody {
  kind: DrawKind
  reason: string | null
  entries: string[]
  lots: string[]
}

/** @param bearer the seat's token of a page that was opened by a link; null for the session's cookie */
export function drawsOf(interview: string, bearer: string | null): Draws {
  const path = `/api/interviews/${encodeURIComponent(interview)}/draws`
  const options = bearer === null ? {} : { bearer }
  return {
    all: () => get<DrawFile>(path, options),
    begin: (body) => post<DrawFile>(path, body, options),
    draw: (number, words) => post<DrawFile>(`${path}/${number}`, { words }, options),
  }
}

/** What is drawn, in the order in which it is offered. */
export const KINDS = ['order', 'questions', 'rooms'] as const satisfies readonly DrawKind[]

/** A reason is asked for where such a draw was begun before. */
export function asksReason(draws: readonly Pick<DrawView, 'kind'>[], kind: DrawKind): boolean {
  return draws.some((draw) => draw.kind === kind)
}

/** The lines of a list that are not blank. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** A hash in groups of eight, to be compared by eye. */
export function groups(hash: string): string {
  return hash.replace(/(.{8})(?=.)/g, '$1 ')
}

const LETTERS = { a: 'Alpha', b: 'Bravo', c: 'Charlie', d: 'Delta', e: 'Echo', f: 'Foxtrot' }
const DIGITS = {
  zh: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
}

/** A hash as it is read aloud, in groups of four. */
export function spoken(hash: string, language: 'zh' | 'en'): string {
  const word = (digit: string) =>
    LETTERS[digit as keyof typeof LETTERS] ?? DIGITS[language][Number(digit)] ?? ''
  const group = (text: string) => [...text].map(word).join(' ')
  return (hash.match(/.{1,4}/g) ?? []).map(group).join(language === 'zh' ? '，' : ', ')
}

export interface DrawnRow {
  entry: string
  lot: string
}

/** Who drew what: an order by its places, all others by who drew. */
export function drawnRows({ kind, entries, outcome }: DrawSheet): DrawnRow[] {
  const rows = entries.map((entry, at) => ({ entry, lot: outcome?.[at] ?? '' }))
  if (kind === 'order' && outcome !== null) rows.sort((one, other) => Number(one.lot) - Number(other.lot))
  return rows
}

/** Sets of questions are hashed with their ids before their names. */
export function lotText(kind: DrawKind, lot: string): string {
  return kind === 'questions' ? lot.replace(/^\d+ /, '') : lot
}

/** The export, as the server wrote it. */
export function exported(file: DrawFile): Blob {
  return new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' })
}
