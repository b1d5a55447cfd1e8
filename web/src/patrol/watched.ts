// The rooms of a wall: one client each, opened one after another, none of them sending anything.
import { type Closed, openStaffSeat, type OpenSeat, tokenFor } from '../staff/open'
import { MOST_ROOMS, picturesEach, turnover } from './wall'

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

/** Opens rooms in turn until it is stopped, and closes others for them; `changed` is told of each. */
export class Opener {
  readonly #changed: (watched: Watched) => void
  #pictures = picturesEach(1)
  readonly #open = new Map<string, OpenSeat>()
  /** Rooms that are open or will be, the oldest first. */
  readonly #asked = new Map<string, Wanted>()
  #queue: Wanted[] = []
  #opening = false
  #stopped = false

  constructor(changed: (watched: Watched) => void) {
    this.#changed = changed
  }

  /** The first of all, as many as are open at once. */
  openFirst(wanted: readonly Wanted[]): void {
    this.#pictures = picturesEach(Math.min(wanted.length, MOST_ROOMS))
    this.look(wanted.slice(0, MOST_ROOMS))
  }

  /** These are looked at: they are open soon, before any others. */
  look(wanted: readonly Wanted[]): void {
    const seats = wanted.map(({ seat }) => seat)
    const { open, close } = turnover([...this.#asked.keys()], seats, MOST_ROOMS)
    for (const seat of close) this.#leave(seat)
    const fresh = wanted.filter(({ seat }) => open.includes(seat))
    for (const one of fresh) this.#asked.set(one.seat, one)
    const waits = ({ seat }: Wanted) => seats.includes(seat)
    this.#queue = [...this.#queue.filter(waits), ...fresh, ...this.#queue.filter((one) => !waits(one))]
    if (!this.#opening) void this.#openQueue()
  }

  async #openQueue(): Promise<void> {
    this.#opening = true
    for (let one = this.#queue.shift(); one && !this.#stopped; one = this.#queue.shift()) {
      void this.open(one)
      await new Promise((resolve) => setTimeout(resolve, APART))
    }
    this.#opening = false
  }

  /** Opens one room, again where it was open before. */
  async open(wanted: Wanted): Promise<void> {
    const { seat, name, token: link } = wanted
    this.#close(seat)
    const answer = await tokenFor(seat, link)
    if (this.#stopped || !this.#asked.has(seat)) return
    if (!('token' in answer)) {
      this.#changed({ seat, name, token: link, open: null, closed: answer })
      return
    }
    this.#close(seat)
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

  /** Makes room for others. */
  #leave(seat: string): void {
    const wanted = this.#asked.get(seat)
    this.#asked.delete(seat)
    this.#queue = this.#queue.filter((one) => one.seat !== seat)
    this.#close(seat)
    if (wanted) this.#changed({ ...wanted, open: null, closed: null })
  }

  #close(seat: string): void {
    const open = this.#open.get(seat)
    this.#open.delete(seat)
    open?.desk.close()
    void open?.client.leave()
  }
}
