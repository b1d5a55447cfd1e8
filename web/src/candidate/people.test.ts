// Tests of who stands on a candidate's screen.
import { expect, test } from 'vitest'
import type { RoomState } from '../client'
import type { TileModel } from '../room/tiles'
import { within } from './people'

const tile = (id: string, self = false): TileModel => ({
  key: id,
  id,
  source: 'camera',
  name: id,
  self,
  video: null,
  unplayable: false,
  paused: false,
  picture: 'good',
  micMuted: false,
  speaking: false,
  connected: true,
  quality: 'good',
  way: null,
})
const all = [tile('examiner'), tile('host'), tile('me', true)]
const room = {
  publications: [{ id: 'v', participant: 'host', kind: 'video', source: 'camera', muted: false }],
} as unknown as RoomState
const ids = (tiles: TileModel[]) => tiles.map(({ id }) => id)

test('the panel stands there with everybody, sending or not', () => {
  expect(ids(within(all, 'panel', room))).toEqual(['examiner', 'host', 'me'])
  expect(ids(within(all, 'listening', room))).toEqual(['examiner', 'host', 'me'])
})

test('the host who talks stands there alone', () => {
  expect(ids(within(all, 'host', room))).toEqual(['host', 'me'])
  expect(ids(within(all, 'host', null))).toEqual(['me'])
})

test('without contact there is only the own picture', () => {
  expect(ids(within(all, 'none', room))).toEqual(['me'])
})
