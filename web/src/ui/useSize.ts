// How large an element is while it stands on the page.
import { onBeforeUnmount, type Ref, ref, watch } from 'vue'

export interface Size {
  width: number
  height: number
}

/** For the setup of a component: the size in CSS pixels, 0 × 0 before the element is there. */
export function useSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<Size>> {
  const size = ref<Size>({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    if (entry) size.value = { width: entry.contentRect.width, height: entry.contentRect.height }
  })
  watch(
    element,
    (now) => {
      observer.disconnect()
      if (!now) return
      const { width, height } = now.getBoundingClientRect()
      size.value = { width, height }
      observer.observe(now)
    },
    { flush: 'post', immediate: true },
  )
  onBeforeUnmount(() => observer.disconnect())
  return size
}
