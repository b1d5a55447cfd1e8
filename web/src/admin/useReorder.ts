// Rows that are moved by their handle: dragged with mouse or finger, or with the arrow keys.
import { nextTick, ref, type Ref } from 'vue'
import { placeUnder } from '../forms/place'
import { moved } from './interview-form'

interface Row {
  key: number
}

/** `told` is called with the new place, from 0, after each step. */
export function useReorder<T extends Row>(list: Ref<T[]>, told: (row: T, place: number) => void) {
  /** The key of the row that is held. */
  const held = ref<number | null>(null)

  function move(row: T, to: number) {
    const from = list.value.findIndex(({ key }) => key === row.key)
    const place = Math.min(Math.max(to, 0), list.value.length - 1)
    if (from === -1 || from === place) return
    list.value = moved(list.value, from, place)
    told(row, place)
  }

  const placeOf = (row: T) => list.value.findIndex(({ key }) => key === row.key)

  /** Follows the pointer wherever it goes: the handle itself is moved within the page meanwhile. */
  function hold(row: T, handle: Element) {
    held.value = row.key
    const follow = (event: PointerEvent) => move(row, placeUnder(handle, event.clientY, '[data-row]'))
    const release = () => {
      held.value = null
      removeEventListener('pointermove', follow)
      removeEventListener('pointerup', release)
      removeEventListener('pointercancel', release)
    }
    addEventListener('pointermove', follow)
    addEventListener('pointerup', release)
    addEventListener('pointercancel', release)
  }

  return {
    held,
    handle: (row: T) => ({
      onPointerdown(event: PointerEvent) {
        if (event.button === 0 && event.currentTarget instanceof Element) hold(row, event.currentTarget)
      },
      onKeydown(event: KeyboardEvent) {
        const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key]
        if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return
        event.preventDefault()
        move(row, placeOf(row) + step)
        // An element that is moved within the page loses the focus.
        const handle = event.currentTarget
        void nextTick(() => handle.focus())
      },
    }),
  }
}
