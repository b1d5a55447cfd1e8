// What may stand in a field, and what is said when something else does.
import { offsetOf, timeIn } from '../interview/zone'
import { folded } from './writing'

/** Why a field is not right yet: a text, and what stands in its places. */
export interface FieldProblem {
  key: string
  values?: Record<string, string | number>
}

/** By the field's name; a field without a problem is absent. */
export type Problems = Readonly<Record<string, FieldProblem>>

/** The problems that there are, without the fields that are right. */
export function collect(fields: Readonly<Record<string, FieldProblem | null>>): Problems {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, FieldProblem] => entry[1] !== null),
  )
}

/** How many letters a person would count: an emoji or a rare character is one. */
export function letters(text: string): number {
  return [...text].length
}

/** A text of at most `max` letters that must not be empty. */
export function needed(text: string, max: number): FieldProblem | null {
  return text.trim() === '' ? { key: 'forms.problem.needed' } : atMost(text, max)
}

/** A text of at most `max` letters. */
export function atMost(text: string, max: number): FieldProblem | null {
  return letters(text.trim()) > max ? { key: 'forms.problem.long', values: { max } } : null
}

/** A whole number from `min` to `max`. */
export function whole(text: string, min: number, max: number): FieldProblem | null {
  const trimmed = text.trim()
  if (trimmed === '') return { key: 'forms.problem.needed' }
  const right = /^\d{1,9}$/.test(trimmed) && Number(trimmed) >= min && Number(trimmed) <= max
  return right ? null : { key: 'forms.problem.whole', values: { min, max } }
}

/** Hundredths from a number with at most two decimals; null for anything else. */
export function hundredths(text: string): number | null {
  const match = /^(\d{1,6})(?:[.．](\d{1,2}))?$/.exec(text.trim())
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null
}

/** Hundredths as a person writes them: 8550 is `85.5`. */
export function hundredthsText(value: number): string {
  const rest = value % 100
  return rest === 0
    ? String(value / 100)
    : `${Math.floor(value / 100)}.${String(rest).padStart(2, '0').replace(/0$/, '')}`
}

/**
 * A phone number as it is kept, if an SMS can reach it: a mobile phone of mainland China with or without `+86`, or a number
 * of another country with its `+`; null for anything else.
 */
export function phone(text: string): string | null {
  const plain = folded(text)
    .replace(/^tel:/i, '')
    .replace(/[ \-().]/g, '')
    .replace(/^00/, '+')
  return /^(\+86)?1[3-9]\d{9}$|^\+(?!86)[1-9]\d{7,14}$/.test(plain) ? plain : null
}

/**
 * Milliseconds since 1970 from what {@link timeText} wrote, or a `datetime-local` field holds, of a place in this time
 * zone; null for anything else.
 */
export function timeOf(text: string, zone: string): number | null {
  const [whole, distance] =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?([+-]\d\d:\d\d)?$/.exec(text) ?? []
  if (whole === undefined) return null
  const time = Date.parse(distance === undefined ? `${text}Z` : text)
  if (Number.isNaN(time)) return null
  return distance === undefined ? timeIn(zone, time) : time
}

/**
 * A time as text from which the same time is read again: seconds where there are some, and where the clocks show the hour
 * twice the distance from UTC, which a field does not show ({@link fieldTime}).
 */
export function timeText(time: number, zone: string): string {
  const east = offsetOf(zone, time)
  const shown = new Date(time + east).toISOString().slice(0, -1)
  const text = shown.replace(/\.000$/, '').replace(/(T\d\d:\d\d):00$/, '$1')
  if (timeOf(text, zone) === time) return text
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.abs(east) / 60_000
  return `${text}${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`
}

/** What a `datetime-local` field can hold of such a text. */
export function fieldTime(text: string): string {
  return text.replace(/[+-]\d\d:\d\d$/, '')
}
