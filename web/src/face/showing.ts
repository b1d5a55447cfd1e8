// Sends a camera's pictures to the staff, one after another, as often as the server wants them.
import { Store } from '../client'
import { Problem } from '../interview/api'
import type { FrameSource } from './check'

export interface ShowingState {
  /** At least one picture has arrived. */
  arrived: boolean
  /** Somebody of the staff looks just now. */
  watched: boolean
  /** The newest one did not arrive; the next is on its way. */
  lost: boolean
}

/** What became of a picture. */
export interface Shown {
  watched: boolean
  /** Milliseconds until the next one. */
  pause: number
}

export interface ShowingWorld {
  frames: FrameSource
  send: (jpeg: Blob) => Promise<Shown>
  /** The server wants no more pictures: what has become of the candidate is to be asked. */
  over: () => void
  rest: (milliseconds: number) => Promise<void>
}

/** Pixels, and bytes: enough to read a face by, and little to send. */
const WIDTH = 640
const LONGEST = 96_000
/** Milliseconds: until a camera has a picture, and after one that was lost. */
const NO_PICTURE = 300
const LOST = 2_000

/** From `open` until `close`, or until the server wants no more. */
export class Showing {
  readonly state = new Store<ShowingState>({ arrived: false, watched: false, lost: false })
  readonly #world: ShowingWorld
  #run = 0

  constructor(world: ShowingWorld) {
    this.#world = world
  }

  open(): void {
    void this.#show(++this.#run)
  }

  close(): void {
    this.#run++
  }

  async #show(run: number): Promise<void> {
    const { frames, rest } = this.#world
    while (run === this.#run) {
      const jpeg = await frames.take(WIDTH, LONGEST)
      if (run !== this.#run) return
      await rest(jpeg === null ? NO_PICTURE : await this.#send(jpeg, run))
    }
  }

  /** Gives how long to rest. */
  async #send(jpeg: Blob, run: number): Promise<number> {
    try {
      const { watched, pause } = await this.#world.send(jpeg)
      if (run === this.#run) this.state.patch({ arrived: true, watched, lost: false })
      return pause
    } catch (error) {
      if (run !== this.#run) return 0
      if (error instanceof Problem && error.status < 500 && error.code !== 'rate_limited') {
        this.close()
        this.#world.over()
        return 0
      }
      this.state.patch({ watched: false, lost: true })
      return Math.max(LOST, error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0)
    }
  }
}
