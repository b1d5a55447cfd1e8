// How large the tiles of a grid are: as large as the room for them allows, with little cut off the pictures.

/** A grid's measures, in CSS pixels. */
export interface Grid {
  columns: number
  width: number
  height: number
  /** True when not all rows fit: the grid scrolls. */
  scrolls: boolean
}

const PICTURE = 16 / 9
const WIDEST = PICTURE
/** A tile may be wider or narrower than the picture by this factor; more would cut off too much of it. */
const STRETCH = 1.35
/** A narrower tile shows nobody. */
const NARROWEST = 132

/**
 * The best grid for `count` tiles in a space of `width` by `height`, with `gap` between tiles, for pictures of the
 * shape `picture` (width by height).
 */
export function grid(count: number, width: number, height: number, gap: number, picture = PICTURE): Grid {
  if (count <= 0 || width <= 0 || height <= 0) return { columns: 1, width: 0, height: 0, scrolls: false }
  let best: (Grid & { score: number }) | null = null
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const cellWidth = (width - gap * (columns - 1)) / columns
    const cellHeight = (height - gap * (rows - 1)) / rows
    if (cellWidth < Math.min(NARROWEST, width) || cellHeight < (NARROWEST * 9) / 16) continue
    const tile = tileIn(cellWidth, cellHeight, picture)
    const score = tile.width * tile.height * visible(picture, tile.width / tile.height) ** 0.5
    if (!best || score > best.score) best = { columns, ...tile, scrolls: false, score }
  }
  return best ?? scrolling(width, gap)
}

/** Not all fit: as many columns as stay legible, and rows as needed. */
function scrolling(width: number, gap: number): Grid {
  const columns = Math.max(1, Math.floor((width + gap) / (NARROWEST + gap)))
  const tile = Math.floor((width - gap * (columns - 1)) / columns)
  return { columns, width: tile, height: Math.floor(tile / PICTURE), scrolls: true }
}

/** The largest tile in a cell that is about as wide or tall as the picture. */
function tileIn(width: number, height: number, picture: number): { width: number; height: number } {
  const aspect = Math.min(picture * STRETCH, WIDEST, Math.max(picture / STRETCH, width / height))
  const fits =
    width / height > aspect ? { width: height * aspect, height } : { width, height: width / aspect }
  return { width: Math.floor(fits.width), height: Math.floor(fits.height) }
}

/** The shape that suits all pictures best: their geometric mean; that of a camera where none is known. */
export function commonShape(pictures: readonly number[]): number {
  if (pictures.length === 0) return PICTURE
  return Math.exp(pictures.reduce((sum, picture) => sum + Math.log(picture), 0) / pictures.length)
}

/** The part of a picture that is seen when it covers a tile. Both are width by height. */
function visible(picture: number, tile: number): number {
  return Math.min(picture / tile, tile / picture)
}

/** Cover the tile, unless that would cut off too much. */
export function fit(picture: number, tile: number): 'cover' | 'contain' {
  return visible(picture, tile) >= 0.6 ? 'cover' : 'contain'
}
