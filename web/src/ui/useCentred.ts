// A row that is longer than its place keeps what is current in sight.
import { type Ref, watch } from 'vue'
import { useSize } from './useSize'

/** Scrolls a positioned row so that what `selector` finds in it stands in the middle, whenever its size or `changes` do. */
export function useCentred(row: Readonly<Ref<HTMLElement | null>>, selector: string, changes: () => unknown) {
  watch(
    [useSize(row), changes],
    () => {
      const current = row.value?.querySelector<HTMLElement>(selector)
      if (!row.value || !current) return
      row.value.scrollTo({ left: current.offsetLeft - (row.value.clientWidth - current.offsetWidth) / 2 })
    },
    { flush: 'post', immediate: true },
  )
}
