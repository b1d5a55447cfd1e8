//! A modelled browser's own clock: wrong by an offset, and running a little fast or slow.

use viva_wire::ntp::Ntp;

/// Seconds from 1900 to the world's beginning; any number does.
const WORLD: u64 = 3_900_000_000;

/// A wall clock and the media clocks that follow it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Seconds that it is ahead.
    pub offset: u64,
    /// Microseconds a second that it runs too fast.
    pub drift: i64,
}

impl Clock {
    /// Ticks of a media clock since the world began, modulo 2³².
    pub fn ticks(&self, now: u64, rate: u32) -> u32 {
        (u128::from(self.local(now)) * u128::from(rate) / 1_000_000) as u32
    }

    /// The wall clock as sender reports tell it.
    pub fn ntp(&self, now: u64) -> Ntp {
        let local = self.local(now);
        let seconds = WORLD + self.offset + local / 1_000_000;
        Ntp((seconds << 32) | (((local % 1_000_000) << 32) / 1_000_000))
    }

    fn local(&self, now: u64) -> u64 {
        now.wrapping_add_signed(
            now as i64 / 1_000_000 * self.drift + (now as i64 % 1_000_000) * self.drift / 1_000_000,
        )
    }
}
