// Tells a screen reader that pictures stand still: once when it begins, not again while they come and go.
import { onScopeDispose, watch } from 'vue'

/** Milliseconds without a paused picture after which the next one is news again. */
const CALM = 30_000

/** Calls `tell` when `paused` becomes true after a while in which it was not. */
export function usePausedNews(paused: () => boolean, tell: () => void): void {
  let told = false
  let calm: ReturnType<typeof setTimeout> | undefined
  watch(
    paused,
    (now) => {
      clearTimeout(calm)
      if (!now) calm = setTimeout(() => (told = false), CALM)
      else if (!told) {
        told = true
        tell()
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(calm))
}
