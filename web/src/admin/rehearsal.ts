// What a rehearsal has shown, as its report tells it.
import type { Rehearsed } from '../protocol/interview'

/** A rehearsal of an interview, open or over. */
export interface Rehearsal {
  rehearsal: string
  opened_at: number
  /** The administrator's account. */
  opened_by: string
  /** Null while it is open. */
  ended_at: number | null
  /** Empty where it ended because the interview opened. */
  ended_by: string | null
  /** How many candidates could come, how many came, and of how many all devices worked. */
  people: number
  came: number
  passed: number
}

/** A candidate in the report of a rehearsal; number and name are empty where the interview has them no more. */
export interface RehearsedPerson extends Rehearsed {
  number: string
  name: string
}

export interface RehearsalReport extends Rehearsal {
  candidates: RehearsedPerson[]
}

/** Milliseconds: a rehearsal is opened so long before the interview opens, or not at all. */
const LEAST = 10 * 60_000

/** Is there still time for a rehearsal? */
export function mayRehearse({ opens_at }: { opens_at: number }, now: number): boolean {
  return now + LEAST <= opens_at
}

/** Who comes by a link: whoever has an account finds the rehearsal among the own seats. */
export function linked<T extends { account: string }>(seats: readonly T[]): T[] {
  return seats.filter(({ account }) => account === '')
}

type Outcome = 'absent' | 'passed' | 'waived' | 'open'

/** In a word: whether the candidate's devices are ready for the day. */
export function outcomeOf({ entered_at, checks, waived }: Rehearsed): Outcome {
  if (entered_at === null) return 'absent'
  const { speaker, microphone, camera } = checks
  if (speaker?.passed && microphone?.passed && camera?.passed) return 'passed'
  return waived ? 'waived' : 'open'
}

/** Who did not come and whose checks are not done stand first: somebody should call them. */
const ORDER: readonly Outcome[] = ['open', 'waived', 'absent', 'passed']

export function sorted<T extends Rehearsed>(people: readonly T[]): T[] {
  const place = (one: T) => ORDER.indexOf(outcomeOf(one))
  return [...people].sort((a, b) => place(a) - place(b))
}
