// Tests of who needs help, and where they are.
import { expect, test } from 'vitest'
import { needOf, whereabouts } from './help'
import { card } from './sample'

test('a lock comes before a device, a device before a check that failed', () => {
  const device = { check: 'camera', problem: 'denied', since: 1 } as const
  const all = card('a', {
    step: 'identity',
    locked_at: 'identity',
    device_troubles: [device],
    failed_check: 'camera',
  })
  expect(needOf(all)).toEqual({ kind: 'locked', at: 'identity' })
  expect(needOf({ ...all, locked_at: null })).toEqual({ kind: 'device', check: 'camera', problem: 'denied' })
  const failed = card('b', { step: 'camera', failed_check: 'camera' })
  expect(needOf(failed)).toEqual({ kind: 'failed', check: 'camera' })
})

test('who was let pass the checks needs no help for what failed there, but for what fails now', () => {
  expect(needOf(card('a', { step: 'waiting', failed_check: 'camera' }))).toBeNull()
  const device = { check: 'microphone', problem: 'missing', since: 1 } as const
  expect(needOf(card('a', { step: 'waiting', device_troubles: [device] }))?.kind).toBe('device')
  expect(needOf(card('a', { step: 'left', device_troubles: [device] }))).toBeNull()
  expect(needOf(card('a'))).toBeNull()
})

test('somebody is in the room, on the pages before it, gone, or was never here', () => {
  const at = (change: Parameters<typeof card>[1]) => whereabouts(card('a', { online: false, ...change }))
  expect(at({ online: true })).toEqual({ at: 'room' })
  expect(at({ arriving: true, step: 'camera' })).toEqual({ at: 'pages' })
  expect(at({ step: 'camera', offline_since: 5 })).toEqual({ at: 'gone', since: 5 })
  expect(at({ step: 'camera', last_seen: 7 })).toEqual({ at: 'gone', since: 7 })
  expect(at({ step: 'waiting', last_seen: 7, offline_since: 9 })).toEqual({ at: 'gone', since: 9 })
  expect(at({ step: 'invited' })).toEqual({ at: 'nowhere' })
})
