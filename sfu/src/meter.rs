//! How much a publisher may send: one meter a publication and one a transport, in bits and packets, by token buckets.

use std::time::Duration;
use viva_wire::Micros;

/// What may be sent for long, and what at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Bits a second, of whole datagrams without IP and UDP.
    pub bits: u64,
    /// Packets a second.
    pub packets: u32,
    /// The burst: what is sent in so much time may come at once. A key frame is many times a usual frame.
    pub burst: Duration,
}

/// What has been sent against an [`Allowance`]. A packet finds room as long as anything is left; what it takes more is
/// owed, so that no packet is too large for a small burst.
#[derive(Debug, Clone)]
pub struct Meter {
    bits: Bucket,
    packets: Bucket,
    filled: Micros,
}

/// Levels are in millionths, so that a microsecond brings a whole number.
#[derive(Debug, Clone)]
struct Bucket {
    level: i64,
    most: i64,
    rate: i64,
}

/// More time than any burst takes to fill.
const LONGEST: u64 = 60_000_000;
/// Millionths of one.
const ONE: i64 = 1_000_000;
/// Beyond it a rate is no limit: two minutes of it still count in 63 bits, so that nothing overflows.
const FASTEST: u64 = 10_000_000_000;
/// More bytes than a packet has.
const LARGEST: usize = 1 << 20;

impl Meter {
    /// A meter whose bursts are untouched.
    pub fn new(allowance: Allowance, now: Micros) -> Self {
        let burst = (allowance.burst.as_micros() as u64).clamp(1, LONGEST);
        Self {
            bits: Bucket::new(allowance.bits, burst),
            packets: Bucket::new(allowance.packets.into(), burst),
            filled: now,
        }
    }

    /// Is there room for a packet now?
    #[inline]
    pub fn has_room(&mut self, now: Micros) -> bool {
        // The packets of one batch come at one moment.
        if now > self.filled {
            self.fill(now);
        }
        self.bits.level > 0 && self.packets.level > 0
    }

    fn fill(&mut self, now: Micros) {
        let passed = now.0.saturating_sub(self.filled.0).min(LONGEST).cast_signed();
        self.filled = now;
        self.bits.fill(passed);
        self.packets.fill(passed);
    }

    /// Counts a packet of so many bytes.
    #[inline]
    pub fn charge(&mut self, bytes: usize) {
        self.bits.level = self.bits.level.saturating_sub(bytes.min(LARGEST) as i64 * 8 * ONE);
        self.packets.level = self.packets.level.saturating_sub(ONE);
    }

    /// Counts a packet if there is room for it.
    #[inline]
    pub fn take(&mut self, bytes: usize, now: Micros) -> bool {
        let room = self.has_room(now);
        if room {
            self.charge(bytes);
        }
        room
    }

    /// Another allowance from now on; what was left of the burst stays left, as far as the new one has so much.
    pub fn allow(&mut self, allowance: Allowance) {
        let new = Self::new(allowance, self.filled);
        self.bits = Bucket { level: self.bits.level.min(new.bits.most), ..new.bits };
        self.packets = Bucket { level: self.packets.level.min(new.packets.most), ..new.packets };
    }
}

impl Bucket {
    fn new(rate: u64, burst: u64) -> Self {
        let rate = rate.min(FASTEST).cast_signed();
        let most = rate * burst.cast_signed();
        Self { level: most, most, rate }
    }

    fn fill(&mut self, passed: i64) {
        self.level = self.level.saturating_add(passed * self.rate).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWANCE: Allowance =
        Allowance { bits: 800_000, packets: 1000, burst: Duration::from_millis(500) };

    /// So many packets of so many bytes a second are offered for ten seconds: how many pass after the first.
    fn passed(meter: &mut Meter, from: u64, per_second: u64, bytes: usize) -> u64 {
        let interval = 1_000_000 / per_second;
        let mut passed = 0;
        for packet in 0..10 * per_second {
            let took = meter.take(bytes, Micros(from + packet * interval));
            passed += u64::from(took && packet >= per_second);
        }
        passed
    }

    #[test]
    fn what_is_within_the_allowance_passes_to_the_last_packet() {
        let mut meter = Meter::new(ALLOWANCE, Micros(0));
        assert_eq!(passed(&mut meter, 0, 100, 1000), 900);
        assert_eq!(passed(&mut meter, 10_000_000, 1000, 90), 9_000);
    }

    #[test]
    fn bits_and_packets_are_held_to_their_rates_for_long() {
        let mut meter = Meter::new(ALLOWANCE, Micros(0));
        // 100 packets of 1000 bytes are 800 kbit.
        let by_bits = passed(&mut meter, 0, 1000, 1000);
        assert!((899..=901).contains(&by_bits), "{by_bits}");
        let mut meter = Meter::new(ALLOWANCE, Micros(0));
        let by_packets = passed(&mut meter, 0, 5000, 3);
        assert!((8_999..=9_001).contains(&by_packets), "{by_packets}");
    }

    #[test]
    fn a_burst_passes_at_once_and_comes_back_with_time() {
        let mut meter = Meter::new(ALLOWANCE, Micros(0));
        let burst = |meter: &mut Meter, at: u64| (0..200).filter(|_| meter.take(1000, Micros(at))).count();
        assert_eq!(burst(&mut meter, 0), 50);
        assert_eq!(burst(&mut meter, 250_000), 25);
        assert_eq!(burst(&mut meter, 60_000_000), 50);
        // A clock that goes back gives nothing.
        assert_eq!(burst(&mut meter, 0), 0);
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let mut meter = Meter::new(ALLOWANCE, Micros(0));
        while meter.take(1000, Micros(0)) {}
        for _ in 0..100_000 {
            assert!(!meter.has_room(Micros(0)));
        }
        assert!(meter.has_room(Micros(1)));
    }

    #[test]
    fn a_smaller_allowance_holds_at_once_and_absurd_ones_do_not_overflow() {
        let mut meter = Meter::new(ALLOWANCE, Micros(0));
        meter.allow(Allowance { bits: 8000, ..ALLOWANCE });
        assert_eq!((0..9).filter(|_| meter.take(1000, Micros(0))).count(), 1);
        let endless = Allowance { bits: u64::MAX, packets: u32::MAX, burst: Duration::MAX };
        let mut meter = Meter::new(endless, Micros(0));
        assert!(meter.take(usize::MAX >> 1, Micros(u64::MAX)) || !meter.has_room(Micros(u64::MAX)));
        let nothing = Allowance { bits: 0, packets: 0, burst: Duration::ZERO };
        assert!(!Meter::new(nothing, Micros(0)).take(1, Micros(u64::MAX)));
    }
}
