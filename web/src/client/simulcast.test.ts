// Tests of pausing and resuming layers.
import { expect, test } from 'vitest'
import { cameraEncodings, withWanted } from './simulcast'

test('layers are offered smallest first', () => {
  const rates = cameraEncodings().map((encoding) => encoding.maxBitrate ?? 0)
  expect(rates).toEqual([...rates].sort((a, b) => a - b))
})

test('only wanted layers stay active', () => {
  const after = withWanted(cameraEncodings(), ['q', 'h'], true)
  expect(after?.map((encoding) => [encoding.rid, encoding.active])).toEqual([
    ['q', true],
    ['h', true],
    ['f', false],
  ])
})

test('nobody receives: all pause, and resume as they were', () => {
  const paused = withWanted(cameraEncodings(), [], false)
  expect(paused?.every((encoding) => encoding.active === false)).toBe(true)
  const resumed = withWanted(paused ?? [], ['q', 'h', 'f'], true)
  expect(resumed).toEqual(cameraEncodings().map((encoding) => ({ ...encoding, active: true })))
})

test('no change is null', () => {
  expect(withWanted(cameraEncodings(), ['q', 'h', 'f'], true)).toBeNull()
})

test('without simulcast the only encoding follows whether anybody receives', () => {
  expect(withWanted([{}], [], true)).toBeNull()
  expect(withWanted([{}], [], false)).toEqual([{ active: false }])
})
