// Makes a store of the client visible to templates.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { Store } from '../client'

/** A ref that follows the store as long as the component lives. */
export function useStore<T>(store: Pick<Store<T>, 'value' | 'watch'>): Readonly<ShallowRef<T>> {
  const ref = shallowRef(store.value)
  onScopeDispose(store.watch((value) => (ref.value = value)))
  return ref
}
