// The protocol as the client uses it: generated message types and a few words about them.
export type * from '../protocol/messages'

import type { ServerMessage } from '../protocol/messages'

/** The version that this client speaks. */
export const PROTOCOL_VERSION = 1

/** The server's message of one type. */
export type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
