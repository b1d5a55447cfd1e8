// Which publication in which slot, and how large: from the tiles on the page to the `view` message.
import type { SlotView } from './protocol'

/** A tile that wants to show a publication. */
export interface TileWish {
  publication: string
  /** Of the tile, in CSS pixels. */
  width: number
  height: number
  /** A larger one gets a slot first when there are too few. */
  priority: number
}

/** What the slots should show, and how many slots are missing for the rest. */
export interface Plan {
  /** By media section; every slot is named. */
  slots: ReadonlyMap<string, { publication: string; height: number } | null>
  missing: number
}

const STEP = 90
const LARGEST = 2160

/**
 * The height to ask for, in device pixels: what a 16:9 picture needs to cover the tile, to the nearest multiple of 90,
 * so that a window being dragged does not ask anew at every pixel, and a tile a little over a layer's size stays with it.
 */
export function wantedHeight(width: number, height: number, pixelRatio: number): number {
  const cover = Math.max(height, (width * 9) / 16) * pixelRatio
  return Math.min(LARGEST, Math.max(STEP, Math.round(cover / STEP) * STEP))
}

/**
 * Fills `mids` with the wishes. What has a slot keeps it; newcomers get empty slots before those just given up, so that
 * a leaving picture never flashes up in a new tile.
 */
export function plan(
  mids: readonly string[],
  before: ReadonlyMap<string, { publication: string } | null>,
  wishes: readonly TileWish[],
  pixelRatio: number,
): Plan {
  const wanted = new Map<string, TileWish>()
  for (const wish of [...wishes].sort((a, b) => b.priority - a.priority || b.height - a.height)) {
    if (!wanted.has(wish.publication)) wanted.set(wish.publication, wish)
  }
  const chosen = [...wanted.values()].slice(0, mids.length)
  const slots = new Map<string, { publication: string; height: number } | null>()
  const fill = (mid: string, wish: TileWish) =>
    slots.set(mid, {
      publication: wish.publication,
      height: wantedHeight(wish.width, wish.height, pixelRatio),
    })

  const seated = new Set<string>()
  for (const mid of mids) {
    const wish = chosen.find((c) => c.publication === before.get(mid)?.publication)
    if (wish && !seated.has(wish.publication)) {
      fill(mid, wish)
      seated.add(wish.publication)
    }
  }
  const free = mids
    .filter((mid) => !slots.has(mid))
    .sort((a, b) => Number(!!before.get(a)) - Number(!!before.get(b)))
  for (const wish of chosen.filter((c) => !seated.has(c.publication))) {
    const mid = free.shift()
    if (mid !== undefined) fill(mid, wish)
  }
  for (const mid of free) slots.set(mid, null)
  return { slots, missing: wanted.size - chosen.length }
}

/** The part of a plan that the server does not know yet. */
export function changes(before: Plan['slots'], after: Plan['slots']): SlotView[] {
  const views: SlotView[] = []
  for (const [mid, view] of after) {
    const old = before.get(mid) ?? null
    if (old?.publication === view?.publication && old?.height === view?.height) continue
    views.push({ mid, publication: view?.publication ?? null, height: view?.height ?? 0 })
  }
  // A slot that is given up comes first: its publication may move to another one in the same message.
  return views.sort((a, b) => Number(a.publication !== null) - Number(b.publication !== null))
}
