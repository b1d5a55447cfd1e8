// Watches the tiles on the page: which are visible, and how large.
import type { TileWish } from './views'

interface Tile {
  publication: string | null
  priority: number
  visible: boolean
  width: number
  height: number
}

/** A handle on one watched tile. */
export interface TileHandle {
  /** What the tile shows now; null for nothing. */
  show(publication: string | null, priority?: number): void
  stop(): void
}

/** Turns elements into wishes for slots; `changed` is called after every change. */
export class TileWatch {
  readonly #tiles = new Map<Element, Tile>()
  readonly #changed: () => void
  #sizes: ResizeObserver | null = null
  #sight: IntersectionObserver | null = null

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** What the visible tiles want. */
  get wishes(): TileWish[] {
    return [...this.#tiles.values()].flatMap(({ publication, priority, visible, width, height }) =>
      publication !== null && visible && width > 0 && height > 0
        ? [{ publication, priority, width, height }]
        : [],
    )
  }

  /** Watches an element until the handle is stopped. */
  watch(element: HTMLElement): TileHandle {
    const { width, height } = element.getBoundingClientRect()
    const tile: Tile = { publication: null, priority: 0, visible: true, width, height }
    this.#tiles.set(element, tile)
    this.#sizes ??= new ResizeObserver((entries) => this.#resized(entries))
    this.#sight ??= new IntersectionObserver((entries) => this.#seen(entries))
    this.#sizes.observe(element)
    this.#sight.observe(element)
    return {
      show: (publication, priority = 0) => {
        if (tile.publication === publication && tile.priority === priority) return
        tile.publication = publication
        tile.priority = priority
        this.#changed()
      },
      stop: () => {
        this.#sizes?.unobserve(element)
        this.#sight?.unobserve(element)
        if (this.#tiles.delete(element) && tile.publication !== null) this.#changed()
      },
    }
  }

  #resized(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, contentRect } of entries) {
      const tile = this.#tiles.get(target)
      if (tile) Object.assign(tile, { width: contentRect.width, height: contentRect.height })
    }
    this.#changed()
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles.get(target)
      if (tile) tile.visible = isIntersecting
    }
    this.#changed()
  }
}
