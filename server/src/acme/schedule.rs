//! When a certificate is asked for, and when again after a failure.

use std::time::Duration;

/// Pauses after failures, one after the other; the last one stays. An hour holds four at most: Let's Encrypt takes five
/// failed answers for a name in an hour.
const PAUSES: [Duration; 4] =
    [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(1200), Duration::from_secs(3600)];
/// The last one while the certificate from before still counts for longer than a day.
const CALM: Duration = Duration::from_secs(6 * 3600);
const DAY: Duration = Duration::from_secs(86_400);

/// When a certificate is renewed: after two thirds of its life, or up to a twentieth of it earlier, so that not all servers of
/// the world come at once. `jitter` is from 0 to 1; times are since 1970.
pub fn renewal(begins: Duration, ends: Duration, jitter: f64) -> Duration {
    let life = ends.saturating_sub(begins);
    begins + (life * 2 / 3).saturating_sub((life / 20).mul_f64(jitter.clamp(0.0, 1.0)))
}

/// How long to wait after so many failures in a row, where the certificate from before counts for so long yet. `jitter` is from
/// 0 to 1: a tenth more or less.
pub fn pause(failures: u32, counts: Duration, jitter: f64) -> Duration {
    let index = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause = match PAUSES.get(index) {
        Some(pause) => *pause,
        None if counts > DAY => CALM,
        None => PAUSES[PAUSES.len() - 1],
    };
    pause.mul_f64(0.9 + 0.2 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_certificate_is_renewed_with_a_third_of_its_life_left() {
        let (begins, ends) = (DAY, DAY * 91);
        assert_eq!(renewal(begins, ends, 0.0), begins + DAY * 60);
        assert_eq!(renewal(begins, ends, 1.0), begins + DAY * 60 - DAY * 9 / 2);
        let short = renewal(begins, begins + HOUR, 0.5);
        assert!(short > begins + HOUR / 2 && short < begins + HOUR * 2 / 3);
        // One that ends before it begins is renewed at once.
        assert_eq!(renewal(DAY, Duration::ZERO, 0.5), DAY);
    }

    #[test]
    fn pauses_grow_and_an_hour_holds_few_of_them() {
        let within_an_hour = (1..).scan(Duration::ZERO, |at, failures| {
            *at += pause(failures, Duration::ZERO, 0.0);
            Some(*at)
        });
        assert_eq!(
            within_an_hour.take_while(|at| *at < HOUR).count() + 1,
            4,
            "the first one, and those after it"
        );
        let pauses: Vec<_> = (1..10).map(|failures| pause(failures, Duration::ZERO, 0.5)).collect();
        assert!(
            pauses.is_sorted() && pauses[0] == Duration::from_secs(60) && pauses[8] == HOUR,
            "{pauses:?}"
        );
        assert_eq!(pause(20, DAY * 20, 0.5), CALM);
        assert_eq!(pause(1, DAY * 20, 0.0), Duration::from_secs(54));
        assert_eq!(pause(u32::MAX, DAY * 2, 1.0), CALM.mul_f64(1.1));
    }
}
