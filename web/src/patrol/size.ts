// How many rooms stand on a page, as this browser was left.
import { SIZES, type WallSize } from './wall'

const KEY = 'viva.wall'

/** What was chosen, else the smallest size that shows all rooms. */
export function readSize(rooms: number): WallSize {
  const kept = Number(localStorage.getItem(KEY))
  return (
    SIZES.find((size) => size === kept) ??
    SIZES.find((size) => size >= rooms) ??
    SIZES[SIZES.length - 1] ??
    36
  )
}

export function saveSize(size: number): void {
  localStorage.setItem(KEY, String(size))
}
