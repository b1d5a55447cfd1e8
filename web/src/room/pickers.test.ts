// Tests of what the device pickers show.
import { expect, test } from 'vitest'
import { deviceOf, pickers, shortLabel } from './pickers'

const devices = {
  camera: [
    { id: 'c1', label: 'Cam (046d:0825)' },
    { id: 'c2', label: '' },
  ],
  microphone: [],
  speaker: [{ id: 'default', label: 'Default' }],
}
const choice = { camera: { id: 'c2', label: '' }, microphone: null, speaker: null }
const unnamed = (number: number) => `#${number}`

test('what is in use is shown, before what was chosen', () => {
  expect(pickers({ devices, choice }, { camera: 'c1', microphone: null }, unnamed)[0]).toEqual({
    kind: 'camera',
    options: [
      { id: 'c1', label: 'Cam' },
      { id: 'c2', label: '#2' },
    ],
    value: 'c1',
  })
  expect(pickers({ devices, choice }, { camera: null, microphone: null }, unnamed)[0]?.value).toBe('c2')
})

test('a chosen device that is gone is not shown', () => {
  const gone = { ...choice, camera: { id: 'x', label: 'x' } }
  expect(pickers({ devices, choice: gone }, { camera: null, microphone: null }, unnamed)[0]?.value).toBeNull()
})

test('a speaker that is gone leaves the sound to the first one', () => {
  const value = (speaker: { id: string; label: string } | null, list = devices.speaker) =>
    pickers(
      { devices: { ...devices, speaker: list }, choice: { ...choice, speaker } },
      { camera: null, microphone: null },
      unnamed,
    )[2]?.value
  expect(value({ id: 'x', label: 'Box' })).toBe('default')
  expect(value({ id: 'x', label: 'Box' }, [...devices.speaker, { id: 'y', label: 'Box' }])).toBe('y')
})

test('without a choice of speakers there is no picker for them', () => {
  const kinds = (speaker: typeof devices.speaker) =>
    pickers({ devices: { ...devices, speaker }, choice }, { camera: null, microphone: null }, unnamed).map(
      ({ kind }) => kind,
    )
  expect(kinds(devices.speaker)).toContain('speaker')
  expect(kinds([])).not.toContain('speaker')
})

test('labels lose their USB ids only', () => {
  expect(shortLabel('HD Webcam (046d:0825)')).toBe('HD Webcam')
  expect(shortLabel('Mic (Built-in)')).toBe('Mic (Built-in)')
})

test('a device is found by id', () => {
  expect(deviceOf({ devices }, 'camera', 'c2')?.id).toBe('c2')
  expect(deviceOf({ devices }, 'microphone', 'c2')).toBeNull()
})
