//! One way of a line as a model without clock or socket: when what is sent now arrives, if it does.

use super::conditions::{Conditions, Room, Schedule, WHOLE};
use std::collections::VecDeque;
use viva_peer::Random;

/// Bytes that every queue of a length in time holds, however slow the line is: two large packets.
const LEAST: u64 = 3_000;
/// Packets that every queue holds at most, however small they are.
const MOST: usize = 100_000;
/// A piece of a stream is lost so often at most before it arrives.
const TRIES: u32 = 8;
/// After so long at least a lost piece of a stream is sent again, in microseconds.
const AGAIN: u64 = 20_000;

/// What became of a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives then.
    Arrives(u64),
    /// The queue was full.
    Overflowed,
    /// It was lost behind the queue.
    Lost,
}

/// One way of a line. All times are microseconds on one clock that never goes back.
#[derive(Debug)]
pub struct Bottleneck {
    schedule: Schedule,
    /// When the schedule began.
    began: u64,
    random: Random,
    /// When what is in the queue has left, and its bytes.
    queue: VecDeque<(u64, u64)>,
    queued: u64,
    /// When the last of it has left.
    free: u64,
    /// The latest arrival of a datagram.
    newest: u64,
    /// Packets that the present burst of loss still takes.
    burst: u64,
}

impl Bottleneck {
    /// A way whose schedule begins now.
    pub fn new(now: u64, schedule: Schedule, random: Random) -> Self {
        Self { schedule, began: now, random, queue: VecDeque::new(), queued: 0, free: 0, newest: 0, burst: 0 }
    }

    /// Another schedule begins now. What is on the way keeps its time.
    pub fn change(&mut self, now: u64, schedule: Schedule) {
        (self.schedule, self.began) = (schedule, now);
    }

    /// A datagram of so many bytes, headers included, is sent now.
    pub fn send(&mut self, now: u64, bytes: u64) -> Fate {
        if !self.fits(now, bytes) {
            return Fate::Overflowed;
        }
        let left = self.enqueue(now, bytes);
        let (conditions, _) = self.schedule.at(now.saturating_sub(self.began));
        let mut arrival = left + conditions.delay + self.random.below(conditions.jitter + 1);
        if !conditions.reorders {
            arrival = arrival.max(self.newest);
        }
        self.newest = self.newest.max(arrival);
        if self.loses(conditions) { Fate::Lost } else { Fate::Arrives(arrival) }
    }

    /// When so many bytes fit into the queue: now, or later.
    pub fn fits_at(&mut self, now: u64, bytes: u64) -> u64 {
        if self.fits(now, bytes) {
            return now;
        }
        let (conditions, until) = self.schedule.at(now.saturating_sub(self.began));
        let room = room(conditions).unwrap_or(u64::MAX);
        let mut held = self.queued;
        let enough = self.queue.iter().find(|(_, length)| {
            held -= length;
            held + bytes <= room
        });
        // Whatever is larger than the queue passes when nothing waits.
        let left = enough.or(self.queue.back()).map_or(now, |(left, _)| *left);
        left.min(self.began.saturating_add(until))
    }

    fn fits(&mut self, now: u64, bytes: u64) -> bool {
        while let Some((_, length)) = self.queue.pop_front_if(|(left, _)| *left <= now) {
            self.queued -= length;
        }
        let (conditions, _) = self.schedule.at(now.saturating_sub(self.began));
        room(conditions).is_none_or(|room| self.queue.is_empty() || self.queued + bytes <= room)
            && self.queue.len() < MOST
    }

    /// A piece of a stream is sent now, of so many bytes with headers: when it arrives, and how often it was lost before. It
    /// never overtakes `before`, the arrival of the piece before it. What is lost takes its place in the queue once more, and
    /// comes a round trip later.
    pub fn carry(&mut self, now: u64, bytes: u64, before: u64) -> (u64, u32) {
        let (conditions, _) = self.schedule.at(now.saturating_sub(self.began));
        let mut left = self.enqueue(now, bytes);
        let mut lost = 0;
        while lost < TRIES && self.loses(conditions) {
            left = self.enqueue(now, bytes) + (2 * conditions.delay).max(AGAIN);
            lost += 1;
        }
        let arrival = left + conditions.delay + self.random.below(conditions.jitter + 1);
        (arrival.max(before), lost)
    }

    /// When what comes now has left.
    fn enqueue(&mut self, now: u64, bytes: u64) -> u64 {
        let begun = self.free.max(now);
        self.free = self.serialise(begun, bytes * 8);
        self.queue.push_back((self.free, bytes));
        self.queued += bytes;
        self.free
    }

    /// When so many bits have left that begin to leave at `at`, at the rates that come.
    fn serialise(&self, mut at: u64, mut bits: u64) -> u64 {
        loop {
            let (Conditions { rate, .. }, until) = self.schedule.at(at.saturating_sub(self.began));
            let Some(rate) = rate else { return at };
            let until = self.began.saturating_add(until);
            let needs = bits.saturating_mul(1_000_000).div_ceil(rate);
            if at + needs <= until {
                return at + needs;
            }
            bits -= ((until - at).saturating_mul(rate) / 1_000_000).min(bits);
            at = until;
        }
    }

    fn loses(&mut self, conditions: Conditions) -> bool {
        let (begins, length) = conditions.bursts;
        if self.burst == 0 && self.random.chance(begins) {
            self.burst = self.random.between(1, length.max(1) * 2);
        }
        let in_burst = self.burst > 0;
        self.burst = self.burst.saturating_sub(1);
        in_burst || self.random.chance(conditions.loss.min(WHOLE))
    }
}

/// Bytes that may wait; `None`: as many as come.
fn room(conditions: Conditions) -> Option<u64> {
    let rate = conditions.rate?;
    Some(match conditions.queue {
        Room::Time(time) => (rate.saturating_mul(time) / 8_000_000).max(LEAST),
        Room::Bytes(bytes) => bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(schedule: &str) -> Bottleneck {
        Bottleneck::new(0, schedule.parse().expect("a schedule"), Random::new(7))
    }

    /// Sends packets of these sizes in turn, one each `every` microseconds, for so long: bytes and arrivals of what comes.
    fn flood(way: &mut Bottleneck, every: u64, until: u64, sizes: &[u64]) -> Vec<(u64, u64)> {
        let moments = (0..until).step_by(every as usize).zip(sizes.iter().cycle());
        let arrivals = moments.map(|(now, bytes)| (way.send(now, *bytes), *bytes));
        arrivals
            .filter_map(|(fate, bytes)| match fate {
                Fate::Arrives(at) => Some((at, bytes)),
                Fate::Overflowed | Fate::Lost => None,
            })
            .collect()
    }

    fn bytes(arrived: &[(u64, u64)], from: u64, until: u64) -> u64 {
        arrived.iter().filter(|(at, _)| (from..until).contains(at)).map(|(_, bytes)| bytes).sum()
    }

    #[test]
    fn so_much_passes_as_the_rate_says() {
        for (rate, text) in [(300_000, "300kbit"), (3_000_000, "3Mbit"), (50_000_000, "50Mbit")] {
            let mut way = way(&format!("rate={text} queue=100ms delay=25ms"));
            // Twice as much as passes, in packets of all sizes.
            let sizes = [1_200, 90, 640, 1_500, 130];
            let every = sizes.iter().sum::<u64>() / 5 * 8_000_000 / rate / 2;
            let arrived = flood(&mut way, every, 3_000_000, &sizes);
            let expected = rate / 8 * 2;
            let passed = bytes(&arrived, 500_000, 2_500_000);
            assert!(passed.abs_diff(expected) * 100 <= expected * 3, "{text}: {passed} of {expected}");
        }
    }

    #[test]
    fn the_rate_and_all_else_follow_the_schedule() {
        let mut way = way("rate=1Mbit queue=200ms; 2s rate=4Mbit; 4s rate=500kbit delay=100ms; 6s rate=free");
        let arrived = flood(&mut way, 1_000, 8_000_000, &[1_250]);
        for (from, until, expected) in [
            (1_000_000, 2_000_000, 125_000),
            (2_500_000, 3_500_000, 500_000),
            (4_500_000, 5_500_000, 62_500),
            (6_500_000, 7_500_000, 1_250_000),
        ] {
            let passed = bytes(&arrived, from, until);
            assert!(passed.abs_diff(expected) * 100 <= expected * 3, "{from}: {passed} of {expected}");
        }
    }

    #[test]
    fn what_waits_is_no_more_than_the_queue_holds() {
        // 100 ms of 800 kbit/s are 10,000 bytes; one packet more is on the line.
        let mut by_time = way("rate=800kbit queue=100ms");
        let mut by_bytes = way("rate=800kbit queue=10kB");
        for way in [&mut by_time, &mut by_bytes] {
            let taken = (0..100).filter(|_| way.send(0, 1_000) != Fate::Overflowed).count();
            assert_eq!(taken, 10);
            assert_eq!(way.fits_at(0, 1_000), 10_000, "when the first has left");
            assert_eq!(way.send(10_000, 1_000), Fate::Arrives(110_000));
        }
        let mut slow = way("rate=8kbit queue=1ms");
        assert_eq!(slow.send(0, 1_500), Fate::Arrives(1_500_000));
        assert_eq!(slow.send(0, 1_500), Fate::Arrives(3_000_000));
        assert_eq!(slow.send(0, 100), Fate::Overflowed);
    }

    #[test]
    fn what_waits_leaves_at_the_rates_that_come() {
        let mut way = way("rate=1Mbit queue=1s; 15ms rate=100kbit");
        assert_eq!(way.send(0, 1_250), Fate::Arrives(10_000));
        assert_eq!(way.send(0, 1_250), Fate::Arrives(15_000 + 50_000));
        let mut other = self::way("rate=8kbit queue=100s");
        assert_eq!(other.send(0, 1_000), Fate::Arrives(1_000_000));
        other.change(500_000, "rate=80kbit queue=100s".parse().expect("a schedule"));
        assert_eq!(other.send(500_000, 1_000), Fate::Arrives(1_100_000));
    }

    #[test]
    fn jitter_keeps_the_order_unless_it_may_not() {
        let arrivals = |schedule: &str| flood(&mut way(schedule), 1_000, 1_000_000, &[200]);
        let spread = |arrived: &[(u64, u64)]| {
            let late = arrived.iter().zip(0..).map(|((at, _), sent)| at - sent * 1_000 - 50_000);
            late.fold((u64::MAX, 0), |(least, most), late| (least.min(late), most.max(late)))
        };
        let (in_order, mixed) =
            (arrivals("delay=50ms jitter=30ms"), arrivals("delay=50ms jitter=30ms reorders=yes"));
        assert!(in_order.is_sorted() && in_order.len() == 1_000);
        assert!(!mixed.is_sorted() && mixed.len() == 1_000);
        for arrived in [in_order, mixed] {
            let (least, most) = spread(&arrived);
            assert!(least < 30_000 && (25_000..=30_000).contains(&most), "{least} to {most}");
        }
    }

    #[test]
    fn of_ten_thousand_so_many_are_lost_as_was_said() {
        let lost = |schedule: &str| {
            let mut way = way(schedule);
            (0..10_000).map(|packet| way.send(packet * 1_000, 500) == Fate::Lost).collect::<Vec<_>>()
        };
        let (single, bursts) = (lost("loss=5%"), lost("bursts=0.25%x8"));
        let count = |lost: &[bool]| lost.iter().filter(|lost| **lost).count();
        let runs = |lost: &[bool]| lost.chunk_by(|a, b| a == b).filter(|run| run[0]).count();
        assert!((430..570).contains(&count(&single)), "{}", count(&single));
        assert!((120..280).contains(&count(&bursts)), "{}", count(&bursts));
        let (alone, together) = (runs(&single), runs(&bursts));
        assert!(count(&single) < alone * 2 && count(&bursts) > together * 5, "{alone} and {together} runs");
        assert_eq!(single, lost("loss=5%"), "one seed is one run");
        assert_eq!(count(&lost("loss=100%")), 10_000);
    }

    #[test]
    fn a_stream_waits_for_its_turn_and_for_what_was_lost() {
        let mut way = way("rate=1Mbit queue=50ms delay=20ms loss=10%");
        let (mut now, mut before, mut again) = (0, 0, 0);
        let mut arrivals = Vec::new();
        for _ in 0..1_000 {
            now = way.fits_at(now, 1_250);
            let (arrival, lost) = way.carry(now, 1_250, before);
            (before, again) = (arrival, again + lost);
            arrivals.push(arrival);
        }
        assert!(arrivals.is_sorted());
        assert!((70..150).contains(&again), "{again}");
        // Everything and what was lost of it has passed at the rate.
        let bytes = u64::from(1_000 + again) * 1_250;
        assert!((bytes * 8).abs_diff(before) * 100 <= before * 3, "{bytes} bytes by {before}");
        assert!(arrivals.windows(2).any(|pair| pair[1] - pair[0] > 40_000), "nobody waited");
    }

    #[test]
    fn the_memory_of_a_line_that_lets_nothing_through_is_bounded() {
        let mut way = way("rate=1kbit queue=100MB");
        let taken = (0..2 * MOST).filter(|_| way.send(0, 1) != Fate::Overflowed).count();
        assert_eq!((taken, way.queue.len()), (MOST, MOST));
    }
}
