//! How long a busy shard rests before it reads again: the more comes, the more is dealt with at once.
//!
//! Waking for every datagram costs more than the datagram. A quiet shard wakes at once; a busy one looks in steps that
//! bring it a batch, and never waits longer than half a millisecond.

use std::time::Duration;
use viva_sfu::Micros;

/// Below so many datagrams a second nobody waits.
const BUSY: u64 = 5_000;
/// Datagrams that a batch shall have.
const BATCH: u64 = 32;
/// The longest time from one look to the next.
const LONGEST: Duration = Duration::from_micros(500);
/// Shorter than this the kernel's timers do not wake anybody.
const SHORTEST: Duration = Duration::from_micros(60);
/// Over so long the rate is measured.
const WINDOW: Duration = Duration::from_millis(5);

/// Measures what comes, and says how long to rest.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When the running window began, and the count then.
    since: (Micros, u64),
    /// Datagrams a second in the window before.
    rate: u64,
}

impl Pace {
    /// Nothing has come yet.
    pub(crate) const fn new(now: Micros) -> Self {
        Self { since: (now, 0), rate: 0 }
    }

    /// A turn that began at `begin` is over; `datagrams` is how many have come since the shard was started. Says how
    /// long to rest.
    pub(crate) fn rest(&mut self, begin: Micros, now: Micros, datagrams: u64) -> Option<Duration> {
        let (since, before) = self.since;
        let window = now.since(since);
        if window >= WINDOW {
            self.rate = (datagrams - before) * 1_000_000 / window.as_micros().max(1) as u64;
            self.since = (now, datagrams);
        }
        if self.rate < BUSY {
            return None;
        }
        let step = Duration::from_micros(BATCH * 1_000_000 / self.rate).min(LONGEST);
        Some(step.saturating_sub(now.since(begin))).filter(|rest| *rest >= SHORTEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Turns of 10 µs in which datagrams come at an even rate; the rest after the last.
    fn rest_at(rate: u64) -> Option<Duration> {
        let mut pace = Pace::new(Micros(0));
        let mut rest = None;
        for turn in 0..2000 {
            let begin = Micros(turn * 10);
            rest = pace.rest(begin, Micros(begin.0 + 10), rate * (begin.0 + 10) / 1_000_000);
        }
        rest
    }

    #[test]
    fn a_quiet_shard_never_rests() {
        assert_eq!(rest_at(0), None);
        assert_eq!(rest_at(3_000), None);
    }

    #[test]
    fn a_busy_shard_rests_until_a_batch_has_come_and_at_most_half_a_millisecond() {
        assert_eq!(rest_at(10_000), Some(Duration::from_micros(490)));
        let rest = rest_at(100_000).expect("a rest");
        assert!((300..=320).contains(&rest.as_micros()), "{rest:?}");
    }

    #[test]
    fn a_turn_that_took_long_is_followed_by_the_next_at_once() {
        let mut pace = Pace { since: (Micros(0), 0), rate: 50_000 };
        assert_eq!(pace.rest(Micros(1000), Micros(3000), 100), None);
    }
}
