//! Who has a connection at this moment: not part of what is stored.

use crate::SeatId;
use std::collections::BTreeSet;

/// The seats with a connection, and those whose second camera has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presence {
    /// Pages of the people themselves.
    pub seats: BTreeSet<SeatId>,
    /// Candidates' seats whose paired phone is connected.
    pub second_cameras: BTreeSet<SeatId>,
}

impl Presence {
    /// Nobody is connected.
    pub const fn new() -> Self {
        Self { seats: BTreeSet::new(), second_cameras: BTreeSet::new() }
    }

    /// Has this seat a connection?
    pub fn contains(&self, seat: &SeatId) -> bool {
        self.seats.contains(seat)
    }
}

impl<const N: usize> From<[SeatId; N]> for Presence {
    fn from(seats: [SeatId; N]) -> Self {
        Self { seats: seats.into(), second_cameras: BTreeSet::new() }
    }
}
