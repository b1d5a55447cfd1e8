// Tests of points in text.
import { expect, test } from 'vitest'
import { mean, pointsText, readPoints } from './points'

test.each([
  [0, '0'],
  [8500, '85'],
  [8550, '85.5'],
  [8505, '85.05'],
  [-150, '-1.5'],
])('%d hundredths are written %s', (hundredths, text) => {
  expect(pointsText(hundredths)).toBe(text)
})

test.each([
  ['85', 8500],
  [' 85.5 ', 8550],
  ['85.', 8500],
  ['85.05', 8505],
  ['８５．５', 8550],
  ['85。5', 8550],
  ['１２．５', 1250],
  ['８５，５', 8550],
  ['85｡5', 8550],
  ['', null],
  ['  ', null],
  ['85.555', 'wrong'],
  ['-1', 'wrong'],
  ['1e3', 'wrong'],
  ['九十', 'wrong'],
  ['99999999999', 'wrong'],
])('%j is read as %s', (text, points) => {
  expect(readPoints(text)).toBe(points)
})

test('what is written is read back', () => {
  for (let points = 0; points <= 10_000; points += 7) expect(readPoints(pointsText(points))).toBe(points)
})

test('the mean rounds halves up', () => {
  expect(mean([])).toBeNull()
  expect(mean([8500])).toBe(8500)
  expect(mean([8500, 8501])).toBe(8501)
  expect(mean([8500, 8500, 8501])).toBe(8500)
})
