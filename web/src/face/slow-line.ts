// A line that changes at its leisure: hints jump between frames, and a screen reader must finish its sentence.
import { Store } from '../client'

/** Shows the newest text, and no more changes than one in `every` milliseconds. */
export class SlowLine<T> {
  readonly shown: Store<T>
  readonly #every: number
  readonly #same: (one: T, other: T) => boolean
  #changed = -Infinity
  #next: T
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param same tells whether two are no change */
  constructor(first: T, every: number, same: (one: T, other: T) => boolean = Object.is) {
    this.shown = new Store(first)
    this.#next = first
    this.#every = every
    this.#same = same
  }

  say(text: T): void {
    this.#next = text
    clearTimeout(this.#timer)
    if (this.#same(text, this.shown.value)) return
    const wait = this.#changed + this.#every - performance.now()
    if (wait <= 0) this.#show()
    else this.#timer = setTimeout(() => this.#show(), wait)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #show(): void {
    this.#changed = performance.now()
    this.shown.set(this.#next)
  }
}
