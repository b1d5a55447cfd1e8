//! Key frame requests to a publisher, merged and spaced: one throttle a layer; and how many a receiver may cause.

use std::time::Duration;
use viva_wire::Micros;

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

/// How many key frames one receiver may still cause, layer by layer: a few at once, as who joins, turns pages or loses a
/// picture needs them, then one each few seconds. So a storm of requests costs its sender the picture, and the publisher's
/// other receivers next to nothing.
#[derive(Debug, Clone)]
pub struct KeyFrameBudget<K> {
    layers: Vec<(K, Credit)>,
}

#[derive(Debug, Clone, Copy)]
struct Credit {
    left: u32,
    /// When the newest of `left` came.
    since: Micros,
}

/// Key frames that a receiver may cause at once.
const AT_ONCE: u32 = 6;
/// Afterwards one in so long.
const ONE_IN: Duration = Duration::from_secs(4);
/// Layers of which is known what was asked: more than a receiver has slots.
const LAYERS: usize = 320;

impl<K> Default for KeyFrameBudget<K> {
    fn default() -> Self {
        Self { layers: Vec::new() }
    }
}

impl<K: Copy + Eq> KeyFrameBudget<K> {
    /// The receiver needs a key frame of this layer, for which nobody has asked yet. May it be asked for?
    pub fn take(&mut self, layer: K, now: Micros) -> bool {
        let place = self.layers.iter().position(|(known, _)| *known == layer);
        let place = place.unwrap_or_else(|| self.enter(layer, now));
        self.layers.get_mut(place).is_some_and(|(_, credit)| credit.take(now))
    }

    fn enter(&mut self, layer: K, now: Micros) -> usize {
        if self.layers.len() >= LAYERS {
            self.layers.retain_mut(|(_, credit)| !credit.is_full(now));
        }
        if self.layers.len() >= LAYERS {
            self.layers.remove(0);
        }
        self.layers.push((layer, Credit { left: AT_ONCE, since: now }));
        self.layers.len() - 1
    }
}

impl Credit {
    fn take(&mut self, now: Micros) -> bool {
        if self.is_full(now) {
            self.since = now;
        }
        let taken = self.left > 0;
        self.left -= u32::from(taken);
        taken
    }

    /// Takes in what has come since; is it all that there can be?
    fn is_full(&mut self, now: Micros) -> bool {
        let came = now.since(self.since).as_micros() / ONE_IN.as_micros();
        self.since += ONE_IN * u32::try_from(came).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(u32::try_from(came).unwrap_or(u32::MAX)).min(AT_ONCE);
        self.left == AT_ONCE
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
    fn a_storm_gets_a_few_at_once_and_then_one_in_four_seconds_of_each_layer() {
        let mut key_frame_budget = KeyFrameBudget::default();
        let mut storm = |layer: u8, from: u64, to: u64| {
            (from..to).step_by(50).filter(|at| key_frame_budget.take(layer, ms(*at))).count()
        };
        assert_eq!(storm(1, 0, 1_000), 6);
        assert_eq!(storm(1, 1_000, 61_000), 15);
        assert_eq!(storm(2, 61_000, 62_000), 6, "another layer");
        assert_eq!(storm(1, 100_000, 101_000), 6, "after half a minute of peace");
    }

    #[test]
    fn who_asks_now_and_then_is_never_refused_and_memory_is_bounded() {
        let mut key_frame_budget = KeyFrameBudget::default();
        assert!((0..100).all(|n| key_frame_budget.take(1, ms(n * 4_000))));
        for layer in 0..10_000 {
            assert!(key_frame_budget.take(layer + 2, ms(400_000)));
            assert!(key_frame_budget.layers.len() <= LAYERS);
        }
        let endless = Micros(u64::MAX);
        assert!(key_frame_budget.take(10_001, endless) && key_frame_budget.take(10_001, endless));
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
