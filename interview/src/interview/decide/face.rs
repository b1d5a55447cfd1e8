//! Who somebody is, by the face: consent, comparisons by the server, asking once more, the pledge.

use super::{ELSEWHERE, Events, Interview};
use crate::{
    ConsentTerms, ErasureEvent, Event, FaceOffer, FaceOutcome, FaceTrial, FaceUse, FaceView, Method, Refused,
    Role, SeatId, ServerAction, candidate::Candidate, limit,
};

impl Interview {
    /// How it stands with a candidate's face check.
    pub(crate) fn face_view(&self, candidate: &Candidate) -> FaceView {
        let attempts_left = self.identity.attempts.saturating_sub(candidate.faces.failed);
        let offer = match () {
            () if self.identity.face == FaceUse::Off => FaceOffer::Off,
            () if !candidate.photo => FaceOffer::NoPhoto,
            () if attempts_left == 0 || candidate.faces.compared >= limit::FACE_TRIALS => FaceOffer::UsedUp,
            () => FaceOffer::Open,
        };
        FaceView { offer, attempts_left, turn: self.identity.turn, consent: candidate.faces.consent.clone() }
    }

    /// May this candidate's face be compared now, under these terms, and is the person to turn the head?
    ///
    /// # Errors
    /// [`Refused::FaceNotOffered`], [`Refused::ConsentMissing`] where the person has not said yes to these very terms, or the
    /// candidate is at another step.
    pub fn face_may_begin(&self, seat: SeatId, terms: &ConsentTerms) -> Result<bool, Refused> {
        let candidate = self.candidate(seat)?;
        if !candidate.admission.is_asked_who() {
            return Err(ELSEWHERE);
        }
        let view = self.face_view(candidate);
        match view.offer {
            FaceOffer::Off => Err(Refused::FaceNotOffered("this interview compares no faces")),
            FaceOffer::NoPhoto => Err(Refused::FaceNotOffered("there is no photo to compare with")),
            FaceOffer::UsedUp => Err(Refused::FaceNotOffered("all tries have failed")),
            FaceOffer::Open if candidate.faces.told(&terms.clone().cut()) != Some(true) => {
                Err(Refused::ConsentMissing)
            }
            FaceOffer::Open => Ok(view.turn),
        }
    }

    /// May this seat of the staff have the face of a candidate inside compared now, under these terms?
    ///
    /// # Errors
    /// [`Refused::ConsentMissing`] where the candidate has said no, or yes to other terms; [`Refused::Forbidden`],
    /// [`Refused::FaceNotOffered`], [`Refused::TooMany`], or the candidate is not inside.
    pub fn look_may_begin(&self, seat: SeatId, by: SeatId, terms: &ConsentTerms) -> Result<(), Refused> {
        if !self.role(by).is_some_and(Role::is_panel) || !self.may_enter_room(by) {
            return Err(Refused::Forbidden);
        }
        let candidate = self.inside(seat)?;
        if !candidate.photo {
            return Err(Refused::FaceNotOffered("there is no photo to compare with"));
        }
        if !candidate.faces.may_be_looked_at(&terms.clone().cut()) {
            return Err(Refused::ConsentMissing);
        }
        if candidate.faces.compared >= limit::FACE_TRIALS {
            return Err(Refused::TooMany(limit::FACE_TRIALS as usize));
        }
        Ok(())
    }

    /// The number that the next picture of this candidate has.
    pub fn next_picture(&self, seat: SeatId) -> Option<u32> {
        self.candidates.get(&seat).map(|candidate| candidate.faces.pictures)
    }

    pub(super) fn decide_consent(&self, seat: SeatId, terms: ConsentTerms, given: bool) -> Events {
        let candidate = self.candidate(seat)?;
        if !candidate.admission.is_asked_who() {
            return Err(ELSEWHERE);
        }
        let terms = terms.cut();
        let same = candidate.faces.told(&terms) == Some(given);
        Ok(if same { Vec::new() } else { vec![Event::ConsentTold { seat, terms, given }] })
    }

    pub(super) fn decide_server(&self, action: ServerAction) -> Events {
        match action {
            ServerAction::NoteFace { seat, terms, trial } => {
                self.face_may_begin(seat, &terms)?;
                let passed = trial.outcome == FaceOutcome::Passed;
                let mut events = vec![Event::FaceCompared { seat, trial: cut(trial) }];
                if passed {
                    events.push(self.passed(seat, Method::Face, None));
                }
                Ok(events)
            }
            ServerAction::NoteErased { pictures, before } => {
                Ok(vec![ErasureEvent::PicturesErased { pictures, before }.into()])
            }
            ServerAction::NoteDevice { seat, kind } => self.decide_device(seat, kind),
            ServerAction::EraseWords { before } => Ok(self.erase_words(before)),
            ServerAction::ErasePeople { before } => Ok(self.erase_people(before)),
            ServerAction::NoteLook { seat, by, terms, trial } => {
                self.look_may_begin(seat, by, &terms)?;
                Ok(vec![Event::FaceLookedAt { seat, asked_by: by, trial: cut(trial) }])
            }
        }
    }

    /// A host wants to know once more who somebody is.
    pub(super) fn decide_ask_again(&self, seat: SeatId) -> Events {
        self.inside(seat)?;
        Ok(vec![Event::VerificationAsked { seat }])
    }

    pub(super) fn decide_pledge(&self, seat: SeatId, candidate: &Candidate, version: u32) -> Events {
        if !matches!(candidate.admission, crate::admission::Admission::Pledge(_)) {
            return Err(ELSEWHERE);
        }
        // A pledge that was taken away while somebody reads it is none to be asked for.
        match &self.pledge {
            Some(pledge) if pledge.version != version => Err(Refused::PledgeChanged),
            _ => Ok(vec![Event::PledgeAccepted { seat, version }]),
        }
    }

    /// The identity is found: the pledge is next where there is one.
    pub(super) fn passed(&self, seat: SeatId, method: Method, reason: Option<String>) -> Event {
        Event::IdentityPassed { seat, method, reason, asks_pledge: self.pledge.is_some() }
    }
}

/// Names of verifiers come from settings, and records have bounds.
fn cut(trial: FaceTrial) -> FaceTrial {
    FaceTrial { verifier: crate::text::cut(&trial.verifier, limit::VERIFIER), ..trial }
}
