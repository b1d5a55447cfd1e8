// Whether a camera gives a picture: judged from small grey frames.

/** A frame on a small field. */
export interface GreyFrame {
  /** Brightness 0 to 255, by rows. */
  pixels: Uint8Array
  /** Milliseconds. */
  at: number
}

export type PictureVerdict = 'waiting' | 'good' | 'dark' | 'black' | 'frozen'

/** Milliseconds. */
const FROZEN_AFTER = 3_000
const WAIT = 700
/** Brightness. */
const BLACK_MEAN = 18
const BLACK_SPREAD = 10
const DARK_MEAN = 45

/** Watches one camera; a new one needs a new watch. */
export class PictureWatch {
  #since: number | null = null
  #last: Uint8Array | null = null
  #changed = 0

  /** The verdict after this frame. */
  frame({ pixels, at }: GreyFrame): PictureVerdict {
    this.#since ??= at
    // A real sensor is never twice the same: its noise moves some pixel of any two frames.
    if (!this.#last || !same(this.#last, pixels)) this.#changed = at
    this.#last = pixels.slice()
    if (at - this.#since < WAIT) return 'waiting'
    const { mean, spread } = measure(pixels)
    if (mean < BLACK_MEAN && spread < BLACK_SPREAD) return 'black'
    if (at - this.#changed >= FROZEN_AFTER) return 'frozen'
    return mean < DARK_MEAN ? 'dark' : 'good'
  }
}

/** Grey from the bytes of an RGBA picture (ITU-R BT.601). */
export function grey(rgba: Uint8ClampedArray): Uint8Array {
  const pixels = new Uint8Array(rgba.length / 4)
  for (let index = 0; index < pixels.length; index++) {
    const at = index * 4
    pixels[index] = ((rgba[at] ?? 0) * 77 + (rgba[at + 1] ?? 0) * 150 + (rgba[at + 2] ?? 0) * 29) >> 8
  }
  return pixels
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** Mean brightness, and the standard deviation from it. */
function measure(pixels: Uint8Array): { mean: number; spread: number } {
  let sum = 0
  let squares = 0
  for (const value of pixels) {
    sum += value
    squares += value * value
  }
  const count = Math.max(1, pixels.length)
  const mean = sum / count
  return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) }
}
