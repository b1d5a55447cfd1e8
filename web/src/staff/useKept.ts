// What a page has open, kept in this tab over a reload.
import { type Ref, ref, watch } from 'vue'

/** A value that is there again after a reload; `known` names all that it may be, where that is known. */
export function useKept<T extends string>(key: string, first: T, known?: readonly T[]): Ref<T>
export function useKept<T extends string>(key: string, first: T | null, known?: readonly T[]): Ref<T | null>
export function useKept<T extends string>(key: string, first: T | null, known?: readonly T[]): Ref<T | null> {
  const kept = sessionStorage.getItem(key) as T | null
  const value = ref(kept !== null && (known?.includes(kept) ?? true) ? kept : first) as Ref<T | null>
  watch(value, (now) => (now === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, now)))
  return value
}
