// Commands of a seat: each is sent until it is answered, under one id, so that it counts once.
import { ConnectionLost, Refused } from './envelope'
import type { ActMessage } from './protocol'

interface Waiting {
  message: ActMessage
  resolve: () => void
  reject: (error: Error) => void
}

/** More than a person can ask for while the network is away. */
const MOST = 200

/** The commands of one seat that wait for their answers, in the order of their asking. */
export class Acts {
  readonly #send: (message: ActMessage) => Promise<unknown>
  readonly #waiting = new Set<Waiting>()
  #standing = false
  #ended = false

  /** @param send sends once; rejects with {@link Refused} when the server said no, with anything else when it said nothing */
  constructor(send: (message: ActMessage) => Promise<unknown>) {
    this.#send = send
  }

  /** The promise is fulfilled when the server has accepted it. */
  act(action: ActMessage['action']): Promise<void> {
    if (this.#ended) return Promise.reject(new ConnectionLost())
    if (this.#waiting.size >= MOST) return Promise.reject(new Refused('too_many', 'too many commands wait'))
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { message: { type: 'act', command: commandId(), action }, resolve, reject }
      this.#waiting.add(waiting)
      if (this.#standing) void this.#transmit(waiting)
    })
  }

  /** The seat stands: whatever waits is sent, again under the same id where it was sent before. */
  resume(): void {
    this.#standing = true
    for (const waiting of this.#waiting) void this.#transmit(waiting)
  }

  /** The connection is gone: everything unanswered waits for {@link resume}. */
  pause(): void {
    this.#standing = false
  }

  /** The seat has ended. */
  abandon(): void {
    this.#ended = true
    this.#standing = false
    for (const { reject } of this.#waiting) reject(new ConnectionLost())
    this.#waiting.clear()
  }

  async #transmit(waiting: Waiting): Promise<void> {
    try {
      await this.#send(waiting.message)
      this.#waiting.delete(waiting)
      waiting.resolve()
    } catch (error) {
      // Without an answer nobody knows whether it counted: it is asked again when the seat stands again.
      if (!(error instanceof Refused) || error.code === 'not_joined') return
      this.#waiting.delete(waiting)
      waiting.reject(error)
    }
  }
}

/** 32 hexadecimal digits; `crypto.randomUUID` would need a page from https. */
export function commandId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
