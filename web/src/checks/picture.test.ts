// Tests of the judgement on a camera's picture.
import { expect, test } from 'vitest'
import { grey, PictureWatch, type PictureVerdict } from './picture'

const SIZE = 64 * 36

/** Frames every 250 ms for `seconds`. */
function verdicts(seconds: number, pixel: (frame: number, index: number) => number): PictureVerdict[] {
  const watch = new PictureWatch()
  return Array.from({ length: seconds * 4 + 1 }, (_, frame) =>
    watch.frame({
      at: frame * 250,
      pixels: Uint8Array.from({ length: SIZE }, (_, index) => pixel(frame, index)),
    }),
  )
}
const gradient = (index: number) => 60 + (index % 64) * 2

test('a live picture is good, after a moment', () => {
  const all = verdicts(6, (frame, index) => gradient(index) + ((frame * 7 + index) % 3))
  expect([all[0], all.at(-1)]).toEqual(['waiting', 'good'])
})

test('a person who sits still in front of a noisy sensor is not frozen', () => {
  expect(verdicts(10, (frame, index) => gradient(index) + (index === 99 ? frame % 2 : 0)).at(-1)).toBe('good')
})

test('a picture that stands still is frozen after three seconds', () => {
  const all = verdicts(4, (_, index) => gradient(index))
  expect([all[8], all[12]]).toEqual(['good', 'frozen'])
})

test('a picture that moves again is good at once', () => {
  expect(verdicts(6, (frame, index) => gradient(index) + (frame >= 20 ? frame % 2 : 0)).at(-1)).toBe('good')
})

test('a covered lens is black, with and without noise', () => {
  expect(verdicts(2, () => 0).at(-1)).toBe('black')
  expect(verdicts(2, (frame, index) => 6 + ((frame + index) % 5)).at(-1)).toBe('black')
})

test('a dark room with somebody in it is dark, not black', () => {
  expect(verdicts(2, (frame, index) => (index % 64 > 40 ? 60 : 8) + (frame % 2)).at(-1)).toBe('dark')
})

test('grey follows the eye', () => {
  expect([...grey(new Uint8ClampedArray([255, 255, 255, 255, 0, 255, 0, 255, 0, 0, 255, 255]))]).toEqual([
    255, 149, 28,
  ])
})
