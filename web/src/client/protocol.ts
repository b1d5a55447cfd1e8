// The protocol as the client uses it: generated message types and a few words about them.
export { VERSION } from '../protocol/errors'
export type * from '../protocol/messages'

import type { ClientMessage, ServerMessage } from '../protocol/messages'

/** A seat's command: the client only sees to it that it is answered once. */
export type ActMessage = Extract<ClientMessage, { type: 'act' }>

/** The server's message of one type. */
export type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
