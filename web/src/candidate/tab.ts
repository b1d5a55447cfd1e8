// One tab of a browser leads the candidate: another asks before it takes the seat, and the older one then stands back.

export type TabChannel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>

/** Milliseconds: another tab that is awake has answered by then. */
const ANSWER_WITHIN = 400

/** What tabs say to each other. */
type Said =
  /** Does somebody lead this seat, or any (null)? */
  | { says: 'ask'; tab: string; seat: string | null }
  /** This tab does; to the one that asked. */
  | { says: 'here'; tab: string; to: string }
  /** This tab leads the seat from now on. */
  | { says: 'lead'; tab: string; seat: string }

/** One tab among those of its browser, until `close`. */
export class Tab {
  readonly #channel: TabChannel | null
  readonly #id = Math.random().toString(36).slice(2)
  /** The seat that this tab leads. */
  #seat: string | null = null
  /** Questions of this tab that are open. */
  readonly #waiting = new Set<() => void>()

  /** @param replaced another tab leads this seat now */
  constructor(channel: TabChannel | null, replaced: () => void) {
    this.#channel = channel
    if (!channel) return
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!isSaid(data) || data.tab === this.#id) return
      if (data.says === 'here') {
        if (data.to === this.#id) for (const answered of this.#waiting) answered()
      } else if (this.#seat === null) return
      else if (data.says === 'ask') {
        if (data.seat === null || data.seat === this.#seat)
          this.#say({ says: 'here', tab: this.#id, to: data.tab })
      } else if (data.seat === this.#seat) {
        this.#seat = null
        replaced()
      }
    }
  }

  /** Whether another tab leads this seat; of null, any seat. */
  async isLed(seat: string | null): Promise<boolean> {
    if (!this.#channel) return false
    return new Promise((resolve) => {
      const answered = () => done(true)
      const timer = setTimeout(() => done(false), ANSWER_WITHIN)
      const done = (led: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(answered)
        resolve(led)
      }
      this.#waiting.add(answered)
      this.#say({ says: 'ask', tab: this.#id, seat })
    })
  }

  /** Leads this seat. */
  lead(seat: string): void {
    this.#seat = seat
    this.#say({ says: 'lead', tab: this.#id, seat })
  }

  /** Leads none: another device has the seat, or nobody. */
  yield(): void {
    this.#seat = null
  }

  close(): void {
    this.#channel?.close()
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said)
  }
}

/** The channel between the tabs, where the browser has one. */
export function tabChannel(): TabChannel | null {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('viva.candidate')
}

function isSaid(data: unknown): data is Said {
  return typeof data === 'object' && data !== null && 'says' in data && 'tab' in data
}
