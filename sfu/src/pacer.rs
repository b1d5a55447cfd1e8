//! The pacer of one receiver: a frame leaves in bursts that its line can take, a probe evenly spaced.
//!
//! It holds nothing itself: packets wait in the receiver's queue, and the pacer says when the next may leave. Sound does not
//! ask.

use std::time::Duration;
use viva_wire::Micros;

/// Pictures leave at so many times the estimate: a frame is there before the next one, and the queue of the line stays short.
const FACTOR: u64 = 2;

/// What may leave at once, as time at that rate.
const BURST: Duration = Duration::from_millis(10);
/// A line of less than this has no room for that: a key frame alone would look like congestion. There they leave as they fit.
const THIN: u64 = 500_000;
/// What waits leaves within so long, whatever the estimate says: more waiting helps nobody.
const LONGEST: u64 = 150;
const LONGEST_ON_THIN: u64 = 400;

/// When the packets of one receiver may leave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pacer {
    /// When what was sent has left, at the pace that it was sent at.
    free: Micros,
}

impl Pacer {
    /// Bits a second at which pictures leave, while so many bytes wait.
    pub const fn rate(estimate: u64, waiting: u64) -> u64 {
        let thin = estimate < THIN;
        let paced = if thin { estimate / 4 * 5 } else { estimate.saturating_mul(FACTOR) };
        let drained = waiting * 8 * 1_000 / if thin { LONGEST_ON_THIN } else { LONGEST };
        let rate = if paced > drained { paced } else { drained };
        if rate == 0 { 1 } else { rate }
    }

    /// Bytes that may leave now at this rate; a packet that begins within them may leave whole. Zero: none.
    pub fn room(&self, now: Micros, rate: u64) -> u64 {
        let ahead = self.free.since(now);
        let left = BURST.saturating_sub(ahead).as_micros() as u64;
        u64::try_from((u128::from(rate) * u128::from(left)).div_ceil(8_000_000)).unwrap_or(u64::MAX)
    }

    /// So many bytes leave now.
    pub fn sent(&mut self, now: Micros, bytes: u64, rate: u64) {
        let micros = u128::from(bytes) * 8_000_000 / u128::from(rate.max(1));
        let time = Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX));
        self.free = self.free.max(now) + time;
    }

    /// When the next packet may leave.
    pub fn next(&self) -> Micros {
        self.free - BURST + Duration::from_micros(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends packets of 1,200 bytes as soon as it may, for so long; the bytes that left.
    fn run(estimate: u64, millis: u64) -> u64 {
        let (mut pacer, mut now, mut sent) = (Pacer::default(), Micros(1_000_000), 0);
        let end = now + Duration::from_millis(millis);
        let rate = Pacer::rate(estimate, 0);
        while now < end {
            if pacer.room(now, rate) > 0 {
                pacer.sent(now, 1_200, rate);
                sent += 1_200;
            } else {
                now = pacer.next();
                assert!(pacer.room(now, rate) > 0, "it may leave when it was said");
            }
        }
        sent
    }

    #[test]
    fn a_burst_leaves_at_once_and_the_rest_at_twice_the_estimate() {
        let second = run(1_000_000, 1_000);
        assert!((250_000..257_000).contains(&second), "{second}");
        assert_eq!(run(3_000_000, 1), 8_400, "a usual frame is one run");
        assert_eq!(run(100_000, 1), 1_200, "one packet always leaves");
        let thin = run(300_000, 1_000);
        assert!((46_875..49_000).contains(&thin), "{thin}");
    }

    #[test]
    fn a_line_that_was_idle_owes_nothing() {
        let mut pacer = Pacer::default();
        let rate = Pacer::rate(1_000_000, 0);
        pacer.sent(Micros(0), 1_000_000, rate);
        assert_eq!(pacer.room(Micros(1_000), rate), 0);
        assert_eq!(pacer.room(Micros(10_000_000), rate), 2_500);
    }

    #[test]
    fn what_waits_leaves_in_time_whatever_the_estimate() {
        assert_eq!(Pacer::rate(10_000, 15_000), 300_000);
        assert_eq!(Pacer::rate(600_000, 30_000), 1_600_000);
        assert_eq!(Pacer::rate(0, 0), 1);
    }
}
