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
/** The tallest tile, width by height: a phone held upright sends such pictures. */
const TALLEST = 3 / 4
/** A narrower tile shows nobody. */
const NARROWEST = 132

/** The best grid for `count` tiles in a space of `width` by `height`, with `gap` between tiles. */
export function grid(count: number, width: number, height: number, gap: number): Grid {
  if (count <= 0 || width <= 0 || height <= 0) return { columns: 1, width: 0, height: 0, scrolls: false }
  let best: (Grid & { score: number }) | null = null
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const cellWidth = (width - gap * (columns - 1)) / columns
    const cellHeight = (height - gap * (rows - 1)) / rows
    if (cellWidth < Math.min(NARROWEST, width) || cellHeight < (NARROWEST * 9) / 16) continue
    const tile = tileIn(cellWidth, cellHeight)
    const score = tile.width * tile.height * visible(PICTURE, tile.width / tile.height) ** 0.5
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

/** The largest tile in a cell that is neither wider than a picture nor too tall. */
function tileIn(width: number, height: number): { width: number; height: number } {
  const aspect = Math.min(PICTURE, Math.max(TALLEST, width / height))
  const fits = width / height > aspect ? { width: height * aspect, height } : { width, height: width / aspect }
  return { width: Math.floor(fits.width), height: Math.floor(fits.height) }
}

/** The part of a picture that is seen when it covers a tile. Both are width by height. */
function visible(picture: number, tile: number): number {
  return Math.min(picture / tile, tile / picture)
}

/** Cover the tile, unless that would cut off too much. */
export function fit(picture: number, tile: number): 'cover' | 'contain' {
  return visible(picture, tile) >= 0.56 ? 'cover' : 'contain'
}
