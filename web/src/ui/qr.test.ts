// Tests of a QR code's drawing.
import { expect, test } from 'vitest'
import { qrDrawing } from './qr'

test('the drawing has the finder patterns in three corners, inside a quiet zone of four modules', () => {
  const { size, path } = qrDrawing('https://viva.example/i#2345-6789-ABCD')
  const dark = painted(path, size)
  for (let i = 0; i < size; i++)
    for (let edge = 0; edge < 4; edge++) expect(dark(i, edge) || dark(edge, i)).toBe(false)
  const far = size - 4 - 7
  for (const [x, y] of [
    [4, 4],
    [far, 4],
    [4, far],
  ] as const) {
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => dark(x + step, y))).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      true,
    ])
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => dark(x + step, y + 3))).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
      true,
    ])
  }
  expect(dark(far, far)).not.toBe(undefined)
})

/** Reads the rectangles of a path back into modules. */
function painted(path: string, size: number): (x: number, y: number) => boolean {
  const field = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(width); step++) field[Number(y)]![Number(x) + step] = true
  }
  return (x, y) => field[y]?.[x] ?? false
}
