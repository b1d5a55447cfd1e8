//! The rate itself: down when the queue grows, up to what is known of the line (draft-ietf-rmcat-gcc-02 §5.5).

use super::{cluster::Outcome, queueing::Queueing, trend::Usage};
use std::time::Duration;
use viva_wire::Micros;

/// Never less, bit/s; never more.
pub const FLOOR: f64 = 10_000.0;
pub const CEILING: f64 = 1e9;
/// What is left of the rate that the line was seen to carry when its queue grows: less, so that the queue drains.
const BACKOFF: f64 = 0.85;
/// What a probe that filled the line leaves of its rate, and what is come back to with time.
const AFTER_PROBE: f64 = 0.95;
const NEAR: f64 = 0.98;
/// A queue shorter than this does nobody harm, µs.
const HARMLESS: f64 = 15_000.0;
/// One of this length is worked off at once, µs; so is a shorter one whose line carries less than this share of the rate.
const LONG: f64 = 90_000.0;
const CONFIRMS: f64 = 0.9;
/// One that stands for so long at this length is worked off, µs.
const STANDING: f64 = 50_000.0;
const STANDING_TIME: i64 = 400_000;
/// Where all that is sent passes and the queue is long all the same, less is sent for so long to see whether it is ours: if
/// it keeps this share of its length it is not; then longer ones are borne for some time, doubled at most so often.
const TRIAL: Duration = Duration::from_millis(500);
const STAYS: f64 = 0.85;
const BORNE: Duration = Duration::from_secs(20);
const MOST_BORNE: u8 = 2;
/// A measurement that differs by more from what was known replaces it; others are mixed by halves.
const DIFFERENT: f64 = 0.25;
const LESS: f64 = 0.96;
/// A rate that was raised by a probe and lowered within so much time was raised too far.
const PROOF: Duration = Duration::from_secs(4);
const LEAST_TRUST: f64 = 0.125;
/// Growth a second where the line's rate is unknown, and below a known one.
const SEARCH: f64 = 0.08;
const RETURN: f64 = 0.06;
/// Without a known rate of the line, growth ends at so many times what arrives, and 10 kbit/s.
const AHEAD: f64 = 1.5;
const AHEAD_BITS: f64 = 10_000.0;
/// A step is taken when the rate is a little more than it needs.
const A_LITTLE_MORE: f64 = 1.05;
/// The rate is searched for only where so much of it is used.
const USED: f64 = 0.7;
/// Growth counts at most so much time at once.
const LONGEST: Duration = Duration::from_millis(500);

/// What one feedback says.
pub struct Signal<'a> {
    pub usage: Usage,
    pub queue: &'a Queueing,
    /// The newest arrival, µs of the receiver.
    pub newest: i64,
    /// What arrives, bit/s.
    pub arriving: Option<f64>,
    pub round_trip: Duration,
    /// A probe is on its way or just was: what it adds to the queue is its own.
    pub probing: bool,
    /// Where probes are in vain, what the next better step needs, bit/s: only to take it shows what the line carries.
    pub step: Option<f64>,
}

/// The delay-based rate, bit/s.
#[derive(Debug, Clone)]
pub struct RateControl {
    rate: f64,
    /// What the line was measured to carry when it was full.
    capacity: Option<f64>,
    updated: Micros,
    lowered: Micros,
    /// Lowered; waits until the queue has drained.
    holds: bool,
    trial: Option<Trial>,
    /// When a queue was found not to be ours, and how often in a row.
    foreign: Micros,
    borne: u8,
    /// When a probe raised the rate last, and how far probes are followed: others on the same line give way to a burst, and
    /// then do not.
    raised: Micros,
    trust: f64,
    /// The newest measurement was lower than what was known.
    lower: bool,
}

/// Less is sent to see whether the queue becomes shorter.
#[derive(Debug, Clone, Copy)]
struct Trial {
    since: Micros,
    /// What stood in the queue, µs.
    waited: f64,
    /// What is come back to if it does not.
    rate: f64,
    capacity: Option<f64>,
}

impl RateControl {
    pub const fn new(rate: f64, now: Micros) -> Self {
        Self {
            rate,
            capacity: None,
            updated: now,
            lowered: now,
            holds: false,
            trial: None,
            foreign: now,
            borne: 0,
            raised: now,
            trust: 1.0,
            lower: false,
        }
    }

    pub const fn rate(&self) -> f64 {
        self.rate
    }

    pub const fn is_held(&self) -> bool {
        self.holds
    }

    /// Takes in one feedback. True: the queue is to take its present delay for an empty line's.
    pub fn update(&mut self, now: Micros, signal: &Signal<'_>) -> bool {
        let passed = now.since(self.updated).min(LONGEST).as_secs_f64();
        self.updated = now;
        if self.is_foreign(now, signal) {
            return true;
        }
        let standing = signal.queue.least() > STANDING * self.bears()
            && signal.queue.standing(signal.newest) > STANDING_TIME
            && now.since(self.lowered) > Duration::from_micros(STANDING_TIME as u64) + signal.round_trip;
        let grows = signal.usage == Usage::Over && signal.queue.mean() > HARMLESS && !signal.probing;
        if grows || standing {
            self.lower(now, signal, standing);
            return false;
        }
        if self.holds {
            self.holds = signal.usage != Usage::Normal || signal.queue.least() > HARMLESS;
        }
        if signal.usage == Usage::Normal && !self.holds && signal.queue.least() < STANDING {
            self.grow(now, passed, signal);
        }
        false
    }

    /// Did the queue stay as it is though less was sent? Then others fill it, or the way became longer.
    fn is_foreign(&mut self, now: Micros, signal: &Signal<'_>) -> bool {
        if now.since(self.foreign) > BORNE {
            self.borne = 0;
        }
        let Some(trial) = self.trial.filter(|trial| now.since(trial.since) > TRIAL + signal.round_trip)
        else {
            return false;
        };
        self.trial = None;
        let passes = signal.queue.drain().is_none_or(|drain| drain.passes());
        if !passes || signal.queue.least() < trial.waited * STAYS {
            return false;
        }
        self.rate = trial.rate;
        self.capacity = trial.capacity;
        self.holds = false;
        self.foreign = now;
        self.borne = (self.borne + 1).min(MOST_BORNE);
        true
    }

    fn bears(&self) -> f64 {
        f64::from(1_u8 << self.borne)
    }

    fn lower(&mut self, now: Micros, signal: &Signal<'_>, standing: bool) {
        // A queue that does not last is no sign of the line's rate, however it grows: a large picture came.
        let Some(drain) = signal.queue.drain() else { return };
        let lasts = standing || signal.queue.mean() > LONG * self.bears();
        if drain.passes() {
            // All that is sent passes: the delays vary without a queue, or it is a long one that does not become shorter.
            if lasts && self.trial.is_none() {
                let (rate, capacity, waited) = (self.rate, self.capacity, signal.queue.least());
                self.trial = Some(Trial { since: now, waited, rate, capacity });
                self.lowered = now;
                self.holds = true;
                self.set(self.rate.min(drain.rate * BACKOFF));
            }
            return;
        }
        let drain = drain.rate;
        // What passed cannot prove more than was known: the receiver alone tells of it.
        let most = self.rate.max(signal.arriving.unwrap_or(0.0)) / NEAR;
        let capacity = self.measured(drain.min(most), 1.0);
        if capacity > self.rate * CONFIRMS && !lasts {
            // The line carries what was thought: the queue drains by itself.
            self.set(self.rate.min(capacity * NEAR));
            return;
        }
        let least = signal.round_trip.clamp(Duration::from_millis(10), Duration::from_millis(200));
        if now.since(self.lowered) < least && drain > self.rate / 2.0 {
            return;
        }
        self.lowered = now;
        self.holds = true;
        if now.since(self.raised) < PROOF {
            self.trust = (self.trust / 2.0).max(LEAST_TRUST);
        }
        self.set(self.rate.min(capacity * BACKOFF));
    }

    fn grow(&mut self, now: Micros, passed: f64, signal: &Signal<'_>) {
        let Some(arriving) = signal.arriving else { return };
        if signal.step.is_some() && now.since(self.lowered) > BORNE {
            self.capacity = None;
        }
        if let Some(capacity) = self.capacity.filter(|capacity| arriving > *capacity) {
            // More passes than was taken for the most.
            self.capacity = (arriving < capacity * (1.0 + DIFFERENT)).then_some(arriving);
        }
        let (limit, step) = match self.capacity {
            Some(capacity) => (capacity * NEAR, capacity * RETURN * passed),
            None if arriving > self.rate * USED || signal.step.is_some() => {
                let step = signal.step.map_or(0.0, |step| step * A_LITTLE_MORE);
                ((arriving * AHEAD + AHEAD_BITS).max(step), self.rate * SEARCH * passed)
            }
            None => return,
        };
        if self.rate < limit {
            self.set((self.rate + step).min(limit));
        }
    }

    /// A probe came to a result.
    pub fn probed(&mut self, now: Micros, outcome: Outcome, arriving: Option<f64>) {
        if !outcome.filled && !outcome.torn {
            if self.capacity.is_some_and(|capacity| capacity < outcome.carries / NEAR) {
                self.capacity = None;
            }
            self.follow(now, outcome.carries);
            return;
        }
        if outcome.torn && outcome.carries * AFTER_PROBE <= self.rate {
            return;
        }
        let capacity = self.measured(outcome.carries, self.trust);
        let target = capacity.min(outcome.carries.max(self.rate)) * AFTER_PROBE;
        if target > self.rate {
            self.follow(now, target);
        } else {
            let most = (capacity * NEAR).max(arriving.unwrap_or(0.0));
            self.set(self.rate.min(most));
        }
    }

    /// A probe proved so much for its moment; goes towards it.
    fn follow(&mut self, now: Micros, rate: f64) {
        if rate <= self.rate {
            return;
        }
        if now.since(self.raised) > PROOF && now.since(self.lowered) > PROOF {
            self.trust = (self.trust * 2.0).min(1.0);
        }
        self.raised = now;
        self.holds = false;
        self.set(self.rate + (rate - self.rate) * self.trust);
    }

    /// The rate as receiver reports have it.
    pub const fn reported(&mut self, rate: f64) {
        self.set(rate);
    }

    /// Loss, or silence, leaves no more than `rate`.
    pub fn bound(&mut self, now: Micros, rate: f64) {
        if rate < self.rate {
            self.lowered = now;
            self.set(rate);
            self.capacity = self.capacity.map(|capacity| capacity.min(rate / NEAR)).or(Some(rate / NEAR));
        }
    }

    /// The line was full and carried `rate`, so far as that is to be trusted; tells what is known of it by now.
    fn measured(&mut self, rate: f64, trust: f64) -> f64 {
        let known = self.capacity.filter(|known| trust < 1.0 || (rate - known).abs() < known * DIFFERENT);
        // What differs twice in a row to one side is no chance.
        let lower = known.is_some_and(|known| rate < known * LESS);
        let weight = if lower && self.lower { 1.0 } else { 0.5 };
        self.lower = lower;
        let capacity = known.map_or(rate, |known| known + (rate - known) * trust * weight).max(FLOOR);
        self.capacity = Some(capacity);
        capacity
    }

    const fn set(&mut self, rate: f64) {
        self.rate = rate.clamp(FLOOR, CEILING);
    }
}
