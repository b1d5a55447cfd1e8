// Tests of times of day in the time zone of an interview.
import { expect, test } from 'vitest'
import { clockIn, distanceText, isElsewhere, knownZone, offsetOf, timeIn, zoneText } from './zone'

const WINTER = Date.UTC(2026, 11, 1, 2, 42)
const SUMMER = Date.UTC(2026, 6, 1, 2, 42)

test.each([
  ['Asia/Shanghai', WINTER, '10:42', '北京时间 (UTC+8)', 'Beijing time (UTC+8)'],
  ['Europe/London', WINTER, '02:42', '格林尼治标准时间 (UTC)', 'Greenwich Mean Time (UTC)'],
  ['Europe/London', SUMMER, '03:42', '英国夏令时间 (UTC+1)', 'British Summer Time (UTC+1)'],
  ['America/St_Johns', SUMMER, '00:12', '纽芬兰夏令时间 (UTC-2:30)', 'Newfoundland Daylight Time (UTC-2:30)'],
  ['Etc/GMT-7', WINTER, '09:42', 'UTC+7', 'UTC+7'],
])('in %s clocks are told with their name', (zone, at, clock, zh, en) => {
  expect(clockIn(zone, 'zh-CN', at)).toBe(clock)
  expect(zoneText(zone, 'zh-CN', at)).toBe(zh)
  expect(zoneText(zone, 'en', at)).toBe(en)
})

test('the first minutes of a day are told from nought', () => {
  expect(clockIn('Asia/Shanghai', 'en', Date.UTC(2026, 11, 1, 16, 5))).toBe('00:05')
})

test('an hour that comes twice is the first one, one that is left out is counted on', () => {
  const noon = Date.UTC(2026, 6, 1, 12)
  expect(timeIn('Europe/Berlin', noon)).toBe(noon - 7_200_000)
  expect(timeIn('Europe/Berlin', Date.UTC(2026, 9, 25, 2, 30))).toBe(Date.UTC(2026, 9, 25, 0, 30))
  expect(timeIn('Europe/Berlin', Date.UTC(2026, 2, 29, 2, 30))).toBe(Date.UTC(2026, 2, 29, 1, 30))
  expect(timeIn('Asia/Shanghai', Date.UTC(2026, 11, 1, 9))).toBe(Date.UTC(2026, 11, 1, 1))
})

test('a zone is named where the clock of the device shows another time', () => {
  expect(isElsewhere('Asia/Shanghai', WINTER, 'Asia/Shanghai')).toBe(false)
  expect(isElsewhere('Asia/Shanghai', WINTER, 'Asia/Singapore')).toBe(false)
  expect(isElsewhere('Europe/London', WINTER, 'UTC')).toBe(false)
  expect(isElsewhere('Europe/London', SUMMER, 'UTC')).toBe(true)
})

test('a zone that this browser does not know is told in UTC', () => {
  expect(knownZone('Asia/Shanghai')).toBe('Asia/Shanghai')
  expect(knownZone('Mars/Olympus')).toBe('UTC')
  expect(distanceText('UTC', WINTER)).toBe('UTC')
  expect(offsetOf('Asia/Kolkata', WINTER)).toBe(19_800_000)
})
