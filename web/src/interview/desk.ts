// A seat's desk: the newest view of the interview, and what the seat asks for.
import { type ChatHistory, type Client, Store } from '../client'
import type { SeatAction, SeatView } from './types'

/** What a desk needs of a client. */
export type DeskClient = Pick<Client, 'interview' | 'act' | 'chat' | 'earlier'>

/** Pages take a desk by this; made-up ones are enough for looking at pages. */
export interface DeskLike<V extends SeatView = SeatView> {
  readonly view: Pick<Store<V | null>, 'value' | 'watch'>
  readonly chat: Pick<Store<ChatHistory>, 'value' | 'watch'>
  /** Asks for earlier lines of chat. */
  earlier(): Promise<void>
  act(action: SeatAction): Promise<void>
  now(): number
}

/** One seat's desk, as long as its client lives. */
export class Desk<V extends SeatView = SeatView> implements DeskLike<V> {
  /** Null until the server has sent the first. */
  readonly view = new Store<V | null>(null)
  readonly chat: Pick<Store<ChatHistory>, 'value' | 'watch'>
  readonly #client: DeskClient
  readonly #clock = new ServerClock()
  readonly #stop: () => void

  constructor(client: DeskClient) {
    this.#client = client
    this.chat = client.chat.state
    this.#take(client.interview.value)
    this.#stop = client.interview.watch((view) => this.#take(view))
  }

  /**
   * Asks until it is answered, over reconnects, and counts once.
   * @throws `Refused` with the code of the one table; `ConnectionLost` when the seat has ended before the answer
   */
  act(action: SeatAction): Promise<void> {
    return this.#client.act(action)
  }

  /** @throws as {@link act} */
  earlier(): Promise<void> {
    return this.#client.earlier()
  }

  /** The server's clock, for the timer of a stage. */
  now(): number {
    return this.#clock.now(Date.now())
  }

  close(): void {
    this.#stop()
  }

  #take(view: unknown): void {
    if (!isView(view)) return
    this.#clock.heard(view.now, Date.now())
    this.view.set(view as V)
  }
}

/** Milliseconds: no message is under way for longer than this. */
const LATEST = 5_000

/** The server's clock as far as it is known here: a computer's own may be wrong by hours. */
export class ServerClock {
  #ahead: number | null = null

  /** The server wrote `theirs` when it was `ours` here, less the way. The shortest way tells best. */
  heard(theirs: number, ours: number): void {
    const ahead = theirs - ours
    // A jump of the own clock starts anew; a late message does not put the clock back.
    if (this.#ahead === null || ahead > this.#ahead || this.#ahead - ahead > LATEST) this.#ahead = ahead
  }

  now(ours: number): number {
    return ours + (this.#ahead ?? 0)
  }
}

function isView(value: unknown): value is SeatView {
  return typeof value === 'object' && value !== null && 'role' in value && 'stages' in value && 'now' in value
}
