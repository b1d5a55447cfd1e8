//! When to probe, and how high: what is sent in whole layers never finds out by itself that the line carries more.

use super::Probe;
use std::time::Duration;
use viva_wire::Micros;

/// The first probe, as a factor of the rate; those that follow a success, and those from time to time.
const FIRST: f64 = 3.0;
const FURTHER: f64 = 2.0;
const USUAL: f64 = 1.5;
/// A probe for the next step is at most this factor of the rate.
const MOST: f64 = 3.0;
/// A step is worth a probe a little above it.
const ABOVE: f64 = 1.1;
/// Probes go up to this factor of the wish; a rate from this factor on is enough.
const USEFUL: f64 = 1.3;
const ENOUGH: f64 = 1.15;
/// Between probes: at first, and at most; it grows by half with each that finds nothing.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// Between any two.
const SHORTEST_PAUSE: Duration = Duration::from_millis(300);
/// Probes in a row that are repeated at once because feedback about them got lost.
const TRIES: u8 = 4;
/// So many in a row say that there will never be one.
const IN_VAIN: u8 = 3 * TRIES;
/// Probes are numbered anew after so many: the notes of what was sent tell no more apart.
const NUMBERS: u8 = 31;
/// Looked at again after so long where congestion forbids a probe.
const WAIT: Duration = Duration::from_millis(100);
/// A wish that rises by so much is probed for at once.
const RISE: f64 = 1.1;
/// By this share a second a higher wish is forgotten.
const FORGET: f64 = 0.1;
/// What was proved longer ago is proved again when the wish rises.
const STALE: Duration = Duration::from_secs(10);
/// How long a probe lasts, in seconds, with so many times the spread of delays, and at most; its least packets and bytes.
const LENGTH: f64 = 0.025;
const SPREADS: f64 = 2.0;
const USUAL_SPREAD: f64 = 0.01;
const LONGEST: f64 = 0.07;
const PACKETS: u16 = 5;
const BYTES: f64 = 1000.0;
/// Probes above and below say nothing that anybody needs, bit/s.
const HIGHEST: f64 = 100e6;
const LOWEST: f64 = 50e3;

/// Decides; the estimator tells it of results.
#[derive(Debug, Clone)]
pub struct Prober {
    full: f64,
    next: f64,
    /// The highest wish of late, and when it was looked at.
    peak: f64,
    wished: Micros,
    number: u8,
    /// When the next one is due.
    due: Micros,
    last: Option<Micros>,
    pause: Duration,
    /// The factor of the next one.
    factor: f64,
    /// Probes in a row of which nothing was told.
    untold: u8,
    /// When a probe came to a result last.
    proved: Micros,
    /// What was proved long ago is to be proved again.
    verify: bool,
}

impl Prober {
    pub const fn new(now: Micros) -> Self {
        Self {
            full: 0.0,
            next: 0.0,
            peak: 0.0,
            wished: now,
            number: 0,
            due: now,
            last: None,
            pause: PAUSE,
            factor: FIRST,
            untold: 0,
            proved: now,
            verify: false,
        }
    }

    /// What would be sent if the line carried everything, and what the next better step needs.
    pub fn wish(&mut self, now: Micros, full: f64, next: f64) {
        // It is made of measured rates: only what is beyond their usual changes is a new wish.
        let passed = now.since(self.wished).as_secs_f64();
        let before = full.max(self.peak - (self.peak - full) * (passed * FORGET).min(1.0));
        let rises = full > self.peak * RISE;
        (self.peak, self.wished) = (before, now);
        if rises {
            self.pause = PAUSE;
            self.due = self.due.min(self.soon(now));
            self.verify = self.last.is_some() && now.since(self.proved) > STALE;
        }
        (self.full, self.next) = (full, next);
    }

    /// What the next better step needs, bit/s.
    pub const fn next(&self) -> f64 {
        self.next
    }

    /// Has there been any probe?
    pub const fn has_begun(&self) -> bool {
        self.last.is_some()
    }

    /// Would more be of use than `rate`, or is `rate` itself to be proved?
    fn is_wanted(&self, rate: f64) -> bool {
        self.full > 0.0 && (self.verify || rate < self.full * ENOUGH)
    }

    /// When to ask for a probe.
    pub fn deadline(&self, rate: f64) -> Micros {
        if self.is_wanted(rate) { self.due } else { Micros::NEVER }
    }

    /// A probe, if one is due. It lasts longer where delays have a spread (seconds).
    pub fn take(&mut self, now: Micros, rate: f64, spread: f64, congested: bool) -> Option<Probe> {
        if now < self.due || !self.is_wanted(rate) {
            return None;
        }
        if congested {
            self.due = now + WAIT;
            return None;
        }
        let next = (self.next * ABOVE).min(rate * MOST);
        let enough = rate >= self.full * ENOUGH;
        let useful = self.full * if enough { ABOVE } else { USEFUL };
        let target = (rate * self.factor).max(next).min(useful).clamp(LOWEST, HIGHEST);
        self.verify = false;
        self.number = (self.number + 1) % NUMBERS;
        self.last = Some(now);
        self.factor = USUAL;
        self.due = now + self.pause;
        Some(Probe {
            cluster: self.number,
            rate: target as u64,
            packets: PACKETS,
            bytes: (target * (LENGTH + (spread - USUAL_SPREAD).max(0.0) * SPREADS).min(LONGEST) / 8.0)
                .max(BYTES) as u32,
        })
    }

    /// A probe came to a result.
    pub const fn proved(&mut self, now: Micros) {
        self.proved = now;
    }

    /// A probe found more than was known: perhaps there is still more.
    pub fn found(&mut self, now: Micros, filled: bool) {
        self.untold = 0;
        self.factor = if filled { USUAL } else { FURTHER };
        self.pause = PAUSE;
        self.due = if filled { now + self.pause } else { self.soon(now) };
    }

    /// A probe found nothing new, or got lost.
    pub fn failed(&mut self, now: Micros) {
        self.untold = 0;
        self.wait(now);
    }

    fn wait(&mut self, now: Micros) {
        self.pause = (self.pause + self.pause / 2).min(LONGEST_PAUSE);
        self.due = self.due.max(now + self.pause.saturating_sub(SHORTEST_PAUSE));
    }

    /// Nothing was told of a probe: it is tried again at once, some times.
    pub fn unheard(&mut self, now: Micros) {
        self.untold += 1;
        if self.untold.is_multiple_of(TRIES) {
            self.untold = self.untold.min(IN_VAIN);
            self.wait(now);
        } else {
            self.due = self.soon(now);
        }
    }

    /// No probe ever comes whole: there is nothing to pad with, or nobody counts it.
    pub const fn is_in_vain(&self) -> bool {
        self.untold >= IN_VAIN
    }

    /// The rate was lowered: the line is to be searched soon again, from near.
    pub fn lowered(&mut self, now: Micros) {
        self.pause = PAUSE;
        self.due = self.due.min(now + self.pause);
    }

    /// Feedback comes at last, or again.
    pub fn restart(&mut self, now: Micros) {
        self.pause = PAUSE;
        self.factor = FIRST;
        self.due = self.soon(now);
    }

    fn soon(&self, now: Micros) -> Micros {
        self.last.map_or(now, |last| now.max(last + SHORTEST_PAUSE))
    }
}
