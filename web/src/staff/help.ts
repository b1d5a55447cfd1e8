// Who on the way to the room does not get on alone, why, and where they are.
import type { CandidateCard, Check, DeviceProblem } from '../interview/types'

/** Why somebody does not get on. */
export type Need =
  | { kind: 'asks' }
  | { kind: 'locked'; at: 'password' | 'identity' }
  | { kind: 'device'; check: Check; problem: DeviceProblem }
  | { kind: 'failed'; check: Check }

/** On the pages before the waiting room. */
export function isOnTheWay(step: CandidateCard['step']): boolean {
  return !['invited', 'waiting', 'admitted', 'left', 'removed'].includes(step)
}

/** What holds somebody up; the first is what stops them. Who has passed the checks is not held up by what failed there. */
export function needOf(card: CandidateCard): Need | null {
  if (card.staff_check.asked_at !== null) return { kind: 'asks' }
  if (card.locked_at !== null) return { kind: 'locked', at: card.locked_at }
  const trouble = card.device_troubles[0]
  const gone = card.step === 'left' || card.step === 'removed'
  if (trouble && !gone) return { kind: 'device', check: trouble.check, problem: trouble.problem }
  if (card.failed_check !== null && isOnTheWay(card.step)) return { kind: 'failed', check: card.failed_check }
  return null
}

/** Where somebody is whom the room does not see: on the pages before it, gone since then, or nowhere yet. */
export type Whereabouts =
  { at: 'room' } | { at: 'pages' } | { at: 'gone'; since: number | null } | { at: 'nowhere' }

/** The later of the two: a connection that was lost, a page that asks no more. */
function sinceWhen({ offline_since, last_seen }: CandidateCard): number | null {
  return offline_since === null ? last_seen : Math.max(offline_since, last_seen ?? 0)
}

export function whereabouts(card: CandidateCard): Whereabouts {
  if (card.online) return { at: 'room' }
  if (card.arriving) return { at: 'pages' }
  return card.step === 'invited' ? { at: 'nowhere' } : { at: 'gone', since: sinceWhen(card) }
}
