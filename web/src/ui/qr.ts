// A QR code as the path of a drawing.
import { encode } from 'uqr'

export interface QrDrawing {
  /** The field is `size` by `size`, with the quiet zone of four modules that ISO/IEC 18004 asks for. */
  size: number
  path: string
}

/** A QR code that still reads with an eighth of it under a thumb or a crease: level M. */
export function qrDrawing(text: string): QrDrawing {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  // A run of dark modules in a row is one rectangle: thin white lines between modules would confuse a reader.
  const path = data
    .flatMap((row, y) => runs(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`))
    .join('')
  return { size, path }
}

/** Where the dark runs of a row start, and how long they are. */
function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = []
  row.forEach((dark, x) => {
    const last = found.at(-1)
    if (!dark) return
    if (last && last[0] + last[1] === x) last[1]++
    else found.push([x, 1])
  })
  return found
}
