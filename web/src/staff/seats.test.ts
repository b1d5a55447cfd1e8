// Tests of the start page's list, and of tokens in a link.
import { expect, test } from 'vitest'
import type { Session, StaffSeat } from '../interview/types'
import { interviewSeats, patrolSeats } from './seats'

const HOUR = 3_600_000
const seat = (interview: string, role: StaffSeat['role'], from: number, to: number): StaffSeat => ({
  interview,
  interview_name: interview,
  seat: `${interview}-${role}`,
  role,
  starts_at: from * HOUR,
  ends_at: to * HOUR,
})
const session = (seats: StaffSeat[]): Session => ({ account: 'a', name: 'n', administrator: false, seats })

test('interviews that go on stand first, those that are over last', () => {
  const list = interviewSeats(session([seat('over', 'host', 1, 2), seat('later', 'host', 20, 22), seat('soon', 'host', 10.5, 12), seat('now', 'host', 9, 12)]), 10 * HOUR)
  expect(list.map(({ interview, when }) => [interview, when])).toEqual([
    ['now', 'now'],
    ['soon', 'soon'],
    ['later', 'later'],
    ['over', 'over'],
  ])
})

test('two seats in one interview stand together, each with its page', () => {
  const [one] = interviewSeats(session([seat('i', 'host', 9, 12), seat('i', 'examiner', 9, 12)]), 10 * HOUR)
  expect(one?.seats.map(({ to }) => to)).toEqual(['/host/i-host', '/examiner/i-examiner'])
})

test('rooms to watch are a list of their own', () => {
  const all = session([seat('i', 'patrol', 9, 12), seat('j', 'host', 9, 12)])
  expect(interviewSeats(all, 10 * HOUR).map(({ interview }) => interview)).toEqual(['j'])
  expect(patrolSeats(all).map(({ interview }) => interview)).toEqual(['i'])
})
