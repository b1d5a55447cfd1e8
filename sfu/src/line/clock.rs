//! The clock of a receiver, as its feedback tells it: 32 bits that go round in twelve days, of 250 µs each.

use viva_wire::Micros;

const TICK: i64 = 250;
/// Where the first moment is put, so that those before it are no trouble.
const EPOCH: u64 = 1 << 40;

/// Unwraps the moments of one receiver.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReceiverClock {
    newest: Option<(u32, u64)>,
}

impl ReceiverClock {
    /// The moment nearest to the one before that has these lower bits.
    pub(super) fn unwrap(&mut self, ticks: u32) -> Micros {
        let (before, at) = self.newest.unwrap_or((ticks, EPOCH));
        let step = i64::from(ticks.wrapping_sub(before).cast_signed()) * TICK;
        let at = at.saturating_add_signed(step);
        self.newest = Some((ticks, at));
        Micros(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_go_round_and_back() {
        let mut clock = ReceiverClock::default();
        let at = |clock: &mut ReceiverClock, ticks| clock.unwrap(ticks).0.cast_signed() - EPOCH.cast_signed();
        assert_eq!(at(&mut clock, u32::MAX - 1), 0);
        assert_eq!(at(&mut clock, 2), 1_000);
        assert_eq!(at(&mut clock, u32::MAX), 250);
        for _ in 0..3_000 {
            clock.unwrap(0x8000_0000);
            clock.unwrap(0);
        }
    }
}
