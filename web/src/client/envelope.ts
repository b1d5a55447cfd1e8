// Numbers the client's messages and finds the promise that an answer belongs to.
import type { ClientMessage, ErrorCode, ServerMessage } from './protocol'

/** A message with its number. */
export type Numbered = ClientMessage & { id: number }

/** A server's message, with the number of what it answers. */
export type Answer = ServerMessage & { re?: number }

/** The server refused a message. */
export class Refused extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    /** Seconds after which it may be tried again, where the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${code}: ${detail}`)
    this.name = 'Refused'
  }
}

/** The connection went before the answer came. */
export class ConnectionLost extends Error {
  constructor() {
    super('the connection was lost')
    this.name = 'ConnectionLost'
  }
}

/** No answer came within the time for it. */
export class TimedOut extends Error {
  constructor(readonly type: ClientMessage['type']) {
    super(`no answer to ${type}`)
    this.name = 'TimedOut'
  }
}

interface Waiting {
  resolve: (message: ServerMessage) => void
  reject: (error: Error) => void
  timer: ReturnType<typeof setTimeout>
}

/** The messages of one connection that wait for their answers. */
export class Answers {
  #next = 1
  readonly #waiting = new Map<number, Waiting>()

  /** The message with its number, and the promise of its answer; an `error` answer rejects with {@link Refused}. */
  ask(message: ClientMessage, timeout: number): { envelope: Numbered; answer: Promise<ServerMessage> } {
    const id = this.#next++
    const answer = new Promise<ServerMessage>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(new TimedOut(message.type))
      }, timeout)
      this.#waiting.set(id, { resolve, reject, timer })
    })
    return { envelope: { id, ...message }, answer }
  }

  /** Settles the promise that this message answers; false when it is news, or the answer to nobody. */
  settle(envelope: Answer): boolean {
    if (envelope.re === undefined) return false
    const waiting = this.#waiting.get(envelope.re)
    if (!waiting) return false
    this.#waiting.delete(envelope.re)
    clearTimeout(waiting.timer)
    if (envelope.type === 'error')
      waiting.reject(new Refused(envelope.code, envelope.detail, envelope.retry_after ?? null))
    else waiting.resolve(envelope)
    return true
  }

  /** Rejects all that still wait. */
  abandon(error: Error): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer)
      waiting.reject(error)
    }
    this.#waiting.clear()
  }
}

/** A text frame as a message, or null when it is none. */
export function parseEnvelope(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
      ? (value as Answer)
      : null
  } catch {
    return null
  }
}
