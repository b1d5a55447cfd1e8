// What a client is made of.
import type { TrackSource } from './kinds'
import type { CaptureKind, LocalMedia } from './media'

/** Keeps the session for a reloaded page. */
export interface SessionMemory {
  load(): string | null
  save(session: string | null): void
}

export interface ClientOptions {
  /** Of the WebSocket. */
  url: string
  token: string
  media: Pick<LocalMedia, 'state'>
  session: SessionMemory
  /** Name and version of the page, for the server's log. */
  software: string
  /** What the token promises; wrong guesses cost one more offer. */
  mayPublish?: boolean
  videoCodec?: string | null
  /** What the own camera and microphone are sent as; one that is left out is not sent. */
  sources?: Partial<Record<CaptureKind, TrackSource>>
  slots?: { video: number; audio: number }
  /** No direct way is tried, but TURN alone: a connection test. */
  relayOnly?: boolean
  /** What to make of an answer before it is used: a connection test leaves only some of the server's candidates. */
  answer?: (sdp: string) => string
}
