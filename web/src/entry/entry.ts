// What a person may paste as a way into a room.
import { readToken } from '../client'

/** The token in a link to a room, or the text itself if it is a token; null for anything else. */
export function tokenIn(text: string): string | null {
  const trimmed = text.replace(/\s+/g, '')
  const token = tokenInHash(trimmed.slice(trimmed.indexOf('#') + 1)) ?? trimmed
  return readToken(token) ? token : null
}

/** The token in the part of an address behind `#`. */
export function tokenInHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token')
}
