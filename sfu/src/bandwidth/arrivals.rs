//! Times of arrival, by a clock that is not ours and a peer that may lie, brought near to the times of sending.

use super::Told;
use viva_wire::Micros;

/// A delay that differs by more from the last one is a leap of the clock, µs.
const LEAP: i64 = 4_000_000;
/// Times are kept so small that sums of them cannot overflow, µs: 35 years.
const FARTHEST: i64 = 1 << 50;

/// Turns the receiver's times into ones whose delays are near to nothing.
#[derive(Debug, Clone, Default)]
pub struct ArrivalClock {
    /// What is taken off a time of arrival, in the arithmetic of 64 bits.
    offset: u64,
    delay: i64,
    begun: bool,
    /// It leapt in this feedback: once in each, so that a flood of leaps costs nothing.
    leapt: bool,
    leaps_now: bool,
}

impl ArrivalClock {
    /// Another feedback begins.
    pub const fn begin(&mut self) {
        self.leapt = false;
    }

    /// The time of arrival of what was sent at `sent`; `None` if it cannot be.
    pub fn place(&mut self, sent: i64, arrived: u64) -> Option<i64> {
        self.leaps_now = false;
        let time = arrived.wrapping_sub(self.offset).cast_signed();
        let delay = time.saturating_sub(sent);
        let leap =
            delay.saturating_sub(self.delay).saturating_abs() > LEAP || time.saturating_abs() > FARTHEST;
        if !self.begun || leap {
            if self.leapt {
                return None;
            }
            self.leaps_now = self.begun;
            self.leapt = self.begun;
            self.begun = true;
            self.offset = arrived.wrapping_sub(sent.cast_unsigned());
            self.delay = 0;
            return Some(sent);
        }
        self.delay = delay;
        Some(time)
    }

    /// With the last packet the clock leapt: what was known of its times is worth nothing.
    pub const fn has_leapt(&self) -> bool {
        self.leaps_now
    }
}

/// Microseconds from the beginning to a moment, neither negative nor without bound.
pub const fn micros_since(began: Micros, at: Micros) -> i64 {
    let micros = at.0.saturating_sub(began.0);
    if micros > FARTHEST.cast_unsigned() { FARTHEST } else { micros.cast_signed() }
}

/// Those packets of one feedback that arrived after a later one: they took another way, not a longer queue.
pub struct Overtaken([u64; WORDS]);

const WORDS: usize = super::MOST_TOLD.div_ceil(64);

impl Overtaken {
    pub fn of(told: &[Told]) -> Self {
        let mut late = [0; WORDS];
        let mut earliest = Micros::NEVER;
        for (index, packet) in told.iter().enumerate().rev() {
            let Some(arrived) = packet.arrived else { continue };
            if arrived > earliest
                && let Some(word) = late.get_mut(index / 64)
            {
                *word |= 1 << (index % 64);
            }
            earliest = earliest.min(arrived);
        }
        Self(late)
    }

    pub fn contains(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_epoch_makes_no_difference() {
        let mut arrivals = ArrivalClock::default();
        for epoch in [0_u64, 7_000_000_000, u64::MAX - 10_000] {
            arrivals = ArrivalClock::default();
            arrivals.begin();
            assert_eq!(arrivals.place(1_000, epoch.wrapping_add(1_000)), Some(1_000));
            assert_eq!(arrivals.place(21_000, epoch.wrapping_add(26_000)), Some(26_000));
        }
        assert!(!arrivals.has_leapt());
    }

    #[test]
    fn a_clock_may_leap_once_a_feedback() {
        let mut arrivals = ArrivalClock::default();
        arrivals.begin();
        arrivals.place(0, 0);
        assert_eq!(arrivals.place(10_000, 60_000_000), Some(10_000));
        assert!(arrivals.has_leapt());
        assert_eq!(arrivals.place(20_000, 5), None);
        assert!(!arrivals.has_leapt());
        assert_eq!(arrivals.place(30_000, 60_021_000), Some(31_000));
        arrivals.begin();
        assert_eq!(arrivals.place(40_000, 5), Some(40_000));
        assert!(arrivals.has_leapt());
    }

    #[test]
    fn who_was_overtaken_is_known() {
        let arrived = [Some(10), Some(50), None, Some(20), Some(30), Some(25)];
        let told = arrived.map(|at| Told { sent: Micros(0), size: 1, probe: None, arrived: at.map(Micros) });
        let overtaken = Overtaken::of(&told);
        let late: Vec<usize> = (0..told.len()).filter(|index| overtaken.contains(*index)).collect();
        assert_eq!(late, [1, 4]);
    }
}
