//! Wrong codes and connection tests by address: only what is wrong counts, and a right code is never refused.

use crate::limit::{Allowance, ByAddress};
use std::{net::IpAddr, time::Duration};

/// Counts wrong guesses of something that nobody guesses by chance, such as a code of 50 bits. Its only use is to tell
/// somebody who tries and tries to wait: it keeps no right code out, so that nobody can lock a door for others.
#[derive(Debug)]
pub struct Attempts(ByAddress);

impl Attempts {
    /// For invitation codes: a school behind one address mistypes hundreds in a morning.
    pub fn at_codes() -> Self {
        Self(ByAddress::new(Allowance::new(300, Duration::from_secs(2))))
    }

    /// It was wrong.
    ///
    /// # Errors
    /// There were too many: how long to wait.
    pub fn wrong(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.0.take(address, now)
    }
}

/// How often each address may do something that costs the server.
#[derive(Debug)]
pub struct Visits(ByAddress);

impl Visits {
    /// Connection tests: a hall of 200 behind one address begins at the same minute.
    pub fn of_tests() -> Self {
        Self(ByAddress::new(Allowance::new(300, Duration::from_secs(5))))
    }

    /// Once more from there.
    ///
    /// # Errors
    /// The time to wait.
    pub fn take(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.0.take(address, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    #[test]
    fn a_school_mistypes_for_a_morning_and_a_guesser_is_told_to_wait() {
        let (school, attempts) = (IpAddr::from([192, 0, 2, 1]), Attempts::at_codes());
        assert!((0..200).all(|_| attempts.wrong(school, NOW).is_ok()), "all of them in one minute");
        let morning = (0..4 * 3600).step_by(20).map(|second| NOW + Duration::from_secs(second));
        let mut morning = morning;
        assert!(morning.all(|now| attempts.wrong(school, now).is_ok()));
        let guesser = IpAddr::from([192, 0, 2, 2]);
        let passed = (0..10_000).filter(|_| attempts.wrong(guesser, NOW).is_ok()).count();
        assert_eq!(passed, 300);
        assert_eq!(attempts.wrong(guesser, NOW), Err(Duration::from_secs(2)));
        assert!(attempts.wrong(school, NOW + Duration::from_secs(4 * 3600)).is_ok());
    }

    #[test]
    fn a_hall_tests_its_connections_at_the_same_minute() {
        let tests = Visits::of_tests();
        assert!((0..200).all(|_| tests.take([192, 0, 2, 1].into(), NOW).is_ok()));
    }
}
