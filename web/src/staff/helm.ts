// The helm: whether somebody leads, who does, and what may be done about it.
import type { PanelView, SeatAction } from '../interview/types'

/** Milliseconds for which a lost connection counts as there, as the server counts it. */
const MOMENT = 15_000

/** How it stands with the helm, where that is worth a line; what is impossible is null. */
export interface Helm {
  kind: 'empty' | 'own' | 'returned' | 'other'
  /** Who leads, of the panel. */
  name: string
  take: SeatAction | null
  give: SeatAction | null
}

/** Null while a host is there and leads. */
export function helmOf(view: PanelView, now: number): Helm | null {
  const { taken_by, empty_since } = view.helm
  const own = view.panel.find(({ seat }) => seat === view.seat)
  const empty = empty_since !== null && now >= empty_since + MOMENT
  const mayTake = own?.role === 'examiner' && own.chair && empty
  const take: SeatAction | null =
    mayTake || (view.role === 'host' && taken_by !== null) ? { do: 'take_helm' } : null
  const name = view.panel.find(({ seat }) => seat === taken_by)?.name ?? ''
  if (taken_by === view.seat) {
    const host = view.panel.some(({ role, online, removed }) => role === 'host' && online && !removed)
    return { kind: host ? 'returned' : 'own', name, take: null, give: { do: 'give_helm' } }
  }
  if (empty) return { kind: 'empty', name, take, give: null }
  return taken_by === null ? null : { kind: 'other', name, take, give: null }
}
