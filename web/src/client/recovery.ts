// When to restart ICE, and when to give a peer connection up.

/** Milliseconds. */
const PATIENCE = 2_500
const RESTART_TIME = 5_000
const CONNECT_TIME = 10_000
const LONGEST = 80_000

export interface RecoveryActions {
  /** One more offer with new ICE credentials. */
  restartIce(): void
  /** A new peer connection in place of this one. */
  rebuild(): void
}

/**
 * Watches one peer connection. An interruption is given a moment to heal, then ICE restarts; when that does not help,
 * or the first connection never comes, the peer connection is rebuilt.
 */
export class Recovery {
  readonly #actions: RecoveryActions
  readonly #longer: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #stage: 'quiet' | 'patience' | 'restarting' | 'done' = 'quiet'
  #wasUp = false
  #detoured = false

  /** @param rebuilt how many peer connections before this one never came up: each is given twice the time of the last */
  constructor(actions: RecoveryActions, rebuilt = 0) {
    this.#actions = actions
    this.#longer = 2 ** Math.min(rebuilt, 10)
  }

  /**
   * An answer was applied: a connection that never was up has a time to come up from now on; a quick one may be already.
   *
   * @param detour milliseconds after which ICE restarts, once, with ways that the first offer could not know of yet
   */
  answered(detour: number | null = null): void {
    if (this.#stage !== 'quiet' || this.#wasUp) return
    const giveUp = () => this.#after(CONNECT_TIME, () => this.#giveUp())
    if (detour === null || this.#detoured) return giveUp()
    this.#after(detour, () => {
      this.#detoured = true
      giveUp()
      this.#actions.restartIce()
    })
  }

  /** The browser's word on ICE. */
  ice(state: RTCIceConnectionState): void {
    if (this.#stage === 'done') return
    if (state === 'connected' || state === 'completed') this.#heal()
    else if (state === 'disconnected' && this.#stage === 'quiet') {
      this.#stage = 'patience'
      this.#after(PATIENCE, () => this.#restart())
    } else if (state === 'failed' && this.#stage !== 'restarting') this.#restart()
  }

  /** The server's word on the media path; before the first success it only says what is known anyway. */
  server(connected: boolean): void {
    if (this.#stage === 'done') return
    if (connected) this.#heal()
    else if (this.#wasUp && this.#stage !== 'restarting') this.#restart()
  }

  /** The network changed under the connection: do not wait for it to be noticed. */
  networkChanged(): void {
    if (this.#wasUp && (this.#stage === 'quiet' || this.#stage === 'patience')) this.#restart()
  }

  close(): void {
    this.#stage = 'done'
    clearTimeout(this.#timer)
  }

  #heal(): void {
    this.#wasUp = true
    this.#stage = 'quiet'
    clearTimeout(this.#timer)
  }

  #restart(): void {
    this.#stage = 'restarting'
    this.#after(RESTART_TIME, () => this.#giveUp())
    this.#actions.restartIce()
  }

  #giveUp(): void {
    this.close()
    this.#actions.rebuild()
  }

  #after(wait: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, Math.min(LONGEST, this.#wasUp ? wait : wait * this.#longer))
  }
}
