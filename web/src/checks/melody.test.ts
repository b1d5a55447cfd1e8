// Tests of the music and of its file.
import { expect, test } from 'vitest'
import { meterLevel } from '../client/level'
import { DURATION, melody, SAMPLE_RATE } from './melody'
import { wav } from './wav'

const samples = melody()

test('the tune is loud, never clips, and has no second of silence', () => {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  expect(peak).toBeCloseTo(0.8, 3)
  for (let start = 0; start < samples.length; start += SAMPLE_RATE) {
    expect(meterLevel(samples.subarray(start, start + SAMPLE_RATE))).toBeGreaterThan(0.4)
  }
})

test('it repeats without a click', () => {
  const step = Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 0))
  let largest = 0
  for (let index = 1; index < samples.length; index++)
    largest = Math.max(largest, Math.abs((samples[index] ?? 0) - (samples[index - 1] ?? 0)))
  expect(step).toBeLessThanOrEqual(largest)
})

test('the file tells its length and rate, and holds the samples', () => {
  const view = new DataView(wav(new Float32Array([0, 1, -1, 2]), 8000))
  expect(view.byteLength).toBe(52)
  expect([view.getUint32(24, true), view.getUint32(40, true)]).toEqual([8000, 8])
  expect([0, 1, 2, 3].map((index) => view.getInt16(44 + index * 2, true))).toEqual([
    0, 32_767, -32_767, 32_767,
  ])
  expect(wav(samples, SAMPLE_RATE).byteLength).toBe(44 + 2 * Math.round(DURATION * SAMPLE_RATE))
})
