//! Receivers without transport-wide feedback: their own estimates (REMB) and the loss of their reports
//! (draft-ietf-rmcat-gcc-02 §6).

use std::time::Duration;
use viva_wire::Micros;

/// How long a receiver's own estimate holds.
const FRESH: Duration = Duration::from_secs(6);
/// Loss of 256 up to which the rate grows, and from which on it falls.
const LITTLE: u8 = 5;
const MUCH: u8 = 26;
/// Growth a second, and until the rate had to be lowered first; at most so many times what is sent, and 10 kbit/s.
const GROWTH: f64 = 0.08;
const START: f64 = 0.25;
const AHEAD: f64 = 1.5;
const AHEAD_BITS: f64 = 10_000.0;
/// Or a little more than the next better step needs.
const STEP: f64 = 1.05;
/// Growth counts at most so much time at once.
const LONGEST: Duration = Duration::from_secs(5);
/// Between two times that the rate is lowered: a report has a block for each stream.
const INTERVAL: Duration = Duration::from_millis(500);
/// A round trip that is longer than the shortest by this stops growth, and by that lowers the rate to this share.
const LONGER: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_millis(100);
const BACKOFF: f64 = 0.85;
/// What was sent when the line was full leaves this share of it, and is not tried again for so long; longer each time.
const NEAR: f64 = 0.9;
const HOLD: Duration = Duration::from_secs(10);
const LONGEST_HOLD: Duration = Duration::from_secs(40);
/// It is forgotten where so much more passes.
const MORE: f64 = 1.3;
/// By this share of the difference the shortest round trip is forgotten with each report.
const FORGET: u32 = 128;

/// What reports say.
#[derive(Debug, Clone)]
pub struct Reports {
    remb: Option<(f64, Micros)>,
    loss: u8,
    /// Bytes sent in all, and by the report before.
    bytes: u64,
    counted: u64,
    reported: Micros,
    /// Bit/s that were sent between the last two reports.
    sending: f64,
    lowered: Option<Micros>,
    /// What the line was seen to carry, bit/s, and for how long that holds.
    carried: f64,
    hold: Duration,
    shortest: Option<Duration>,
}

impl Reports {
    pub const fn new(now: Micros) -> Self {
        Self {
            remb: None,
            loss: 0,
            bytes: 0,
            counted: 0,
            reported: now,
            sending: 0.0,
            lowered: None,
            carried: f64::MAX,
            hold: HOLD,
            shortest: None,
        }
    }

    #[inline]
    pub fn sent(&mut self, bytes: u32) {
        self.bytes = self.bytes.wrapping_add(bytes.into());
    }

    pub fn remb(&mut self, now: Micros, bits: u64) {
        self.remb = Some((bits as f64, now + FRESH));
    }

    /// The rate that a report leaves of `rate`; `next` is what the next better step needs: without feedback about single
    /// packets, only to take the step shows whether the line carries it.
    pub fn report(
        &mut self,
        now: Micros,
        loss: u8,
        round_trip: Option<Duration>,
        rate: f64,
        next: f64,
    ) -> f64 {
        let passed = self.count(now);
        self.loss = self.loss.midpoint(loss);
        let longer = round_trip.map_or(Duration::ZERO, |round_trip| self.longer(round_trip));
        let may_fall = self.lowered.is_none_or(|lowered| now.since(lowered) >= INTERVAL);
        if loss > MUCH && self.loss > MUCH {
            return self.lower(now, may_fall, rate, 1.0 - 0.5 * f64::from(loss) / 256.0);
        }
        if longer > LONG {
            return self.lower(now, may_fall, rate, BACKOFF);
        }
        if loss.max(self.loss) > LITTLE || longer > LONGER {
            return rate;
        }
        // A receiver that tells of room sees the queue itself: it takes back what it said before anything is lost.
        let room = self.remb.is_some_and(|(bits, _)| bits > rate);
        let growth = if self.lowered.is_some() && !room { GROWTH } else { START };
        let grown = rate * (1.0 + growth * passed);
        let held = !room && self.lowered.is_some_and(|lowered| now.since(lowered) < self.hold);
        if rate > self.carried * MORE {
            (self.carried, self.hold) = (f64::MAX, HOLD);
        }
        let most = if held { self.carried } else { f64::MAX };
        grown.min((self.sending * AHEAD + AHEAD_BITS).max(next * STEP)).min(most).max(rate)
    }

    fn lower(&mut self, now: Micros, may_fall: bool, rate: f64, share: f64) -> f64 {
        if !may_fall {
            return rate;
        }
        if self.lowered.is_some_and(|lowered| now.since(lowered) > HOLD) {
            self.hold = (self.hold * 2).min(LONGEST_HOLD);
        }
        self.lowered = Some(now);
        self.carried = self.sending * NEAR;
        rate * share
    }

    /// Seconds since the last report; several blocks of one report count as one.
    fn count(&mut self, now: Micros) -> f64 {
        let passed = now.since(self.reported).as_secs_f64();
        if passed > 0.1 {
            self.sending = self.bytes.wrapping_sub(self.counted) as f64 * 8.0 / passed;
            self.counted = self.bytes;
            self.reported = now;
            return passed.min(LONGEST.as_secs_f64());
        }
        0.0
    }

    /// How much longer a round trip is than the shortest one.
    fn longer(&mut self, round_trip: Duration) -> Duration {
        let shortest = self.shortest.map_or(round_trip, |shortest| {
            (shortest + round_trip.saturating_sub(shortest) / FORGET).min(round_trip)
        });
        self.shortest = Some(shortest);
        round_trip.saturating_sub(shortest)
    }

    /// `rate`, as far as the receiver's own estimate allows it.
    pub fn bound(&self, rate: f64) -> f64 {
        self.remb.map_or(rate, |(bits, _)| rate.min(bits))
    }

    pub const fn loss(&self) -> u8 {
        self.loss
    }

    /// When the receiver's own estimate is too old.
    pub fn deadline(&self) -> Micros {
        self.remb.map_or(Micros::NEVER, |(_, until)| until)
    }

    pub fn tick(&mut self, now: Micros) {
        self.remb.take_if(|(_, until)| now >= *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten reports, one a second, while `bits` a second are sent.
    fn after(reports: &mut Reports, rate: f64, bits: u64, loss: u8, next: f64) -> f64 {
        (0..10).fold(rate, |rate, _| {
            (0..bits / 8000).for_each(|_| reports.sent(1000));
            let now = reports.reported + Duration::from_secs(1);
            reports.report(now, loss, None, rate, next)
        })
    }

    fn fresh() -> Reports {
        Reports::new(Micros(0))
    }

    #[test]
    fn little_loss_lets_the_rate_grow_to_half_more_than_what_is_sent_or_the_next_step() {
        assert!((after(&mut fresh(), 1e6, 20_000_000, 0, 0.0) / 1e6 - 9.31).abs() < 0.01);
        assert!((after(&mut fresh(), 1e6, 1_200_000, 0, 0.0) - 1.81e6).abs() < 1.0);
        assert_eq!(after(&mut fresh(), 1e6, 0, 0, 0.0), 1e6);
        assert_eq!(after(&mut fresh(), 1e6, 0, 0, 2e6), 2.1e6);
    }

    #[test]
    fn some_loss_holds_it_much_lowers_it_and_then_it_grows_slowly() {
        assert_eq!(after(&mut fresh(), 1e6, 1_000_000, 13, 0.0), 1e6);
        let mut reports = fresh();
        let rate = after(&mut reports, 1e6, 1_000_000, 64, 0.0);
        assert!((0.2e6..0.4e6).contains(&rate), "{rate}");
        let grown = after(&mut reports, rate, 20_000_000, 0, 0.0);
        assert!(grown < rate * 2.2, "{grown}");
    }

    #[test]
    fn where_the_receiver_tells_of_room_the_rate_rises_soon_after_it_fell_and_no_higher() {
        let mut reports = fresh();
        let fallen = after(&mut reports, 1e6, 1_000_000, 64, 0.0);
        let mut told = reports.clone();
        told.remb(told.reported, 600_000);
        let (alone, with_room) =
            (after(&mut reports, fallen, 500_000, 0, 0.0), after(&mut told, fallen, 500_000, 0, 0.0));
        assert!(with_room > 1.3 * alone, "{alone} {with_room}");
        assert!(told.bound(with_room) <= 600_000.0);
        let mut full = reports.clone();
        full.remb(full.reported, 1_000);
        let grown = |reports: &mut Reports| after(reports, alone, 2_000_000, 0, 0.0);
        assert_eq!(grown(&mut full), grown(&mut reports), "it tells of no room");
    }

    #[test]
    fn the_blocks_of_one_report_count_once() {
        let mut reports = fresh();
        let now = Micros(1_000_000);
        let rate = (0..9).fold(1e6, |rate, _| reports.report(now, 128, None, rate, 0.0));
        assert_eq!(rate, 0.75e6);
        let mut reports = fresh();
        reports.sent(1_000_000);
        let rate = (0..9).fold(1e6, |rate, _| reports.report(now, 0, None, rate, 0.0));
        assert_eq!(rate, 1.25e6);
    }

    #[test]
    fn a_round_trip_that_becomes_long_stops_growth_and_then_lowers_the_rate() {
        let mut reports = fresh();
        let mut rate = 1e6;
        for (second, (trip, expected)) in
            [(50, 1.05e6), (110, 1.05e6), (160, 0.8925e6)].into_iter().enumerate()
        {
            let now = Micros::from_millis(1000 + second as u64 * 1000);
            rate = reports.report(now, 0, Some(Duration::from_millis(trip)), rate, 1e6);
            assert!((rate - expected).abs() < 1.0, "{trip}: {rate}");
        }
    }

    #[test]
    fn a_receivers_own_estimate_holds_while_it_is_fresh() {
        let mut reports = fresh();
        reports.remb(Micros(0), 200_000);
        assert_eq!(reports.bound(1e6), 200_000.0);
        reports.tick(reports.deadline());
        assert_eq!(reports.bound(1e6), 1e6);
        assert_eq!(reports.deadline(), Micros::NEVER);
    }
}
