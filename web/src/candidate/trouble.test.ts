// Tests of what the staff is told of devices.
import { expect, test } from 'vitest'
import type { Capture } from '../client'
import type { CandidateView, DeviceTrouble } from '../interview/types'
import { Troubles } from './trouble'

const live: Capture = { on: true, track: {} as MediaStreamTrack, acquiring: false, problem: null }
const opening: Capture = { on: true, track: null, acquiring: true, problem: null }
const denied: Capture = { on: true, track: null, acquiring: false, problem: 'denied' }
const off: Capture = { on: false, track: null, acquiring: false, problem: null }
const view = (step: CandidateView['step'], device_troubles: DeviceTrouble[] = []) => ({
  step,
  device_troubles,
})
const known: DeviceTrouble[] = [{ check: 'microphone', problem: 'denied', since: 1 }]

test('a trouble is told once, its end as well, and nothing of a device that is off or being opened', () => {
  const troubles = new Troubles()
  const media = { camera: off, microphone: opening }
  expect(troubles.news(media, view('microphone'), 0)).toEqual([])
  expect(troubles.news({ ...media, microphone: denied }, view('microphone'), 1)).toEqual([
    { check: 'microphone', problem: 'denied' },
  ])
  expect(troubles.news({ ...media, microphone: denied }, view('microphone', known), 2)).toEqual([])
  expect(troubles.news({ ...media, microphone: opening }, view('microphone', known), 3)).toEqual([])
  expect(troubles.news({ ...media, microphone: live }, view('microphone', known), 4)).toEqual([
    { check: 'microphone', problem: null },
  ])
  expect(troubles.news({ ...media, microphone: live }, view('microphone'), 5)).toEqual([])
})

test('what was not heard is told again, and not before a minute is over', () => {
  const troubles = new Troubles()
  const media = { camera: denied, microphone: live }
  expect(troubles.news(media, view('camera'), 0)).toHaveLength(1)
  expect(troubles.news(media, view('camera'), 59_999)).toEqual([])
  expect(troubles.news(media, view('camera'), 60_000)).toHaveLength(1)
})

test('after a reload the page tells that what was in trouble works', () => {
  const media = { camera: off, microphone: live }
  expect(new Troubles().news(media, view('microphone', known), 0)).toEqual([
    { check: 'microphone', problem: null },
  ])
})

test('each step tells of the devices that belong to it', () => {
  const media = { camera: denied, microphone: denied }
  const told = (step: CandidateView['step']) =>
    new Troubles().news(media, view(step), 0).map(({ check }) => check)
  expect(told('identity')).toEqual(['camera'])
  expect(told('speaker')).toEqual([])
  expect(told('microphone')).toEqual(['microphone'])
  expect(told('camera')).toEqual(['microphone', 'camera'])
  expect(told('waiting')).toEqual(['microphone', 'camera'])
})
