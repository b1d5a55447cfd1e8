// Tests of the patrol's wall.
import { describe, expect, test } from 'vitest'
import type { ClientState, RoomState } from '../client'
import { card, room, view } from '../staff/sample'
import { cell, columns, moved, pictureOf, picturesEach, shortNames, turnover, wallPage } from './wall'

const patrol = (current: string | null) =>
  view('interview', {
    role: 'patrol',
    candidates: [card('a', { current: current === 'a' }), card('b', { current: current === 'b' })],
  })
const client = (now: RoomState | null, change: Partial<ClientState> = {}): ClientState => ({
  phase: now ? 'in' : 'entering',
  online: true,
  retrying: false,
  media: true,
  room: now,
  streams: new Map(),
  ending: null,
  ...change,
})

test.each([
  [0, 9],
  [1, 9],
  [8, 9],
  [12, 6],
  [36, 3],
  [400, 3],
])('of %d rooms, %d pictures each have their place from the start', (rooms, pictures) => {
  expect(picturesEach(rooms)).toBe(pictures)
})

describe('the picture of a room', () => {
  const everybody = room(['e1', 'a', 'b'], { speaker: 'p-e1' })

  test('the current candidate before who speaks', () => {
    expect(pictureOf(everybody, patrol('b'), null)?.video).toBe('b-camera')
  })

  test('who speaks before who was there, who was there before the first', () => {
    expect(pictureOf(everybody, patrol(null), 'b-camera')?.video).toBe('e1-camera')
    expect(pictureOf({ ...everybody, speaker: null }, patrol(null), 'b-camera')?.video).toBe('b-camera')
    expect(pictureOf({ ...everybody, speaker: null }, patrol(null), 'gone')?.video).toBe('e1-camera')
  })

  test('nothing without a camera', () => {
    expect(pictureOf({ ...everybody, publications: [] }, patrol('a'), null)).toBeNull()
  })

  test('a current candidate is only shown in their turn', () => {
    const deliberation = {
      ...patrol('b'),
      stages: [{ name: '评议', kind: 'deliberation' as const, minutes: null }],
    }
    expect(pictureOf(everybody, deliberation, null)?.video).toBe('e1-camera')
  })
})

describe('a cell', () => {
  test('says how the room stands', () => {
    const now = room(['e1', 'a'])
    expect(cell(client(now), patrol('a'), null)).toMatchObject({
      state: 'live',
      online: 2,
      candidate: '考生 a',
      stage: 'interview',
      video: 'a-camera',
    })
    const second = {
      id: 'phone',
      participant: 'p-phone',
      kind: 'video' as const,
      source: 'second_camera' as const,
      muted: false,
      seat: 'a',
    }
    const both = { ...now, publications: [...now.publications, second] }
    expect(cell(client(both), patrol('a'), null)).toMatchObject({ video: 'a-camera', second: 'phone' })
    expect(cell(client(both), patrol('b'), null).second).toBeNull()
    expect(cell(client(now, { online: false }), patrol('a'), null).state).toBe('reconnecting')
    expect(cell(client(null), null, null)).toMatchObject({ state: 'entering', video: null, online: 0 })
    expect(cell(client(null, { phase: 'ended' }), null, null).state).toBe('ended')
  })
})

describe('pages', () => {
  const rooms = Array.from({ length: 14 }, (_, index) => index)

  test('are cut by the size, and a page that is gone is the last one', () => {
    expect(wallPage(rooms, 6, 1)).toEqual({ cells: [6, 7, 8, 9, 10, 11], page: 1, pages: 3 })
    expect(wallPage(rooms, 6, 9)).toMatchObject({ cells: [12, 13], page: 2 })
    expect(wallPage([], 6, 0)).toEqual({ cells: [], page: 0, pages: 1 })
  })

  test('keys lead over the edges of pages, never out of the wall', () => {
    expect(moved('ArrowRight', 5, 14, 6, 3)).toBe(6)
    expect(moved('ArrowDown', 4, 14, 6, 3)).toBe(7)
    expect(moved('ArrowUp', 1, 14, 6, 3)).toBe(1)
    expect(moved('ArrowRight', 13, 14, 6, 3)).toBe(13)
    expect(moved('PageDown', 2, 14, 6, 3)).toBe(8)
    expect(moved('PageDown', 9, 14, 6, 3)).toBe(13)
    expect(moved('PageUp', 2, 14, 6, 3)).toBe(2)
    expect(moved('End', 2, 14, 6, 3)).toBe(13)
    expect(moved('Home', 2, 14, 6, 3)).toBe(0)
    expect(moved('x', 2, 14, 6, 3)).toBeNull()
    expect(moved('ArrowRight', 0, 0, 6, 3)).toBeNull()
  })
})

test.each([
  [6, 1400, 780, 3],
  [12, 1400, 780, 4],
  [16, 1400, 780, 4],
  [36, 1400, 780, 6],
  [12, 390, 700, 2],
])('%d cells on %d by %d: %d columns', (size, width, height, expected) => {
  expect(columns(size, width, height)).toBe(expected)
})

test('short names leave out what all rooms begin with', () => {
  expect(shortNames(['复试 · 第 1 考场', '复试 · 第 2 考场'])).toEqual(['1 考场', '2 考场'])
  expect(shortNames(['Exam-Room 11', 'Exam-Room 12'])).toEqual(['11', '12'])
  expect(shortNames(['数学', '物理'])).toEqual(['数学', '物理'])
  expect(shortNames(['同名', '同名'])).toEqual(['同名', '同名'])
  expect(shortNames(['复试', '复试 · 二'])).toEqual(['复试', '复试 · 二'])
  expect(shortNames(['一'])).toEqual(['一'])
})

test('a page of rooms that are not open takes the place of those that were opened first', () => {
  expect(turnover([], ['a', 'b'], 3)).toEqual({ open: ['a', 'b'], close: [] })
  expect(turnover(['a', 'b', 'c'], ['b', 'c'], 3)).toEqual({ open: [], close: [] })
  expect(turnover(['a', 'b', 'c'], ['c', 'd', 'e'], 3)).toEqual({ open: ['d', 'e'], close: ['a', 'b'] })
  expect(turnover(['a', 'b', 'c'], ['d'], 3)).toEqual({ open: ['d'], close: ['a'] })
})
