//! A bottleneck for a scoreboard: a rate that follows a schedule, a queue that drops what does not fit, delay, jitter, loss,
//! and other traffic that shares all of it.

mod traffic;

pub use traffic::Traffic;

use super::peer::OVERHEAD;
use std::collections::VecDeque;
use traffic::{Moment, Source};
use viva_peer::Random;

/// Bytes that every queue holds, however slow the line is: two large packets and some sound.
const LEAST: u64 = 3_000;

/// What IPv4, TCP with its options, and the frame in it (RFC 4571) add to a packet.
const OVERHEAD_OF_TCP: usize = 54;

/// What a line is like; times in microseconds, probabilities of ten thousand.
#[derive(Debug, Clone)]
pub struct Conditions {
    /// Bits a second from these moments on, headers of IPv4 and UDP included. The first stands at zero.
    pub rates: Vec<(u64, u64)>,
    /// How long the queue may be at the present rate.
    pub queue: u64,
    /// Time on the way behind the queue.
    pub delay: u64,
    /// Added to it at random.
    pub jitter: u64,
    /// Jitter changes the order of packets.
    pub reorders: bool,
    /// Lost behind the queue, one by one.
    pub loss: u32,
    /// A burst of loss begins, and so many packets are lost in one on average.
    pub bursts: (u32, u64),
    /// What else passes.
    pub traffic: Vec<Traffic>,
}

/// A packet of ours at the line.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    /// When it came, since the line began.
    pub at: u64,
    /// Its bytes, with the headers of IPv4 and UDP.
    pub bytes: u64,
    /// How long it waited in the queue; `None` where it did not fit.
    pub waited: Option<u64>,
}

/// One direction of a path, with the slowest of its links.
#[derive(Debug)]
pub struct Line {
    /// What it is like.
    pub conditions: Conditions,
    /// When it began, in the world's time.
    pub began: u64,
    /// All packets of ours.
    pub passed: Vec<Passed>,
    random: Random,
    sources: Vec<Source>,
    /// When what is in the queue has left, and its bytes.
    queue: VecDeque<(u64, u64)>,
    queued: u64,
    free: u64,
    newest: u64,
    /// Packets that the present burst still takes.
    burst: u64,
}

impl Line {
    /// A line that begins now.
    pub fn new(now: u64, conditions: Conditions, random: Random) -> Self {
        let sources = conditions.traffic.iter().map(|traffic| Source::new(*traffic)).collect();
        Self {
            conditions,
            began: now,
            passed: Vec::new(),
            random,
            sources,
            queue: VecDeque::new(),
            queued: 0,
            free: 0,
            newest: 0,
            burst: 0,
        }
    }

    /// When a datagram of ours arrives that is sent now; `None` if it does not.
    pub fn send(&mut self, now: u64, length: usize) -> Option<u64> {
        let at = now - self.began;
        self.let_others_send(at);
        let bytes = (length + OVERHEAD) as u64;
        let passage = self.enqueue(at, bytes);
        self.passed.push(Passed { at, bytes, waited: passage.map(|(begun, _)| begun - at) });
        let (_, left) = passage?;
        let lost = self.is_lost();
        let conditions = &self.conditions;
        let late = self.random.below(conditions.jitter + 1);
        let mut arrival = left + conditions.delay + late;
        if !conditions.reorders {
            arrival = arrival.max(self.newest);
            self.newest = arrival;
        }
        (!lost).then_some(self.began + arrival)
    }

    /// When a packet of ours arrives in a stream of TCP: nothing of it is dropped or overtaken, since what waits stays with
    /// its sender, and what is lost is sent again after a round trip, for which all behind it waits.
    pub fn stream(&mut self, now: u64, length: usize) -> u64 {
        let at = now - self.began;
        self.let_others_send(at);
        let bytes = (length + OVERHEAD_OF_TCP) as u64;
        let begun = self.free.max(at);
        self.free = self.serialise(begun, bytes * 8);
        self.passed.push(Passed { at, bytes, waited: Some(begun - at) });
        let again = if self.is_lost() { 3 * self.conditions.delay } else { 0 };
        let late = self.random.below(self.conditions.jitter + 1);
        self.newest = self.newest.max(self.free + self.conditions.delay + again + late);
        self.began + self.newest
    }

    /// Packets of ours that came in this time, in microseconds since it began.
    pub fn between(&self, from: u64, until: u64) -> &[Passed] {
        let place = |at: u64| self.passed.partition_point(|packet| packet.at < at);
        &self.passed[place(from)..place(until)]
    }

    /// Bits a second at a moment since it began.
    pub fn rate(&self, at: u64) -> u64 {
        self.step(at).0
    }

    fn is_lost(&mut self) -> bool {
        let (begins, length) = self.conditions.bursts;
        if self.burst == 0 && self.random.chance(begins) {
            self.burst = self.random.between(1, length * 2);
        }
        let in_burst = self.burst > 0;
        self.burst = self.burst.saturating_sub(1);
        self.random.chance(self.conditions.loss) || in_burst
    }

    /// When bytes begin to leave that come now, and when they have left.
    fn enqueue(&mut self, at: u64, bytes: u64) -> Option<(u64, u64)> {
        while let Some((_, length)) = self.queue.pop_front_if(|(left, _)| *left <= at) {
            self.queued -= length;
        }
        let room = (self.rate(at) * self.conditions.queue / 8_000_000).max(LEAST);
        if self.queued + bytes > room {
            return None;
        }
        let begun = self.free.max(at);
        self.free = self.serialise(begun, bytes * 8);
        self.queue.push_back((self.free, bytes));
        self.queued += bytes;
        Some((begun, self.free))
    }

    /// When so many bits have left that begin to leave at `at`.
    fn serialise(&self, mut at: u64, mut bits: u64) -> u64 {
        loop {
            let (rate, until) = self.step(at);
            let needs = (bits * 1_000_000).div_ceil(rate);
            if at + needs <= until {
                return at + needs;
            }
            bits -= ((until - at) * rate / 1_000_000).min(bits);
            at = until;
        }
    }

    /// The rate at a moment, and until when it holds.
    fn step(&self, at: u64) -> (u64, u64) {
        let rates = &self.conditions.rates;
        let next = rates.partition_point(|(from, _)| *from <= at);
        (rates[next.saturating_sub(1)].1, rates.get(next).map_or(u64::MAX, |(from, _)| *from))
    }

    fn let_others_send(&mut self, until: u64) {
        let mut sources = std::mem::take(&mut self.sources);
        while let Some(source) = sources.iter_mut().min_by_key(|source| source.due()) {
            let at = source.due();
            if at > until {
                break;
            }
            let Moment { packets, bytes } = source.happen();
            for _ in 0..packets {
                let left = self.enqueue(at, bytes).map(|(_, left)| left);
                source.sent(at, left);
            }
        }
        self.sources = sources;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rates: &[(u64, u64)], queue: u64, traffic: Vec<Traffic>) -> Line {
        let conditions = Conditions {
            rates: rates.to_vec(),
            queue,
            delay: 20_000,
            jitter: 0,
            reorders: false,
            loss: 0,
            bursts: (0, 0),
            traffic,
        };
        Line::new(0, conditions, Random::new(1))
    }

    #[test]
    fn packets_leave_at_the_rate_and_what_does_not_fit_is_dropped() {
        // 1,250 bytes with their headers: 10 ms each at a megabit a second.
        let mut line = line(&[(0, 1_000_000)], 100_000, Vec::new());
        let arrivals: Vec<_> = (0..12).map(|_| line.send(5_000, 1_222)).collect();
        let expected = (1..=12).map(|packet| (packet <= 10).then_some(25_000 + packet * 10_000));
        assert_eq!(arrivals, expected.collect::<Vec<_>>());
        assert_eq!(line.passed[9].waited, Some(90_000));
        assert_eq!(line.send(1_000_000, 1_222), Some(1_030_000));
    }

    #[test]
    fn what_waits_leaves_at_the_rate_that_has_come_since() {
        let mut line = line(&[(0, 1_000_000), (15_000, 100_000)], 1_000_000, Vec::new());
        assert_eq!(line.send(0, 1_222), Some(30_000));
        assert_eq!(line.send(0, 1_222), Some(15_000 + 50_000 + 20_000));
    }

    #[test]
    fn what_goes_as_a_stream_waits_and_keeps_its_order() {
        let mut line = line(&[(0, 1_000_000)], 20_000, Vec::new());
        let arrivals: Vec<_> = (0..12).map(|_| line.stream(5_000, 1_196)).collect();
        assert_eq!(arrivals, (1..=12).map(|packet| 25_000 + packet * 10_000).collect::<Vec<_>>());
        line.conditions.loss = 10_000;
        assert_eq!(line.stream(1_000_000, 1_196), 1_030_000 + 60_000);
        line.conditions.loss = 0;
        assert_eq!(line.stream(1_020_000, 1_196), 1_090_000, "behind what was lost");
    }

    #[test]
    fn a_download_fills_the_line_and_leaves_when_it_is_over() {
        let download = Traffic::Download { from: 0, until: 10_000_000, trip: 50_000 };
        let mut line = line(&[(0, 1_000_000)], 200_000, vec![download]);
        for moment in 1..200 {
            line.send(moment * 100_000, 122);
        }
        let waited = |from: usize, until: usize| {
            let of = line.passed[from..until].iter();
            of.filter_map(|passed| passed.waited).sum::<u64>() / (until - from) as u64
        };
        assert!(waited(50, 100) > 80_000, "{}", waited(50, 100));
        assert_eq!(waited(110, 199), 0);
    }
}
