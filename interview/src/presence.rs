//! Who has a connection at this moment, and which page of slides is open: not part of what is stored.

use crate::{SeatId, Time, limit};
use std::collections::{BTreeMap, BTreeSet};

/// The seats with a connection, and those whose second camera has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presence {
    /// Pages of the people themselves.
    pub seats: BTreeSet<SeatId>,
    /// Candidates' seats whose paired phone is connected.
    pub second_cameras: BTreeSet<SeatId>,
    /// Seats whose connection was lost, and when.
    pub lost: BTreeMap<SeatId, Time>,
    /// Candidates on the pages before the room, which ask every few seconds and have no connection.
    pub arriving: BTreeSet<SeatId>,
    /// Candidates whose pages before the room ask no more, and when they last did.
    pub strayed: BTreeMap<SeatId, Time>,
    /// Candidates who show themselves to the staff, each with a seat of the staff that has seen the picture just now.
    pub seen: BTreeSet<(SeatId, SeatId)>,
    /// The page of the own slides to which a candidate has turned, where they have.
    pub pages: BTreeMap<SeatId, u32>,
}

impl Presence {
    /// Nobody is connected.
    pub const fn new() -> Self {
        Self {
            seats: BTreeSet::new(),
            second_cameras: BTreeSet::new(),
            lost: BTreeMap::new(),
            arriving: BTreeSet::new(),
            strayed: BTreeMap::new(),
            seen: BTreeSet::new(),
            pages: BTreeMap::new(),
        }
    }

    /// Has this seat a connection?
    pub fn contains(&self, seat: &SeatId) -> bool {
        self.seats.contains(seat)
    }

    /// Is somebody on the pages before the room? That is not yet here.
    pub fn is_arriving(&self, seat: &SeatId) -> bool {
        self.arriving.contains(seat) && !self.contains(seat)
    }

    /// Is somebody there, or only gone for a moment? Networks break off and come back.
    pub fn is_here(&self, seat: &SeatId, now: Time) -> bool {
        self.contains(seat) || self.lost.get(seat).is_some_and(|at| now < at.plus(limit::MOMENT))
    }

    /// Has this seat of the staff just seen the picture that a candidate sends before the room?
    pub fn has_seen(&self, candidate: &SeatId, by: &SeatId) -> bool {
        self.seen.contains(&(*candidate, *by))
    }

    /// The page that a candidate's slides stand at: the first until they are turned.
    pub fn page(&self, seat: &SeatId) -> u32 {
        self.pages.get(seat).copied().unwrap_or(1)
    }

    /// Since when nobody is there, of a seat that had a connection.
    pub fn offline_since(&self, seat: &SeatId) -> Option<Time> {
        self.lost.get(seat).copied().filter(|_| !self.contains(seat))
    }

    /// When the pages before the room last asked, where they do no longer.
    pub fn last_seen(&self, seat: &SeatId) -> Option<Time> {
        let gone = !self.contains(seat) && !self.arriving.contains(seat);
        self.strayed.get(seat).copied().filter(|_| gone)
    }
}

impl<const N: usize> From<[SeatId; N]> for Presence {
    fn from(seats: [SeatId; N]) -> Self {
        Self { seats: seats.into(), ..Self::default() }
    }
}
