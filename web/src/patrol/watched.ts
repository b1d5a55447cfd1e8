// The rooms of a wall: one client each, opened one after another, none of them sending anything.
import { openStaffSeat, type OpenSeat, tokenFor } from '../staff/open'

/** A room to be watched. */
export interface Wanted {
  /** The seat, or what stands for it where only a token is known. */
  seat: string
  name: string
  /** Of a link; null asks for one by the session. */
  token: string | null
}

/** A room of the wall; `open` is null until its token is there, and after it was refused. */
export interface Watched extends Wanted {
  open: OpenSeat | null
  refused: boolean
}

/** Milliseconds between two rooms: a computer sets up a connection in less. */
const APART = 120
/** The candidate with a second picture and who speaks beside; more are asked for when a room is looked at closely. */
const SLOTS = { video: 3, audio: 2 }

/** What stands for a link's seat: the end of its signature, which differs from token to token. */
export function wantedByLink(tokens: readonly string[]): Wanted[] {
  return tokens.map((token) => ({ seat: `link.${token.slice(-24)}`, name: '', token }))
}

/** Opens rooms in turn until it is stopped; `changed` is told of each. */
export class Opener {
  readonly #changed: (watched: Watched) => void
  readonly #open = new Map<string, OpenSeat>()
  #stopped = false

  constructor(changed: (watched: Watched) => void) {
    this.#changed = changed
  }

  async openAll(wanted: readonly Wanted[]): Promise<void> {
    for (const one of wanted) {
      if (this.#stopped) return
      void this.open(one)
      await new Promise((resolve) => setTimeout(resolve, APART))
    }
  }

  /** Opens one room, again where it was open before. */
  async open(wanted: Wanted): Promise<void> {
    const { seat, name, token: link } = wanted
    this.#close(seat)
    const answer = await tokenFor(seat, link)
    if (this.#stopped) return
    if (!('token' in answer)) {
      this.#changed({ seat, name, token: link, open: null, refused: true })
      return
    }
    const open = openStaffSeat({ seat, token: answer.token, bearer: link, publish: false, slots: SLOTS })
    open.client.audio.silence(true)
    this.#open.set(seat, open)
    open.client.enter()
    this.#changed({ seat, name, token: link, open, refused: false })
  }

  stop(): void {
    this.#stopped = true
    for (const seat of [...this.#open.keys()]) this.#close(seat)
  }

  #close(seat: string): void {
    const open = this.#open.get(seat)
    this.#open.delete(seat)
    open?.desk.close()
    void open?.client.leave()
  }
}
