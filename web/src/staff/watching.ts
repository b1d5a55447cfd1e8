// The pictures that a candidate sends before the room, one after another, as long as somebody looks.
import { Store } from '../client'
import type { ShownPicture } from './pictures'

export interface WatchingState {
  /** The address of the newest picture; null before the first. */
  address: string | null
  /** None has come for some seconds: what is to be seen is not of this moment. */
  late: boolean
}

export interface WatchingWorld {
  /** The next one after that with this number; null where none has come in time. Throws as all requests. */
  next: (has: number) => Promise<ShownPicture | null>
  rest: (milliseconds: number) => Promise<void>
  address: (picture: Blob) => string
  forget: (address: string) => void
}

/** Milliseconds, after a request that failed. */
const FAILED = 1_500

/** From its making until `close`. */
export class Watching {
  readonly state = new Store<WatchingState>({ address: null, late: false })
  readonly #world: WatchingWorld
  #closed = false

  constructor(world: WatchingWorld) {
    this.#world = world
    void this.#watch()
  }

  close(): void {
    this.#closed = true
    this.#show(null)
  }

  async #watch(): Promise<void> {
    let has = 0
    while (!this.#closed) {
      try {
        const next = await this.#world.next(has)
        if (this.#closed) return
        if (next === null) this.state.patch({ late: true })
        else {
          has = next.number
          this.#show(this.#world.address(next.picture))
        }
      } catch {
        if (this.#closed) return
        this.state.patch({ late: true })
        await this.#world.rest(FAILED)
      }
    }
  }

  #show(address: string | null): void {
    const before = this.state.value.address
    this.state.patch({ address, late: false })
    if (before !== null) this.#world.forget(before)
  }
}
