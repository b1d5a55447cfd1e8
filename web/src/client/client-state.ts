// What a client tells its page: where it is with the room, and why it is out of it.
import type { CloseReason, ErrorCode } from './protocol'
import type { RoomState } from './state'

/** Why a client is out of its room. */
export type Ending =
  { kind: 'error'; code: ErrorCode; detail: string } | { kind: 'closed'; reason: CloseReason }

type Phase = 'idle' | 'entering' | 'in' | 'ended'

/** All that a page needs to draw. */
export interface ClientState {
  phase: Phase
  /** False while the WebSocket is gone or its session is not yet back. */
  online: boolean
  /** True after a failed attempt, until the next success. */
  retrying: boolean
  /** False while no packets flow. */
  media: boolean
  room: RoomState | null
  /** Pictures and sound by publication. */
  streams: ReadonlyMap<string, MediaStream>
  ending: Ending | null
}

/** Before it enters. */
export const IDLE: ClientState = {
  phase: 'idle',
  online: false,
  retrying: false,
  media: false,
  room: null,
  streams: new Map(),
  ending: null,
}
/** Refusals after which trying again is of no use. */
export const FINAL: readonly ErrorCode[] = [
  'unauthorized',
  'forbidden',
  'unsupported_version',
  'malformed',
  'bad_offer',
  'pairing_over',
]
/** Ends of a connection after which the client comes back by itself. */
export const COME_BACK: readonly CloseReason[] = ['server_stopping', 'abuse', 'too_slow', 'idle']
