// Tests of the room's pure steps.
import { expect, test } from 'vitest'
import type { ParticipantState, PublicationState, ServerMessage } from './protocol'
import { isPaused, pictureQuality, type RoomState, step, withoutSlots } from './state'

const person = (id: string): ParticipantState => ({ id, name: id, connected: true, quality: 'good' })
const camera = (id: string, participant: string): PublicationState => ({
  id,
  participant,
  kind: 'video',
  source: 'camera',
  muted: false,
})
const joined = (resumed: boolean): ServerMessage => ({
  type: 'joined',
  room: 'r',
  participant: 'me',
  name: 'Me',
  session: 's',
  resume_ms: 30_000,
  resumed,
  permissions: { publish: true, subscribe: true },
  participants: [person('me'), person('a')],
  publications: [camera('pa', 'a')],
})
const run = (...messages: ServerMessage[]): RoomState => {
  let state: RoomState | null = null
  for (const message of messages) state = step(state, message)
  if (!state) throw new Error('no room')
  return state
}

test('before joining nothing is known', () => {
  expect(step(null, { type: 'active_speaker', participant: 'a' })).toBeNull()
})

test('the own seat is not among the others', () => {
  expect(run(joined(false)).participants.map((p) => p.id)).toEqual(['a'])
})

test('who leaves takes publications and the speaker mark along', () => {
  const state = run(
    joined(false),
    { type: 'participant', participant: person('b') },
    { type: 'publication', publication: camera('pb', 'b') },
    { type: 'active_speaker', participant: 'b' },
    { type: 'participant_left', participant: 'b' },
  )
  expect(state.publications.map((p) => p.id)).toEqual(['pa'])
  expect(state.speaker).toBeNull()
})

test('a change keeps the place in the order', () => {
  const state = run(
    joined(false),
    { type: 'participant', participant: person('b') },
    { type: 'participant', participant: { ...person('a'), connected: false } },
  )
  expect(state.participants.map((p) => [p.id, p.connected])).toEqual([
    ['a', false],
    ['b', true],
  ])
})

test('a publication that is gone empties its slot', () => {
  const state = run(
    joined(false),
    { type: 'slot', mid: '2', publication: 'pa' },
    { type: 'publication_gone', publication: 'pa' },
  )
  expect(state.slots.size).toBe(0)
})

test('a resumed seat keeps its slots, a new one does not', () => {
  const slot: ServerMessage = { type: 'slot', mid: '2', publication: 'pa' }
  expect(run(joined(false), slot, joined(true)).slots.get('2')).toBe('pa')
  expect(run(joined(false), slot, joined(false)).slots.size).toBe(0)
  expect(withoutSlots(run(joined(false), slot)).slots.size).toBe(0)
})

test('answers that concern no room change nothing', () => {
  const state = run(joined(false))
  expect(step(state, { type: 'pong' })).toBe(state)
})

test('what the browser cannot decode is marked until its slot is filled again', () => {
  const dark: ServerMessage[] = [
    joined(false),
    { type: 'slot', mid: '2', publication: 'pa' },
    { type: 'slot', mid: '2', publication: null, code: 'codec_unsupported' },
  ]
  expect([...run(...dark).unplayable]).toEqual(['pa'])
  expect(run(...dark).slots.size).toBe(0)
  expect(run(...dark, { type: 'slot', mid: '3', publication: 'pa' }).unplayable.size).toBe(0)
  expect(run(...dark, { type: 'publication_gone', publication: 'pa' }).unplayable.size).toBe(0)
  expect([...run(...dark, joined(true)).unplayable]).toEqual(['pa'])
})

test('a slot that is emptied for another reason marks nothing', () => {
  const state = run(
    joined(false),
    { type: 'slot', mid: '2', publication: 'pa' },
    { type: 'slot', mid: '2', publication: null },
  )
  expect(state.unplayable.size).toBe(0)
})

test('a picture is paused until its slot goes on, is emptied, or shows another', () => {
  const camera2 = camera('pb', 'a')
  const paused: ServerMessage[] = [
    joined(false),
    { type: 'publication', publication: camera2 },
    { type: 'slot', mid: '2', publication: 'pa', paused: true },
  ]
  const after = (...messages: ServerMessage[]) => run(...paused, ...messages)
  expect(isPaused(after(), 'pa')).toBe(true)
  expect(isPaused(after(), 'pb')).toBe(false)
  expect(isPaused(after(), null)).toBe(false)
  expect(isPaused(after(joined(true)), 'pa')).toBe(true)
  for (const state of [
    after({ type: 'slot', mid: '2', publication: 'pa' }),
    after({ type: 'slot', mid: '2', publication: null }),
    after({ type: 'slot', mid: '2', publication: 'pb' }),
    after({ type: 'publication_gone', publication: 'pa' }),
    after(joined(false)),
    withoutSlots(after()),
  ]) {
    expect(state.paused.size).toBe(0)
  }
})

test('a picture that another slot still shows is not paused', () => {
  const state = run(
    joined(false),
    { type: 'slot', mid: '2', publication: 'pa', paused: true },
    { type: 'slot', mid: '3', publication: 'pa' },
  )
  expect(isPaused(state, 'pa')).toBe(false)
})

test('a picture is as good as the best of the slots that show it, until they show it better', () => {
  const weak: ServerMessage[] = [
    joined(false),
    { type: 'publication', publication: camera('pb', 'a') },
    { type: 'slot', mid: '2', publication: 'pa', quality: 'poor' },
  ]
  const quality = (...messages: ServerMessage[]) => pictureQuality(run(...weak, ...messages), 'pa')
  expect(quality()).toBe('poor')
  expect(quality(joined(true))).toBe('poor')
  expect(quality({ type: 'slot', mid: '3', publication: 'pa', quality: 'fair' })).toBe('fair')
  expect(quality({ type: 'slot', mid: '3', publication: 'pa' })).toBe('good')
  expect(pictureQuality(run(...weak), 'pb')).toBe('good')
  expect(pictureQuality(run(...weak), null)).toBe('good')
  for (const state of [
    run(...weak, { type: 'slot', mid: '2', publication: 'pa' }),
    run(...weak, { type: 'slot', mid: '2', publication: null }),
    run(...weak, { type: 'publication_gone', publication: 'pa' }),
    run(...weak, joined(false)),
    withoutSlots(run(...weak)),
  ]) {
    expect(state.weakened.size).toBe(0)
  }
})
