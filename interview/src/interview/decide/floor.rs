//! The queue, the stages, and who has the floor.

use super::{Events, Interview};
use crate::{
    Event, Presence, Refused, Role, SeatId, StageKind, Standing, Time, admission::Admission, permission,
};

impl Interview {
    pub(super) fn decide_call(&self, seat: SeatId) -> Events {
        let candidate = self.candidate(seat)?;
        if self.floor.current == Some(seat) {
            return Ok(Vec::new());
        }
        if self.floor.current.is_some() {
            return Err(Refused::NotNow("finish the current candidate or send them back first"));
        }
        if self.stages.current().kind == StageKind::End {
            return Err(Refused::NotNow("the interview is over"));
        }
        if !matches!(candidate.admission, Admission::Waiting(_)) {
            return Err(Refused::NotNow("the candidate is not in the waiting room"));
        }
        Ok(vec![Event::Called { candidate: seat, passed: Vec::new() }])
    }

    /// The first who waits and is here. Those before who are not here are passed by, and keep their places.
    pub(super) fn decide_call_next(&self, now: Time, presence: &Presence) -> Events {
        if self.floor.current.is_some() {
            return Err(Refused::NotNow("finish the current candidate or send them back first"));
        }
        let kind = self.stages.current().kind;
        let waits = |seat: &SeatId| {
            self.candidates.get(seat).is_some_and(|candidate| {
                matches!(candidate.admission, Admission::Waiting(_)) && !candidate.is_done(kind)
            })
        };
        let line: Vec<SeatId> = self.queue.iter().filter(waits).collect();
        if line.is_empty() {
            return Err(Refused::NotNow("nobody is waiting to be called"));
        }
        let place = line.iter().position(|seat| presence.is_here(seat, now)).ok_or(Refused::NobodyHere)?;
        let (passed, rest) = line.split_at(place);
        let mut events = self.decide_call(rest[0])?;
        if let Some(Event::Called { passed: told, .. }) = events.first_mut() {
            *told = passed.to_vec();
        }
        Ok(events)
    }

    pub(super) fn decide_send_back(&self) -> Events {
        Ok(vec![Event::SentBack { candidate: self.current()? }])
    }

    pub(super) fn decide_finish(&self) -> Events {
        Ok(vec![Event::Finished { candidate: self.current()? }])
    }

    fn current(&self) -> Result<SeatId, Refused> {
        self.floor.current.ok_or(Refused::NotNow("no candidate is led in"))
    }

    pub(super) fn decide_defer(&self, seat: SeatId) -> Events {
        let candidate = self.candidate(seat)?;
        if candidate.admission.is_out() || self.floor.current == Some(seat) {
            return Err(Refused::NotNow("only who waits, or has yet to come, can be deferred"));
        }
        Ok(vec![Event::Deferred { candidate: seat }])
    }

    pub(super) fn decide_return(&self, seat: SeatId) -> Events {
        self.candidate(seat)?;
        if !self.queue.is_deferred(seat) {
            return Err(Refused::NotNow("the candidate is not deferred"));
        }
        Ok(vec![Event::Returned { candidate: seat }])
    }

    pub(super) fn decide_stage(&self, stage: u32) -> Events {
        let index = usize::try_from(stage).unwrap_or(usize::MAX);
        if index >= self.stages.count() {
            return Err(Refused::NotFound("stage"));
        }
        Ok(if index == self.stages.index() { Vec::new() } else { vec![Event::StageEntered { stage }] })
    }

    pub(super) fn decide_address(&self, seat: Option<SeatId>) -> Events {
        if self.floor.addressed == seat {
            return Ok(Vec::new());
        }
        let Some(candidate) = seat else { return Ok(vec![Event::Addressed { candidate: None }]) };
        self.inside(candidate)?;
        let current = self.floor.current == Some(candidate);
        match self.stages.current().kind {
            StageKind::Briefing | StageKind::JointAnnouncement | StageKind::End => {
                Err(Refused::NotNow("in this stage nobody waits"))
            }
            StageKind::Waiting => Ok(vec![Event::Addressed { candidate: seat }]),
            // In the others the current candidate is with the panel, or cut from it on purpose.
            _ if current => Err(Refused::NotNow("it is this candidate's turn")),
            _ => Ok(vec![Event::Addressed { candidate: seat }]),
        }
    }

    pub(super) fn decide_word(&self, candidate: SeatId, given: bool) -> Events {
        self.candidate(candidate)?;
        if self.floor.words.contains(&candidate) == given {
            return Ok(Vec::new());
        }
        if given {
            self.inside(candidate)?;
            let kind = self.stages.current().kind;
            if !matches!(kind, StageKind::Briefing | StageKind::JointAnnouncement) {
                return Err(Refused::NotNow("the word is given in a stage for all candidates"));
            }
        }
        Ok(vec![Event::WordGiven { candidate, given }])
    }

    pub(super) fn decide_screen(&self, candidate: SeatId, invited: bool) -> Events {
        self.candidate(candidate)?;
        if (self.floor.sharing == Some(candidate)) == invited {
            return Ok(Vec::new());
        }
        let standing = Standing { may_share: true, ..self.standing(candidate) };
        let rights = permission(Role::Candidate, standing, self.stages.current().kind);
        if invited && !rights.sends.screen {
            return Err(Refused::NotNow("a screen is shared by the current candidate before the panel"));
        }
        Ok(vec![Event::ScreenInvited { candidate, invited }])
    }

    pub(super) fn decide_hand(&self, candidate: SeatId, raised: bool) -> Events {
        let same = self.floor.hands.contains(&candidate) == raised;
        Ok(if same { Vec::new() } else { vec![Event::HandRaised { candidate, raised }] })
    }
}
