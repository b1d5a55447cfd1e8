// Tests of the order of the own seats.
import { expect, test } from 'vitest'
import type { StaffSeat } from '../interview/types'
import { openSeats } from './seats'

const seat = (name: string, starts_at: number, ends_at: number): StaffSeat => ({ interview: name, interview_name: name, seat: name, role: 'examiner', starts_at, ends_at })

test('what is open stands first, what is over last', () => {
  const seats = [seat('long over', 0, 10), seat('later', 200, 300), seat('over', 0, 90), seat('now', 50, 150), seat('soon', 150, 160)]
  expect(openSeats(seats, 100).map(({ interview, phase }) => `${interview}: ${phase}`)).toEqual([
    'now: open',
    'soon: ahead',
    'later: ahead',
    'over: over',
    'long over: over',
  ])
})
