// What is typed and not saved yet, kept in this tab over a reload of the page.
import type { Draft } from './sheet'

const keyOf = (what: 'draft' | 'note', seat: string, candidate: string) => `viva.${what}.${seat}.${candidate}`

export function keepDraft(seat: string, candidate: string, draft: Draft): void {
  sessionStorage.setItem(keyOf('draft', seat, candidate), JSON.stringify(draft))
}

export function forgetDraft(seat: string, candidate: string): void {
  sessionStorage.removeItem(keyOf('draft', seat, candidate))
}

/** Null when everything was saved. */
export function keptDraft(seat: string, candidate: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf('draft', seat, candidate)) ?? 'null') as Draft | null
  } catch {
    return null
  }
}

/** The text of a private note; null forgets it, when it is saved. */
export function keepNote(seat: string, candidate: string, text: string | null): void {
  const key = keyOf('note', seat, candidate)
  if (text === null) sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, text)
}

/** Null when it was saved. */
export function keptNote(seat: string, candidate: string): string | null {
  return sessionStorage.getItem(keyOf('note', seat, candidate))
}
