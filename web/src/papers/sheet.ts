// Pages as they lie on a screen: how large, which one, and what a key means.

/** In points of a PDF, or pixels of a picture. */
export interface Size {
  width: number
  height: number
}

/** A canvas of more pixels is nothing on some phones. */
const MOST_PIXELS = 16_000_000
/** Nor may a side be longer. */
const LONGEST_SIDE = 8_192
/** So many pages of one paper are shown. */
export const MOST_PAGES = 1_000

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const

/** What a page measures that says nothing sensible of its size: the paper that most have. */
const A4: Size = { width: 595, height: 842 }

/** The size of a page, whatever the file says. */
export function sensible({ width, height }: Size): Size {
  const fine = (side: number) => Number.isFinite(side) && side >= 1
  return fine(width) && fine(height) ? { width, height } : A4
}

/**
 * How a page is drawn that is `wide` pixels of CSS on the screen.
 * @param ratio pixels of the screen for one of CSS
 */
export function drawn(page: Size, wide: number, ratio: number): Size & { scale: number } {
  const { width, height } = sensible(page)
  const wished = (Math.max(1, wide) / width) * Math.max(1, ratio)
  const bounds = [Math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / width, LONGEST_SIDE / height]
  const scale = Math.min(wished, ...bounds)
  const pixels = (side: number) => Math.max(1, Math.floor(side * scale))
  return { scale, width: pixels(width), height: pixels(height) }
}

/** How wide a page is that is to fit into a box, whole. */
export function fitting(page: Size, box: Size): number {
  const { width, height } = sensible(page)
  return Math.max(1, Math.min(box.width, (box.height / height) * width))
}

/** The next larger or smaller zoom; the same at the ends. */
export function zoomed(zoom: number, way: 1 | -1): number {
  const sorted = way === 1 ? ZOOMS : [...ZOOMS].reverse()
  return sorted.find((one) => (way === 1 ? one > zoom : one < zoom)) ?? zoom
}

/** The page that somebody has typed; null for none there is. */
export function pageOf(text: string, pages: number): number | null {
  const page = Number(text.trim())
  return /^\d+$/.test(text.trim()) && page >= 1 && page <= pages ? page : null
}

/** A page within the paper. */
export const within = (page: number, pages: number) =>
  Math.min(Math.max(1, Math.round(page)), Math.max(1, pages))

export type Turn = 'next' | 'back' | 'first' | 'last' | 'in' | 'out'

const KEYS: Readonly<Record<string, Turn>> = {
  PageDown: 'next',
  PageUp: 'back',
  '+': 'in',
  '=': 'in',
  '-': 'out',
}
/** Where nothing scrolls these turn pages too. */
const SLIDE_KEYS: Readonly<Record<string, Turn>> = {
  ...KEYS,
  ArrowRight: 'next',
  ArrowDown: 'next',
  ' ': 'next',
  Enter: 'next',
  ArrowLeft: 'back',
  ArrowUp: 'back',
  Backspace: 'back',
  Home: 'first',
  End: 'last',
}

/** What a key means; null for nothing, and with the keys that are the browser's. */
export function turnOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  slides = false,
): Turn | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  return (slides ? SLIDE_KEYS : KEYS)[event.key] ?? null
}

/** The page after a turn. */
export function turned(page: number, turn: Turn, pages: number): number {
  if (turn === 'first') return 1
  if (turn === 'last') return Math.max(1, pages)
  return within(page + (turn === 'next' ? 1 : turn === 'back' ? -1 : 0), pages)
}

/** Pixels: a shorter way of the finger is a tap. */
const SWIPE = 40

/** What a finger, or a mouse, that went so far has meant; a tap turns on in the right two thirds. */
export function swiped(way: { x: number; y: number }, at: number, wide: number): Turn | null {
  if (Math.abs(way.x) >= SWIPE)
    return Math.abs(way.x) > Math.abs(way.y) ? (way.x < 0 ? 'next' : 'back') : null
  if (Math.abs(way.y) >= SWIPE) return null
  return at < wide / 3 ? 'back' : 'next'
}
