// The printable sheet of invitations: cards by page, and a QR code as the path of a drawing.
import { encode } from 'uqr'
import type { Candidate } from './api'

/** Two columns of four on a page of A4. */
export const CARDS_PER_PAGE = 8

/** Whose card is printed: those who have not come in yet, or everybody. */
export type Printed = 'absent' | 'all'

/** Pages of cards, in the order of the numbers. Who was removed or has left needs none. */
export function sheetPages(candidates: readonly Candidate[], printed: Printed): Candidate[][] {
  const collator = new Intl.Collator('zh-CN', { numeric: true })
  const wanted = candidates
    .filter(({ step }) => (printed === 'absent' ? step === 'invited' : step !== 'removed' && step !== 'left'))
    .sort((a, b) => collator.compare(a.number, b.number))
  const pages: Candidate[][] = []
  for (let start = 0; start < wanted.length; start += CARDS_PER_PAGE) pages.push(wanted.slice(start, start + CARDS_PER_PAGE))
  return pages
}

export interface QrDrawing {
  /** The field is `size` by `size`, with the quiet zone of four modules that ISO/IEC 18004 asks for. */
  size: number
  path: string
}

/** A QR code that still reads with an eighth of it under a thumb or a crease: level M. */
export function qrDrawing(text: string): QrDrawing {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  // A run of dark modules in a row is one rectangle: thin white lines between modules would confuse a reader.
  const path = data.flatMap((row, y) => runs(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)).join('')
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

/** The link as a person would type it: without the scheme, which every browser adds. */
export function typedLink(link: string): string {
  return link.replace(/^https?:\/\//, '').replace(/#.*$/, '')
}
