// Whether anybody looks at the page: a tab in the background needs no pictures.

/** Milliseconds: who looks into another tab for a moment finds the pictures as they were. */
export const AWAY = 3_000

/** What is watched of a document. */
export type Watched = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>

/** Follows a page from in front to the background and back. */
export class Attention {
  readonly #page: Watched
  readonly #changed: () => void
  #away = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `changed` is called when {@link away} has changed. */
  constructor(page: Watched, changed: () => void) {
    this.#page = page
    this.#changed = changed
    page.addEventListener('visibilitychange', this.#look)
    this.#look()
  }

  /** The page has been in the background for a while. */
  get away(): boolean {
    return this.#away
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#page.removeEventListener('visibilitychange', this.#look)
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer)
    if (this.#page.visibilityState === 'hidden') this.#timer = setTimeout(() => this.#set(true), AWAY)
    else this.#set(false)
  }

  #set(away: boolean): void {
    if (this.#away === away) return
    this.#away = away
    this.#changed()
  }
}
