// Saves what is typed a moment after the last change, one request at a time, and says how it stands.
import { Store } from '../client'

/** How the newest change stands. */
export type SavePhase = 'saved' | 'changed' | 'saving' | 'failed'

/** Milliseconds after the last key. */
const PAUSE = 800

/** Holds the newest value until it is saved. */
export class Autosave<T> {
  readonly phase = new Store<SavePhase>('saved')
  /** Why the newest attempt failed. */
  readonly problem = new Store<unknown>(null)
  readonly #save: (value: T) => Promise<void>
  readonly #pause: number
  #pending: { value: T } | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | null = null

  /** @param save is called with the newest value; the next call waits until it is settled */
  constructor(save: (value: T) => Promise<void>, pause = PAUSE) {
    this.#save = save
    this.#pause = pause
  }

  /** A new value: it is saved when no other comes for a moment. */
  change(value: T): void {
    this.#pending = { value }
    if (this.#running === null) this.phase.set('changed')
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush().catch(() => undefined), this.#pause)
  }

  /**
   * Saves at once what is not saved yet, and waits for it.
   * @throws what `save` threw; the value is kept, and saved with the next change or call
   */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    while (this.#running !== null || this.#pending !== null) {
      this.#running ??= this.#run()
      await this.#running
    }
  }

  /** Forgets what is not saved. */
  drop(): void {
    clearTimeout(this.#timer)
    this.#pending = null
    this.phase.set('saved')
  }

  async #run(): Promise<void> {
    const pending = this.#pending
    if (pending === null) return
    this.#pending = null
    this.phase.set('saving')
    try {
      await this.#save(pending.value)
      this.problem.set(null)
      this.phase.set(this.#pending === null ? 'saved' : 'changed')
    } catch (error) {
      // A newer value, if there is one, stands for this one too.
      this.#pending ??= pending
      this.problem.set(error)
      this.phase.set('failed')
      throw error
    } finally {
      this.#running = null
    }
  }
}
