// What is typed and not saved yet, kept in this tab over a reload of the page.
import type { Draft } from './sheet'

const keyOf = (seat: string, candidate: string) => `viva.draft.${seat}.${candidate}`

export function keepDraft(seat: string, candidate: string, draft: Draft): void {
  sessionStorage.setItem(keyOf(seat, candidate), JSON.stringify(draft))
}

export function forgetDraft(seat: string, candidate: string): void {
  sessionStorage.removeItem(keyOf(seat, candidate))
}

/** Null when everything was saved. */
export function keptDraft(seat: string, candidate: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(seat, candidate)) ?? 'null') as Draft | null
  } catch {
    return null
  }
}
