// Tests of the printable sheet of invitations.
import { expect, test } from 'vitest'
import type { Candidate } from './api'
import { CARDS_PER_PAGE, qrDrawing, sheetPages, typedLink } from './sheet'

const person = (number: string, step: Candidate['step'] = 'invited') => ({ number, step }) as Candidate

test('cards come in the order of the numbers, so many a page', () => {
  const pages = sheetPages(Array.from({ length: 17 }, (_, index) => person(String(17 - index))), 'absent')
  expect(pages.map((page) => page.length)).toEqual([CARDS_PER_PAGE, CARDS_PER_PAGE, 1])
  expect(pages[0]?.map(({ number }) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
  expect(sheetPages([], 'all')).toEqual([])
})

test('who is in needs no card, and who is out gets none', () => {
  const list = [person('1'), person('2', 'waiting'), person('3', 'left'), person('4', 'removed')]
  expect(sheetPages(list, 'absent').flat().map(({ number }) => number)).toEqual(['1'])
  expect(sheetPages(list, 'all').flat().map(({ number }) => number)).toEqual(['1', '2'])
})

test('the drawing has the finder patterns in three corners, inside a quiet zone of four modules', () => {
  const { size, path } = qrDrawing('https://viva.example/i#2345-6789-ABCD')
  const dark = painted(path, size)
  for (let i = 0; i < size; i++) for (let edge = 0; edge < 4; edge++) expect(dark(i, edge) || dark(edge, i)).toBe(false)
  const far = size - 4 - 7
  for (const [x, y] of [[4, 4], [far, 4], [4, far]] as const) {
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => dark(x + step, y))).toEqual([true, true, true, true, true, true, true])
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => dark(x + step, y + 3))).toEqual([true, false, true, true, true, false, true])
  }
  expect(dark(far, far)).not.toBe(undefined)
})

test('what one types has no scheme and no code behind a hash', () => {
  expect(typedLink('https://viva.example/i#2345-6789-ABCD')).toBe('viva.example/i')
})

/** Reads the rectangles of a path back into modules. */
function painted(path: string, size: number): (x: number, y: number) => boolean {
  const field = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(width); step++) field[Number(y)]![Number(x) + step] = true
  }
  return (x, y) => field[y]?.[x] ?? false
}
