// Tests of who is shown, and how.
import { describe, expect, test } from 'vitest'
import type { Capture, ParticipantState, PublicationState, RoomState } from '../client'
import { arrange, ground, hue, initials, tiles } from './tiles'

const capture: Capture = { on: true, track: null, acquiring: false, problem: null }
const own = { camera: capture, microphone: capture, quality: 'good' } as const
const person = (id: string): ParticipantState => ({ id, name: id, connected: true, quality: 'fair' })
const publication = (
  participant: string,
  source: 'camera' | 'microphone' | 'screen',
  muted = false,
): PublicationState => ({
  id: `${participant}-${source}`,
  participant,
  kind: source === 'microphone' ? 'audio' : 'video',
  source,
  muted,
})
const room = (change: Partial<RoomState> = {}): RoomState => ({
  room: 'r',
  self: { participant: 'me', name: 'Me' },
  permissions: { publish: true, subscribe: true },
  participants: [person('a'), person('b')],
  publications: [
    publication('a', 'camera'),
    publication('a', 'microphone'),
    publication('b', 'camera', true),
  ],
  slots: new Map(),
  paused: new Set(),
  weakened: new Map(),
  unplayable: new Set(),
  speaker: 'a',
  quality: 'good',
  ...change,
})

describe('tiles', () => {
  test('the others in order, oneself last', () => {
    expect(tiles(room(), own).map((tile) => tile.id)).toEqual(['a', 'b', 'me'])
  })

  test('who was muted by the staff looks muted, whatever the own microphone does', () => {
    const self = (hushed: boolean) => tiles(room({ speaker: 'me' }), { ...own, hushed }).at(-1)
    expect(self(false)).toMatchObject({ micMuted: false, speaking: true })
    expect(self(true)).toMatchObject({ micMuted: true, speaking: false })
  })

  test('a picture that the browser cannot decode is told on its tile alone', () => {
    const publications = [publication('a', 'camera'), publication('a', 'screen'), publication('b', 'camera')]
    const all = tiles(room({ publications, unplayable: new Set(['a-screen', 'b-camera']) }), own)
    expect(all.map(({ key, unplayable }) => [key, unplayable])).toEqual([
      ['a', false],
      ['a/screen', true],
      ['b', true],
      ['me', false],
    ])
  })

  test('a picture that the own line is too weak for is told on its tile alone', () => {
    const publications = [
      publication('a', 'camera'),
      publication('a', 'screen'),
      publication('b', 'camera', true),
    ]
    const slots = new Map([
      ['1', 'a-camera'],
      ['2', 'a-screen'],
      ['3', 'b-camera'],
    ])
    const all = tiles(room({ publications, slots, paused: new Set(['2', '3']) }), own)
    expect(all.map(({ key, paused }) => [key, paused])).toEqual([
      ['a', false],
      ['a/screen', true],
      ['b', false],
      ['me', false],
    ])
  })

  test('what the own line leaves of a picture is told beside the network of the person in it', () => {
    const publications = [publication('a', 'camera'), publication('b', 'camera', true)]
    const slots = new Map([
      ['1', 'a-camera'],
      ['2', 'b-camera'],
    ])
    const weakened = new Map([
      ['1', 'poor'],
      ['2', 'poor'],
    ] as const)
    const all = tiles(room({ publications, slots, weakened }), own)
    expect(all.map(({ key, picture, quality }) => [key, picture, quality])).toEqual([
      ['a', 'poor', 'fair'],
      ['b', 'good', 'fair'],
      ['me', 'good', 'good'],
    ])
  })

  test('a muted camera shows no picture, a missing microphone is muted', () => {
    const [a, b] = tiles(room(), own)
    expect(a).toMatchObject({ video: 'a-camera', micMuted: false, speaking: true, quality: 'fair' })
    expect(b).toMatchObject({ video: null, micMuted: true, speaking: false })
  })

  test('a lost connection shows as a lost network', () => {
    const [a] = tiles(room({ participants: [{ ...person('a'), connected: false }] }), own)
    expect(a).toMatchObject({ connected: false, quality: 'lost' })
  })

  test('an observer has no tile, except alone', () => {
    const permissions = { publish: false, subscribe: true }
    expect(tiles(room({ permissions }), own).map((tile) => tile.id)).toEqual(['a', 'b'])
    expect(tiles(room({ permissions, participants: [] }), own).map((tile) => tile.id)).toEqual(['me'])
  })
})

describe('arrangement', () => {
  const all = tiles(room(), own)

  test('three make a grid', () => {
    expect(arrange(all, null)).toEqual({ main: null, others: all, floating: null })
  })

  test('two: the other large, oneself floating', () => {
    const two = tiles(room({ participants: [person('a')] }), own)
    const { main, others, floating } = arrange(two, null)
    expect([main, others.map((tile) => tile.id), floating?.id]).toEqual([null, ['a'], 'me'])
  })

  test('a pinned tile is large, the others beside it', () => {
    const { main, others } = arrange(all, 'b')
    expect([main?.id, others.map((tile) => tile.id)]).toEqual(['b', ['a', 'me']])
  })

  test('a shared screen is large unless another tile is pinned, and gone when it is no longer shared', () => {
    const publications = [publication('a', 'camera'), publication('a', 'screen')]
    const shared = tiles(room({ publications }), own)
    expect(shared.map((tile) => tile.key)).toEqual(['a', 'a/screen', 'b', 'me'])
    expect(arrange(shared, null).main).toMatchObject({ id: 'a', source: 'screen', video: 'a-screen' })
    expect(arrange(shared, 'a').main?.key).toBe('a')
    const ended = tiles(room({ publications: [publication('a', 'screen', true)] }), own)
    expect(ended.map((tile) => tile.key)).toEqual(['a', 'b', 'me'])
  })

  test('a pin on somebody who left, or on the only tile, means nothing', () => {
    expect(arrange(all, 'gone').main).toBeNull()
    expect(arrange(all.slice(2), 'me').main).toBeNull()
  })
})

test.each([
  ['王小明', '小明'],
  ['李雷', '李雷'],
  ['考官 王芳 (examiner)', '王芳'],
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['', '?'],
])('%s is %s', (name, expected) => {
  expect(initials(name)).toBe(expected)
})

/** The relative luminance of a ground (WCAG 2.2). */
function luminance(text: string): number {
  const [degrees = 0, saturation = 0, lightness = 0] = (text.match(/[\d.]+/g) ?? []).map(Number)
  const [s, l] = [saturation / 100, lightness / 100]
  const channel = (n: number) => {
    const k = (n + degrees / 30) % 12
    const value = l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4)
}

test('white letters can be read on the ground of every name', () => {
  const hues = new Set<number>()
  for (let index = 0; index < 3000; index++) {
    const name = String.fromCodePoint(0x4e00 + index)
    hues.add(hue(name))
    expect(1.05 / (luminance(ground(name)) + 0.05), ground(name)).toBeGreaterThanOrEqual(4.5)
  }
  expect(hues.size).toBe(360)
})
