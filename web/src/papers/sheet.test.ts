// How pages lie on a screen, however large they claim to be; and what keys and fingers mean.
import { expect, test } from 'vitest'
import { drawn, fitting, pageOf, sensible, swiped, turned, turnOf, within, zoomed } from './sheet'

const a4 = { width: 595, height: 842 }

test('a page is drawn as sharp as the screen, and never beyond what a canvas holds', () => {
  expect(drawn(a4, 595, 2)).toEqual({ scale: 2, width: 1190, height: 1684 })
  for (const page of [
    { width: 1e9, height: 1 },
    { width: 1, height: 1e9 },
    { width: 14_400, height: 14_400 },
    { width: Number.NaN, height: 3 },
    { width: 0, height: 0 },
  ]) {
    const { width, height } = drawn(page, 4_000, 3)
    expect(width * height).toBeLessThanOrEqual(16_000_000)
    expect(Math.max(width, height)).toBeLessThanOrEqual(8_192)
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(1)
  }
  expect(sensible({ width: -3, height: Infinity })).toEqual({ width: 595, height: 842 })
})

test('a slide fits its box by the side that is short', () => {
  const wide = { width: 1600, height: 900 }
  expect(fitting(wide, { width: 800, height: 900 })).toBe(800)
  expect(fitting(wide, { width: 800, height: 225 })).toBe(400)
})

test('zoom goes in steps and stays at the ends', () => {
  expect([zoomed(1, 1), zoomed(1, -1), zoomed(4, 1), zoomed(0.5, -1)]).toEqual([1.25, 0.75, 4, 0.5])
})

test('a page number is one that there is', () => {
  expect(pageOf(' 3 ', 5)).toBe(3)
  for (const text of ['', '0', '6', '-1', '1.5', '1e1', 'x']) expect(pageOf(text, 5)).toBeNull()
})

test('keys turn and zoom, and leave the browser its own', () => {
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false })
  expect(turnOf(key('PageDown'))).toBe('next')
  expect(turnOf(key('+'))).toBe('in')
  // In a paper that scrolls the arrows scroll.
  expect(turnOf(key('ArrowDown'))).toBeNull()
  expect(turnOf(key('ArrowRight'), true)).toBe('next')
  expect(turnOf(key('+', true))).toBeNull()
  expect([turned(1, 'back', 3), turned(3, 'next', 3), turned(2, 'last', 3), turned(2, 'in', 3)]).toEqual([
    1, 3, 3, 2,
  ])
  expect([within(0, 3), within(9, 3), within(2, 0)]).toEqual([1, 3, 1])
})

test('a swipe turns, a tap turns by its side, a scroll does nothing', () => {
  expect(swiped({ x: -80, y: 5 }, 200, 300)).toBe('next')
  expect(swiped({ x: 80, y: 5 }, 200, 300)).toBe('back')
  expect(swiped({ x: 2, y: 1 }, 20, 300)).toBe('back')
  expect(swiped({ x: 2, y: 1 }, 200, 300)).toBe('next')
  expect(swiped({ x: 10, y: 90 }, 200, 300)).toBeNull()
  expect(swiped({ x: 60, y: 90 }, 200, 300)).toBeNull()
})
