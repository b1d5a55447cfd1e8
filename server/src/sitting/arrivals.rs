//! Candidates on the pages before the room, which ask over HTTP every few seconds: who is there, and who is no more.

use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;
use viva_interview::{Presence, SeatId, Time};

/// A page asks every four seconds: whoever has missed two of them has gone.
const STAYS: Duration = Duration::from_secs(10);
/// How long it takes at most until that is noticed: those who go together are one change.
const NOTICED: Duration = Duration::from_secs(1);

/// Who was seen when. That a page asks again changes nothing for anybody; only its coming and going does.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    seen: BTreeMap<SeatId, (Instant, Time)>,
    strayed: BTreeMap<SeatId, Time>,
}

impl Arrivals {
    /// The page of this candidate asks for something. Is it news that there is one?
    pub(super) fn note(&mut self, seat: SeatId, at: Instant, time: Time) -> bool {
        self.strayed.remove(&seat);
        self.seen.insert(seat, (at, time)).is_none()
    }

    /// The candidate has a connection: that says more.
    pub(super) fn forget(&mut self, seat: SeatId) {
        self.seen.remove(&seat);
        self.strayed.remove(&seat);
    }

    /// When somebody may have gone.
    pub(super) fn next(&self) -> Option<Instant> {
        self.seen.values().map(|(at, _)| *at).min().map(|oldest| oldest + STAYS + NOTICED)
    }

    /// Finds out who has gone. Has anybody?
    pub(super) fn sweep(&mut self, now: Instant) -> bool {
        let gone = self.seen.extract_if(.., |_, (at, _)| *at + STAYS <= now);
        let before = self.strayed.len();
        self.strayed.extend(gone.map(|(seat, (_, time))| (seat, time)));
        self.strayed.len() > before
    }

    /// Tells who is there and who was.
    pub(super) fn tell(&self, presence: &mut Presence) {
        presence.arriving.extend(self.seen.keys());
        presence.strayed.extend(&self.strayed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SeatId = SeatId(1);

    fn told(arrivals: &Arrivals) -> Presence {
        let mut presence = Presence::default();
        arrivals.tell(&mut presence);
        presence
    }

    #[test]
    fn five_hundred_who_ask_every_four_seconds_are_news_once_each() {
        let mut arrivals = Arrivals::default();
        let start = Instant::now();
        let mut news = 0;
        for millisecond in (0..60_000).step_by(8) {
            let now = start + Duration::from_millis(millisecond);
            let seat = SeatId(millisecond / 8 % 500);
            news += usize::from(arrivals.note(seat, now, Time(millisecond)));
            if arrivals.next().is_some_and(|next| next <= now) {
                news += usize::from(arrivals.sweep(now));
            }
        }
        assert_eq!(news, 500);
        assert_eq!(told(&arrivals).arriving.len(), 500);
    }

    #[test]
    fn who_asks_no_more_has_gone_since_they_last_did() {
        let mut arrivals = Arrivals::default();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(arrivals.note(A, start, Time(1000)));
        assert!(!arrivals.note(A, after(4), Time(5000)));
        assert_eq!(arrivals.next(), Some(after(15)));
        assert!(!arrivals.sweep(after(13)), "a page may miss one");
        assert!(arrivals.sweep(after(15)));
        assert!(!arrivals.sweep(after(16)));
        let presence = told(&arrivals);
        assert_eq!((presence.is_arriving(&A), presence.last_seen(&A)), (false, Some(Time(5000))));
        assert!(arrivals.note(A, after(20), Time(20_000)), "and comes back");
        assert_eq!(told(&arrivals).last_seen(&A), None);
        arrivals.forget(A);
        assert_eq!((arrivals.next(), told(&arrivals)), (None, Presence::default()));
    }
}
