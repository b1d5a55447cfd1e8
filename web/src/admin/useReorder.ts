// Rows that are moved by their handle: dragged with mouse or finger, or with the arrow keys.
import { ref, type Ref } from 'vue'
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

  /** The row under this height of the window: the held one passes another in the middle of it. */
  function under(handle: Element, y: number): number {
    const own = handle.closest('[data-row]')
    const rows = [...(own?.parentElement?.querySelectorAll(':scope > [data-row]') ?? [])]
    const others = rows.filter((row) => row !== own)
    return others.filter((row) => {
      const box = row.getBoundingClientRect()
      return y > box.top + box.height / 2
    }).length
  }

  return {
    held,
    handle: (row: T) => ({
      onPointerdown(event: PointerEvent) {
        if (event.button !== 0 || !(event.currentTarget instanceof Element)) return
        event.currentTarget.setPointerCapture(event.pointerId)
        held.value = row.key
      },
      onPointermove(event: PointerEvent) {
        if (held.value === row.key && event.currentTarget instanceof Element) move(row, under(event.currentTarget, event.clientY))
      },
      onPointerup: () => (held.value = null),
      onPointercancel: () => (held.value = null),
      onKeydown(event: KeyboardEvent) {
        const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key]
        if (step === undefined) return
        event.preventDefault()
        move(row, placeOf(row) + step)
      },
    }),
  }
}
