//! How long packets wait before the receiver's line, and how much passes while they do.

use super::pace::{Pace, milliseconds};

/// The shortest delay of the newest 10 to 20 s is that of an empty queue; clocks that drift spoil an older one.
const BASE_PERIOD: i64 = 10_000_000;
/// A delay above it, in µs, means that the line is busy: clocks of 250 µs and a packet's own time are less.
const BUSY: i64 = 10_000;
/// What passed while the line was busy is measured over at most two of such halves, in µs.
const HALF: i64 = 200_000;
/// A shorter time says nothing of a rate, in µs.
const SHORTEST: i64 = 120_000;
/// After so much time without a packet told, µs, some were sent of which nothing was told: feedback got lost.
const UNTOLD: i64 = 35_000;
/// Where this share of what is sent passes, all does.
const PASSES: f64 = 0.95;
/// The share of a new delay in the smoothed one.
const SHARE: f64 = 0.2;

/// The queue as the delays of packets tell it. Times are in µs.
#[derive(Debug, Clone)]
pub struct Queueing {
    /// The shortest delay of this period and of the one before.
    base: [i64; 2],
    period: i64,
    /// Waiting time: the mean over the last feedback, its least, and smoothed.
    mean: f64,
    least: f64,
    smoothed: f64,
    /// Since when no packet found the queue empty.
    standing_since: Option<i64>,
    busy: Option<Busy>,
    /// The sending of the newest packet.
    sent: i64,
    /// How much the waiting time varies within a feedback, smoothed.
    spread: f64,
    /// Of the feedback that is being read.
    sum: i64,
    shortest: i64,
    packets: i64,
}

/// What passed through a busy line, bit/s.
#[derive(Debug, Clone, Copy)]
pub struct Drain {
    /// As it arrived.
    pub rate: f64,
    /// As it was sent.
    pub sent: f64,
}

impl Drain {
    /// Does all that is sent pass?
    pub fn passes(self) -> bool {
        self.rate > self.sent * PASSES
    }
}

/// What arrived while the line was busy, in two halves.
#[derive(Debug, Clone, Copy)]
struct Busy {
    /// The arrival of the first packet of each half, and of the last.
    from: [i64; 2],
    to: i64,
    /// Arrival and sending of the first of all: moments count from them.
    began: (i64, i64),
    /// How it arrived and how it was sent.
    arrival: [Pace; 2],
    sending: [Pace; 2],
}

impl Busy {
    fn begin(arrived: i64, sent: i64) -> Self {
        let mut busy = Self {
            from: [arrived; 2],
            to: arrived,
            began: (arrived, sent),
            arrival: [Pace::default(); 2],
            sending: [Pace::default(); 2],
        };
        // Its own bytes passed before its arrival.
        busy.point(arrived, sent);
        busy
    }

    fn point(&mut self, arrived: i64, sent: i64) {
        self.arrival[1].point(milliseconds(arrived - self.began.0));
        self.sending[1].point(milliseconds(sent - self.began.1));
    }

    fn pass(&mut self, size: u16) {
        self.arrival[1].pass(size);
        self.sending[1].pass(size);
    }

    /// The newer half becomes the older one.
    fn turn(&mut self) {
        self.from = [self.from[1], self.to];
        for pace in [&mut self.arrival, &mut self.sending] {
            *pace = [pace[1], pace[1].go_on()];
        }
    }
}

impl Default for Queueing {
    fn default() -> Self {
        Self {
            base: [i64::MAX; 2],
            period: i64::MIN,
            mean: 0.0,
            least: 0.0,
            smoothed: 0.0,
            standing_since: None,
            busy: None,
            sent: i64::MIN / 4,
            spread: 0.0,
            sum: 0,
            shortest: i64::MAX,
            packets: 0,
        }
    }
}

impl Queueing {
    /// A packet of `size` bytes arrived, `delay` after it was sent by clocks that are not the same.
    pub fn add(&mut self, arrived: i64, delay: i64, size: u16) {
        if self.period == i64::MIN {
            self.period = arrived;
        } else if arrived - self.period > BASE_PERIOD {
            self.period = arrived;
            self.base = [i64::MAX, self.base[0]];
        }
        self.base[0] = self.base[0].min(delay);
        let waited = delay - self.base[0].min(self.base[1]);
        self.sum = self.sum.saturating_add(waited);
        self.packets += 1;
        self.shortest = self.shortest.min(waited);
        self.pass(arrived, arrived - delay, waited, size);
    }

    /// A packet arrived whose delay says nothing.
    pub fn count(&mut self, size: u16) {
        if let Some(busy) = &mut self.busy {
            busy.pass(size);
        }
    }

    fn pass(&mut self, arrived: i64, sent: i64, waited: i64, size: u16) {
        let untold = sent - self.sent > UNTOLD;
        self.sent = self.sent.max(sent);
        if waited < BUSY || untold {
            self.busy = None;
        }
        if waited < BUSY {
            return;
        }
        match &mut self.busy {
            Some(busy) if arrived >= busy.to => {
                if arrived - busy.from[1] > HALF {
                    busy.turn();
                }
                busy.pass(size);
                busy.point(arrived, sent);
                busy.to = arrived;
            }
            Some(busy) => busy.pass(size),
            None => self.busy = Some(Busy::begin(arrived, sent)),
        }
    }

    /// A feedback is read to its end.
    pub fn settle(&mut self, newest: i64) {
        if self.packets == 0 {
            return;
        }
        self.mean = self.sum as f64 / self.packets as f64;
        self.least = self.shortest as f64;
        self.spread += SHARE * (self.mean - self.least - self.spread);
        self.smoothed += SHARE * (self.mean - self.smoothed);
        if self.shortest < BUSY {
            self.standing_since = None;
        } else {
            self.standing_since.get_or_insert(newest);
        }
        (self.sum, self.packets, self.shortest) = (0, 0, i64::MAX);
    }

    /// What passed while the line was busy just now; `None` if it was not, or not for long enough.
    pub fn drain(&self) -> Option<Drain> {
        let busy = self.busy?;
        if busy.to - busy.from[0] < SHORTEST {
            return None;
        }
        let rate = |pace: &[Pace; 2]| pace[0].with(pace[1]).rate();
        Some(Drain { rate: rate(&busy.arrival)?, sent: rate(&busy.sending)? })
    }

    /// Mean waiting time in the newest feedback, µs.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The least waiting time in the newest feedback, µs: what stood in the queue all the time.
    pub const fn least(&self) -> f64 {
        self.least
    }

    /// Smoothed waiting time, µs.
    pub const fn smoothed(&self) -> f64 {
        self.smoothed
    }

    /// How much waiting times vary within a feedback, smoothed, µs.
    pub const fn spread(&self) -> f64 {
        self.spread
    }

    /// For how long no packet found the queue empty, µs.
    pub fn standing(&self, newest: i64) -> i64 {
        self.standing_since.map_or(0, |since| newest - since)
    }

    /// The delay as it is now is that of an empty queue: the way has become longer.
    pub fn rebase(&mut self) {
        let more = self.least as i64;
        for base in &mut self.base {
            *base = base.saturating_add(more);
        }
        self.standing_since = None;
        self.busy = None;
        (self.mean, self.least) = (0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_what_a_delay_has_more_than_the_shortest() {
        let mut queue = Queueing::default();
        queue.add(0, -5_000, 100);
        queue.add(20_000, 15_000, 100);
        queue.settle(20_000);
        assert_eq!((queue.mean(), queue.least()), (10_000.0, 0.0));
    }

    #[test]
    fn the_base_follows_a_drifting_clock() {
        let mut queue = Queueing::default();
        for packet in 0..6_000_i64 {
            // 100 ppm over a minute.
            queue.add(packet * 10_000, packet, 100);
            queue.settle(packet * 10_000);
        }
        assert!(queue.mean() <= 2_100.0, "{}", queue.mean());
    }

    #[test]
    fn what_passes_while_the_line_is_busy_is_its_rate() {
        let mut queue = Queueing::default();
        queue.add(0, 0, 1000);
        assert!(queue.drain().is_none());
        // 1000 bytes each 8 ms: a megabit a second, of more that is sent.
        for packet in 1..100_i64 {
            queue.add(packet * 8_000, 10_000 + packet * 2_000, 1000);
        }
        let drain = queue.drain().unwrap();
        assert!((drain.rate - 1e6).abs() < 1.0 && (drain.sent - 1.333e6).abs() < 1e3, "{drain:?}");
        queue.add(800_000, 500, 1000);
        assert!(queue.drain().is_none());
    }

    #[test]
    fn a_longer_way_becomes_the_new_base() {
        let mut queue = Queueing::default();
        queue.add(0, 0, 100);
        queue.add(1_000, 70_000, 100);
        queue.settle(1_000);
        queue.add(2_000, 70_000, 100);
        queue.settle(2_000);
        queue.rebase();
        queue.add(3_000, 70_000, 100);
        queue.settle(3_000);
        assert_eq!(queue.mean(), 0.0);
    }
}
