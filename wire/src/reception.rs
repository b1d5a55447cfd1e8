//! What a receiver report says of one incoming stream (RFC 3550 §6.4.1 and appendices A.1, A.3, A.8).

use crate::{
    Micros,
    ntp::{self, Ntp},
    rtcp::ReportBlock,
};
use std::time::Duration;
use viva_media::Ssrc;

/// Packets remembered to recognise duplicates.
const WINDOW: u64 = 1024;

/// Further than this no loss carries a stream: it has begun anew (RFC 3550 A.1, which takes 3,000 and has no seal to rely on).
const LEAP: u64 = 1 << 15;

/// Reception statistics of one stream.
///
/// Feed it with what arrives under the stream's own SSRC. Retransmissions under an SSRC of their own (RFC 4588 §4) do
/// not belong here: the report speaks of the network, not of its repair.
#[derive(Debug, Clone)]
pub struct Reception {
    clock_rate: u32,
    range: Option<Range>,
    /// Bit n of the ring: the packet whose number is n modulo the window has arrived.
    seen: [u64; WINDOW as usize / 64],
    received: u64,
    /// Numbers that the stream left out where it began anew: nobody sent them.
    leapt: u64,
    expected_before: u64,
    received_before: u64,
    fraction_lost: u8,
    /// Transit time of the newest packet, in timestamp units with an arbitrary origin.
    transit: u32,
    /// Sixteen times the jitter (A.8).
    jitter: u32,
    report: Option<SenderReport>,
}

#[derive(Debug, Clone, Copy)]
struct Range {
    base: u64,
    highest: u64,
}

#[derive(Debug, Clone, Copy)]
struct SenderReport {
    middle: u32,
    arrived: Micros,
}

impl Reception {
    /// For a stream whose timestamps count `clock_rate` a second.
    pub const fn new(clock_rate: u32) -> Self {
        Self {
            clock_rate,
            range: None,
            seen: [0; WINDOW as usize / 64],
            received: 0,
            leapt: 0,
            expected_before: 0,
            received_before: 0,
            fraction_lost: 0,
            transit: 0,
            jitter: 0,
            report: None,
        }
    }

    /// A packet arrived, by extended sequence number and RTP timestamp. False: it was counted before, or is too old
    /// to tell, and is not counted.
    pub fn received(&mut self, sequence: u64, timestamp: u32, now: Micros) -> bool {
        let first = self.range.is_none();
        let range = self.range.get_or_insert(Range { base: sequence, highest: sequence });
        if sequence > range.highest {
            let fresh = (sequence - range.highest).min(WINDOW);
            let highest = std::mem::replace(&mut range.highest, sequence);
            if sequence - highest > LEAP {
                self.leapt += sequence - highest - 1;
            }
            for skipped in highest + 1..highest + fresh {
                self.mark(skipped, false);
            }
            // A jump over the whole window may leave the mark of a packet that is long gone.
            self.mark(sequence, false);
        } else if sequence < range.base || range.highest - sequence >= WINDOW {
            return false;
        }
        if self.mark(sequence, true) {
            return false;
        }
        self.received += 1;
        self.measure(timestamp, now, first);
        true
    }

    /// A sender report of this stream arrived.
    pub const fn sender_report(&mut self, ntp: Ntp, now: Micros) {
        self.report = Some(SenderReport { middle: ntp.middle(), arrived: now });
    }

    /// The block for the next report, which begins the next interval; `None` before the first packet.
    pub fn report_block(&mut self, about: Ssrc, now: Micros) -> Option<ReportBlock> {
        let range = self.range?;
        let expected = range.highest - range.base + 1 - self.leapt;
        let expected_now = expected - std::mem::replace(&mut self.expected_before, expected);
        let received_now = self.received - std::mem::replace(&mut self.received_before, self.received);
        let lost_now = expected_now.saturating_sub(received_now);
        // Of 256, and 255 at most: when everything is lost the eight bits do not hold 256 (A.3).
        self.fraction_lost = (lost_now << 8).checked_div(expected_now).unwrap_or(0).min(255) as u8;
        let (last_report, delay) = match self.report {
            Some(report) => (report.middle, ntp::to_short(now.since(report.arrived))),
            None => (0, 0),
        };
        Some(ReportBlock {
            about,
            fraction_lost: self.fraction_lost,
            cumulative_lost: i32::try_from(expected - self.received).unwrap_or(i32::MAX).min((1 << 23) - 1),
            // Cycles are counted from the first packet, wherever the extension of its number began.
            highest: (range.highest - (range.base & !0xffff)) as u32,
            jitter: self.jitter >> 4,
            last_report,
            delay,
        })
    }

    /// Lost in the interval of the newest block, of 256.
    pub const fn fraction_lost(&self) -> u8 {
        self.fraction_lost
    }

    /// Interarrival jitter as a time (RFC 3550 §6.4.1).
    pub fn jitter(&self) -> Duration {
        let micros = u64::from(self.jitter >> 4) * 1_000_000;
        Duration::from_micros(micros.checked_div(u64::from(self.clock_rate)).unwrap_or(0))
    }

    /// Sets the mark of `sequence` and says what it was.
    fn mark(&mut self, sequence: u64, arrived: bool) -> bool {
        let bit = 1 << (sequence % 64);
        let word = &mut self.seen[(sequence % WINDOW / 64) as usize];
        let before = *word & bit != 0;
        *word = if arrived { *word | bit } else { *word & !bit };
        before
    }

    /// The estimator of A.8: a sixteenth of the change of the transit time, rounded.
    fn measure(&mut self, timestamp: u32, now: Micros, first: bool) {
        let arrival = (u128::from(now.0) * u128::from(self.clock_rate) / 1_000_000) as u32;
        let transit = arrival.wrapping_sub(timestamp);
        let before = std::mem::replace(&mut self.transit, transit);
        if !first {
            let change = transit.wrapping_sub(before).cast_signed().unsigned_abs();
            self.jitter =
                self.jitter.saturating_add(change).saturating_sub((self.jitter.saturating_add(8)) >> 4);
        }
    }
}

/// The round-trip time to a receiver by its block about a stream of ours (RFC 3550 §6.4.1, figure 2), at most a
/// minute; `None` when it had no report of ours, or the figures make no sense.
pub fn round_trip(block: &ReportBlock, now: Ntp) -> Option<Duration> {
    const LONGEST: u32 = 60 << 16;
    if block.last_report == 0 {
        return None;
    }
    let units = now.middle().wrapping_sub(block.last_report).wrapping_sub(block.delay);
    // Two clocks that differ a little in speed can make a short way look shorter than none.
    let units = if units.wrapping_add(1 << 10) < 1 << 10 { 0 } else { units };
    (units <= LONGEST).then(|| ntp::from_short(units))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: Ssrc = Ssrc(7);

    fn ms(ms: u64) -> Micros {
        Micros::from_millis(ms)
    }

    fn fed(sequences: impl IntoIterator<Item = u64>) -> Reception {
        let mut reception = Reception::new(90_000);
        for sequence in sequences {
            reception.received(sequence, 0, ms(0));
        }
        reception
    }

    fn losses(reception: &mut Reception) -> (u8, i32, u32) {
        let block = reception.report_block(ABOUT, ms(0)).unwrap();
        (block.fraction_lost, block.cumulative_lost, block.highest)
    }

    #[test]
    fn nothing_received_is_no_block() {
        assert_eq!(Reception::new(48_000).report_block(ABOUT, ms(9)), None);
    }

    #[test]
    fn fractions_are_of_the_interval_and_losses_of_all_time() {
        let mut reception = fed((1_000..1_100).filter(|n| n % 4 != 3));
        // The last one, 1099, is lost too but nobody knows it yet: 24 of 99.
        assert_eq!(losses(&mut reception), ((24 * 256 / 99) as u8, 24, 1_098));
        for sequence in 1_099..1_200 {
            reception.received(sequence, 0, ms(0));
        }
        assert_eq!(losses(&mut reception), (0, 24, 1_199));
        assert_eq!(losses(&mut reception), (0, 24, 1_199));
    }

    #[test]
    fn cycles_are_counted_from_the_first_packet() {
        assert_eq!(losses(&mut fed(65_530..65_546)), (0, 0, 65_545));
        assert_eq!(losses(&mut fed(65_536 * 5 + 65_530..65_536 * 6 + 9)), (0, 0, 65_536 + 8));
    }

    #[test]
    fn duplicates_and_what_is_older_than_the_window_are_not_counted() {
        let mut reception = fed([10, 11, 11, 13, 10, 13, 12, 12, 9]);
        assert_eq!(losses(&mut reception), (0, 0, 13));
        assert!(reception.received(13 + WINDOW, 0, ms(0)));
        assert!(!reception.received(13, 0, ms(0)));
        assert!(reception.received(14, 0, ms(0)));
        assert!(!reception.received(14, 0, ms(0)));
        // A jump of exactly one window lands on the mark of an older packet.
        assert!(reception.received(13 + 2 * WINDOW, 0, ms(0)));
        assert!(!reception.received(13 + 2 * WINDOW, 0, ms(0)));
        assert!(reception.received(13 + 2 * WINDOW - 5, 0, ms(0)));
    }

    #[test]
    fn losses_stay_within_their_bits() {
        let mut reception = fed((1..=1 << 15).map(|n| n * LEAP));
        assert_eq!(losses(&mut reception), (255, (1 << 23) - 1, 1 << 30));
        assert!(reception.received(u64::MAX, 0, ms(0)));
        assert_eq!(losses(&mut reception).1, (1 << 23) - 1);
    }

    #[test]
    fn a_leap_of_more_than_half_a_round_is_a_new_beginning_and_no_loss() {
        let mut reception = fed(100..200);
        assert_eq!(losses(&mut reception), (0, 0, 199));
        for sequence in 40_200..40_300 {
            assert!(reception.received(sequence, 0, ms(0)));
        }
        assert_eq!(losses(&mut reception), (0, 0, 40_299));
        // A shorter one is.
        reception.received(40_310, 0, ms(0));
        assert_eq!(losses(&mut reception), ((10 * 256 / 11) as u8, 10, 40_310));
    }

    #[test]
    fn jitter_follows_the_estimator_of_the_rfc() {
        let mut reception = Reception::new(8_000);
        let mut expected = 0_f64;
        let mut before = None;
        for n in 0..500_u64 {
            // Every 20 ms, late by 0, 3, 6 … 12 ms; timestamps wrap on the way.
            let late = n % 5 * 3;
            let timestamp = (u32::MAX - 10_000).wrapping_add(n as u32 * 160);
            reception.received(n, timestamp, ms(5_000 + n * 20 + late));
            let transit = late as f64 * 8.0;
            if let Some(before) = before.replace(transit) {
                let change: f64 = transit - before;
                expected += (change.abs() - expected) / 16.0;
            }
        }
        let jitter = reception.report_block(ABOUT, ms(0)).unwrap().jitter;
        assert!((f64::from(jitter) - expected).abs() <= 1.0, "{jitter} for {expected}");
        assert!((3..=5).contains(&reception.jitter().as_millis()));
    }

    #[test]
    fn a_steady_stream_has_no_jitter() {
        let mut reception = Reception::new(48_000);
        for n in 0..200_u64 {
            reception.received(n, n as u32 * 960, ms(n * 20));
        }
        assert_eq!(reception.jitter(), Duration::ZERO);
    }

    #[test]
    fn senseless_timestamps_do_not_overflow() {
        let mut reception = Reception::new(u32::MAX);
        for n in 0..1_000_u64 {
            reception.received(n, (n as u32).wrapping_mul(0x8000_0001), Micros(n * 0x1_0000_0000));
        }
        assert!(reception.report_block(ABOUT, ms(0)).is_some());
        assert_eq!(Reception::new(0).jitter(), Duration::ZERO);
    }

    #[test]
    fn the_newest_sender_report_and_its_age_are_in_the_block() {
        let mut reception = fed([1]);
        reception.sender_report(Ntp(0x1111_2222_3333_4444), ms(1_000));
        reception.sender_report(Ntp(0xb44d_b705_2000_0000), ms(2_000));
        let block = reception.report_block(ABOUT, ms(7_250)).unwrap();
        assert_eq!((block.last_report, block.delay), (0xb705_2000, 0x0005_4000));
    }

    #[test]
    fn the_round_trip_of_the_figure_holds() {
        // RFC 3550 §6.4.1, figure 2: 6.125 s.
        let block = ReportBlock {
            about: ABOUT,
            fraction_lost: 0,
            cumulative_lost: 0,
            highest: 0,
            jitter: 0,
            last_report: 0xb705_2000,
            delay: 0x0005_4000,
        };
        let at = |middle: u32| Ntp(u64::from(middle) << 16);
        assert_eq!(round_trip(&block, at(0xb710_8000)), Some(Duration::from_millis(6_125)));
        assert_eq!(round_trip(&block, at(0xb70a_5fff)), Some(Duration::ZERO));
        assert_eq!(round_trip(&block, at(0xb70a_0000)), None);
        assert_eq!(round_trip(&ReportBlock { last_report: 0, ..block }, at(0xb710_8000)), None);
        assert_eq!(round_trip(&ReportBlock { delay: u32::MAX / 2, ..block }, at(0xb710_8000)), None);
    }
}
