//! What loss says of the line: the bandwidth and the line's own loss under which the losses seen are likeliest
//! (after libwebrtc's loss-based estimator v2). Loss that does not grow with the rate lowers nothing.

use super::logarithm::ln;

/// Observations that count, and the least time of each in µs.
const OBSERVATIONS: usize = 20;
const DURATION: i64 = 250_000;
/// So many are needed before loss says anything.
const LEAST: u32 = 3;
/// An observation counts less by this factor for each one after it.
const FADING: f64 = 0.9;
/// Bandwidths that are compared, as factors of the last best one.
const FACTORS: [f64; 3] = [1.02, 1.0, 0.95];
/// Bounds of the line's own loss: the upper one is the offset, and more for low bandwidths (balance in kbit/s).
const INHERENT_LEAST: f64 = 0.001;
const INHERENT_OFFSET: f64 = 0.05;
const INHERENT_BALANCE: f64 = 75.0;
const INHERENT_START: f64 = 0.01;
const NEWTON_STEP: f64 = 0.75;
/// How much a higher bandwidth is preferred, per kbit/s and per its logarithm; from this loss on a lower one is.
const BIAS: f64 = 0.0002;
const BIAS_LOG: f64 = 0.02;
const BIAS_LOSS: f64 = 0.15;
const BIAS_SMOOTHING: f64 = 0.002;
/// Loss above the offset bounds the bandwidth at once (kbit/s), though never below what arrives.
const INSTANT_OFFSET: f64 = 0.05;
const INSTANT_BALANCE: f64 = 75.0;
const ARRIVES: f64 = 0.95;
/// The bandwidth grows at most so much within so much time (µs) while loss bounds it.
const GROWTH: f64 = 1.3;
const GROWTH_TIME: i64 = 300_000;
/// So many packets in a row that are all lost are no overflow, of which some pass, but an outage: more do not count.
const OUTAGE: u32 = 12;
/// Two observations in a row with so much more loss than before, of so many packets, are of another line than those before.
const CHANGE: f64 = 0.15;
const CHANGE_PACKETS: f64 = 15.0;
/// Loss is the line's own, and is admitted with a margin, if as large a share is lost at higher rates as at lower ones. If the
/// rate caused it, the half of the observations with the higher rates would lose more; that must be so much more, and such a
/// share of what it would lose, that it can be told, and what it does lose more must be less than this share of that.
const TELLING: f64 = 0.04;
const TELLING_SHARE: f64 = 0.3;
const PERSISTS: f64 = 0.4;
/// It loses no less than this share of the lower half either: then the line itself has changed.
const ALIKE: f64 = 0.6;
/// Each half needs so many packets.
const HALF_PACKETS: f64 = 100.0;
/// So many of the newest observations tell how much is lost now.
const RECENT: usize = 5;
/// It is searched for anew what a lowered rate could be, if that turns out within so many observations.
const LONGEST_TRIAL: u32 = 60;
const ADMITTED_MARGIN: f64 = 1.2;
const ADMITTED_MOST: f64 = 0.4;
/// Probabilities stay so far from 0 and 1.
const MARGIN: f64 = 1e-6;

/// What was sent in a quarter of a second, and what became of it.
#[derive(Debug, Clone, Copy, Default)]
struct Observation {
    packets: f64,
    lost: f64,
    /// kbit/s.
    rate: f64,
}

/// Observations taken together.
#[derive(Debug, Clone, Copy, Default)]
struct Half {
    packets: f64,
    lost: f64,
    rates: f64,
    count: f64,
}

/// A line as it may be.
#[derive(Debug, Clone, Copy)]
struct Channel {
    /// kbit/s.
    bandwidth: f64,
    inherent: f64,
}

/// The estimator; times are in µs of the sender's clock, rates in bit/s outside and kbit/s inside.
#[derive(Debug, Clone)]
pub struct Loss {
    /// By number modulo their count.
    observations: [Observation; OBSERVATIONS],
    count: u32,
    /// Of them, the newest that are of the line as it is.
    known: usize,
    /// The observation being filled: packets, lost ones, bytes.
    partial: (u32, u32, u64),
    /// Lost ones in a row.
    run: u32,
    last_sent: Option<i64>,
    newest_sent: i64,
    best: Option<Channel>,
    average: f64,
    limited: bool,
    /// The line's own loss, beyond what is usual, as trials have shown it.
    admitted: f64,
    /// When the rate was lowered last.
    lowered: Option<u32>,
    /// That was for nothing.
    in_vain: bool,
    /// While loss bounds: since when, and up to which bandwidth it may grow.
    window: Option<(i64, f64)>,
}

impl Default for Loss {
    fn default() -> Self {
        Self {
            observations: [Observation::default(); OBSERVATIONS],
            count: 0,
            known: 0,
            partial: (0, 0, 0),
            run: 0,
            last_sent: None,
            newest_sent: i64::MIN,
            best: None,
            average: 0.0,
            limited: false,
            admitted: 0.0,
            lowered: None,
            in_vain: false,
            window: None,
        }
    }
}

impl Loss {
    /// What became of one packet.
    pub fn add(&mut self, sent: i64, size: u16, arrived: bool) {
        self.run = if arrived { 0 } else { self.run.saturating_add(1) };
        if self.run > OUTAGE {
            return;
        }
        let (packets, lost, bytes) = &mut self.partial;
        *packets += 1;
        *lost += u32::from(!arrived);
        *bytes += u64::from(size);
        self.newest_sent = self.newest_sent.max(sent);
        self.last_sent.get_or_insert(sent);
    }

    /// A feedback is read to its end: `bound` is what the delays allow, `arriving` what was seen to arrive (bit/s).
    pub fn update(&mut self, bound: f64, arriving: Option<f64>) {
        if !self.observe() {
            return;
        }
        let bound = bound / 1000.0;
        let arriving = arriving.map(|rate| rate / 1000.0);
        let before = *self.best.get_or_insert(Channel { bandwidth: bound, inherent: INHERENT_START });
        let mut best = self.likeliest(before, bound, arriving);
        if self.average > best.inherent && before.bandwidth < best.bandwidth {
            best.bandwidth = before.bandwidth;
        }
        if self.limited
            && let Some((since, most)) = self.window
            && self.newest_sent - since < GROWTH_TIME
        {
            best.bandwidth = best.bandwidth.min(most.max(before.bandwidth));
        }
        let floor = arriving.map_or(0.0, |rate| rate * ARRIVES);
        best.bandwidth = best.bandwidth.max(floor.min(before.bandwidth));
        let bounded = best.bandwidth.min(self.instant_bound().max(floor)).min(bound);
        self.best = Some(best);
        self.limited = self.count >= LEAST && bounded < bound;
        self.judge(bounded < before.bandwidth);
        if self.limited {
            self.best = Some(Channel { bandwidth: bounded, ..best });
            if self.window.is_none_or(|(since, _)| self.newest_sent - since >= GROWTH_TIME) {
                self.window = Some((self.newest_sent, bounded * GROWTH));
            }
        } else {
            self.window = None;
        }
    }

    /// The bandwidth that loss allows, bit/s; `None` while it says nothing.
    pub fn bound(&self) -> Option<f64> {
        self.best.filter(|_| self.limited).map(|line| line.bandwidth * 1000.0)
    }

    /// A probe proved so much (bit/s).
    pub fn proved(&mut self, rate: f64) {
        if let Some(line) = &mut self.best {
            line.bandwidth = line.bandwidth.max(rate / 1000.0);
        }
    }

    /// Was the rate lowered for loss that it did not cause? Told once.
    pub const fn was_in_vain(&mut self) -> bool {
        std::mem::replace(&mut self.in_vain, false)
    }

    /// The share of packets that the line itself loses, beyond what is usual.
    pub const fn admitted(&self) -> f64 {
        self.admitted
    }

    /// The share of packets that were lost lately, 0 to 1.
    pub const fn average(&self) -> f64 {
        self.average
    }

    /// Ends the observation being filled if it is long enough.
    fn observe(&mut self) -> bool {
        let Some(last) = self.last_sent else { return false };
        let duration = self.newest_sent - last;
        let (packets, lost, bytes) = self.partial;
        if duration < DURATION || packets == 0 {
            return false;
        }
        self.last_sent = Some(self.newest_sent);
        self.partial = (0, 0, 0);
        let rate = bytes as f64 * 8000.0 / duration as f64;
        self.observations[self.count as usize % OBSERVATIONS] =
            Observation { packets: packets.into(), lost: lost.into(), rate };
        self.count = self.count.wrapping_add(1).max(1);
        self.known = (self.known + 1).min(OBSERVATIONS);
        let changed = |seen: &Observation| {
            seen.packets > CHANGE_PACKETS
                && seen.lost > (self.average.max(self.admitted) + CHANGE) * seen.packets
        };
        let changes = self.weighted().map_while(|(seen, _)| changed(&seen).then_some(())).take(3).count();
        if changes == 2 {
            self.known = 2;
        }
        let (all, lost) = self.weighted().fold((0.0, 0.0), |(all, lost), (seen, weight)| {
            (all + weight * seen.packets, lost + weight * seen.lost)
        });
        self.average = lost / all;
        true
    }

    /// Is the loss the line's own? Then the rate was lowered for nothing.
    fn judge(&mut self, lowered: bool) {
        let recent = self.weighted().take(RECENT).fold(Half::default(), |half, (seen, _)| half.with(&seen));
        if recent.loss() < self.admitted / 2.0 {
            self.admitted = recent.loss() * ADMITTED_MARGIN;
        }
        if self.limited && lowered {
            self.lowered = Some(self.count);
        }
        let Some(since) = self.lowered else { return };
        if recent.loss() > INHERENT_OFFSET && self.average > INHERENT_OFFSET && self.is_own() {
            self.admitted = self.admitted.max(recent.loss() * ADMITTED_MARGIN).min(ADMITTED_MOST);
            self.in_vain = true;
            self.lowered = None;
        } else if self.count.saturating_sub(since) > LONGEST_TRIAL {
            self.lowered = None;
        }
    }

    /// Were packets lost alike when more and when less was sent, so much alike that the rate did not cause it?
    fn is_own(&self) -> bool {
        let rates: f64 = self.weighted().map(|(seen, _)| seen.rate).sum();
        let mean = rates / self.known as f64;
        let (mut less, mut more) = (Half::default(), Half::default());
        for (seen, _) in self.weighted() {
            let half = if seen.rate < mean { &mut less } else { &mut more };
            *half = half.with(&seen);
        }
        if less.packets.min(more.packets) < HALF_PACKETS {
            return false;
        }
        // A line that carries what passed of the less, and no more, would have lost so much of the more.
        let caused = 1.0 - (1.0 - less.loss()) * less.rate() / more.rate();
        let rise = caused - less.loss();
        let alike = more.loss() > less.loss() * ALIKE && more.loss() < less.loss() + rise * PERSISTS;
        alike && rise > TELLING && rise > TELLING_SHARE * caused
    }

    /// The share of packets lost beyond what is the line's own.
    fn excess(&self) -> f64 {
        (self.average - self.admitted).max(0.0)
    }

    /// The observations, newest first, each with its weight.
    fn weighted(&self) -> impl Iterator<Item = (Observation, f64)> {
        let newest = self.count as usize + OBSERVATIONS - 1;
        let mut weight = 1.0 / FADING;
        (0..self.known).map(move |age| {
            weight *= FADING;
            (self.observations[(newest - age) % OBSERVATIONS], weight)
        })
    }

    fn likeliest(&self, before: Channel, bound: f64, arriving: Option<f64>) -> Channel {
        let factors = FACTORS.map(|factor| factor * before.bandwidth);
        let others = [Some(bound).filter(|bound| *bound > before.bandwidth), arriving];
        let most = self.window.filter(|_| self.limited).map_or(f64::MAX, |(_, most)| most);
        let mut best = (f64::MIN, before);
        for bandwidth in factors.into_iter().chain(others.into_iter().flatten()) {
            let bandwidth = bandwidth.min(most.max(before.bandwidth)).max(1.0);
            let line = self.fit(Channel { bandwidth, inherent: before.inherent });
            let objective = self.objective(line);
            if objective > best.0 {
                best = (objective, line);
            }
        }
        best.1
    }

    /// The line's own loss moves one of Newton's steps towards the likeliest.
    fn fit(&self, line: Channel) -> Channel {
        let line = Channel { inherent: self.feasible(line.inherent, line.bandwidth), ..line };
        let (mut first, mut second) = (0.0, 0.0);
        for (seen, weight) in self.weighted() {
            let loss = line.loss(seen.rate);
            let arrived = seen.packets - seen.lost;
            first += weight * (seen.lost / loss - arrived / (1.0 - loss));
            second -= weight * (seen.lost / (loss * loss) + arrived / ((1.0 - loss) * (1.0 - loss)));
        }
        let second = second.min(-MARGIN);
        Channel {
            inherent: self.feasible(line.inherent - NEWTON_STEP * first / second, line.bandwidth),
            ..line
        }
    }

    /// The logarithm of how likely what was seen is on this line, with the preference for a higher bandwidth.
    fn objective(&self, line: Channel) -> f64 {
        let distance = BIAS_LOSS - self.excess();
        let preference = distance / (BIAS_SMOOTHING + distance.abs());
        let bias = preference * (BIAS * line.bandwidth + BIAS_LOG * ln(1.0 + line.bandwidth));
        let below = (ln(line.inherent), ln(1.0 - line.inherent));
        self.weighted()
            .map(|(seen, weight)| {
                let (lost, arrived) = if seen.rate > line.bandwidth {
                    let loss = line.loss(seen.rate);
                    (ln(loss), ln(1.0 - loss))
                } else {
                    below
                };
                weight * (seen.lost * lost + (seen.packets - seen.lost) * arrived + bias * seen.packets)
            })
            .sum()
    }

    fn feasible(&self, inherent: f64, bandwidth: f64) -> f64 {
        let most = INHERENT_OFFSET + INHERENT_BALANCE / bandwidth + self.admitted;
        inherent.clamp(INHERENT_LEAST, most.min(1.0 - MARGIN))
    }

    fn instant_bound(&self) -> f64 {
        let excess = self.excess();
        if excess > INSTANT_OFFSET { INSTANT_BALANCE / (excess - INSTANT_OFFSET) } else { f64::MAX }
    }
}

impl Half {
    fn with(self, seen: &Observation) -> Self {
        Self {
            packets: self.packets + seen.packets,
            lost: self.lost + seen.lost,
            rates: self.rates + seen.rate,
            count: self.count + 1.0,
        }
    }

    fn loss(&self) -> f64 {
        self.lost / self.packets
    }

    fn rate(&self) -> f64 {
        self.rates / self.count
    }
}

impl Channel {
    /// The probability that a packet is lost when so much is sent.
    fn loss(&self, rate: f64) -> f64 {
        let excess = if rate > self.bandwidth { (rate - self.bandwidth) / rate } else { 0.0 };
        (self.inherent + (1.0 - self.inherent) * excess).clamp(MARGIN, 1.0 - MARGIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds at `rate` bit/s of which every `every`th packet is lost, and all above `capacity`.
    fn feed(loss: &mut Loss, from: i64, seconds: i64, rate: f64, every: u32, capacity: f64) -> i64 {
        let interval = (9_600e6 / rate) as i64;
        let share = (capacity / rate).min(1.0);
        let (mut at, mut number, mut passed) = (from, 0_u32, 0.0);
        while at < from + seconds * 1_000_000 {
            number += 1;
            passed += share;
            let arrived = passed >= 1.0 && number % every != 0;
            passed = if passed >= 1.0 { passed - 1.0 } else { passed };
            loss.add(at, 1200, arrived);
            if number % 8 == 0 {
                loss.update(rate, Some(rate.min(capacity)));
            }
            at += interval;
        }
        at
    }

    #[test]
    fn a_line_without_loss_bounds_nothing() {
        let mut loss = Loss::default();
        feed(&mut loss, 0, 5, 1e6, u32::MAX, 1e9);
        assert_eq!(loss.bound(), None);
        assert_eq!(loss.average(), 0.0);
    }

    #[test]
    fn five_percent_of_loss_that_the_rate_does_not_cause_bounds_nothing() {
        let mut loss = Loss::default();
        let at = feed(&mut loss, 0, 5, 1e6, 20, 1e9);
        for second in 0..20 {
            feed(&mut loss, at + second * 1_000_000, 1, 1e6, 20, 1e9);
            let bound = loss.bound().unwrap_or(1e6);
            assert!(bound > 0.95e6, "{bound}");
        }
    }

    #[test]
    fn twenty_percent_that_the_rate_does_not_cause_are_admitted_once_the_rate_has_varied() {
        let mut loss = Loss::default();
        let mut at = 0;
        let mut in_vain = false;
        for second in 0..12 {
            let rate = if second % 2 == 0 { 1e6 } else { 0.8e6 };
            at = feed(&mut loss, at, 1, rate, 5, 1e9);
            in_vain |= loss.was_in_vain();
        }
        assert!(in_vain && !loss.was_in_vain());
        assert!((0.2..0.3).contains(&loss.admitted()), "{}", loss.admitted());
        assert!(loss.bound().is_none_or(|bound| bound > 0.75e6), "{:?}", loss.bound());
        feed(&mut loss, at, 5, 1e6, u32::MAX, 1e9);
        assert!(loss.admitted() < 0.01, "{}", loss.admitted());
    }

    #[test]
    fn loss_that_grows_with_the_rate_is_never_admitted() {
        let mut loss = Loss::default();
        let mut at = 0;
        for second in 0..20 {
            let rate = if second % 2 == 0 { 1e6 } else { 0.8e6 };
            at = feed(&mut loss, at, 1, rate, u32::MAX, 0.7e6);
            assert_eq!(loss.admitted(), 0.0, "{second}");
        }
    }

    #[test]
    fn loss_from_overflow_bounds_to_what_passes_within_a_second() {
        let mut loss = Loss::default();
        let at = feed(&mut loss, 0, 5, 1e6, u32::MAX, 1e9);
        let at = feed(&mut loss, at, 1, 1e6, u32::MAX, 0.4e6);
        let bound = loss.bound().unwrap();
        assert!((0.3e6..0.6e6).contains(&bound), "{bound}");
        feed(&mut loss, at, 1, 1e6, u32::MAX, 0.4e6);
        let bound = loss.bound().unwrap();
        assert!((0.35e6..0.45e6).contains(&bound), "{bound}");
    }
}
