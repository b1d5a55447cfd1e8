// The interview that a page is about, from the page to its tabs.
import { inject, type InjectionKey } from 'vue'
import type { Interview } from './api'
import type { Load } from './useLoad'

export const CURRENT: InjectionKey<Load<Interview>> = Symbol('interview')

/** Loaded: tabs are shown only when it is. */
export function useCurrent(): Load<Interview> & { id: string } {
  const load = inject(CURRENT)
  const interview = load?.value.value
  if (!load || !interview) throw new Error('no interview around this tab')
  return { ...load, id: interview.id }
}
