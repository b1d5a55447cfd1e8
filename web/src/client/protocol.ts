// The protocol as the client uses it: generated message types and a few words about them.
export { VERSION } from '../protocol/errors'
export type * from '../protocol/messages'

import type { ServerMessage } from '../protocol/messages'

/** The server's message of one type. */
export type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
