//! What a seat may know, worked out from the state.

mod candidate;
mod card;
mod panel;

use super::Interview;
use crate::{Presence, SeatId, SeatView, Time};

impl Interview {
    /// What a seat may know; `None` for a seat that is not here, or of the staff and put out, and
    /// for all of an interview that was given up.
    pub fn view(&self, seat: SeatId, now: Time, presence: &Presence) -> Option<SeatView> {
        let now = now.max(self.latest);
        if self.deleted {
            return None;
        }
        if self.candidates.contains_key(&seat) {
            return self.candidate_view(seat, now, presence).map(Box::new).map(SeatView::Candidate);
        }
        self.panel_view(seat, now, presence).map(Box::new).map(SeatView::Panel)
    }
}
