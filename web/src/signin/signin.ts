// Signing in, the first administrator, a new password: what may stand in the fields, and where to go next.
import { collect, needed, type FieldProblem, type Problems } from '../forms/fields'
import type { Session } from '../interview/types'

const SHORTEST_PASSWORD = 10
const LONGEST_PASSWORD = 128
const LONGEST_NAME = 64
const ACCOUNT = /^[\p{L}\p{N}._@-]+$/u
const LONGEST_ACCOUNT = 64

/** A password that is to be used from now on: long rather than odd. */
export function newPassword(text: string): FieldProblem | null {
  if (text === '') return { key: 'forms.problem.needed' }
  if ([...text].length < SHORTEST_PASSWORD)
    return { key: 'forms.problem.short', values: { min: SHORTEST_PASSWORD } }
  return [...text].length > LONGEST_PASSWORD
    ? { key: 'forms.problem.long', values: { max: LONGEST_PASSWORD } }
    : null
}

/** A name to sign in with. */
export function accountName(text: string): FieldProblem | null {
  const wrong = needed(text, LONGEST_ACCOUNT)
  return wrong ?? (ACCOUNT.test(text.trim()) ? null : { key: 'forms.problem.account' })
}

export interface SignInDraft {
  account: string
  password: string
}

/** Nothing is said about the form of an account: the server knows which there are, and does not tell. */
export function signInProblems({ account, password }: SignInDraft): Problems {
  return collect({
    account: needed(account, 64),
    password: password === '' ? { key: 'forms.problem.needed' } : null,
  })
}

export interface FirstDraft {
  code: string
  account: string
  name: string
  password: string
  again: string
}

export function firstProblems(draft: FirstDraft): Problems {
  return collect({
    code: needed(draft.code, 64),
    account: accountName(draft.account),
    name: needed(draft.name, LONGEST_NAME),
    password: newPassword(draft.password),
    again: repeated(draft.password, draft.again),
  })
}

export interface PasswordDraft {
  old: string
  password: string
  again: string
}

export function passwordProblems(draft: PasswordDraft): Problems {
  const same = draft.password !== '' && draft.password === draft.old
  return collect({
    old: draft.old === '' ? { key: 'forms.problem.needed' } : null,
    password: same ? { key: 'forms.problem.samePassword' } : newPassword(draft.password),
    again: repeated(draft.password, draft.again),
  })
}

function repeated(password: string, again: string): FieldProblem | null {
  if (again === '') return { key: 'forms.problem.needed' }
  return again === password ? null : { key: 'forms.problem.different' }
}

/** Only a path of this site: a link from elsewhere must not lead a person away right after signing in. */
export function safeNext(next: unknown): string | null {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next)) return null
  // Control characters are dropped by browsers, and might leave `//` behind.
  return [...next].some((letter) => letter < ' ' || letter === '\\') ? null : next
}

/** Where somebody goes after signing in. */
export function afterSignIn(session: Pick<Session, 'administrator'>, next: unknown): string {
  return safeNext(next) ?? (session.administrator ? '/admin' : '/seats')
}
