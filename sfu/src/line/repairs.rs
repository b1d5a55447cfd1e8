//! Retransmissions on one line: a share of what it carries, and no packet twice within a round trip.

use std::time::Duration;
use viva_media::Ssrc;
use viva_wire::Micros;

/// Of what the line carries, so much may be spent on repairs: a fifth of the packets lost at random is repaired with that …
const SHARE: u64 = 4;
/// … and so much where the line is too full already, since repairs would fill it further.
const CONGESTED_SHARE: u64 = 16;
/// What was not spent is kept for so long.
const KEPT: Duration = Duration::from_millis(500);
/// What was sent again is not sent once more within a round trip, at least so long.
const LEAST: Duration = Duration::from_millis(20);
/// And at most so long: what is asked for again by then was lost again.
const MOST: Duration = Duration::from_millis(150);
/// Packets remembered.
const REMEMBERED: usize = 128;

/// What one line was sent again.
#[derive(Debug, Clone)]
pub(super) struct Repairs {
    /// Bits that may be spent; less than none after the newest packet.
    left: i64,
    since: Micros,
    newest: [(Ssrc, u16, Micros); REMEMBERED],
}

impl Repairs {
    /// Nothing was.
    pub(super) const fn new(now: Micros) -> Self {
        Self { left: 0, since: now, newest: [(Ssrc(0), 0, Micros(0)); REMEMBERED] }
    }

    /// May this packet be sent again now?
    pub(super) fn may(&mut self, now: Micros, line: &State, ssrc: Ssrc, number: u16) -> bool {
        self.refill(now, line);
        let place = usize::from(number) % REMEMBERED;
        let again = line.round_trip.clamp(LEAST, MOST);
        let Some(known) = self.newest.get_mut(place) else { return false };
        let too_soon =
            (known.0, known.1) == (ssrc, number) && now.since(known.2) < again && known.2 > Micros(0);
        if too_soon || self.left <= 0 {
            return false;
        }
        *known = (ssrc, number, now);
        true
    }

    /// A packet of so many bytes is sent again.
    pub(super) const fn spend(&mut self, bytes: u64) {
        self.left = self.left.saturating_sub(bytes.saturating_mul(8).cast_signed());
    }

    fn refill(&mut self, now: Micros, line: &State) {
        let rate = line.estimate / if line.congested { CONGESTED_SHARE } else { SHARE };
        let bits = |time: Duration| u128::from(rate) * time.as_micros() / 1_000_000;
        let most = i64::try_from(bits(KEPT)).unwrap_or(i64::MAX);
        let came = i64::try_from(bits(now.since(self.since))).unwrap_or(i64::MAX);
        self.left = self.left.saturating_add(came).min(most.max(1));
        self.since = now;
    }
}

/// The line at this moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// Bits a second that it carries.
    pub estimate: u64,
    pub congested: bool,
    pub round_trip: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: State =
        State { estimate: 1_000_000, congested: false, round_trip: Duration::from_millis(50) };

    #[test]
    fn repairs_take_a_quarter_of_the_line_and_a_sixteenth_where_it_is_full() {
        for (congested, most) in [(false, 250_000), (true, 62_500)] {
            let line = State { congested, ..LINE };
            let mut repairs = Repairs::new(Micros(1));
            let mut bits = 0;
            for millis in 0..10_000 {
                let now = Micros::from_millis(millis + 1);
                if repairs.may(now, &line, Ssrc(1), millis as u16) {
                    repairs.spend(1_200);
                    bits += 9_600;
                }
            }
            assert!((most * 10 * 95 / 100..=most * 11).contains(&bits), "{bits}");
        }
    }

    #[test]
    fn a_packet_is_sent_again_once_a_round_trip() {
        let mut repairs = Repairs::new(Micros(1));
        let mut may = |millis, ssrc| repairs.may(Micros::from_millis(millis), &LINE, Ssrc(ssrc), 7);
        assert!(may(500, 1));
        assert!(!may(510, 1) && !may(549, 1));
        assert!(may(520, 2), "of another stream");
        assert!(may(571, 1));
    }
}
