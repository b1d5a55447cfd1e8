// Something that is asked for when a page opens, and again when it has changed.
import { type ShallowRef, shallowRef } from 'vue'

export interface Load<T> {
  /** The newest answer; null before the first. */
  value: ShallowRef<T | null>
  /** Why the newest question was not answered. */
  failed: ShallowRef<unknown>
  reload: () => Promise<void>
}

/** Asks at once. An older answer that comes after a newer one is thrown away. */
export function useLoad<T>(ask: () => Promise<T>): Load<T> {
  const value = shallowRef<T | null>(null)
  const failed = shallowRef<unknown>(null)
  let newest = 0
  async function reload() {
    const turn = ++newest
    failed.value = null
    try {
      const answer = await ask()
      if (turn === newest) value.value = answer
    } catch (error) {
      if (turn === newest) failed.value = error
    }
  }
  void reload()
  return { value, failed, reload }
}
