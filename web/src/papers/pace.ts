// Something that changes often, told a few times a second: the first at once, then the newest.

/** Milliseconds between two tellings. */
export const PAUSE = 250

export interface Pace<T> {
  say(value: T): void
  /** Nothing was told a moment ago, and nothing waits. */
  isQuiet(): boolean
  stop(): void
}

export function pace<T>(tell: (value: T) => void): Pace<T> {
  let waiting: { value: T } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const rest = () => {
    timer = setTimeout(() => {
      timer = null
      if (!waiting) return
      const { value } = waiting
      waiting = null
      tell(value)
      rest()
    }, PAUSE)
  }
  return {
    say(value) {
      if (timer !== null) {
        waiting = { value }
        return
      }
      tell(value)
      rest()
    },
    isQuiet: () => timer === null,
    stop() {
      if (timer !== null) clearTimeout(timer)
      ;[timer, waiting] = [null, null]
    },
  }
}
