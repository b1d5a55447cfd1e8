// The protocol as the client uses it: generated message types and a few words about them.
export { VERSION } from '../protocol/errors'
export type * from '../protocol/messages'

import type { ClientMessage, ServerMessage } from '../protocol/messages'

/** A seat's command. What the action says is the interview's; the client only sees that it is answered once. */
export interface ActMessage {
  type: 'act'
  /** Chosen by the client; the same for every attempt. */
  command: string
  action: { do: string }
}

/** What the seat may know of the interview; what stands in it is the interview's. */
export interface InterviewMessage {
  type: 'interview'
  view: unknown
}

/** All that a client says. */
export type Outgoing = ClientMessage | ActMessage

/** All that a server says. */
export type Incoming = ServerMessage | InterviewMessage

/** The server's message of one type. */
export type MessageOf<T extends Incoming['type']> = Extract<Incoming, { type: T }>
