// How often something is tried again by itself: at once, then after growing pauses, then no more until a person asks.

/** Milliseconds, and a number of tries. */
export interface RetryLimits {
  /** The pause before the second try in a row; the first has none. */
  first: number
  /** No pause is longer. */
  longest: number
  /** Tries in a row; more are refused. */
  most: number
  /** What has held for so long was a success: the next failure is the first of a new row. */
  holds: number
  /** So is a failure so long after the last try. */
  rests: number
}

/** Of one thing that fails and is tried again. Holds no timer: the owner waits. */
export class Retries {
  readonly #limits: RetryLimits
  #tried = 0
  #since = Infinity
  #newest = -Infinity

  constructor(limits: RetryLimits) {
    this.#limits = limits
  }

  /** It works since `now`. */
  works(now: number): void {
    this.#since = now
  }

  /** It has failed: milliseconds to wait before it is tried again, or null when it has been tried often enough. */
  next(now: number): number | null {
    const { first, longest, most, holds, rests } = this.#limits
    if (now - this.#since >= holds || now - this.#newest >= rests) this.reset()
    this.#since = Infinity
    if (this.#tried >= most) return null
    this.#newest = now
    const tried = this.#tried++
    return tried === 0 ? 0 : Math.min(longest, first * 2 ** Math.min(tried - 1, 30))
  }

  /**
   * Something is different, so that it may work now; what changes all the time does not count more often than the first
   * pause.
   */
  changed(now: number): void {
    if (now - this.#newest >= this.#limits.first) this.reset()
  }

  /** A person asks: as if nothing had failed yet. */
  reset(): void {
    this.#tried = 0
  }
}
