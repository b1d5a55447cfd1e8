// How an interview finds out who somebody is, and what is promised, while it is being written.
import { atMost, type FieldProblem, whole } from '../forms/fields'
import type { FaceUse, IdentityRules, Pledge } from '../interview/types'

export const FACE_USES: readonly FaceUse[] = ['off', 'once', 'each_entry']

const FEWEST_ATTEMPTS = 1
const MOST_ATTEMPTS = 10
const LONGEST_PLEDGE = 5_000

export interface IdentityDraft {
  face: FaceUse
  attempts: string
  turn: boolean
  staff: boolean
  /** Empty for none. */
  pledge: string
  /** Of the pledge as the server has it; 0 before there is one. */
  version: number
}

/** What an interview carries of it. */
export interface IdentityBody {
  identity: IdentityRules
  pledge: Pledge | null
}

export const USUAL_IDENTITY: IdentityDraft = {
  face: 'off',
  attempts: '3',
  turn: true,
  staff: true,
  pledge: '',
  version: 0,
}

export function identityDraft({ identity, pledge }: IdentityBody): IdentityDraft {
  return {
    face: identity.face,
    attempts: String(identity.attempts),
    turn: identity.turn,
    staff: identity.staff,
    pledge: pledge?.text ?? '',
    version: pledge?.version ?? 0,
  }
}

/** By field: `attempts`, `pledge`. What is not asked for is not wrong. */
export function identityProblems({
  face,
  attempts,
  pledge,
}: IdentityDraft): Record<string, FieldProblem | null> {
  return {
    attempts: face === 'off' ? null : whole(attempts, FEWEST_ATTEMPTS, MOST_ATTEMPTS),
    pledge: atMost(pledge, LONGEST_PLEDGE),
  }
}

/** What is sent. Attempts that cannot be read stay out of it where no faces are compared. */
export function identityBody({ face, attempts, turn, staff, pledge, version }: IdentityDraft): IdentityBody {
  const readable = whole(attempts, FEWEST_ATTEMPTS, MOST_ATTEMPTS) === null
  const text = pledge.trim()
  return {
    identity: { face, attempts: Number(readable ? attempts : USUAL_IDENTITY.attempts), turn, staff },
    pledge: text === '' ? null : { text, version },
  }
}

/** What decides whether something was changed. */
export function identityPlain({ face, attempts, turn, staff, pledge }: IdentityDraft): unknown[] {
  return [face, attempts, turn, staff, pledge]
}
