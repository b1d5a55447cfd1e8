//! What a probe shows: the rate at which it was sent against the rate at which it arrived.

use super::{
    Probe,
    pace::{Pace, milliseconds},
};
use std::time::Duration;
use viva_wire::Micros;

/// A probe that has not come to a result after so much time and the round trip has failed.
const PATIENCE: Duration = Duration::from_millis(800);
/// The share of a probe's packets and bytes that has to arrive.
const NEEDED: f64 = 0.8;
/// With this share still something arrived as the line spaced it.
const TORN: f64 = 0.5;
/// Fewer packets say nothing.
const LEAST: u32 = 4;
/// The longest time between its first and last packet, in µs.
const LONGEST: i64 = 1_000_000;
/// So much longer than its spacing, µs, nothing of a probe is told only where feedback got lost.
const HOLE: i64 = 10_000;
/// A probe that arrives faster than it was sent by this factor was not spaced by the line.
const COMPRESSED: f64 = 2.0;
/// One that arrives at less than this share of its rate filled the line.
const FILLED: f64 = 0.9;

/// What came of a probe, bit/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The line carries so much.
    pub carries: f64,
    /// It carries no more: the probe filled it.
    pub filled: bool,
    /// So much of it was lost that it may carry more than it seems.
    pub torn: bool,
}

/// A probe on its way.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub number: u8,
    packets: u16,
    bytes: u32,
    /// Between two of its packets, µs, if it is sent as was asked.
    spacing: i64,
    taken: Micros,
    seen: Option<Seen>,
    /// Enough was known at the last feedback.
    enough: bool,
}

/// What feedback told of it. Times are in µs.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first_sent: i64,
    last_sent: i64,
    first_arrived: i64,
    last_arrived: i64,
    probes: u32,
    probe_bytes: u64,
    lost: (u32, u64),
    /// All that was sent from its first packet to its last, media too.
    sent: Pace,
    arrived: Pace,
    /// The same, with what came behind its last packet: it counts once a later one of the probe shows that it was between.
    sent_behind: Pace,
    arrived_behind: Pace,
    /// The sending of the newest packet told.
    told: i64,
    /// Of some of it nothing was told.
    holed: bool,
}

impl Cluster {
    pub fn new(probe: &Probe, taken: Micros) -> Self {
        let packet = f64::from(probe.bytes) / f64::from(probe.packets.max(1));
        let spacing = (packet * 8e6 / probe.rate.max(1) as f64) as i64;
        let (packets, bytes) = (probe.packets, probe.bytes);
        Self { number: probe.cluster, packets, bytes, spacing, taken, seen: None, enough: false }
    }

    /// Has it failed to come to a result?
    pub fn is_over(&self, now: Micros, round_trip: Duration) -> bool {
        now >= self.deadline(round_trip)
    }

    pub fn deadline(&self, round_trip: Duration) -> Micros {
        self.taken + PATIENCE + round_trip
    }

    /// One packet, of the probe or not, in the order of sending; `late`: one sent after it arrived before it.
    // Probes are rare: out of the loop over packets, each of which took 80 instructions more with it.
    #[inline(never)]
    pub fn add(&mut self, sent: i64, arrived: Option<i64>, size: u16, of_probe: bool, late: bool) {
        let Some(seen) = &mut self.seen else {
            if let Some(arrived) = arrived.filter(|_| of_probe && !late) {
                self.seen = Some(Seen::begin(sent, arrived, size));
            }
            return;
        };
        if sent < seen.told {
            return;
        }
        if of_probe && sent - seen.told > HOLE + 3 * self.spacing {
            seen.holed = true;
        }
        seen.told = sent;
        seen.pass(sent, arrived, size, late);
        if !of_probe {
            return;
        }
        let Some(arrived) = arrived else {
            seen.lost.0 += 1;
            seen.lost.1 += u64::from(size);
            return;
        };
        (seen.sent, seen.arrived) = (seen.sent_behind, seen.arrived_behind);
        seen.last_sent = sent;
        if !late {
            seen.last_arrived = seen.last_arrived.max(arrived);
        }
        seen.probes += 1;
        seen.probe_bytes += u64::from(size);
    }

    /// Was all of it told, or is it feedback that got lost?
    pub fn is_told(&self) -> bool {
        self.seen.is_some_and(|seen| seen.is_complete(self) && !seen.holed)
    }

    /// A feedback is read to its end: the result, if all is told, or enough and the rest did not come with the next one.
    pub fn conclude(&mut self, lossy: f64) -> Option<Outcome> {
        let outcome = self.outcome(lossy)?;
        let seen = self.seen?;
        let concluded = seen.is_complete(self) || self.enough;
        self.enough = true;
        concluded.then_some(outcome)
    }

    /// What is known so far; `None` while it is not enough. The line itself loses a share of `lossy`.
    pub fn outcome(&self, lossy: f64) -> Option<Outcome> {
        let seen = self.seen?;
        let packets = f64::from(seen.probes) / f64::from(self.packets.max(1));
        let bytes = seen.probe_bytes as f64 / f64::from(self.bytes.max(1));
        let share = packets.min(bytes) / (1.0 - lossy);
        let torn = share < NEEDED;
        if seen.holed || seen.probes < LEAST || share < TORN || (torn && !seen.is_complete(self)) {
            return None;
        }
        let (sent, arrived) = (seen.last_sent - seen.first_sent, seen.last_arrived - seen.first_arrived);
        if sent <= 0 || sent > LONGEST || arrived > LONGEST {
            return None;
        }
        let sent_rate = seen.sent.rate()?;
        let arrived_rate = seen.arrived.rate()? / (1.0 - lossy);
        if arrived_rate > COMPRESSED * sent_rate {
            return None;
        }
        if arrived_rate < FILLED * sent_rate {
            // Where the line loses is not known: before its queue or behind it. Only what arrived is sure.
            return Some(Outcome { carries: arrived_rate * (1.0 - lossy), filled: true, torn });
        }
        Some(Outcome { carries: sent_rate.min(arrived_rate), filled: false, torn })
    }
}

impl Seen {
    fn begin(sent: i64, arrived: i64, size: u16) -> Self {
        let mut seen = Self {
            first_sent: sent,
            last_sent: sent,
            first_arrived: arrived,
            last_arrived: arrived,
            probes: 1,
            probe_bytes: size.into(),
            lost: (0, 0),
            sent: Pace::default(),
            arrived: Pace::default(),
            sent_behind: Pace::default(),
            arrived_behind: Pace::default(),
            told: sent,
            holed: false,
        };
        seen.pass(sent, Some(arrived), size, false);
        (seen.sent, seen.arrived) = (seen.sent_behind, seen.arrived_behind);
        seen
    }

    /// A packet has left before it passes, and has passed when it arrives.
    fn pass(&mut self, sent: i64, arrived: Option<i64>, size: u16, late: bool) {
        self.sent_behind.point(milliseconds(sent - self.first_sent));
        self.sent_behind.pass(size);
        if let Some(arrived) = arrived {
            self.arrived_behind.pass(size);
            if !late {
                self.arrived_behind.point(milliseconds(arrived - self.first_arrived));
            }
        }
    }

    /// All of it was told, as arrived or as lost.
    fn is_complete(&self, cluster: &Cluster) -> bool {
        self.probes + self.lost.0 >= u32::from(cluster.packets)
            && self.probe_bytes + self.lost.1 >= u64::from(cluster.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(packets: u16, bytes: u32) -> Cluster {
        Cluster::new(&Probe { cluster: 1, rate: 1_000_000, packets, bytes }, Micros(0))
    }

    fn cluster() -> Cluster {
        asked(5, 5000)
    }

    /// `count` packets of 1000 bytes, each 8 ms (1 Mbit/s), that arrive each `spacing` ms.
    fn outcome(count: i64, spacing: i64) -> Option<Outcome> {
        let mut cluster = cluster();
        for packet in 0..count {
            cluster.add(packet * 8_000, Some(50_000 + packet * spacing * 1000), 1000, true, false);
        }
        cluster.outcome(0.0)
    }

    #[test]
    fn a_probe_that_arrives_as_it_was_sent_proves_its_rate() {
        assert_eq!(outcome(5, 8), Some(Outcome { carries: 1e6, filled: false, torn: false }));
    }

    #[test]
    fn a_probe_that_arrives_slower_measures_the_line() {
        assert_eq!(outcome(5, 16), Some(Outcome { carries: 0.5e6, filled: true, torn: false }));
    }

    #[test]
    fn too_few_packets_and_impossible_arrivals_prove_nothing() {
        assert_eq!(outcome(3, 8), None);
        assert_eq!(outcome(5, 3), None);
        assert_eq!(outcome(5, 0), None);
    }

    #[test]
    fn a_probe_of_which_much_was_lost_proves_what_arrived_once_all_is_told() {
        let mut cluster = asked(8, 8000);
        for packet in 0..8 {
            assert!(cluster.conclude(0.0).is_none(), "{packet}");
            let arrived = (packet % 3 != 2).then_some(packet * 8_000);
            cluster.add(packet * 8_000, arrived, 1000, true, false);
        }
        let outcome = cluster.conclude(0.0).unwrap();
        assert!(outcome.torn && outcome.filled && outcome.carries < 0.8e6, "{outcome:?}");
    }

    #[test]
    fn what_the_line_loses_of_any_probe_is_no_sign_that_it_is_full() {
        let mut cluster = asked(10, 10_000);
        for packet in 0..11 {
            let arrived = (packet % 5 != 4).then_some(packet * 8_000);
            cluster.add(packet * 8_000, arrived, 1000, true, false);
        }
        let outcome = cluster.conclude(0.25).unwrap();
        assert!(!outcome.torn && !outcome.filled, "{outcome:?}");
    }

    #[test]
    fn an_arrival_that_is_too_fast_proves_no_more_than_was_sent() {
        assert_eq!(outcome(5, 5), Some(Outcome { carries: 1e6, filled: false, torn: false }));
    }

    #[test]
    fn media_between_its_packets_counts_and_media_after_it_does_not() {
        let mut cluster = cluster();
        for packet in 0..5 {
            cluster.add(packet * 8_000, Some(packet * 8_000), 1000, true, false);
            cluster.add(packet * 8_000 + 4_000, Some(packet * 8_000 + 4_000), 500, false, false);
        }
        let outcome = cluster.outcome(0.0).unwrap();
        assert!((outcome.carries - 1.5e6).abs() < 1e4 && !outcome.filled, "{outcome:?}");
    }

    #[test]
    fn what_took_another_way_and_what_feedback_left_out_do_not_spoil_it() {
        let mut cluster = cluster();
        for packet in 0..6 {
            let late = packet == 3;
            let arrived = packet * 8_000 + if late { 30_000 } else { 0 };
            cluster.add(packet * 8_000, Some(arrived), 1000, true, late);
        }
        let outcome = cluster.outcome(0.0).unwrap();
        assert!((outcome.carries - 1e6).abs() < 5e4 && !outcome.filled, "{outcome:?}");
        let mut cluster = self::cluster();
        for packet in [0, 1, 2, 9, 10, 11] {
            cluster.add(packet * 8_000, Some(packet * 8_000), 1000, true, false);
        }
        assert!(cluster.outcome(0.0).is_none() && !cluster.is_told());
    }
}
