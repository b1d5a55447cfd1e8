// The candidates as they come before the panel: in which group each stands, who is next, how many are still to come.
import type { CandidateCard, PanelView } from '../interview/types'

/** In which part of the list a candidate stands. */
export type Group = 'current' | 'waiting' | 'underway' | 'invited' | 'done' | 'gone'

/** Milliseconds for which a lost connection counts as there, as the server counts it. */
const MOMENT = 15_000

/** Who is called next: the first of the queue who waits and is here, past so many who are not. */
export interface Next {
  card: CandidateCard | null
  skipped: number
}

export function groupOf(card: CandidateCard): Group {
  if (card.current) return 'current'
  if (card.step === 'left' || card.step === 'removed')
    return card.done && card.step === 'left' ? 'done' : 'gone'
  if (card.done || card.let_go_at !== null) return 'done'
  if (card.step === 'invited') return 'invited'
  return card.step === 'waiting' || card.step === 'admitted' ? 'waiting' : 'underway'
}

/** Those who are deferred stand at the end of the queue. Who is passed by keeps the place. */
export function nextInLine(view: PanelView, now: number): Next {
  const line = view.candidates
    .filter((card) => groupOf(card) === 'waiting')
    .sort((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity))
  const place = line.findIndex((card) => isHere(card, now))
  return place < 0 ? { card: null, skipped: line.length } : { card: line[place] ?? null, skipped: place }
}

/** How many are through, and how many come after the current one. */
export function progress(view: PanelView): { done: number; left: number } {
  const groups = view.candidates.map(groupOf)
  return {
    done: groups.filter((group) => group === 'done').length,
    left: groups.filter((group) => group === 'waiting' || group === 'underway' || group === 'invited').length,
  }
}

/** Is somebody there, or only gone for a moment? */
function isHere({ online, offline_since }: CandidateCard, now: number): boolean {
  return online || (offline_since !== null && now < offline_since + MOMENT)
}
