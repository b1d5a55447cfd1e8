// Tests of what may stand in a field.
import { expect, test } from 'vitest'
import {
  atMost,
  collect,
  fieldTime,
  hundredths,
  hundredthsText,
  letters,
  needed,
  phone,
  timeOf,
  timeText,
  whole,
} from './fields'

test('a field that is right has no entry', () => {
  expect(collect({ name: null, phone: { key: 'forms.problem.phone' } })).toEqual({
    phone: { key: 'forms.problem.phone' },
  })
})

test('letters are counted as a person counts them', () => {
  expect(letters('考生😀𠮷')).toBe(4)
  expect(atMost('𠮷'.repeat(10), 10)).toBeNull()
  expect(atMost('a'.repeat(11), 10)).toMatchObject({ values: { max: 10 } })
})

test('spaces alone are no text', () => {
  expect(needed('  　', 10)).toEqual({ key: 'forms.problem.needed' })
  expect(needed(' 考生甲 ', 3)).toBeNull()
})

test.each([
  ['10', null],
  [' 0 ', null],
  ['', 'forms.problem.needed'],
  ['1.5', 'forms.problem.whole'],
  ['-1', 'forms.problem.whole'],
  ['101', 'forms.problem.whole'],
  ['1e2', 'forms.problem.whole'],
])('a whole number from 0 to 100: %j', (text, key) => {
  expect(whole(text, 0, 100)?.key ?? null).toBe(key)
})

test.each([
  ['100', 10_000],
  ['85.5', 8_550],
  ['0.05', 5],
  ['85.555', null],
  ['', null],
  ['abc', null],
  ['-3', null],
])('points %j are %j hundredths', (text, value) => {
  expect(hundredths(text)).toBe(value)
})

test('hundredths are written back as they were read, without a rounding on the way', () => {
  for (let value = 0; value <= 12_000; value++) expect(hundredths(hundredthsText(value))).toBe(value)
})

test.each([
  ['138 0013 8000', '13800138000'],
  ['+86-138-0013-8000', '+8613800138000'],
  ['１３８００１３８０００', '13800138000'],
  ['\u202d138‑0013–8000\u202c\u200b', '13800138000'],
  ['0086 138 0013 8000', '+8613800138000'],
  ['١٣٨٠٠١٣٨٠٠٠', '13800138000'],
  ['1380013800a', null],
  ['+852 9876 5432', '+85298765432'],
  ['123', null],
  ['1380013', null],
  ['12800138000', null],
  ['+861088886666', null],
  ['+1234567', null],
  ['1'.repeat(16), null],
])('phone %j is kept as %j', (text, kept) => {
  expect(phone(text)).toBe(kept)
})

test('a time survives the way into its field and back', () => {
  const time = Date.UTC(2026, 2, 28, 1, 5)
  expect(timeText(time, 'Asia/Shanghai')).toBe('2026-03-28T09:05')
  expect(timeOf('2026-03-28T09:05', 'Asia/Shanghai')).toBe(time)
  expect(timeOf('2026-03-28T09:05', 'America/New_York')).toBe(time + 12 * 3_600_000)
  for (const text of ['', '2026-03-28', '2026-13-41T99:99', 'soon']) expect(timeOf(text, 'UTC')).toBeNull()
})

// The hour that the clocks show twice, the one that they skip, half hours, and a zone without any of it.
test.each([
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 0, 30)],
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 1, 30)],
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 1, 30, 59, 7)],
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 1, 0)],
  ['America/New_York', Date.UTC(2026, 10, 1, 6, 30)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15, 10)],
  ['Asia/Shanghai', Date.UTC(2026, 9, 25, 1, 30, 15)],
  ['Asia/Shanghai', Date.UTC(1988, 8, 10, 16, 30)],
])('in %s the time %i that nobody touched stays what it is', (place, time) => {
  expect(timeOf(timeText(time, place), place)).toBe(time)
  // A field takes nothing else, and what it takes is the same moment but for an hour that comes twice.
  expect(fieldTime(timeText(time, place))).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{3})?)?$/)
})
