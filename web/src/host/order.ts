// Places in the queue: where a candidate is moved to, and who is found in a long one.
import type { PanelView, SeatAction } from '../interview/types'
import type { Row } from './queue'

/** From so many candidates on there is a field to search in. */
export const SEARCHED = 20

/** Whom somebody stands before in the whole queue, who is put at this place, from 0, of the rows of one group. */
export function beforeAt(view: PanelView, group: readonly Row[], seat: string, place: number): string | null {
  const others = group.map(({ card }) => card.seat).filter((other) => other !== seat)
  const next = others[place]
  if (next !== undefined) return next
  const queue = view.candidates.map((card) => card.seat).filter((other) => other !== seat)
  const last = others.at(-1)
  return last === undefined ? null : (queue[queue.indexOf(last) + 1] ?? null)
}

/** The command that puts somebody there; null where nobody is moved. */
export function moveTo(
  view: PanelView,
  group: readonly Row[],
  seat: string,
  place: number,
): SeatAction | null {
  const from = group.findIndex(({ card }) => card.seat === seat)
  const to = Math.min(Math.max(place, 0), group.length - 1)
  if (from === -1 || from === to) return null
  return { do: 'move_candidate', candidate: seat, before: beforeAt(view, group, seat, to) }
}

/** Those whose name or number has this in it. */
export function found(rows: readonly Row[], wanted: string): Row[] {
  const text = wanted.trim().toLowerCase()
  return rows.filter(({ card }) => text === '' || `${card.name} ${card.number}`.toLowerCase().includes(text))
}
