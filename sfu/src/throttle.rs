//! Key frame requests to a publisher, merged and spaced: one throttle a layer.

use crate::time::Micros;
use std::time::Duration;

/// Merges the key frame requests of all receivers of one layer.
///
/// A *wish* is open from [`Self::request`] until a key frame arrives ([`Self::key_frame`]) or nobody wants one any
/// more ([`Self::cancel`]). While it is open, requests leave at most once an interval:
///
/// - the first one of a wish leaves at once, unless another left less than an interval ago;
/// - wishes within the interval are merged into one request, due when the interval ends;
/// - an unanswered request is due again after every interval, since it or its key frame may be lost.
///
/// A key frame closes the wish but does not shorten the interval: who asks right after one (because it missed it)
/// waits for the rest. So a publisher never makes more than one key frame an interval for us, however many ask.
#[derive(Debug, Clone, Copy)]
pub struct KeyFrameThrottle {
    interval: Duration,
    sent: Option<Micros>,
    wanted: bool,
}

impl KeyFrameThrottle {
    /// At most one request an `interval`.
    pub const fn new(interval: Duration) -> Self {
        Self { interval, sent: None, wanted: false }
    }

    /// Somebody needs a key frame. True: send a request now; false: it will be [`Self::due`].
    pub fn request(&mut self, now: Micros) -> bool {
        self.wanted = true;
        self.due(now)
    }

    /// True: a wish is open and its moment has come; send a request now.
    pub fn due(&mut self, now: Micros) -> bool {
        let due = self.next_deadline().is_some_and(|deadline| deadline <= now);
        if due {
            self.sent = Some(now);
        }
        due
    }

    /// When [`Self::due`] will say true, if a wish is open; zero for at once.
    pub fn next_deadline(&self) -> Option<Micros> {
        self.wanted.then(|| self.sent.map_or(Micros(0), |sent| sent + self.interval))
    }

    /// A key frame begins to arrive: whoever asked has what it needs.
    pub const fn key_frame(&mut self) {
        self.wanted = false;
    }

    /// Nobody waits any more.
    pub const fn cancel(&mut self) {
        self.wanted = false;
    }

    /// Is a wish open?
    pub const fn is_wanted(&self) -> bool {
        self.wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Micros {
        Micros::from_millis(ms)
    }

    fn throttle() -> KeyFrameThrottle {
        KeyFrameThrottle::new(Duration::from_millis(500))
    }

    #[test]
    fn the_first_request_leaves_at_once_and_a_storm_is_one_more() {
        let mut throttle = throttle();
        assert!(throttle.request(ms(1000)));
        assert_eq!((1001..1100).filter(|t| throttle.request(ms(*t))).count(), 0);
        assert_eq!(throttle.next_deadline(), Some(ms(1500)));
        assert!(!throttle.due(ms(1499)));
        assert!(throttle.due(ms(1500)));
        assert!(!throttle.due(ms(1501)));
    }

    #[test]
    fn a_key_frame_answers_everybody_who_asked_before() {
        let mut throttle = throttle();
        throttle.request(ms(0));
        throttle.request(ms(20));
        throttle.key_frame();
        assert_eq!(throttle.next_deadline(), None);
        assert!(!throttle.due(ms(5000)));
    }

    #[test]
    fn who_asks_after_the_key_frame_waits_for_the_rest_of_the_interval() {
        let mut throttle = throttle();
        throttle.request(ms(0));
        throttle.key_frame();
        assert!(!throttle.request(ms(100)));
        assert!(throttle.due(ms(500)));
        throttle.key_frame();
        assert!(throttle.request(ms(1000)));
    }

    #[test]
    fn an_unanswered_request_is_repeated_until_nobody_waits() {
        let mut throttle = throttle();
        throttle.request(ms(0));
        let sent = (1..3000).filter(|t| throttle.due(ms(*t))).collect::<Vec<_>>();
        assert_eq!(sent, [500, 1000, 1500, 2000, 2500]);
        throttle.cancel();
        assert!(!throttle.due(ms(9000)) && !throttle.is_wanted());
    }
}
