// Tests of the choice of devices.
import { describe, expect, test } from 'vitest'
import { findChoice, hotPlug, listDevices, speakerId } from './devices'

const built = { id: '1', label: 'Built-in' }
const usb = { id: '2', label: 'USB' }

test('devices are listed by kind, without nameless and doubled ones', () => {
  const lists = listDevices([
    { deviceId: '1', kind: 'videoinput', label: 'Cam' },
    { deviceId: '', kind: 'audioinput', label: '' },
    { deviceId: 'default', kind: 'audioinput', label: 'Default' },
    { deviceId: 'communications', kind: 'audiooutput', label: 'Communications' },
  ])
  expect(lists).toEqual({
    camera: [{ id: '1', label: 'Cam' }],
    microphone: [{ id: 'default', label: 'Default' }],
    speaker: [],
  })
})

describe('the chosen device', () => {
  test('is found by id, then by name', () => {
    expect(findChoice([built, usb], { id: '2', label: 'old name' })).toBe(usb)
    expect(findChoice([built, usb], { id: 'x', label: 'USB' })).toBe(usb)
  })

  test('is none when nothing fits or nothing was chosen', () => {
    expect(findChoice([built], { id: 'x', label: 'y' })).toBeNull()
    expect(findChoice([{ id: '1', label: '' }], { id: 'x', label: '' })).toBeNull()
    expect(findChoice([built], null)).toBeNull()
  })
})

describe('the speaker to play through', () => {
  test('is the chosen one, by its name where its id is another one now', () => {
    expect(speakerId([built, usb], { id: '2', label: 'USB' })).toBe('2')
    expect(speakerId([built, usb], { id: 'x', label: 'USB' })).toBe('2')
  })
  test('is the system’s own when the chosen one is gone', () => expect(speakerId([built], usb)).toBe(''))
  test('is believed to be there while no list says otherwise', () => expect(speakerId([], usb)).toBe('2'))
  test('is the system’s own without a choice', () => expect(speakerId([built], null)).toBe(''))
})

describe('a changed list', () => {
  test('keeps what is in use', () => expect(hotPlug([built, usb], '1', null)).toBe('keep'))
  test('switches when the device in use is pulled', () => expect(hotPlug([built], '2', usb)).toBe('switch'))
  test('switches back when the chosen one returns', () =>
    expect(hotPlug([built, usb], '1', usb)).toBe('switch'))
  test('loses the last one', () => expect(hotPlug([], '1', null)).toBe('lost'))
  test('takes the first one that comes', () => expect(hotPlug([built], null, null)).toBe('acquire'))
  test('waits while there is none', () => expect(hotPlug([], null, null)).toBe('keep'))
})
