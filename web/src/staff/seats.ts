// The seats of an account, as its start page lists them, and where each is entered.
import type { StaffSeat } from '../interview/types'
import { clockIn, isElsewhere, knownZone, zoneText } from '../interview/zone'

/** The roles that sit in a panel room, each on a page of its own. */
export type PanelRole = 'examiner' | 'host'

/** One interview with the seats that the account has in it. */
export interface InterviewSeats {
  interview: string
  name: string
  rehearsal: boolean
  startsAt: number
  endsAt: number
  zone: string
  when: 'now' | 'soon' | 'later' | 'over'
  seats: { seat: string; role: PanelRole }[]
}

/** Milliseconds: an interview that begins within this time is near. */
const SOON = 60 * 60_000
const ORDER = ['now', 'soon', 'later', 'over'] as const

/** Interviews with seats for a page of their own: those that go on first, those that are over last. */
export function interviewSeats(seats: readonly StaffSeat[], now: number): InterviewSeats[] {
  const byInterview = new Map<string, InterviewSeats>()
  for (const { interview, interview_name, rehearsal, seat, role, starts_at, ends_at, time_zone } of seats) {
    if (role !== 'examiner' && role !== 'host') continue
    const known = byInterview.get(interview) ?? {
      interview,
      name: interview_name,
      rehearsal,
      startsAt: starts_at,
      endsAt: ends_at,
      zone: time_zone,
      when: whenOf(starts_at, ends_at, now),
      seats: [],
    }
    known.seats.push({ seat, role })
    byInterview.set(interview, known)
  }
  return [...byInterview.values()].sort(
    (a, b) =>
      ORDER.indexOf(a.when) - ORDER.indexOf(b.when) ||
      (a.when === 'over' ? b.endsAt - a.endsAt : a.startsAt - b.startsAt),
  )
}

/** Rooms that the account may watch. */
export function patrolSeats(seats: readonly StaffSeat[]): StaffSeat[] {
  return seats
    .filter(({ role }) => role === 'patrol')
    .sort((a, b) => a.starts_at - b.starts_at || a.interview_name.localeCompare(b.interview_name))
}

/** The page of a seat; a patrol sees all its rooms on one. */
export function seatPath({ seat, role }: { seat: string; role: PanelRole | 'patrol' }): string {
  return role === 'patrol' ? '/patrol' : `/${role}/${encodeURIComponent(seat)}`
}

function whenOf(startsAt: number, endsAt: number, now: number): InterviewSeats['when'] {
  if (now > endsAt) return 'over'
  if (now >= startsAt) return 'now'
  return startsAt - now <= SOON ? 'soon' : 'later'
}

/** E.g. `11月24日 09:00 – 17:30`; both days where they differ, and the zone where this device is in another. */
export function spanText(from: number, to: number, zone: string, locale: string): string {
  const timeZone = knownZone(zone)
  const day = new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone })
  const time = (at: number) => clockIn(timeZone, locale, at)
  const ends = day.format(from) === day.format(to) ? time(to) : `${day.format(to)} ${time(to)}`
  const named = isElsewhere(timeZone, from) ? ` ${zoneText(timeZone, locale, from)}` : ''
  return `${day.format(from)} ${time(from)} – ${ends}${named}`
}
