//! What is told of something that is measured again and again: it falls at once and rises slowly.

use std::time::Duration;
use tokio::time::Instant;
use viva_signaling::message::NetworkQuality;

/// Better is told after so long in which it always was: a mark that comes and goes says nothing.
const RECOVERY: Duration = Duration::from_secs(8);

/// One quality, as others are told.
pub(super) struct Scale {
    told: NetworkQuality,
    /// Since when all measurements were better than what was told, and the worst of them.
    better: Option<(Instant, NetworkQuality)>,
}

impl Default for Scale {
    fn default() -> Self {
        Self { told: NetworkQuality::Unknown, better: None }
    }
}

impl Scale {
    /// As others are told.
    pub(super) const fn told(&self) -> NetworkQuality {
        self.told
    }

    /// Takes a measurement; what is to be told from now on, where that is something else. After an interruption the first
    /// one counts.
    pub(super) fn measured(&mut self, now: NetworkQuality, at: Instant) -> Option<NetworkQuality> {
        let interrupted = matches!(self.told, NetworkQuality::Unknown | NetworkQuality::Lost);
        if interrupted || rank(now) >= rank(self.told) {
            return self.set(now);
        }
        let (since, worst) = self.better.unwrap_or((at, now));
        let worst = if rank(now) > rank(worst) { now } else { worst };
        self.better = Some((since, worst));
        if at.duration_since(since) >= RECOVERY { self.set(worst) } else { None }
    }

    /// Says so at once; `None` when it is nothing else.
    pub(super) fn set(&mut self, quality: NetworkQuality) -> Option<NetworkQuality> {
        self.better = None;
        (std::mem::replace(&mut self.told, quality) != quality).then_some(quality)
    }

    /// It is paused from now on, or goes on: then it has still to prove itself.
    pub(super) fn pause(&mut self, paused: bool) {
        if paused {
            self.set(NetworkQuality::Lost);
        } else if self.told == NetworkQuality::Lost {
            self.set(NetworkQuality::Poor);
        }
    }
}

/// The worse of two.
pub(super) const fn worse(a: NetworkQuality, b: NetworkQuality) -> NetworkQuality {
    if rank(a) >= rank(b) { a } else { b }
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
    use NetworkQuality::{Fair, Good, Lost, Poor, Unknown};

    /// What is told after each measurement, at so many seconds.
    fn told(scale: &mut Scale, measured: &[(u64, NetworkQuality)]) -> Vec<NetworkQuality> {
        let start = Instant::now();
        let at = |seconds: &u64| start + Duration::from_secs(*seconds);
        let mut after = |(seconds, quality): &(u64, NetworkQuality)| {
            scale.measured(*quality, at(seconds));
            scale.told()
        };
        measured.iter().map(&mut after).collect()
    }

    #[test]
    fn it_falls_at_once_and_rises_after_a_while() {
        let measured = [(0, Good), (2, Poor), (4, Good), (10, Good), (12, Good)];
        assert_eq!(told(&mut Scale::default(), &measured), [Good, Poor, Poor, Poor, Good]);
    }

    #[test]
    fn it_rises_to_the_worst_that_was_measured_meanwhile() {
        let measured = [(0, Poor), (2, Good), (4, Fair), (6, Good), (10, Good)];
        assert_eq!(told(&mut Scale::default(), &measured), [Poor, Poor, Poor, Poor, Fair]);
    }

    #[test]
    fn a_bad_measurement_between_good_ones_begins_the_wait_anew() {
        let measured = [(0, Poor), (2, Good), (8, Poor), (10, Good), (17, Good), (18, Good)];
        assert_eq!(told(&mut Scale::default(), &measured), [Poor, Poor, Poor, Poor, Poor, Good]);
    }

    #[test]
    fn after_an_interruption_the_first_measurement_counts() {
        let mut scale = Scale::default();
        assert_eq!((scale.set(Lost), scale.set(Unknown)), (Some(Lost), Some(Unknown)));
        assert_eq!(scale.measured(Good, Instant::now()), Some(Good));
        assert_eq!(scale.measured(Good, Instant::now()), None);
    }

    #[test]
    fn what_was_paused_has_still_to_prove_itself() {
        let mut scale = Scale::default();
        scale.pause(false);
        assert_eq!(scale.told(), Unknown);
        scale.pause(true);
        assert_eq!(scale.told(), Lost);
        scale.pause(false);
        assert_eq!(told(&mut scale, &[(0, Good), (7, Good), (8, Good)]), [Poor, Poor, Good]);
    }
}
