//! How much a receiver's line carries: an estimate from its feedback, after Google's congestion control
//! (draft-ietf-rmcat-gcc-02) and what libwebrtc has made of it.

mod arrivals;
mod cluster;
mod groups;
mod logarithm;
mod loss;
mod pace;
mod prober;
mod queueing;
mod rate_control;
mod reports;
mod trend;
mod window;

use arrivals::{ArrivalClock, Overtaken, micros_since};
use cluster::Cluster;
use groups::Groups;
use loss::Loss;
use prober::Prober;
use queueing::Queueing;
use rate_control::{CEILING, FLOOR, RateControl, Signal};
use reports::Reports;
use std::time::Duration;
use trend::Trend;
use viva_wire::Micros;
use window::Window;

/// Where it begins, bit/s.
const START: f64 = 300_000.0;
/// Packets of one feedback that are looked at.
const MOST_TOLD: usize = 2000;
/// Silence after which the line is taken for broken, on top of the round trip; then again and again.
const SILENCE: Duration = Duration::from_millis(900);
const SILENCE_AGAIN: Duration = Duration::from_millis(500);
const SILENCE_FACTOR: f64 = 0.5;
/// Round trip while none is known.
const ROUND_TRIP: Duration = Duration::from_millis(100);
/// What arrives so long after a probe's packet may still have waited behind it, µs.
const AFTERMATH: i64 = 100_000;
/// Packets over which loss is smoothed.
const LOSS_PACKETS: f64 = 400.0;
/// What is lost so long after a probe's packet was sent may be lost by the probe, µs.
const WAKE: i64 = 50_000;
/// A probe that raises the rate by less finds nothing; a rate that falls below this share of itself is a new line.
const NEWS: f64 = 1.05;
const MUCH_LESS: f64 = 0.8;
/// No probe into a queue of this length, µs, nor into so much loss.
const NO_PROBE_QUEUE: f64 = 40_000.0;
const NO_PROBE_LOSS: f64 = 0.25;
/// A queue that stands at this length is congestion, µs.
const CONGESTED: f64 = 60_000.0;

/// One packet as feedback tells of it, or as given up: feedback told that it is missing, and did so long enough for it not to
/// be a packet that was merely overtaken. A packet of which no feedback spoke is not told here: its feedback got lost, not
/// the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// When it was sent.
    pub sent: Micros,
    /// Bytes on the wire, of IP upwards.
    pub size: u16,
    /// The probe to which it belongs.
    pub probe: Option<u8>,
    /// When it arrived, by the receiver's clock of any epoch, unwrapped.
    pub arrived: Option<Micros>,
}

/// A burst to be sent, spaced evenly, to see whether the line carries `rate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Its number, less than 31, which [`Told::probe`] repeats.
    pub cluster: u8,
    /// Bit/s.
    pub rate: u64,
    /// Packets, at least.
    pub packets: u16,
    /// Bytes on the wire, at least.
    pub bytes: u32,
}

/// The estimator of one receiver. Feed it what is sent and what is told of it; ask [`Self::estimate`] at any time, and
/// at [`Self::deadline`] call [`Self::tick`] and [`Self::take_probe`].
///
/// Whatever feedback says, the estimate rises to what a probe or media that was truly sent has shown, no higher: rates
/// are the lesser of that of sending, which is ours to know, and that of arrival.
#[derive(Debug, Clone)]
pub struct Estimator {
    began: Micros,
    control: RateControl,
    loss: Loss,
    prober: Prober,
    probe: Option<Cluster>,
    arrivals: ArrivalClock,
    groups: Groups,
    trend: Trend,
    queue: Queueing,
    /// What was acknowledged, by the time of its sending and by that of its arrival.
    by_sending: Window,
    by_arrival: Window,
    /// The arrival of the newest packet of a probe, µs.
    probed: i64,
    /// The share of packets lost of late, outages and probes too.
    lost: f64,
    /// The sending of the newest packet of a probe, µs.
    probe_sent: i64,
    newest: i64,
    reports: Reports,
    round_trip: Option<Duration>,
    response: Duration,
    /// Bytes that were sent and of which nothing was told yet: no more can be acknowledged.
    untold: u64,
    /// When silence lowers the rate next; NEVER while nothing was sent since the last feedback, or none ever came.
    silence: Micros,
    silent: bool,
    /// What was sent before it, µs, was sent in silence.
    deaf_until: i64,
    has_feedback: bool,
}

impl Estimator {
    /// Begins with 300 kbit/s.
    pub fn new(now: Micros) -> Self {
        Self {
            began: now,
            control: RateControl::new(START, now),
            loss: Loss::default(),
            prober: Prober::new(now),
            probe: None,
            arrivals: ArrivalClock::default(),
            groups: Groups::default(),
            trend: Trend::default(),
            queue: Queueing::default(),
            by_sending: Window::default(),
            by_arrival: Window::default(),
            probed: i64::MIN / 4,
            lost: 0.0,
            probe_sent: i64::MIN / 4,
            newest: 0,
            reports: Reports::new(now),
            round_trip: None,
            response: ROUND_TRIP,
            untold: 0,
            silence: Micros::NEVER,
            silent: false,
            deaf_until: 0,
            has_feedback: false,
        }
    }

    /// Packets of so many bytes on the wire are sent.
    #[inline]
    pub fn sent(&mut self, now: Micros, bytes: u32) {
        self.reports.sent(bytes);
        self.untold = self.untold.saturating_add(u64::from(bytes));
        if self.silence == Micros::NEVER && self.has_feedback {
            self.silence = now + if self.silent { SILENCE_AGAIN } else { SILENCE + self.round_trip() };
        }
    }

    /// One transport-wide feedback: packets in the order of their numbers.
    pub fn feedback(&mut self, now: Micros, told: &[Told]) {
        let told = told.get(..told.len().min(MOST_TOLD)).unwrap_or_default();
        if told.is_empty() {
            return;
        }
        self.heard(now);
        self.read(now, told);
        self.queue.settle(self.newest);
        self.conclude(now);
        let arriving = self.arriving();
        self.loss.update(self.control.rate(), arriving);
        if self.loss.was_in_vain() {
            self.prober.restart(now);
        }
        if let Some(bound) = self.loss.bound() {
            self.lower(now, bound);
        }
        let before = self.control.rate();
        let signal = Signal {
            usage: self.trend.usage(),
            queue: &self.queue,
            newest: self.newest,
            arriving,
            round_trip: self.round_trip(),
            probing: self.newest - self.probed < AFTERMATH,
            step: self.prober.is_in_vain().then_some(self.prober.next()),
        };
        if self.control.update(now, &signal) {
            self.queue.rebase();
            self.prober.restart(now);
        }
        if self.control.rate() < before * MUCH_LESS {
            self.prober.lowered(now);
        }
    }

    /// A receiver's own estimate (REMB): a bound while it is fresh.
    pub fn remb(&mut self, now: Micros, bits: u64) {
        self.reports.remb(now, bits);
    }

    /// A receiver report; it counts where no transport-wide feedback comes.
    pub fn report(&mut self, now: Micros, fraction_lost: u8, round_trip: Option<Duration>) {
        if let Some(round_trip) = round_trip {
            self.set_round_trip(round_trip);
        }
        if !self.has_feedback {
            let (rate, next) = (self.control.rate(), self.prober.next());
            let rate = self.reports.report(now, fraction_lost, round_trip, rate, next);
            self.control.reported(rate);
        }
    }

    /// The round trip, where it is known by other means.
    pub fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = Some(round_trip.min(Duration::from_secs(5)));
    }

    /// What would be sent if the line carried everything, and what the next better step needs, bit/s. Probes go no
    /// higher than is of use; 0: nothing is wanted, never probe.
    pub fn set_wish(&mut self, now: Micros, full: u64, next: u64) {
        let (full, next) = ((full as f64).min(CEILING), (next as f64).min(CEILING));
        self.prober.wish(now, full, next);
    }

    /// Time passes: a probe that got lost is over, and silence of feedback lowers the estimate.
    pub fn tick(&mut self, now: Micros) {
        if self.probe.as_ref().is_some_and(|probe| probe.is_over(now, self.round_trip())) {
            let lossy = self.loss.admitted();
            let probe = self.probe.take();
            let told = probe.as_ref().is_none_or(Cluster::is_told);
            let outcome = probe.and_then(|probe| probe.outcome(lossy));
            if outcome.is_none() && !told && self.has_feedback {
                self.prober.unheard(now);
            } else {
                self.settle(now, outcome);
            }
        }
        if now >= self.silence {
            self.silent = true;
            // The next packet sets it again: who sends nothing is told nothing.
            self.silence = Micros::NEVER;
            self.lower(now, self.control.rate() * SILENCE_FACTOR);
        }
        self.reports.tick(now);
    }

    /// When to call [`Self::tick`] and [`Self::take_probe`]; `NEVER` if nothing is due.
    pub fn deadline(&self) -> Micros {
        let probe = match &self.probe {
            Some(probe) => probe.deadline(self.round_trip()),
            None if self.may_probe() => self.prober.deadline(self.control.rate()),
            None => Micros::NEVER,
        };
        probe.min(self.silence).min(self.reports.deadline())
    }

    /// A probe that is to be sent now, once.
    pub fn take_probe(&mut self, now: Micros) -> Option<Probe> {
        if self.probe.is_some() || !self.may_probe() {
            return None;
        }
        let forbidden =
            self.is_congested() || self.queue.least() > NO_PROBE_QUEUE || self.loss.average() > NO_PROBE_LOSS;
        let probe = self.prober.take(now, self.control.rate(), self.queue.spread() / 1e6, forbidden)?;
        self.probe = Some(Cluster::new(&probe, now));
        Some(probe)
    }

    /// Bits a second of wire bytes that may be sent now.
    pub fn estimate(&self) -> u64 {
        self.reports.bound(self.control.rate()).max(FLOOR) as u64
    }

    /// Smoothed loss, of 256: all of it, for whoever wants to know how good the line is.
    pub fn loss(&self) -> u8 {
        if self.has_feedback { (self.lost * 256.0) as u8 } else { self.reports.loss() }
    }

    /// How long packets wait before the receiver's line, smoothed.
    pub fn queueing(&self) -> Duration {
        Duration::from_micros(self.queue.smoothed().max(0.0) as u64)
    }

    /// More is sent than the line carries, or was until just now.
    pub fn is_congested(&self) -> bool {
        self.silent
            || self.control.is_held()
            || self.queue.least() > CONGESTED
            || self.loss.bound().is_some_and(|bound| bound < self.control.rate())
    }

    /// No probe while nobody listens: one before any feedback, then only between feedbacks.
    fn may_probe(&self) -> bool {
        !self.silent && (self.has_feedback || !self.prober.has_begun())
    }

    fn heard(&mut self, now: Micros) {
        if !self.has_feedback || self.silent {
            self.prober.restart(now);
        }
        if self.silent {
            // What was lost meanwhile says nothing of the line as it is now.
            self.loss = Loss::default();
            self.deaf_until = micros_since(self.began, now);
        }
        self.has_feedback = true;
        self.silent = false;
        self.silence = Micros::NEVER;
    }

    /// Takes in each packet.
    fn read(&mut self, now: Micros, told: &[Told]) {
        let overtaken = Overtaken::of(told);
        self.arrivals.begin();
        let lost = told.iter().filter(|packet| packet.arrived.is_none()).count() as f64 / told.len() as f64;
        self.lost += (lost - self.lost) * (told.len() as f64 / LOSS_PACKETS).min(1.0);
        for (index, packet) in told.iter().enumerate() {
            let Some(untold) = self.untold.checked_sub(packet.size.into()) else { return };
            self.untold = untold;
            let sent = micros_since(self.began, packet.sent);
            if packet.probe.is_some() {
                self.probe_sent = self.probe_sent.max(sent);
            } else if sent >= self.deaf_until && (sent - self.probe_sent > WAKE || sent < self.probe_sent) {
                self.loss.add(sent, packet.size, packet.arrived.is_some());
            }
            let time = packet.arrived.and_then(|arrived| self.arrivals.place(sent, arrived.0));
            if self.arrivals.has_leapt() {
                self.forget_delays();
            }
            if let Some(cluster) = &mut self.probe {
                let of_probe = packet.probe == Some(cluster.number);
                cluster.add(sent, time, packet.size, of_probe, overtaken.contains(index));
            }
            let Some(arrived) = time else { continue };
            self.response = now.since(packet.sent);
            self.newest = self.newest.max(arrived);
            self.by_sending.add(sent, packet.size);
            self.by_arrival.add(arrived, packet.size);
            if packet.probe.is_some() {
                self.probed = self.probed.max(arrived);
            }
            if overtaken.contains(index) {
                self.queue.count(packet.size);
                continue;
            }
            self.queue.add(arrived, arrived - sent, packet.size);
            if let Some(step) = self.groups.add(sent, arrived)
                && arrived - self.probed >= AFTERMATH
            {
                self.trend.update(step);
            }
        }
    }

    /// What the line lets through, bit/s: the lesser of the rates of sending and of arrival of what arrives, and with it
    /// what the line would lose at any rate.
    fn arriving(&self) -> Option<f64> {
        let rate = self.by_arrival.rate()?.min(self.by_sending.rate()?);
        Some(rate / (1.0 - self.loss.admitted()))
    }

    /// A probe of which enough is known has its result.
    fn conclude(&mut self, now: Micros) {
        let lossy = self.loss.admitted();
        if let Some(outcome) = self.probe.as_mut().and_then(|probe| probe.conclude(lossy)) {
            self.probe = None;
            self.settle(now, Some(outcome));
        }
    }

    fn settle(&mut self, now: Micros, outcome: Option<cluster::Outcome>) {
        let arriving = self.arriving();
        match outcome {
            Some(outcome) => {
                self.prober.proved(now);
                let before = self.control.rate();
                self.control.probed(now, outcome, arriving);
                let rate = self.control.rate();
                self.loss.proved(rate);
                if rate > before * NEWS {
                    self.prober.found(now, outcome.filled);
                } else {
                    self.prober.failed(now);
                }
            }
            None => self.prober.failed(now),
        }
    }

    fn lower(&mut self, now: Micros, rate: f64) {
        if rate < self.control.rate() {
            if rate < self.control.rate() * MUCH_LESS {
                self.prober.lowered(now);
            }
            self.control.bound(now, rate);
        }
    }

    /// The receiver's clock leapt: nothing that was measured by it holds.
    fn forget_delays(&mut self) {
        self.groups = Groups::default();
        self.trend = Trend::default();
        self.queue = Queueing::default();
        self.by_arrival = Window::default();
        self.probed = i64::MIN / 4;
        self.newest = 0;
        self.probe = None;
    }

    fn round_trip(&self) -> Duration {
        self.round_trip.unwrap_or(self.response).min(Duration::from_secs(2))
    }
}

#[cfg(test)]
mod tests;
