// A value that can be watched; it ties the client to any page, whatever framework the page uses.

/** Holds a value and tells its watchers when it becomes another one. */
export class Store<T> {
  #value: T
  readonly #watchers = new Set<(value: T) => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  /** Replaces the value; an identical one is no news. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const watcher of [...this.#watchers]) watcher(value)
  }

  /** Replaces some fields of an object. */
  patch(change: Partial<T>): void {
    this.set({ ...this.#value, ...change })
  }

  /** Calls `watcher` with each new value until the returned function is called. */
  watch(watcher: (value: T) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }
}
