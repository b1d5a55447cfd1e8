// Tests of the announcements.
import { expect, test } from 'vitest'
import type { RoomState } from '../client'
import { news } from './news'

const room = (...people: [string, boolean][]): RoomState => ({
  room: 'r',
  self: { participant: 'me', name: 'Me' },
  permissions: { publish: true, subscribe: true },
  participants: people.map(([id, connected]) => ({ id, name: id.toUpperCase(), connected, quality: 'good' })),
  publications: [],
  slots: new Map(),
  paused: new Set(),
  weakened: new Map(),
  unplayable: new Set(),
  speaker: null,
  quality: 'good',
})

test('comings, goings and interruptions are told', () => {
  expect(
    news(room(['a', true], ['b', true], ['c', false]), room(['b', false], ['c', true], ['d', true])),
  ).toEqual([
    { key: 'news.interrupted', name: 'B' },
    { key: 'news.returned', name: 'C' },
    { key: 'news.joined', name: 'D' },
    { key: 'news.left', name: 'A' },
  ])
})

test('entering oneself is no news about the others', () => {
  expect(news(null, room(['a', true]))).toEqual([])
})
