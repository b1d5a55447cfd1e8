// Candidates that are moved by their handle: dragged with mouse or finger, or with the arrow keys.
import { nextTick, ref } from 'vue'
import { placeUnder } from '../forms/place'
import type { PanelView, SeatAction } from '../interview/types'
import { moveTo } from './order'
import type { Row } from './queue'

/** `view` gives the newest view; `act` asks for a move. */
export function useQueueOrder(view: () => PanelView, act: (action: SeatAction, place: number) => void) {
  /** Who is held, and the place over which. */
  const held = ref<{ seat: string; place: number } | null>(null)

  const under = (handle: Element, y: number) => placeUnder(handle, y, '[data-candidate]')

  function go(group: readonly Row[], seat: string, place: number) {
    const action = moveTo(view(), group, seat, place)
    if (action) act(action, Math.min(Math.max(place, 0), group.length - 1))
  }

  function hold(group: () => readonly Row[], seat: string, handle: Element, y: number) {
    held.value = { seat, place: under(handle, y) }
    const follow = (event: PointerEvent) => (held.value = { seat, place: under(handle, event.clientY) })
    const end = (event: Event) => {
      const place = held.value?.place
      held.value = null
      removeEventListener('pointermove', follow)
      removeEventListener('pointerup', end)
      removeEventListener('pointercancel', end)
      if (event.type === 'pointerup' && place !== undefined) go(group(), seat, place)
    }
    addEventListener('pointermove', follow)
    addEventListener('pointerup', end)
    addEventListener('pointercancel', end)
  }

  return {
    held,
    /** `group` gives the rows among which this one is moved, as they stand when it is let go. */
    handle: (group: () => readonly Row[], { card: { seat } }: Row) => ({
      onPointerdown(event: PointerEvent) {
        if (event.button !== 0 || !(event.currentTarget instanceof Element)) return
        event.preventDefault()
        hold(group, seat, event.currentTarget, event.clientY)
      },
      onKeydown(event: KeyboardEvent) {
        const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key]
        if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return
        event.preventDefault()
        const place = group().findIndex(({ card }) => card.seat === seat)
        go(group(), seat, place + step)
        // An element that is moved within the page loses the focus.
        const handle = event.currentTarget
        void nextTick(() => handle.focus())
      },
    }),
  }
}
