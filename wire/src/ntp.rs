//! NTP timestamps of sender reports and their middle 32 bits (RFC 3550 §4).

use crate::Micros;
use std::time::Duration;

/// Seconds from 1900, where NTP begins, to 1970, where Unix time begins.
const UNIX_EPOCH: u64 = 2_208_988_800;

/// A 64-bit NTP timestamp: seconds since 1900 in the upper 32 bits, the fraction of a second in the lower 32.
///
/// The seconds wrap in 2036; differences stay right across the wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ntp(pub u64);

impl Ntp {
    /// The middle 32 bits, units of 1/65536 s: what LSR carries (RFC 3550 §6.4.1).
    pub const fn middle(self) -> u32 {
        (self.0 >> 16) as u32
    }

    /// Microseconds from `earlier` to `self`, negative when `earlier` is the later one; right within 68 years.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        let units = self.0.wrapping_sub(earlier.0).cast_signed();
        ((units as i128 * 1_000_000 + (1 << 31)) >> 32) as i64
    }
}

/// The unit's clock in NTP terms.
#[derive(Debug, Clone, Copy)]
pub struct NtpClock {
    epoch: Ntp,
}

impl NtpClock {
    /// `unix_time` is the time since 1970 at [`Micros`] zero.
    pub const fn new(unix_time: Duration) -> Self {
        let seconds = unix_time.as_secs().wrapping_add(UNIX_EPOCH);
        let fraction = ((unix_time.subsec_nanos() as u64) << 32) / 1_000_000_000;
        Self { epoch: Ntp((seconds << 32) | fraction) }
    }

    /// The timestamp of a moment.
    pub const fn ntp(self, at: Micros) -> Ntp {
        let seconds = at.0 / 1_000_000;
        let fraction = ((at.0 % 1_000_000) << 32) / 1_000_000;
        Ntp(self.epoch.0.wrapping_add(seconds << 32).wrapping_add(fraction))
    }

    /// The moment of a timestamp, the inverse of [`Self::ntp`]; one before the epoch becomes zero.
    pub fn micros(self, ntp: Ntp) -> Micros {
        Micros(u64::try_from(ntp.micros_since(self.epoch)).unwrap_or(0))
    }
}

/// A duration in units of 1/65536 s: what DLSR carries (RFC 3550 §6.4.1). Saturates at 18 hours.
pub fn to_short(duration: Duration) -> u32 {
    u32::try_from((duration.as_micros() << 16) / 1_000_000).unwrap_or(u32::MAX)
}

/// The inverse of [`to_short`], to the microsecond.
pub const fn from_short(units: u32) -> Duration {
    Duration::from_micros((units as u64 * 1_000_000 + (1 << 15)) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3550 §6.4.1, figure 2: 10 Nov 1995 11:33:25.125 UTC is b44d:b705:2000:0000.
    const FIGURE: u64 = 0xb44d_b705_2000_0000;

    #[test]
    fn the_figure_of_rfc_3550_holds() {
        let clock = NtpClock::new(Duration::from_millis(816_003_205_125));
        assert_eq!(clock.ntp(Micros(0)), Ntp(FIGURE));
        assert_eq!(clock.ntp(Micros(0)).middle(), 0xb705_2000);
        assert_eq!(to_short(Duration::from_millis(5_250)), 0x0005_4000);
        assert_eq!(from_short(0x0005_4000), Duration::from_millis(5_250));
    }

    #[test]
    fn moment_and_timestamp_are_inverse_to_the_microsecond() {
        let clock = NtpClock::new(Duration::new(1_790_000_000, 123_456_789));
        for at in [0, 1, 999_999, 1_000_000, 86_400_000_001, 31_536_000_123_457].map(Micros) {
            assert_eq!(clock.micros(clock.ntp(at)), at);
        }
    }

    #[test]
    fn the_wrap_of_2036_passes_unnoticed() {
        let clock = NtpClock::new(Duration::from_secs((1 << 32) - UNIX_EPOCH - 1));
        let (before, after) = (clock.ntp(Micros(500_000)), clock.ntp(Micros(1_500_000)));
        assert!(after.0 < before.0);
        assert_eq!(after.micros_since(before), 1_000_000);
        assert_eq!(before.micros_since(after), -1_000_000);
        assert_eq!(clock.micros(after), Micros(1_500_000));
    }

    #[test]
    fn a_timestamp_before_the_epoch_is_moment_zero_and_a_long_duration_saturates() {
        let clock = NtpClock::new(Duration::from_secs(1_790_000_000));
        assert_eq!(clock.micros(Ntp(clock.ntp(Micros(0)).0 - (9 << 32))), Micros(0));
        assert_eq!(to_short(Duration::from_secs(1 << 20)), u32::MAX);
    }
}
