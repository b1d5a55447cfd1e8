//! When was it captured: a stream's RTP timestamps on the unit's clock, so that layers and sources line up at a switch.
//!
//! Sender reports (RFC 3550 §6.4.1) tie the timestamps of one stream to the publisher's wall clock; [`NtpOffset`], shared by
//! all streams of one participant, ties that clock to the unit's. So sound and picture of one participant move together, whatever
//! their networks do. Without reports, and against reports that make no sense, arrival times must do.
//!
//! Capture times are microseconds since the unit's epoch, signed since something may have been captured before it. They
//! include the shortest travel time from publisher to unit, which nobody can know.

mod smallest;

use smallest::Smallest;
use viva_wire::Micros;

/// Reports that differ from the rest by more are not believed before they are confirmed; µs.
const STEP: i64 = 500_000;
/// Reports that confirm each other differ by less; µs.
const AGREEMENT: i64 = 100_000;
/// A step of the wall clock is believed when so many reports in a row agree on it.
const CONFIRMATIONS: u8 = 3;
/// Reports and arrivals that differ by more contradict each other, and arrivals win; µs.
const CONTRADICTION: i64 = 1_000_000;
/// Arrivals that differ from the rest by more mean that the stream's timestamps have leapt; µs.
const LEAP: i64 = 5_000_000;

/// How one participant's wall clock stands to the unit's: the smallest difference seen lately between the arrival of a report
/// and the time that it tells, so that queues on the way do not count.
#[derive(Debug, Default)]
pub struct NtpOffset {
    /// The report that differences are counted from.
    reference: Option<(u64, Micros)>,
    smallest: Smallest,
    /// Reports that disagree with the rest but agree with each other: the smallest difference, and how many.
    suspect: Option<(i64, u8)>,
}

impl NtpOffset {
    /// Takes the NTP time of a sender report, in 32.32 fixed point seconds, of any stream of the participant. Zero means that
    /// the publisher has no wall clock (RFC 3550 §6.4.1) and is ignored.
    pub fn report(&mut self, ntp: u64, arrived: Micros) {
        if ntp == 0 {
            return;
        }
        let (reference, at) = *self.reference.get_or_insert((ntp, arrived));
        let difference = signed(arrived) - signed(at) - ntp_micros(ntp, reference);
        let Some(smallest) = self.smallest.value() else {
            self.smallest.add(difference, arrived);
            return;
        };
        if (difference - smallest).abs() <= STEP {
            self.suspect = None;
            self.smallest.add(difference, arrived);
            return;
        }
        let (suspect, count) = match self.suspect {
            Some((suspect, count)) if (difference - suspect).abs() <= AGREEMENT => {
                (suspect.min(difference), count + 1)
            }
            _ => (difference, 1),
        };
        self.suspect = Some((suspect, count));
        if count >= CONFIRMATIONS {
            self.suspect = None;
            self.smallest = Smallest::default();
            self.smallest.add(suspect, arrived);
        }
    }

    /// When the participant's wall clock showed `ntp`.
    fn time(&self, ntp: u64) -> Option<i64> {
        let (reference, at) = self.reference?;
        Some(signed(at) + ntp_micros(ntp, reference) + self.smallest.value()?)
    }
}

/// One stream's timestamps.
#[derive(Debug, Clone)]
pub struct Timeline {
    rate: u32,
    /// NTP time and RTP timestamp of the newest report that was believed.
    report: Option<(u64, u32)>,
    /// A report that leapt, until another confirms it.
    suspect: Option<(u64, u32)>,
    arrivals: Option<Arrivals>,
}

/// What arrivals tell.
#[derive(Debug, Clone)]
struct Arrivals {
    first: Micros,
    /// The newest timestamp, and how far it is from the first one without wrapping.
    last: u32,
    units: i64,
    /// Arrival less timestamp, both since the first packet.
    smallest: Smallest,
}

impl Timeline {
    /// A stream with so many timestamp units a second.
    pub const fn new(rate: u32) -> Self {
        Self { rate, report: None, suspect: None, arrivals: None }
    }

    /// A packet came; call it for each, or for the first of each frame. Retransmissions do not belong here.
    pub fn arrived(&mut self, rtp: u32, now: Micros) {
        let rate = self.rate;
        let arrivals = self.arrivals.get_or_insert_with(|| Arrivals {
            first: now,
            last: rtp,
            units: 0,
            smallest: Smallest::default(),
        });
        let ahead = rtp.wrapping_sub(arrivals.last).cast_signed();
        let units = arrivals.units + i64::from(ahead);
        if ahead > 0 {
            arrivals.last = rtp;
            arrivals.units = units;
        }
        let difference = signed(now) - signed(arrivals.first) - micros(units, rate);
        if arrivals.smallest.value().is_some_and(|smallest| (difference - smallest).abs() > LEAP) {
            self.arrivals = None;
            // At most once: there is nothing yet to leap from.
            return self.arrived(rtp, now);
        }
        arrivals.smallest.add(difference, now);
    }

    /// How far a timestamp is behind the newest that came; zero for the newest.
    pub fn behind(&self, rtp: u32) -> u32 {
        let behind = self.arrivals.as_ref().map_or(0, |arrivals| arrivals.last.wrapping_sub(rtp));
        // More is no lateness: the stream's timestamps have leapt.
        if i64::from(behind) < i64::from(self.rate) * LEAP / 1_000_000 { behind } else { 0 }
    }

    /// Takes a sender report of this stream. Tell it to the participant's [`NtpOffset`] too, first.
    pub fn report(&mut self, ntp: u64, rtp: u32) {
        if ntp == 0 {
            return;
        }
        let agrees = |with: Option<(u64, u32)>| {
            with.is_none_or(|(ntp_before, rtp_before)| {
                let expected = rtp_before.wrapping_add(units(ntp_micros(ntp, ntp_before), self.rate));
                micros(i64::from(rtp.wrapping_sub(expected).cast_signed()), self.rate).abs() <= STEP
            })
        };
        if agrees(self.report) || self.suspect.is_some() && agrees(self.suspect) {
            self.report = Some((ntp, rtp));
            self.suspect = None;
        } else {
            self.suspect = Some((ntp, rtp));
        }
    }

    /// When `rtp` was captured; `None` before the first packet.
    pub fn capture_time(&self, rtp: u32, offset: &NtpOffset) -> Option<i64> {
        let arrivals = self.arrivals.as_ref()?;
        let units = arrivals.units + i64::from(rtp.wrapping_sub(arrivals.last).cast_signed());
        let by_arrival = signed(arrivals.first) + micros(units, self.rate) + arrivals.smallest.value()?;
        let by_report = self.report.and_then(|(ntp, reported)| {
            let since = i64::from(rtp.wrapping_sub(reported).cast_signed());
            Some(offset.time(ntp)? + micros(since, self.rate))
        });
        Some(by_report.filter(|time| (time - by_arrival).abs() <= CONTRADICTION).unwrap_or(by_arrival))
    }

    /// The timestamp of what is captured at `time`, for sender reports: the inverse of [`Self::capture_time`].
    pub fn rtp_at(&self, time: i64, offset: &NtpOffset) -> Option<u32> {
        let last = self.arrivals.as_ref()?.last;
        let since = time - self.capture_time(last, offset)?;
        Some(last.wrapping_add(units(since, self.rate)))
    }
}

/// RTP timestamp `a` is later than `b`, modulo 2³².
pub const fn is_after(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() > 0
}

/// Timestamp units in so many microseconds, modulo 2³²; negative times count backwards. With a slot's random base added, this is
/// the outgoing timestamp of a capture time.
pub fn units(micros: i64, rate: u32) -> u32 {
    let (seconds, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let rate = i64::from(rate);
    seconds.wrapping_mul(rate).wrapping_add((rest * rate + 500_000) / 1_000_000) as u32
}

fn micros(units: i64, rate: u32) -> i64 {
    let rate = i64::from(rate.max(1));
    units.div_euclid(rate).wrapping_mul(1_000_000) + units.rem_euclid(rate) * 1_000_000 / rate
}

/// From `since` to `ntp`, either way round the era of 136 years, in microseconds.
fn ntp_micros(ntp: u64, since: u64) -> i64 {
    ((i128::from(ntp.wrapping_sub(since).cast_signed()) * 1_000_000) >> 32) as i64
}

const fn signed(time: Micros) -> i64 {
    time.0.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    const VIDEO: u32 = 90_000;
    const AUDIO: u32 = 48_000;

    /// NTP time of a publisher whose clock read `start` at the unit's zero.
    fn ntp(start: u64, micros: i64) -> u64 {
        start.wrapping_add_signed(((i128::from(micros) << 32) / 1_000_000) as i64)
    }

    const START: u64 = 0xea00_0000_0000_0000;

    #[test]
    fn layers_with_their_own_timestamps_agree_on_a_moment() {
        let mut offset = NtpOffset::default();
        let mut low = Timeline::new(VIDEO);
        let mut high = Timeline::new(VIDEO);
        let low_rtp = |at: i64| units(at, VIDEO).wrapping_add(u32::MAX - 1000);
        let high_rtp = |at: i64| units(at, VIDEO).wrapping_add(77);
        // The high layer's packets queue longer; reports tell the truth.
        for frame in 0..60 {
            let at = frame * 33_333;
            low.arrived(low_rtp(at), Micros(at as u64 + 20_000));
            high.arrived(high_rtp(at), Micros(at as u64 + 90_000));
        }
        for (timeline, rtp, delay) in
            [(&mut low, low_rtp(1_000_000), 20_000), (&mut high, high_rtp(1_000_000), 90_000)]
        {
            let report = ntp(START, 1_000_000);
            offset.report(report, Micros(1_000_000 + delay));
            timeline.report(report, rtp);
        }
        let captured = 1_999_980;
        let by_low = low.capture_time(low_rtp(captured), &offset).unwrap();
        let by_high = high.capture_time(high_rtp(captured), &offset).unwrap();
        assert!((by_low - by_high).abs() <= 30, "{by_low} {by_high}");
        assert!((by_low - captured - 20_000).abs() <= 30, "{by_low}");
        let back = high.rtp_at(by_low, &offset).unwrap();
        assert!(back.wrapping_sub(high_rtp(captured)).cast_signed().abs() <= 3);
    }

    #[test]
    fn before_any_report_the_fastest_arrival_counts() {
        let offset = NtpOffset::default();
        let mut timeline = Timeline::new(AUDIO);
        assert_eq!(timeline.capture_time(0, &offset), None);
        let mut noise = Noise::new(1);
        let rtp = |packet: i64| (packet as u32).wrapping_mul(960).wrapping_sub(100_000);
        for packet in 0..500 {
            let delay = if packet == 250 { 10_000 } else { 15_000 + noise.below(60_000) as i64 };
            timeline.arrived(rtp(packet), Micros((packet * 20_000 + delay) as u64));
        }
        assert_eq!(timeline.capture_time(rtp(400), &offset), Some(400 * 20_000 + 10_000));
        assert_eq!(timeline.capture_time(rtp(-5), &offset), Some(-5 * 20_000 + 10_000));
        assert_eq!(timeline.rtp_at(400 * 20_000 + 10_000, &offset), Some(rtp(400)));
    }

    #[test]
    fn sound_and_picture_stay_together_when_queues_differ() {
        let mut noise = Noise::new(2);
        let mut offset = NtpOffset::default();
        let (mut sound, mut picture) = (Timeline::new(AUDIO), Timeline::new(VIDEO));
        let (sound_rtp, picture_rtp) =
            (|at| units(at, AUDIO).wrapping_sub(9), |at| units(at, VIDEO).wrapping_add(5));
        for step in 0..6000i64 {
            let at = step * 20_000;
            let now = |delay: u64| Micros(at as u64 + 30_000 + delay);
            sound.arrived(sound_rtp(at), now(noise.below(10_000)));
            picture.arrived(picture_rtp(at), now(noise.below(300_000)));
            if step % 50 == 0 {
                offset.report(ntp(START, at), now(noise.below(300_000)));
                picture.report(ntp(START, at), picture_rtp(at));
            }
            if step % 250 == 0 {
                offset.report(ntp(START, at), now(noise.below(10_000)));
                sound.report(ntp(START, at), sound_rtp(at));
                let apart = sound.capture_time(sound_rtp(at), &offset).unwrap()
                    - picture.capture_time(picture_rtp(at), &offset).unwrap();
                assert!(apart.abs() <= 50, "{step}: {apart}");
            }
        }
    }

    #[test]
    fn one_bad_report_changes_nothing_and_a_stepped_clock_is_followed() {
        let mut offset = NtpOffset::default();
        let mut timeline = Timeline::new(VIDEO);
        let rtp = |at: i64| units(at, VIDEO);
        let mut start = START;
        let second = |offset: &mut NtpOffset, timeline: &mut Timeline, at: i64, start: u64| {
            let at = at * 1_000_000;
            timeline.arrived(rtp(at), Micros(at as u64 + 50_000));
            offset.report(ntp(start, at), Micros(at as u64 + 50_000));
            timeline.report(ntp(start, at), rtp(at));
            (timeline.capture_time(rtp(at), offset).unwrap() - at - 50_000).abs()
        };
        for at in 0..5 {
            assert!(second(&mut offset, &mut timeline, at, start) < 30);
        }
        for wrong in [3_600_000_000, -3_600_000_000, 700_000, -700_000] {
            assert!(second(&mut offset, &mut timeline, 5, ntp(start, wrong)) < 30, "{wrong}");
        }
        for step in [86_400_000_000, -86_400_000_000, 650_000, -650_000] {
            start = ntp(start, step);
            for at in 6..12 {
                assert!(second(&mut offset, &mut timeline, at, start) < 1_000_000, "{step} {at}");
            }
            assert!(second(&mut offset, &mut timeline, 12, start) < 30, "{step}");
        }
    }

    #[test]
    fn reports_without_a_clock_or_with_nonsense_leave_it_to_arrivals() {
        let mut noise = Noise::new(5);
        let mut offset = NtpOffset::default();
        let mut timeline = Timeline::new(VIDEO);
        for step in 0..5000i64 {
            let at = step * 33_000;
            timeline.arrived(units(at, VIDEO), Micros(at as u64));
            let (ntp, rtp) = if noise.one_in(3) { (0, 0) } else { (noise.next(), noise.next() as u32) };
            offset.report(ntp, Micros(at as u64));
            timeline.report(ntp, rtp);
            let time = timeline.capture_time(units(at, VIDEO), &offset).unwrap();
            assert!((time - at).abs() <= CONTRADICTION + 100, "{time} {at}");
        }
        let mut silent = Timeline::new(VIDEO);
        silent.report(START, 1);
        assert_eq!((silent.capture_time(1, &offset), silent.rtp_at(0, &offset)), (None, None));
    }

    #[test]
    fn days_of_wrapping_and_drift_do_not_add_up() {
        let offset = NtpOffset::default();
        let mut timeline = Timeline::new(VIDEO);
        // The publisher's crystal is fast by 100 ppm; six days, one packet in ten seconds.
        for step in 0..52_000i64 {
            let at = step * 10_000_000;
            timeline.arrived(units(at + at / 10_000, VIDEO), Micros(at as u64 + 1000));
        }
        let at = 51_999 * 10_000_000i64;
        let time = timeline.capture_time(units(at + at / 10_000, VIDEO), &offset).unwrap();
        assert!((time - at).abs() < 10_000, "{}", time - at);
    }

    #[test]
    fn a_leap_of_the_timestamps_starts_anew() {
        let offset = NtpOffset::default();
        let mut timeline = Timeline::new(AUDIO);
        for (packet, base) in [(0, 5u32), (1, 5), (2, 900_000_000), (3, 900_000_000), (4, 17), (5, 17)] {
            let at = packet * 20_000;
            let rtp = base + packet as u32 * 960;
            timeline.arrived(rtp, Micros(at));
            assert_eq!(timeline.capture_time(rtp, &offset), Some(at as i64));
        }
    }
}
