// The rooms of a wall: one client each, opened one after another, none of them sending anything.
import { type Closed, openStaffSeat, type OpenSeat, tokenFor } from '../staff/open'
import { picturesEach } from './wall'

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
  /** Why it was refused; null while it was not. */
  closed: Closed | null
}

/** Milliseconds between two rooms: a computer sets up a connection in less. */
const APART = 120
/** The two who are loudest. */
const VOICES = 2

/** What stands for a link's seat: the end of its signature, which differs from token to token. */
export function wantedByLink(tokens: readonly string[]): Wanted[] {
  return tokens.map((token) => ({ seat: `link.${token.slice(-24)}`, name: '', token }))
}

/** Opens rooms in turn until it is stopped; `changed` is told of each. */
export class Opener {
  readonly #changed: (watched: Watched) => void
  #pictures = picturesEach(1)
  readonly #open = new Map<string, OpenSeat>()
  #stopped = false

  constructor(changed: (watched: Watched) => void) {
    this.#changed = changed
  }

  async openAll(wanted: readonly Wanted[]): Promise<void> {
    this.#pictures = picturesEach(wanted.length)
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
      this.#changed({ seat, name, token: link, open: null, closed: answer })
      return
    }
    const open = openStaffSeat({
      seat,
      token: answer.token,
      bearer: link,
      publish: false,
      slots: { video: this.#pictures, audio: VOICES },
    })
    open.client.audio.silence(true)
    this.#open.set(seat, open)
    open.client.enter()
    this.#changed({ seat, name, token: link, open, closed: null })
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
