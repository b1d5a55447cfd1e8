// What a person is told at the end, and what to do next.
import type { Ending } from '../client'

/** Title and advice by reason; `error` takes its advice from the table of errors. */
export type EndingModel =
  | { kind: 'reason'; reason: 'left' | 'replaced' | 'removed' | 'room_closed' | 'stopped'; again: boolean }
  | { kind: 'error'; code: Extract<Ending, { kind: 'error' }>['code']; again: boolean }

/** Whether it helps to enter again is part of the reason: a dead link stays dead. */
export function endingModel(ending: Ending): EndingModel {
  if (ending.kind === 'error')
    return { kind: 'error', code: ending.code, again: ending.code !== 'unauthorized' }
  switch (ending.reason) {
    case 'left':
    case 'replaced':
      return { kind: 'reason', reason: ending.reason, again: true }
    case 'removed':
    case 'room_closed':
      return { kind: 'reason', reason: ending.reason, again: false }
    default:
      return { kind: 'reason', reason: 'stopped', again: true }
  }
}
