// Tests of the start page's list, and of the pages of the seats.
import { expect, test } from 'vitest'
import type { StaffSeat } from '../interview/types'
import { ownZone } from '../interview/zone'
import { interviewSeats, patrolSeats, seatPath, spanText } from './seats'

const HOUR = 3_600_000
const seat = (interview: string, role: StaffSeat['role'], from: number, to: number): StaffSeat => ({
  interview,
  interview_name: interview,
  rehearsal: false,
  seat: `${interview}-${role}`,
  role,
  starts_at: from * HOUR,
  ends_at: to * HOUR,
  time_zone: 'UTC',
})

test('interviews that go on stand first, those that are over last', () => {
  const seats = [
    seat('long over', 'host', 1, 2),
    seat('later', 'host', 20, 22),
    seat('over', 'host', 1, 9),
    seat('soon', 'host', 10.5, 12),
    seat('now', 'host', 9, 12),
  ]
  expect(interviewSeats(seats, 10 * HOUR).map(({ interview, when }) => `${interview}: ${when}`)).toEqual([
    'now: now',
    'soon: soon',
    'later: later',
    'over: over',
    'long over: over',
  ])
})

test('two seats in one interview stand together, each with its page', () => {
  const [one] = interviewSeats([seat('i', 'host', 9, 12), seat('i', 'examiner', 9, 12)], 10 * HOUR)
  expect(one?.seats.map(seatPath)).toEqual(['/host/i-host', '/examiner/i-examiner'])
  expect(seatPath({ seat: 'i-patrol', role: 'patrol' })).toBe('/patrol')
})

test('rooms to watch are a list of their own', () => {
  const all = [seat('i', 'patrol', 9, 12), seat('j', 'host', 9, 12)]
  expect(interviewSeats(all, 10 * HOUR).map(({ interview }) => interview)).toEqual(['j'])
  expect(patrolSeats(all).map(({ interview }) => interview)).toEqual(['i'])
})

test('a time on one day names the day once', () => {
  const own = ownZone()
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime()
  expect(spanText(at(24, 0), at(24, 17), own, 'zh-CN')).toBe('11月24日 00:00 – 17:00')
  expect(spanText(at(24, 9), at(25, 17), own, 'en')).toBe('November 24 09:00 – November 25 17:00')
})

test('times of an interview elsewhere are its own, and say so', () => {
  const zone = new Date(2026, 10, 24).getTimezoneOffset() === -480 ? 'UTC' : 'Asia/Shanghai'
  const name = zone === 'UTC' ? '协调世界时 (UTC)' : '北京时间 (UTC+8)'
  const at = Date.UTC(2026, 10, 24, 1) + (zone === 'UTC' ? 28_800_000 : 0)
  expect(spanText(at, at + 3_600_000, zone, 'zh-CN')).toBe(`11月24日 09:00 – 10:00 ${name}`)
})
