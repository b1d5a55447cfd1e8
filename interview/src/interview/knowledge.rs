//! What a seat may know, worked out from the state.

mod candidate;
mod card;
mod draw;
mod panel;

use super::Interview;
use crate::{AdministratorAction, Presence, SeatId, SeatView, StageKind, Time};

impl Interview {
    /// What is to be noted after an end of the server: times of bad network that had begun and have no end. They lasted until
    /// the newest record at least; how much longer nobody knows.
    pub fn troubles_cut_off(&self) -> Vec<AdministratorAction> {
        let open = self.candidates.iter().filter_map(|(seat, candidate)| Some((*seat, candidate.trouble?)));
        let note = |(seat, (from, worst)): (SeatId, (Time, _))| {
            let until = self.latest.max(from);
            AdministratorAction::NoteTrouble { seat, from, until, worst, cut_off: true }
        };
        open.map(note).collect()
    }

    /// Is this candidate expected in the room? Nobody is after the end, nor is who has left or was put out: their pages ask
    /// seldom.
    pub fn is_expected(&self, seat: SeatId) -> bool {
        let over = self.stages.current().kind == StageKind::End;
        !over && self.candidates.get(&seat).is_some_and(|candidate| !candidate.admission.is_out())
    }

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
