//! Who somebody is, found out by the staff: the candidate asks, a host who has seen the picture says.

use super::{ELSEWHERE, Events, Interview};
use crate::{
    Method, Obstacle, Presence, Refused, SeatId, StaffCheckEvent, StaffCheckView, candidate::Candidate,
    limit, text,
};

impl Interview {
    /// How it stands with the check of a candidate by the staff.
    pub(crate) fn staff_check_view(&self, candidate: &Candidate) -> StaffCheckView {
        let check = &candidate.staff_check;
        StaffCheckView {
            offered: self.identity.staff,
            asked_at: check.asked_at,
            failure: check.failure.clone(),
        }
    }

    /// Does this candidate wait to be looked at by the staff?
    pub fn asks_staff(&self, seat: SeatId) -> bool {
        self.candidates.get(&seat).is_some_and(|one| one.staff_check.asked_at.is_some())
    }

    /// May this candidate's page send its picture now?
    ///
    /// # Errors
    /// The candidate has not asked to be looked at, or is not asked any more who they are.
    pub fn may_show(&self, seat: SeatId) -> Result<(), Refused> {
        if self.asks_staff(seat) { Ok(()) } else { Err(ELSEWHERE) }
    }

    /// May this seat of the staff see the picture of a candidate who waits to be looked at? Hosts may, and a chair who leads.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`Refused::CandidateUnknown`], or the candidate does not ask for it.
    pub fn may_look_at(&self, seat: SeatId, by: SeatId) -> Result<(), Refused> {
        if self.part(by) != Some(crate::Role::Host) || !self.may_enter_room(by) {
            return Err(Refused::Forbidden);
        }
        self.candidate(seat)?;
        if self.asks_staff(seat) { Ok(()) } else { Err(Refused::NotNow(Obstacle::StaffCheckNotAsked)) }
    }

    pub(super) fn decide_ask_staff(&self, seat: SeatId, candidate: &Candidate) -> Events {
        if !candidate.admission.is_asked_who() {
            return Err(ELSEWHERE);
        }
        if !self.identity.staff {
            return Err(Refused::NotNow(Obstacle::StaffCheckOff));
        }
        if candidate.staff_check.asked_at.is_some() {
            return Ok(Vec::new());
        }
        if candidate.staff_check.asked >= limit::STAFF_CHECKS {
            return Err(Refused::TooMany(limit::STAFF_CHECKS as usize));
        }
        Ok(vec![StaffCheckEvent::StaffCheckAsked { seat }.into()])
    }

    pub(super) fn decide_drop_staff(&self, seat: SeatId) -> Events {
        let asks = self.asks_staff(seat);
        Ok(Vec::from_iter(asks.then(|| StaffCheckEvent::StaffCheckDropped { seat }.into())))
    }

    /// By the own eyes alone: who has not seen the picture does not know who it is.
    pub(super) fn decide_confirm_identity(&self, by: SeatId, seat: SeatId, presence: &Presence) -> Events {
        self.looked_at(seat)?;
        if !presence.has_seen(&seat, &by) {
            return Err(Refused::NotNow(Obstacle::PictureNotSeen));
        }
        Ok(vec![self.passed(seat, Method::Staff, None)])
    }

    pub(super) fn decide_refuse_identity(&self, seat: SeatId, reason: &str) -> Events {
        self.looked_at(seat)?;
        let reason = text::required(reason, limit::REASON)?;
        Ok(vec![StaffCheckEvent::StaffCheckFailed { seat, reason }.into()])
    }

    fn looked_at(&self, seat: SeatId) -> Result<(), Refused> {
        if !self.candidate(seat)?.admission.is_asked_who() {
            return Err(Refused::NotNow(Obstacle::IdentityPassed));
        }
        if self.asks_staff(seat) { Ok(()) } else { Err(Refused::NotNow(Obstacle::StaffCheckNotAsked)) }
    }
}
