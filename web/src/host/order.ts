// Places in the queue: where a candidate is moved to, and who is found in a long one.
import type { PanelView, SeatAction } from '../interview/types'
import type { Group } from '../staff/line'
import type { Row } from './queue'

/** A group as far as it is drawn. */
export interface Part {
  group: Group
  rows: Row[]
  count: number
}

/** Rows that are drawn at first, and more at a time as the list is scrolled: several hundred hold up the page. */
export const DRAWN = 60

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

/** The first so many rows of the groups, each with the count of all that are in it. */
export function cut(groups: readonly { group: Group; rows: Row[] }[], most: number): Part[] {
  let left = most
  return groups.map(({ group, rows }) => {
    const drawn = rows.slice(0, left)
    left -= drawn.length
    return { group, rows: drawn, count: rows.length }
  })
}

/** Those whose name or number has this in it. */
export function found(rows: readonly Row[], wanted: string): Row[] {
  const text = wanted.trim().toLowerCase()
  return rows.filter(({ card }) => text === '' || `${card.name} ${card.number}`.toLowerCase().includes(text))
}
