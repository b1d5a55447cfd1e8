// Tests of the grid's measures.
import { expect, test } from 'vitest'
import { commonShape, fit, grid } from './layout'

const DESKTOP = [1400, 740] as const
const PHONE = [374, 660] as const

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 3],
  [9, 3],
  [12, 4],
  [16, 4],
])('%d tiles on a desktop: %d columns', (count, columns) => {
  expect(grid(count, ...DESKTOP, 12).columns).toBe(columns)
})

test.each([
  [1, 1],
  [2, 1],
  [4, 1],
  [8, 2],
])('%d tiles on a phone: %d columns', (count, columns) => {
  expect(grid(count, ...PHONE, 8).columns).toBe(columns)
})

test('tiles stay inside and in shape', () => {
  for (const [width, height] of [DESKTOP, PHONE, [800, 300], [300, 1000]] as const) {
    for (let count = 1; count <= 16; count++) {
      const tile = grid(count, width, height, 8)
      const rows = Math.ceil(count / tile.columns)
      expect(tile.columns * tile.width + (tile.columns - 1) * 8).toBeLessThanOrEqual(width)
      if (!tile.scrolls) expect(rows * tile.height + (rows - 1) * 8).toBeLessThanOrEqual(height)
      expect(tile.width / tile.height).toBeGreaterThan(1.3)
      expect(tile.width / tile.height).toBeLessThan(1.8)
    }
  }
})

test('too many for the space scroll, and stay legible', () => {
  const { scrolls, columns, width } = grid(49, 374, 660, 8)
  expect([scrolls, columns]).toEqual([true, 2])
  expect(width).toBeGreaterThan(132)
})

test('upright pictures get upright tiles', () => {
  const { columns, width, height } = grid(4, ...PHONE, 8, 9 / 16)
  expect(columns).toBe(2)
  expect(width / height).toBeLessThan(0.77)
})

test('the common shape lies between the shapes', () => {
  expect(commonShape([])).toBeCloseTo(16 / 9)
  expect(commonShape([9 / 16])).toBeCloseTo(9 / 16)
  expect(commonShape([9 / 16, 16 / 9])).toBeCloseTo(1)
})

test('no space: no tiles', () => {
  expect(grid(4, 0, 0, 8).width).toBe(0)
  expect(grid(0, 100, 100, 8).width).toBe(0)
})

test('pictures cover unless too much is cut off', () => {
  expect(fit(16 / 9, 4 / 3)).toBe('cover')
  expect(fit(16 / 9, 3 / 4)).toBe('contain')
  expect(fit(9 / 16, 3 / 4)).toBe('cover')
})
