// Watches the tiles on the page: which are visible, and how large.
import { Attention } from './attention'
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
  #attention: Attention | null = null

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** What the visible tiles want: nothing while the page is in the background, but for a picture that floats before it. */
  get wishes(): TileWish[] {
    const away = this.#attention?.away === true
    return [...this.#tiles].flatMap(([element, { publication, priority, visible, width, height }]) => {
      const seen = element.contains(document.pictureInPictureElement) || (visible && !away)
      return publication !== null && seen && width > 0 && height > 0
        ? [{ publication, priority, width, height }]
        : []
    })
  }

  /** Watches an element until the handle is stopped. */
  watch(element: HTMLElement): TileHandle {
    const { width, height } = element.getBoundingClientRect()
    const tile: Tile = { publication: null, priority: 0, visible: true, width, height }
    this.#tiles.set(element, tile)
    this.#sizes ??= new ResizeObserver((entries) => this.#resized(entries))
    this.#attention ??= this.#attend()
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

  /** Watches what concerns all tiles, until {@link close}. */
  #attend(): Attention {
    document.addEventListener('enterpictureinpicture', this.#changed)
    document.addEventListener('leavepictureinpicture', this.#changed)
    addEventListener('resize', this.#changed)
    return new Attention(document, this.#changed)
  }

  /** Watches no more. */
  close(): void {
    this.#attention?.stop()
    this.#attention = null
    document.removeEventListener('enterpictureinpicture', this.#changed)
    document.removeEventListener('leavepictureinpicture', this.#changed)
    removeEventListener('resize', this.#changed)
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
