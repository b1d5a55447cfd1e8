//! Links between a peer and a unit: delay, jitter, loss in ones and bursts, duplicates, limited rate.

use viva_peer::Random;

/// How one direction of a link treats its packets, now; times in microseconds, probabilities of ten thousand.
#[derive(Debug, Clone, Copy)]
pub struct Conditions {
    /// Time on the way, at least.
    pub delay: u64,
    /// Added to it at random: packets overtake each other.
    pub jitter: u64,
    /// Lost one by one.
    pub loss: u32,
    /// A burst of loss begins.
    pub burst: u32,
    /// Packets of a burst, on average.
    pub burst_length: u32,
    /// Arrives twice.
    pub duplicate: u32,
    /// Bits a second, if limited. A queue of more than 300 ms drops.
    pub rate: Option<u64>,
    /// Nothing passes at all.
    pub down: bool,
}

impl Conditions {
    /// A good line: 20 ms, a little jitter, no loss.
    pub const GOOD: Self = Self {
        delay: 20_000,
        jitter: 1_000,
        loss: 0,
        burst: 0,
        burst_length: 0,
        duplicate: 0,
        rate: None,
        down: false,
    };

    /// A bad line: much jitter, 10 % loss, some duplicates.
    pub const LOSSY: Self = Self { jitter: 15_000, loss: 1_000, duplicate: 100, ..Self::GOOD };

    /// A line that is cut.
    pub const DOWN: Self = Self { down: true, ..Self::GOOD };
}

/// What a packet is to the network. Whether a handshake comes to its end over a bad line is a scenario of its own; in all
/// others it does at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Subject to chance.
    Plain,
    /// Neither lost nor delayed by chance, and its size does not count.
    Handshake,
}

/// One direction of a link.
#[derive(Debug)]
pub struct Link {
    /// What happens to packets from now on.
    pub conditions: Conditions,
    /// Handshakes are subject to chance as well.
    pub lossy_handshake: bool,
    random: Random,
    /// Packets that the present burst still takes.
    burst: u64,
    /// When the line has sent all it has.
    free: u64,
    /// When the newest ordered packet arrives.
    ordered: u64,
}

impl Link {
    /// A link with chance of its own.
    pub fn new(conditions: Conditions, random: Random) -> Self {
        Self { conditions, lossy_handshake: false, random, burst: 0, free: 0, ordered: 0 }
    }

    /// When a datagram sent now arrives, and its duplicate; `None` if it does not.
    pub fn datagram(&mut self, now: u64, length: usize, class: Class) -> [Option<u64>; 2] {
        let conditions = self.conditions;
        if class == Class::Handshake && !self.lossy_handshake {
            return [(!conditions.down).then_some(now + conditions.delay), None];
        }
        let (lost, duplicated, extra) =
            (self.is_lost(), self.random.chance(conditions.duplicate), [self.jitter(), self.jitter()]);
        if conditions.down || lost {
            return [None, None];
        }
        let Some(sent) = self.serialise(now, length) else { return [None, None] };
        let arrival = sent + conditions.delay;
        [Some(arrival + extra[0]), duplicated.then_some(arrival + extra[1])]
    }

    /// When bytes of an ordered, reliable connection sent now arrive; `None` while the line is cut.
    pub fn stream(&mut self, now: u64) -> Option<u64> {
        if self.conditions.down {
            return None;
        }
        self.ordered = self.ordered.max(now + self.conditions.delay);
        Some(self.ordered)
    }

    fn is_lost(&mut self) -> bool {
        let conditions = self.conditions;
        if self.burst > 0 {
            self.burst -= 1;
            return true;
        }
        if self.random.chance(conditions.burst) {
            self.burst = self.random.below(u64::from(conditions.burst_length.max(1)) * 2);
            return true;
        }
        self.random.chance(conditions.loss)
    }

    fn jitter(&mut self) -> u64 {
        self.random.below(self.conditions.jitter + 1)
    }

    fn serialise(&mut self, now: u64, length: usize) -> Option<u64> {
        let Some(rate) = self.conditions.rate else { return Some(now) };
        let begin = self.free.max(now);
        if begin - now > 300_000 {
            return None;
        }
        self.free = begin + length as u64 * 8 * 1_000_000 / rate.max(1);
        Some(self.free)
    }
}
