// What pictures say of their size; bombs among them are not opened.
import { expect, test } from 'vitest'
import { isShowable, sizeOf } from './picture'

const bytes = (...parts: (number[] | string)[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part)),
  )
const view = (data: Uint8Array) => new DataView(data.buffer)
const big = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const png = (width: number, height: number) =>
  bytes([0x89], 'PNG', [13, 10, 26, 10, 0, 0, 0, 13], 'IHDR', big(width), big(height))

test('each kind says its size where its format has it', () => {
  expect(sizeOf(view(png(640, 480)))).toEqual({ width: 640, height: 480 })
  // What a camera writes comes before the frame.
  const exif = [0xff, 0xe1, 0, 6, 1, 2, 3, 4]
  const table = [0xff, 0xc4, 0, 3, 9]
  const frame = [0xff, 0xc2, 0, 11, 8, 0x01, 0xe0, 0x02, 0x80, 3]
  expect(sizeOf(view(bytes([0xff, 0xd8], exif, table, frame)))).toEqual({ width: 640, height: 480 })
  const webp = (kind: string, rest: number[]) => view(bytes('RIFF', [0, 0, 0, 0], 'WEBP', kind, rest))
  const extended = [10, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0x02, 0, 0xdf, 0x01, 0]
  expect(sizeOf(webp('VP8X', extended))).toEqual({ width: 640, height: 480 })
  expect(sizeOf(webp('VP8 ', [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1]))).toEqual({
    width: 640,
    height: 480,
  })
  expect(sizeOf(webp('VP8L', [0, 0, 0, 0, 0x2f, 0x7f, 0xc2, 0x77, 0]))).toEqual({ width: 640, height: 480 })
})

test('what is cut off, endless or something else has none', () => {
  for (const data of [
    bytes([]),
    bytes('<svg>'),
    png(1, 1).slice(0, 18),
    bytes([0xff, 0xd8, 0xff, 0xe0, 0, 200, 1]),
    bytes([0xff, 0xd8, 0xff, 0xe0], [0, 2], [0, 0]),
  ])
    expect(sizeOf(view(data))).toBeNull()
})

test('a bomb is not shown', async () => {
  expect(await isShowable(new Blob([png(6000, 4000)]))).toBe(true)
  expect(await isShowable(new Blob([png(60_000, 60_000)]))).toBe(false)
  expect(await isShowable(new Blob([png(0, 5)]))).toBe(false)
  expect(await isShowable(new Blob([bytes('<html>')]))).toBe(false)
})
