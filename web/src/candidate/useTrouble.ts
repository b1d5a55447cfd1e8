// Tells the staff of this page's devices while the page lives.
import { watch } from 'vue'
import { useStore } from '../ui/useStore'
import type { Visit } from './session'
import { Troubles } from './trouble'

/** For the setup of a component. */
export function useTrouble(visit: Visit) {
  const media = useStore(visit.media.state)
  const state = useStore(visit.state)
  const troubles = new Troubles()
  watch(
    [media, state],
    ([devices, { view, replaced, occupied }]) => {
      if (view === null || replaced || occupied) return
      for (const { check, problem } of troubles.news(devices, view, Date.now())) {
        // What is not heard is told again with a later view.
        void visit.ask((api) => api.trouble(check, problem)).catch(() => undefined)
      }
    },
    { immediate: true },
  )
}
