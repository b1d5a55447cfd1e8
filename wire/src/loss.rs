//! Finds the gaps of one incoming stream and says what to ask for again, and when to stop asking.

use crate::Micros;
use std::time::Duration;

/// Missing packets remembered; a jump over more than so many is no loss to repair but a new beginning.
pub const MAX_MISSING: usize = 512;
/// How long a gap may be reordering. Ends sooner when a second packet after it arrives.
const GRACE: Duration = Duration::from_millis(8);
/// The shortest time between two requests for one packet.
const MIN_RETRY: Duration = Duration::from_millis(20);
/// The round-trip time until one is measured.
const DEFAULT_RTT: Duration = Duration::from_millis(100);
/// Requests for one packet.
const MAX_TRIES: u8 = 10;
/// The longest time that a packet is waited for.
const MAX_AGE: Duration = Duration::from_secs(1);

/// What a packet's sequence number says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Later than everything before it, or the first.
    New,
    /// It was missing: reordered, or sent again.
    Recovered,
    /// Received before, or given up.
    Known,
}

/// Loss detection of one incoming stream, by extended sequence number (its lower 16 bits are those on the wire).
///
/// A missing packet is asked for after a short grace for reordering, then again about once a round trip, at most ten
/// times within a second. Then it is given up, and [`Self::take_given_up`] says so once: video needs a key frame.
#[derive(Debug, Clone, Default)]
pub struct LossDetector {
    highest: Option<u64>,
    /// In rising order; at most [`MAX_MISSING`].
    missing: Vec<Missing>,
    /// Not later than any entry's `next`.
    deadline: Option<Micros>,
    given_up: bool,
}

#[derive(Debug, Clone, Copy)]
struct Missing {
    sequence: u64,
    found: Micros,
    /// When to ask for it next, or to give it up.
    next: Micros,
    tries: u8,
}

impl LossDetector {
    /// A packet arrived, as itself or as a retransmission.
    pub fn received(&mut self, sequence: u64, now: Micros) -> Arrival {
        let Some(highest) = self.highest else {
            self.highest = Some(sequence);
            return Arrival::New;
        };
        if sequence <= highest {
            return match self.missing.binary_search_by_key(&sequence, |missing| missing.sequence) {
                Ok(index) => {
                    self.missing.remove(index);
                    Arrival::Recovered
                }
                Err(_) => Arrival::Known,
            };
        }
        self.highest = Some(sequence);
        self.end_grace(now);
        self.miss(highest + 1, sequence, now);
        Arrival::New
    }

    /// Fills `lost` with the sequence numbers to ask for now, in rising order, and says how many. What does not fit is
    /// due again at once.
    pub fn poll(&mut self, now: Micros, rtt: Option<Duration>, lost: &mut [u16]) -> usize {
        if self.deadline.is_none_or(|deadline| deadline > now) {
            return 0;
        }
        let retry = rtt.unwrap_or(DEFAULT_RTT).max(MIN_RETRY);
        let (mut count, mut deadline, before) = (0, Micros::NEVER, self.missing.len());
        self.missing.retain_mut(|missing| {
            if missing.next <= now {
                if missing.tries >= MAX_TRIES || now.since(missing.found) >= MAX_AGE {
                    return false;
                }
                if let Some(place) = lost.get_mut(count) {
                    *place = missing.sequence as u16;
                    count += 1;
                    missing.tries += 1;
                    missing.next = now + retry;
                }
            }
            deadline = deadline.min(missing.next);
            true
        });
        self.given_up |= self.missing.len() < before;
        self.deadline = (deadline < Micros::NEVER).then_some(deadline);
        count
    }

    /// When to call [`Self::poll`] next; may be early when what was missing has arrived.
    pub fn next_deadline(&self) -> Option<Micros> {
        if self.missing.is_empty() { None } else { self.deadline }
    }

    /// Was something given up since this was asked last? Then what depends on it cannot be decoded.
    pub const fn take_given_up(&mut self) -> bool {
        std::mem::replace(&mut self.given_up, false)
    }

    /// A key frame begins at `sequence`: nothing before it is needed any more.
    pub fn key_frame(&mut self, sequence: u64) {
        let before = self.missing.partition_point(|missing| missing.sequence < sequence);
        self.missing.drain(..before);
        self.given_up = false;
    }

    /// How many packets are missing and not given up.
    pub fn missing(&self) -> usize {
        self.missing.len()
    }

    /// A second packet after a gap: it is no reordering.
    fn end_grace(&mut self, now: Micros) {
        let fresh =
            self.missing.iter_mut().rev().take_while(|missing| missing.tries == 0 && missing.next > now);
        for missing in fresh {
            missing.next = now;
            self.deadline = Some(now);
        }
    }

    /// Everything from `first` up to and without `end` is missing.
    fn miss(&mut self, first: u64, end: u64, now: Micros) {
        let gap = usize::try_from(end - first).unwrap_or(usize::MAX);
        if gap > MAX_MISSING {
            self.missing.clear();
            self.given_up = true;
            return;
        }
        if gap == 0 {
            return;
        }
        let excess = (self.missing.len() + gap).saturating_sub(MAX_MISSING);
        if excess > 0 {
            self.missing.drain(..excess);
            self.given_up = true;
        }
        let next = now + GRACE;
        self.missing.extend((first..end).map(|sequence| Missing { sequence, found: now, next, tries: 0 }));
        self.deadline = Some(self.deadline.map_or(next, |deadline| deadline.min(next)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Micros {
        Micros::from_millis(ms)
    }

    const RTT: Option<Duration> = Some(Duration::from_millis(50));

    fn poll(loss: &mut LossDetector, at: u64) -> Vec<u16> {
        let mut lost = [0; MAX_MISSING];
        let count = loss.poll(ms(at), RTT, &mut lost);
        lost[..count].to_vec()
    }

    /// Fed with `sequences`, one a millisecond from zero.
    fn fed(sequences: &[u64]) -> LossDetector {
        let mut loss = LossDetector::default();
        for (at, sequence) in sequences.iter().enumerate() {
            loss.received(*sequence, ms(at as u64));
        }
        loss
    }

    #[test]
    fn a_stream_without_loss_asks_for_nothing() {
        let mut loss = fed(&(65_000..66_000).collect::<Vec<_>>());
        assert_eq!(loss.next_deadline(), None);
        assert_eq!(poll(&mut loss, 5_000), []);
    }

    #[test]
    fn two_packets_that_change_places_are_no_loss() {
        let mut loss = fed(&[10, 12]);
        assert_eq!(poll(&mut loss, 1), []);
        assert_eq!(loss.received(11, ms(3)), Arrival::Recovered);
        assert_eq!(loss.received(11, ms(3)), Arrival::Known);
        assert_eq!(loss.next_deadline(), None);
        assert_eq!(poll(&mut loss, 100), []);
    }

    #[test]
    fn a_gap_is_asked_for_after_the_grace_or_the_second_packet() {
        let mut loss = fed(&[10, 13]);
        assert_eq!(loss.next_deadline(), Some(ms(9)));
        assert_eq!(poll(&mut loss, 8), []);
        assert_eq!(poll(&mut loss, 9), [11, 12]);
        let mut loss = fed(&[10, 13, 14]);
        assert_eq!(loss.next_deadline(), Some(ms(2)));
        assert_eq!(poll(&mut loss, 2), [11, 12]);
    }

    #[test]
    fn numbers_are_those_on_the_wire_across_the_wrap() {
        let mut loss = fed(&[65_534, 65_538, 65_539]);
        assert_eq!(poll(&mut loss, 2), [65_535, 0, 1]);
    }

    #[test]
    fn requests_repeat_each_round_trip_and_end_after_ten() {
        let mut loss = fed(&[1, 3]);
        let asked = (0..3_000).filter(|at| !poll(&mut loss, *at).is_empty()).collect::<Vec<_>>();
        assert_eq!(asked, [9, 59, 109, 159, 209, 259, 309, 359, 409, 459]);
        assert!(loss.take_given_up());
        assert!(!loss.take_given_up());
        assert_eq!((loss.next_deadline(), loss.missing()), (None, 0));
        assert_eq!(loss.received(2, ms(3_000)), Arrival::Known);
    }

    #[test]
    fn a_long_round_trip_ends_after_a_second_and_a_short_one_is_no_flood() {
        let mut loss = fed(&[1, 3]);
        let mut lost = [0; 4];
        let slow = Some(Duration::from_millis(400));
        let asked = (0..3_000).filter(|at| loss.poll(ms(*at), slow, &mut lost) > 0).collect::<Vec<_>>();
        assert_eq!(asked, [9, 409, 809]);
        let mut loss = fed(&[1, 3]);
        let asked = (0..60).filter(|at| loss.poll(ms(*at), Some(Duration::ZERO), &mut lost) > 0);
        assert_eq!(asked.collect::<Vec<_>>(), [9, 29, 49]);
    }

    #[test]
    fn what_does_not_fit_is_asked_for_at_once_afterwards() {
        let mut loss = fed(&[1, 7, 8]);
        let mut lost = [0; 2];
        for expected in [[2, 3], [4, 5]] {
            assert_eq!(loss.poll(ms(5), RTT, &mut lost), 2);
            assert_eq!(lost, expected);
            assert_eq!(loss.next_deadline(), Some(ms(2)));
        }
        assert_eq!(loss.poll(ms(5), RTT, &mut lost), 1);
        assert_eq!(loss.next_deadline(), Some(ms(55)));
    }

    #[test]
    fn a_jump_is_given_up_at_once() {
        let mut loss = fed(&[1, 3, 5 + MAX_MISSING as u64]);
        assert_eq!((loss.missing(), loss.next_deadline()), (0, None));
        assert!(loss.take_given_up());
        loss.received(u64::MAX, ms(9));
        assert!(loss.take_given_up());
        assert_eq!(poll(&mut loss, 50), []);
    }

    #[test]
    fn too_many_small_losses_give_up_the_oldest() {
        let every_other = (0..2_000).step_by(2).collect::<Vec<_>>();
        let mut loss = fed(&every_other);
        assert_eq!(loss.missing(), MAX_MISSING);
        assert!(loss.take_given_up());
        assert_eq!(loss.received(1_997, ms(2_000)), Arrival::Recovered);
        assert_eq!(loss.received(1, ms(2_000)), Arrival::Known);
    }

    #[test]
    fn a_key_frame_makes_older_losses_pointless() {
        let mut loss = fed(&[1, 4, 6, 7]);
        loss.key_frame(4);
        assert_eq!(poll(&mut loss, 10), [5]);
        loss.key_frame(8);
        for at in 11..3_000 {
            assert_eq!(poll(&mut loss, at), []);
        }
        assert!(!loss.take_given_up());
    }
}
