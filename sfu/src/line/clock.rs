//! The clock of a receiver, as its feedback tells it: 32 bits that go round.

use viva_wire::Micros;

/// Where the first moment is put, so that those before it are no trouble.
const EPOCH: i64 = 1 << 40;

/// What a receiver's clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ticks {
    /// Of 250 µs each (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): they go round in twelve days.
    #[default]
    Quarters,
    /// Of 1/65,536 s each (RFC 8888 §3.1): they go round in 18 hours.
    Ntp,
}

impl Ticks {
    const fn micros(self, ticks: i64) -> i64 {
        match self {
            Self::Quarters => ticks * 250,
            Self::Ntp => (ticks * 15_625) >> 10,
        }
    }
}

/// Unwraps the moments of one receiver.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReceiverClock {
    ticks: Ticks,
    /// The newest moment as it came, and ticks from the first one to it.
    newest: Option<(u32, i64)>,
}

impl ReceiverClock {
    /// One that counts so.
    pub(super) const fn of(ticks: Ticks) -> Self {
        Self { ticks, newest: None }
    }

    /// The moment nearest to the one before that has these lower bits.
    pub(super) fn unwrap(&mut self, ticks: u32) -> Micros {
        let (before, at) = self.newest.unwrap_or((ticks, 0));
        // Far beyond what a clock shows, it stands: nobody's does who is honest.
        let at = (at + i64::from(ticks.wrapping_sub(before).cast_signed())).clamp(-FARTHEST, FARTHEST);
        self.newest = Some((ticks, at));
        Micros((EPOCH + self.ticks.micros(at)).max(0).cast_unsigned())
    }
}

/// Ticks from the first moment, at most: ten years and more.
const FARTHEST: i64 = 1 << 45;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_go_round_and_back() {
        let mut clock = ReceiverClock::default();
        let at = |clock: &mut ReceiverClock, ticks| clock.unwrap(ticks).0.cast_signed() - EPOCH;
        assert_eq!(at(&mut clock, u32::MAX - 1), 0);
        assert_eq!(at(&mut clock, 2), 1_000);
        assert_eq!(at(&mut clock, u32::MAX), 250);
        for _ in 0..3_000 {
            clock.unwrap(0x8000_0000);
            clock.unwrap(0);
        }
    }

    #[test]
    fn parts_of_a_second_do_not_add_up_to_an_error() {
        let mut clock = ReceiverClock::of(Ticks::Ntp);
        let first = clock.unwrap(7).0;
        let last = (1..=65_536 * 3).map(|tick| clock.unwrap(7 + tick).0).last();
        assert_eq!(last, Some(first + 3_000_000));
        for _ in 0..100_000 {
            clock.unwrap(0x8000_0000);
            clock.unwrap(0);
        }
    }
}
