//! The pictures that candidates before the room send to the staff who is to say who they are: the newest of each, in memory
//! alone, and who has seen it.

use super::{
    Sitting, refusal,
    request::{Pictures, another_device},
};
use crate::problem::Problem;
use axum::body::Bytes;
use std::{collections::BTreeMap, time::Duration};
use tokio::{sync::watch, time::Instant};
use viva_interview::{Presence, SeatId};
use viva_signaling::message::ErrorCode;

/// A page sends one every few seconds: one that is older shows nobody any more.
const FRESH: Duration = Duration::from_secs(10);
/// A page of the staff asks for the next one all the time: whoever has missed this long looks no more.
const LOOKS: Duration = Duration::from_secs(15);

/// A picture as it came, with its number: the first has 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Counted from 1 since the candidate asked to be looked at.
    pub number: u64,
    /// A JPEG.
    pub jpeg: Bytes,
}

/// All that are shown now.
#[derive(Default)]
pub(super) struct Showings(BTreeMap<SeatId, Showing>);

struct Showing {
    newest: watch::Sender<Option<Shown>>,
    came_at: Instant,
    /// When each seat of the staff last asked, and the newest picture that it had then.
    looks: BTreeMap<SeatId, (Instant, u64)>,
}

impl Showing {
    fn new(at: Instant) -> Self {
        Self { newest: watch::Sender::new(None), came_at: at, looks: BTreeMap::new() }
    }

    fn lookers(&self, at: Instant) -> impl Iterator<Item = (SeatId, u64)> {
        let looks = self.looks.iter().filter(move |(_, (asked, _))| at < *asked + LOOKS);
        looks.map(|(seat, (_, has))| (*seat, *has))
    }
}

impl Showings {
    /// A picture of this candidate has come. Does anybody look?
    fn show(&mut self, seat: SeatId, jpeg: Bytes, at: Instant) -> bool {
        let showing = self.0.entry(seat).or_insert_with(|| Showing::new(at));
        showing.came_at = at;
        showing.newest.send_modify(|newest| {
            let number = newest.as_ref().map_or(0, |shown| shown.number) + 1;
            *newest = Some(Shown { number, jpeg });
        });
        showing.lookers(at).next().is_some()
    }

    /// A seat of the staff that has the picture `has`, 0 for none, waits for the next one of this candidate.
    fn look(&mut self, seat: SeatId, by: SeatId, has: u64, at: Instant) -> Pictures {
        let showing = self.0.entry(seat).or_insert_with(|| Showing::new(at));
        let newest = showing.newest.borrow().as_ref().map_or(0, |shown| shown.number);
        showing.looks.insert(by, (at, has.min(newest)));
        showing.newest.subscribe()
    }

    /// Forgets those who do not ask any more; whoever waits for their pictures is told.
    pub(super) fn keep(&mut self, asks: impl Fn(SeatId) -> bool) {
        self.0.retain(|seat, _| asks(*seat));
    }

    /// Tells who has seen whom just now.
    pub(super) fn tell(&self, presence: &mut Presence, at: Instant) {
        let fresh = self.0.iter().filter(|(_, showing)| at < showing.came_at + FRESH);
        for (seat, showing) in fresh {
            let seen = showing.lookers(at).filter(|(_, has)| *has > 0);
            presence.seen.extend(seen.map(|(by, _)| (*seat, by)));
        }
    }
}

impl Sitting {
    /// A candidate's page sends its picture.
    pub(super) fn show(&mut self, (seat, entry): (SeatId, u32), jpeg: Bytes) -> Result<bool, Problem> {
        match self.interview.entries(seat) {
            Some(newest) if newest == entry => {}
            _ => return Err(another_device()),
        }
        self.arrives(seat);
        self.interview.may_show(seat).map_err(refusal)?;
        Ok(self.showings.show(seat, jpeg, Instant::now()))
    }

    /// A seat of the staff wants to see a candidate before the room.
    pub(super) fn look_at(&mut self, seat: SeatId, by: SeatId, has: u64) -> Result<Pictures, Problem> {
        self.interview.may_look_at(seat, by).map_err(refusal)?;
        Ok(self.showings.look(seat, by, has, Instant::now()))
    }
}

/// The next picture after the one that has this number; none where none comes in time, or the candidate asks no more.
///
/// # Errors
/// The candidate does not ask any more.
pub async fn next_shown(
    mut pictures: Pictures,
    has: u64,
    patience: Duration,
) -> Result<Option<Shown>, Problem> {
    let newer = pictures.wait_for(|newest| newest.as_ref().is_some_and(|shown| shown.number > has));
    match tokio::time::timeout(patience, newer).await {
        Ok(Ok(newest)) => Ok(newest.clone()),
        Ok(Err(_)) => Err(ErrorCode::StaffCheckNotAsked.into()),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANDIDATE: SeatId = SeatId(1);
    const HOST: SeatId = SeatId(2);
    const OTHER: SeatId = SeatId(3);

    fn seen(showings: &Showings, at: Instant) -> Vec<(SeatId, SeatId)> {
        let mut presence = Presence::default();
        showings.tell(&mut presence, at);
        presence.seen.into_iter().collect()
    }

    #[test]
    fn who_has_had_a_picture_just_now_has_seen_it_and_nobody_else() {
        let mut showings = Showings::default();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(!showings.show(CANDIDATE, Bytes::from_static(b"1"), start), "nobody looks");
        drop(showings.look(CANDIDATE, HOST, 0, start));
        assert_eq!(seen(&showings, start), [], "asked, and had none yet");
        assert!(showings.show(CANDIDATE, Bytes::from_static(b"2"), after(1)));
        drop(showings.look(CANDIDATE, HOST, 2, after(1)));
        drop(showings.look(CANDIDATE, OTHER, 0, after(1)));
        assert_eq!(seen(&showings, after(2)), [(CANDIDATE, HOST)]);
        assert_eq!(seen(&showings, after(12)), [], "the picture stands still");
        showings.show(CANDIDATE, Bytes::from_static(b"3"), after(14));
        assert_eq!(seen(&showings, after(15)), [(CANDIDATE, HOST)]);
        assert_eq!(seen(&showings, after(17)), [], "the host looks no more");
        showings.keep(|_| false);
        drop(showings.look(CANDIDATE, HOST, 3, after(17)));
        assert_eq!(seen(&showings, after(17)), [], "numbers that nobody gave are none");
    }

    #[tokio::test]
    async fn whoever_waits_gets_the_next_picture_or_hears_that_none_will_come() {
        let mut showings = Showings::default();
        let now = Instant::now();
        let long = Duration::from_secs(60);
        let waits = showings.look(CANDIDATE, HOST, 0, now);
        let next = tokio::spawn(next_shown(waits, 0, long));
        showings.show(CANDIDATE, Bytes::from_static(b"1"), now);
        assert_eq!(next.await.unwrap().unwrap().unwrap().number, 1);
        let waits = showings.look(CANDIDATE, HOST, 1, now);
        assert_eq!(next_shown(waits, 1, Duration::ZERO).await.unwrap(), None);
        let waits = showings.look(CANDIDATE, HOST, 1, now);
        let next = tokio::spawn(next_shown(waits, 1, long));
        showings.keep(|_| false);
        assert_eq!(next.await.unwrap().unwrap_err().code, ErrorCode::StaffCheckNotAsked);
    }
}
