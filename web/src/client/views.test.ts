// Tests of the filling of slots.
import { describe, expect, test } from 'vitest'
import { changes, plan, type TileWish, wantedHeight } from './views'

const wish = (publication: string, height = 180, priority = 0): TileWish => ({
  publication,
  width: (height * 16) / 9,
  height,
  priority,
})

describe('height', () => {
  test.each([
    [320, 180, 1, 180],
    [320, 180, 2, 360],
    [350, 197, 1, 180],
    [1280, 720, 1, 720],
    [10, 10, 1, 90],
    [9000, 9000, 3, 2160],
    [640, 100, 1, 360],
    [200, 700, 1, 720],
  ])('%d × %d at %d device pixels asks for %d', (width, height, ratio, expected) => {
    expect(wantedHeight(width, height, ratio)).toBe(expected)
  })
})

describe('plan', () => {
  test('empty slots are filled in order, the rest is empty', () => {
    const { slots, missing } = plan(['1', '2', '3'], new Map(), [wish('a'), wish('b', 720)], 1)
    expect([...slots]).toEqual([
      ['1', { publication: 'b', height: 720 }],
      ['2', { publication: 'a', height: 180 }],
      ['3', null],
    ])
    expect(missing).toBe(0)
  })

  test('who has a slot keeps it, whatever its size', () => {
    const before = plan(['1', '2'], new Map(), [wish('a', 720), wish('b')], 1).slots
    const after = plan(['1', '2'], before, [wish('b', 720), wish('a')], 1).slots
    expect(after.get('1')).toEqual({ publication: 'a', height: 180 })
    expect(after.get('2')).toEqual({ publication: 'b', height: 720 })
  })

  test('a newcomer takes an empty slot before one just given up', () => {
    const before = new Map([['1', { publication: 'a', height: 180 }]])
    expect(plan(['1', '2'], before, [wish('b')], 1).slots.get('2')?.publication).toBe('b')
    expect(plan(['1'], before, [wish('b')], 1).slots.get('1')?.publication).toBe('b')
  })

  test('with too few slots priority decides, and the others are counted', () => {
    const { slots, missing } = plan(['1'], new Map(), [wish('a', 720), wish('b', 180, 1), wish('c')], 1)
    expect(slots.get('1')?.publication).toBe('b')
    expect(missing).toBe(2)
  })

  test('two tiles of one publication share a slot of the larger', () => {
    const { slots, missing } = plan(['1', '2'], new Map(), [wish('a'), wish('a', 720)], 1)
    expect(slots.get('1')).toEqual({ publication: 'a', height: 720 })
    expect([slots.get('2'), missing]).toEqual([null, 0])
  })
})

test('only changes are sent, those that empty a slot first', () => {
  const before = new Map([
    ['1', { publication: 'a', height: 180 }],
    ['2', { publication: 'b', height: 180 }],
    ['3', null],
  ])
  const after = new Map([
    ['1', { publication: 'a', height: 720 }],
    ['2', null],
    ['3', null],
  ])
  expect(changes(before, after)).toEqual([
    { mid: '2', publication: null, height: 0 },
    { mid: '1', publication: 'a', height: 720 },
  ])
  expect(changes(after, after)).toEqual([])
})
