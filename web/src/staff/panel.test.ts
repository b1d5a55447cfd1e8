// Tests of who stands where in the panel room.
import { describe, expect, test } from 'vitest'
import type { RoomState } from '../client'
import type { PanelView } from '../interview/types'
import { arrangePanel, isWeak, panelTiles, previewOf, stripUnit } from './panel'
import { capture, card, room, view } from './sample'

const own = { camera: capture, microphone: capture, quality: 'good' } as const
const keys = (room: RoomState, of: PanelView) => panelTiles(room, of, own).map(({ key }) => key)
const everybody = room(['e1', 'a', 'b'])

describe('who is on the stage', () => {
  const candidates = [card('a', { current: true, step: 'admitted' }), card('b')]

  test('in the interview the current candidate and the panel, never one who waits', () => {
    expect(keys(everybody, view('interview', { candidates }))).toEqual(['p-e1', 'p-a', 'me'])
  })

  test('in the deliberation no candidate, although one is current', () => {
    expect(keys(everybody, view('deliberation', { candidates }))).toEqual(['p-e1', 'me'])
  })

  test('in a briefing all of them', () => {
    expect(keys(everybody, view('briefing', { candidates }))).toEqual(['p-e1', 'p-a', 'p-b', 'me'])
  })

  test('a waiting candidate to whom the host talks', () => {
    const talking = [card('a'), card('b', { addressed: true })]
    expect(keys(everybody, view('waiting', { candidates: talking }))).toEqual(['p-e1', 'p-b', 'me'])
  })

  test('a seat that only watches has no tile', () => {
    expect(panelTiles(everybody, view('interview', { candidates }), null).map(({ key }) => key)).toEqual([
      'p-e1',
      'p-a',
    ])
  })

  test('who sends more than it may carries the mark, and nobody else', () => {
    const participants = everybody.participants.map((one) =>
      one.id === 'p-a' ? { ...one, excess: true } : one,
    )
    const tiles = panelTiles({ ...everybody, participants }, view('interview', { candidates }), own)
    expect(tiles.filter(({ excess }) => excess).map(({ key }) => key)).toEqual(['p-a'])
  })

  test('who was muted by the host looks muted to themselves', () => {
    const self = (hushed: boolean) => panelTiles(everybody, view('interview', {}), { ...own, hushed }).at(-1)
    expect([self(false)?.micMuted, self(true)?.micMuted]).toEqual([false, true])
  })

  test('somebody without a seat is shown as nobody in particular', () => {
    const guests: RoomState = {
      ...everybody,
      participants: everybody.participants.map(({ id, name, connected, quality }) => ({
        id,
        name,
        connected,
        quality,
        seat: null,
      })),
    }
    const [first] = panelTiles(guests, view('interview', { candidates }), null)
    expect(first).toMatchObject({ seat: null, role: null, current: false })
  })
})

describe('arrangement', () => {
  const candidates = [card('a', { current: true, step: 'admitted', hand: true }), card('b')]
  const extra = (source: 'screen' | 'second_camera') => ({
    id: `a-${source}`,
    participant: 'p-a',
    kind: 'video' as const,
    source,
    muted: false,
  })
  const arranged = (extras: RoomState['publications'], pinned: string | null = null) => {
    const full = { ...everybody, publications: [...everybody.publications, ...extras] }
    const { main, beside, strip, grid } = arrangePanel(
      panelTiles(full, view('interview', { candidates }), own),
      pinned,
    )
    return [main?.key ?? null, beside.map(({ key }) => key), strip.map(({ key }) => key), grid.length]
  }

  test('the candidate is large, the second camera beside, the panel in the strip', () => {
    expect(arranged([extra('second_camera')])).toEqual(['p-a', ['p-a/second_camera'], ['p-e1', 'me'], 0])
  })

  test('a paired phone is known by its seat, and marked when its connection is lost', () => {
    const phone = {
      id: 'phone',
      participant: 'p-phone',
      kind: 'video' as const,
      source: 'second_camera' as const,
      muted: false,
      seat: 'a',
    }
    expect(arranged([phone])).toEqual(['p-a', ['p-a/second_camera'], ['p-e1', 'me'], 0])
    const full = { ...everybody, publications: [...everybody.publications, phone] }
    const lost = [
      card('a', {
        current: true,
        step: 'admitted',
        second_camera: { wish: 'asked', paired: true, online: false },
      }),
    ]
    const second = panelTiles(full, view('interview', { candidates: lost }), own).find(
      ({ source }) => source === 'second_camera',
    )
    expect(second).toMatchObject({ id: 'p-a', video: 'phone', connected: false })
  })

  test('a shared screen is large, the candidate beside it', () => {
    expect(arranged([extra('screen')])).toEqual(['p-a/screen', ['p-a'], ['p-e1', 'me'], 0])
  })

  test("an examiner's materials are large, the candidate's screen before them", () => {
    const materials = {
      id: 'e1-screen',
      participant: 'p-e1',
      kind: 'video' as const,
      source: 'screen' as const,
      muted: false,
    }
    expect(arranged([materials])).toEqual(['p-e1/screen', ['p-a'], ['p-e1', 'me'], 0])
    expect(arranged([materials, extra('screen')])[0]).toBe('p-a/screen')
    expect(arranged([{ ...materials, muted: true }])[0]).toBe('p-a')
  })

  test('a pin comes first, and one on somebody who left means nothing', () => {
    expect(arranged([], 'p-e1')).toEqual(['p-e1', ['p-a'], ['me'], 0])
    expect(arranged([], 'gone')[0]).toBe('p-a')
  })

  test('without a candidate all stand in a grid', () => {
    expect(
      arrangePanel(panelTiles(everybody, view('deliberation', { candidates }), own), null),
    ).toMatchObject({ main: null, grid: { length: 2 } })
  })

  test('the hand is on the camera alone', () => {
    const full = { ...everybody, publications: [...everybody.publications, extra('second_camera')] }
    expect(
      panelTiles(full, view('interview', { candidates }), own)
        .filter(({ hand }) => hand)
        .map(({ key }) => key),
    ).toEqual(['p-a'])
  })
})

test('a strip keeps one row until its tiles would be illegible', () => {
  expect(stripUnit([1, 1, 1], 1000, 128, 10)).toBe(227)
  expect(stripUnit([1, 1, 1, 1], 600, 128, 10)).toBe(142)
  expect(stripUnit([1, 1, 1, 1, 1, 1], 370, 70, 10)).toBe(112)
  expect(stripUnit([], 370, 70, 10)).toBe(0)
})

test('a preview is there while the camera may be received and is on', () => {
  expect(previewOf(everybody, 'b').video).toBe('b-camera')
  expect(previewOf({ ...everybody, publications: [] }, 'b')).toMatchObject({
    video: null,
    participant: { id: 'p-b' },
  })
  expect(previewOf(everybody, 'nobody')).toEqual({
    video: null,
    unplayable: false,
    paused: false,
    participant: null,
  })
  expect(previewOf(null, 'b').video).toBeNull()
})

test('a weak network is told while somebody is there', () => {
  const participant = { id: 'a', name: 'A', connected: true, quality: 'poor' } as const
  expect(isWeak(participant)).toBe(true)
  expect(isWeak({ ...participant, quality: 'fair' })).toBe(false)
  expect(isWeak({ ...participant, connected: false })).toBe(false)
  expect(isWeak(null)).toBe(false)
})
