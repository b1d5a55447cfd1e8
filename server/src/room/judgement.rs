//! What the network of a seat is said to be: it falls at once and rises slowly.

use super::troubles::Troubles;
use crate::metrics::NetworkMeter;
use std::time::Duration;
use tokio::time::Instant;
use viva_signaling::message::NetworkQuality;

/// A network is said to be better after so long in which it always was: a mark that comes and goes says nothing.
const RECOVERY: Duration = Duration::from_secs(8);

/// What is held of one seat's network, counted in the metrics as long as it lives.
pub(super) struct Judgement {
    told: NetworkQuality,
    /// Since when all measurements were better than what was told, and the worst of them.
    better: Option<(Instant, NetworkQuality)>,
    meter: NetworkMeter,
    /// Of who sits in an interview.
    troubles: Option<Troubles>,
}

impl Judgement {
    /// Not measured yet.
    pub(super) fn new(meter: NetworkMeter, troubles: Option<Troubles>) -> Self {
        meter.judged(None, Some(NetworkQuality::Unknown));
        Self { told: NetworkQuality::Unknown, better: None, meter, troubles }
    }

    /// As others are told.
    pub(super) const fn quality(&self) -> NetworkQuality {
        self.told
    }

    /// Takes a measurement; true when others are to be told something else.
    pub(super) fn measured(&mut self, now: NetworkQuality, at: Instant) -> bool {
        let interrupted = matches!(self.told, NetworkQuality::Unknown | NetworkQuality::Lost);
        if interrupted || rank(now) >= rank(self.told) {
            return self.set(now);
        }
        let (since, worst) = self.better.unwrap_or((at, now));
        let worst = if rank(now) > rank(worst) { now } else { worst };
        self.better = Some((since, worst));
        at.duration_since(since) >= RECOVERY && self.set(worst)
    }

    /// Says so at once; true when it is something else.
    pub(super) fn set(&mut self, quality: NetworkQuality) -> bool {
        self.better = None;
        if self.told == quality {
            return false;
        }
        self.meter.judged(Some(self.told), Some(quality));
        self.told = quality;
        if let Some(troubles) = &mut self.troubles {
            troubles.judged(quality);
        }
        true
    }
}

impl Drop for Judgement {
    fn drop(&mut self) {
        self.meter.judged(Some(self.told), None);
    }
}

/// The larger, the worse.
const fn rank(quality: NetworkQuality) -> u8 {
    match quality {
        NetworkQuality::Unknown | NetworkQuality::Good => 0,
        NetworkQuality::Fair => 1,
        NetworkQuality::Poor => 2,
        NetworkQuality::Lost => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;
    use NetworkQuality::{Fair, Good, Lost, Poor, Unknown};

    fn judgement() -> Judgement {
        Judgement::new(Metrics::new().expect("names are used once").networks(), None)
    }

    #[test]
    fn it_falls_at_once_and_rises_after_a_while() {
        let (mut judgement, start) = (judgement(), Instant::now());
        let mut after = |seconds, measured| {
            judgement.measured(measured, start + Duration::from_secs(seconds));
            judgement.quality()
        };
        assert_eq!(after(0, Good), Good);
        assert_eq!(after(2, Poor), Poor);
        assert_eq!(after(4, Good), Poor);
        assert_eq!(after(10, Good), Poor);
        assert_eq!(after(12, Good), Good);
    }

    #[test]
    fn it_rises_to_the_worst_that_was_measured_meanwhile() {
        let (mut judgement, start) = (judgement(), Instant::now());
        judgement.measured(Poor, start);
        for (seconds, measured) in [(2, Good), (4, Fair), (6, Good)] {
            assert!(!judgement.measured(measured, start + Duration::from_secs(seconds)));
        }
        assert!(judgement.measured(Good, start + Duration::from_secs(10)));
        assert_eq!(judgement.quality(), Fair);
    }

    #[test]
    fn a_bad_measurement_between_good_ones_begins_the_wait_anew() {
        let (mut judgement, start) = (judgement(), Instant::now());
        for (seconds, measured) in [(0, Poor), (2, Good), (8, Poor), (10, Good), (17, Good)] {
            judgement.measured(measured, start + Duration::from_secs(seconds));
            assert_eq!(judgement.quality(), Poor);
        }
    }

    #[test]
    fn after_an_interruption_the_first_measurement_counts() {
        let mut judgement = judgement();
        assert!(judgement.set(Lost) && judgement.set(Unknown));
        assert!(judgement.measured(Good, Instant::now()));
        assert_eq!(judgement.quality(), Good);
    }
}
