// SMS on their way: the list that is followed live without asking for all of it again and again.
import { searchable } from '../forms/writing'
import type { Message } from './api'

/** `kept`: no provider is set that would send it. */
export type Delivery = 'waiting' | 'kept' | 'sent' | 'failed'

/** Milliseconds between two looks. */
export const LOOK_EVERY = 3_000

/** What a state means to a person; one that this page does not know counts as waiting. */
export function delivery(message: Pick<Message, 'state'>): Delivery {
  if (message.state === 'sent' || message.state === 'delivered') return 'sent'
  return message.state === 'failed' || message.state === 'kept' ? message.state : 'waiting'
}

/**
 * The message after which to ask: the one before the oldest that still waits, since that one may have changed. `list` is
 * oldest first.
 */
export function cursor(list: readonly Message[]): Message['id'] | null {
  const open = list.findIndex((message) => delivery(message) === 'waiting')
  const before = open === -1 ? list.length - 1 : open - 1
  return list[before]?.id ?? null
}

/** The list with what is newly known, oldest first; the same list when nothing is new. */
export function merged(list: readonly Message[], news: readonly Message[]): readonly Message[] {
  if (news.length === 0) return list
  const known = new Map(list.map((message) => [message.id, message]))
  let changed = false
  for (const message of news) {
    const before = known.get(message.id)
    if (
      before?.state === message.state &&
      before.attempts === message.attempts &&
      before.error === message.error
    )
      continue
    known.set(message.id, message)
    changed = true
  }
  return changed ? [...known.values()].sort((a, b) => a.at - b.at) : list
}

export type Show = 'all' | Delivery

/** Newest first, of one kind, with a part of the phone number or the text. */
export function listed(list: readonly Message[], show: Show, search: string): Message[] {
  const words = searchable(search)
  return list
    .filter((message) => show === 'all' || delivery(message) === show)
    .filter(
      ({ phone, text }) =>
        words === '' || searchable(phone).includes(words) || searchable(text).includes(words),
    )
    .reverse()
}
