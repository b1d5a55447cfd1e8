// Opens a seat of the staff: a token by the link or by the session, a client, a desk.
import { Client, LocalMedia, readToken, type SessionMemory, type TokenClaims } from '../client'
import { Problem, staff } from '../interview/api'
import { Desk } from '../interview/desk'
import type { PanelView } from '../interview/types'
import { deviceMemory, openMedia } from '../room/seat'
import { version } from '../../package.json'

/** A seat that may be entered. */
export interface OpenSeat {
  seat: string
  claims: TokenClaims | null
  client: Client
  media: LocalMedia
  desk: Desk<PanelView>
  bearer: string | null
  /** True when this tab sat here a moment ago, and need not ask again. */
  wasIn: boolean
}

export interface SeatOptions {
  seat: string
  token: string
  /** The token again, where it came by a link. */
  bearer: string | null
  /** False for a seat that only watches. */
  publish: boolean
  slots?: { video: number; audio: number }
  /** Own media of an earlier visit of the same page, which go on. */
  media?: LocalMedia
}

/** A seat that is not yet taken. */
export function openStaffSeat({ seat, token, bearer, publish, slots, media: before }: SeatOptions): OpenSeat {
  const session = sessionOf(seat)
  const wasIn = session.load() !== null
  const media = before ?? (publish ? openMedia(wasIn) : new LocalMedia(deviceMemory))
  const client = new Client({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
    token,
    media,
    session,
    software: `viva-web/${version} ${navigator.userAgent}`,
    mayPublish: publish,
    ...(slots ? { slots } : {}),
  })
  return { seat, claims: readToken(token), client, media, desk: new Desk<PanelView>(client), bearer, wasIn }
}

/** Why a seat cannot be opened. */
export type Closed = { kind: 'signIn' } | { kind: 'refused'; problem: Problem } | { kind: 'unreachable' }

/** A token for the seat: that of the link, else one for the session of this browser. */
export async function tokenFor(seat: string, link: string | null): Promise<{ token: string } | Closed> {
  if (link !== null) return { token: link }
  try {
    return await staff.seat(seat)
  } catch (error) {
    if (!(error instanceof Problem)) return { kind: 'unreachable' }
    return error.status === 401 ? { kind: 'signIn' } : { kind: 'refused', problem: error }
  }
}

/** The tokens in the part of an address behind `#`: one, or several with commas between them. */
export function tokensInHash(hash: string): string[] {
  const value = new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? ''
  return value
    .split(',')
    .map((token) => token.trim())
    .filter((token) => readToken(token) !== null)
}

/** The sign-in page, which leads back here. */
export function signInPath(back: string): { path: string; query: { next: string } } {
  return { path: '/signin', query: { next: back } }
}

/** The session of this seat in this tab. Tokens of one seat change; the seat stays. */
function sessionOf(seat: string): SessionMemory {
  const key = `viva.session.${seat}`
  return {
    load: () => sessionStorage.getItem(key),
    save: (session) =>
      session === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, session),
  }
}
