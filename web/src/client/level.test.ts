// Tests of the meter's scale.
import { expect, test } from 'vitest'
import { meterLevel } from './level'

test('silence is 0, full scale is 1, speech lies between', () => {
  expect(meterLevel(new Float32Array(64))).toBe(0)
  expect(meterLevel(new Float32Array(64).fill(1))).toBe(1)
  expect(meterLevel(new Float32Array(64).fill(0.03))).toBeGreaterThan(0.4)
  expect(meterLevel(new Float32Array(64).fill(0.03))).toBeLessThan(0.7)
  expect(meterLevel(new Float32Array(0))).toBe(0)
})
