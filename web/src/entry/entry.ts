// What a person may paste as a way in: an invitation code, or a link of any seat.
import { readToken } from '../client'
import { codeFault, codeIn } from './invitation-code'
import { folded } from '../forms/writing'

/** Pages that a link with a token may lead to. */
const WITH_TOKEN = /^https?:\/\/[^/]+(\/(?:examiner|host)\/[0-9a-f]{16}|\/patrol)(?:[?#]|$)/

/** Where what was pasted leads: the room of a token, or the invitation of a code; null for anything else. */
export function wayIn(text: string): { path: string; hash: string } | null {
  const token = tokenIn(text)
  if (token !== null) return { path: WITH_TOKEN.exec(bare(text))?.[1] ?? '/room', hash: `#token=${token}` }
  const code = codeIn(text)
  return codeFault(code) === null ? { path: '/candidate/invitation', hash: `#${code}` } : null
}

/** The token in a link to a room, or the text itself if it is a token; null for anything else. */
export function tokenIn(text: string): string | null {
  const trimmed = bare(text)
  const token = tokenInHash(trimmed.slice(trimmed.indexOf('#') + 1)) ?? trimmed
  return readToken(token) ? token : null
}

/** The token in the part of an address behind `#`. */
export function tokenInHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token')
}

/** Without what messengers put between and around. */
function bare(text: string): string {
  return folded(text)
    .replaceAll(' ', '')
    .replace(/^["'“”‘’「『<《]+|["'“”‘’」』>》。，]+$/g, '')
}
