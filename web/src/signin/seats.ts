// The own seats in the order in which they matter.
import type { StaffSeat } from '../interview/types'

export type ListedSeat = StaffSeat & { phase: 'open' | 'ahead' | 'over' }

const ORDER = { open: 0, ahead: 1, over: 2 }

/** Open ones first, then the next, then those that are over, the newest first. */
export function openSeats(seats: readonly StaffSeat[], now: number): ListedSeat[] {
  return seats
    .map((seat): ListedSeat => ({ ...seat, phase: now < seat.starts_at ? 'ahead' : now < seat.ends_at ? 'open' : 'over' }))
    .sort((a, b) => ORDER[a.phase] - ORDER[b.phase] || (a.phase === 'over' ? b.ends_at - a.ends_at : a.starts_at - b.starts_at))
}
