//! The queue, the stages, and who has the floor.

use super::{Events, Interview};
use crate::{
    ClockView, Event, LetsGo, Obstacle, Presence, Refused, Role, Scope, SeatId, StageKind, Standing, Time,
    TurnEvent, admission::Admission, limit, permission, text,
};

impl Interview {
    pub(super) fn decide_call(&self, seat: SeatId) -> Events {
        let candidate = self.candidate(seat)?;
        if self.floor.current == Some(seat) {
            return Ok(Vec::new());
        }
        if self.floor.current.is_some() {
            return Err(Refused::NotNow(Obstacle::CandidateCurrent));
        }
        if self.stages.current().kind == StageKind::End {
            return Err(Refused::NotNow(Obstacle::InterviewOver));
        }
        if !matches!(candidate.admission, Admission::Waiting(_)) {
            return Err(Refused::NotNow(Obstacle::CandidateNotWaiting));
        }
        Ok(vec![Event::Called { candidate: seat, passed: Vec::new() }])
    }

    /// The first who waits and is here. Those before who are not here are passed by, and keep their places.
    pub(super) fn decide_call_next(&self, now: Time, presence: &Presence) -> Events {
        if self.floor.current.is_some() {
            return Err(Refused::NotNow(Obstacle::CandidateCurrent));
        }
        if self.stages.current().kind == StageKind::End {
            return Err(Refused::NotNow(Obstacle::InterviewOver));
        }
        Ok(vec![self.called_next(now, presence)?])
    }

    /// The current candidate is done, and the next one who is here is called, if there is one.
    pub(super) fn decide_next(&self, finish: SeatId, now: Time, presence: &Presence) -> Events {
        if self.floor.current != Some(finish) {
            return Err(Refused::NotCurrent);
        }
        let mut events = self.decide_finish()?;
        events.extend(self.called_next(now, presence));
        Ok(events)
    }

    fn called_next(&self, now: Time, presence: &Presence) -> Result<Event, Refused> {
        let kind = self.stages.current().kind;
        let waits = |seat: &SeatId| self.candidates.get(seat).is_some_and(|one| one.waits(kind));
        let line: Vec<SeatId> = self.queue.iter().filter(waits).collect();
        if line.is_empty() {
            return Err(Refused::NotNow(Obstacle::NobodyWaits));
        }
        let place = line.iter().position(|seat| presence.is_here(seat, now)).ok_or(Refused::NobodyHere)?;
        Ok(Event::Called { candidate: line[place], passed: line[..place].to_vec() })
    }

    pub(super) fn decide_send_back(&self) -> Events {
        Ok(vec![Event::SentBack { candidate: self.current()? }])
    }

    pub(super) fn decide_finish(&self) -> Events {
        let candidate = self.current()?;
        let results = &self.candidate(candidate)?.results;
        let open = results.told().is_some() && results.confirmed_at().is_none();
        // Whoever goes without having confirmed what was told may do so afterwards.
        let stage = self.first_stage_to_confirm().filter(|_| open);
        let stage = stage.map(|stage| TurnEvent::CandidateStageEntered { candidate, stage }.into());
        let goes = match self.lets_go {
            LetsGo::Never => false,
            LetsGo::Finished => true,
            LetsGo::Confirmed => results.confirmed_at().is_some(),
        };
        let goes = goes.then_some(TurnEvent::LetGo { candidate }.into());
        Ok(std::iter::once(Event::Finished { candidate }).chain(stage).chain(goes).collect())
    }

    /// Whoever waits may go; a call brings them back.
    pub(super) fn decide_let_go(&self, seat: SeatId) -> Events {
        let candidate = self.candidate(seat)?;
        if candidate.let_go_at.is_some() {
            return Ok(Vec::new());
        }
        if !matches!(candidate.admission, Admission::Waiting(_)) {
            return Err(Refused::NotNow(Obstacle::CandidateNotWaiting));
        }
        Ok(vec![TurnEvent::LetGo { candidate: seat }.into()])
    }

    /// To a place before another one, or to the end.
    pub(super) fn decide_move(&self, seat: SeatId, before: Option<SeatId>) -> Events {
        let candidate = self.candidate(seat)?;
        before.map(|before| self.candidate(before)).transpose()?;
        if candidate.admission.is_out() || self.floor.current == Some(seat) || before == Some(seat) {
            return Err(Refused::NotNow(Obstacle::CannotDefer));
        }
        let there = self.queue.next_after(seat) == before && !self.queue.is_deferred(seat);
        Ok(if there { Vec::new() } else { vec![TurnEvent::QueueMoved { candidate: seat, before }.into()] })
    }

    pub(super) fn decide_pause(&self) -> Events {
        let (candidate, clock) = self.running()?;
        Ok(if clock.paused { Vec::new() } else { vec![TurnEvent::ClockPaused { candidate }.into()] })
    }

    pub(super) fn decide_resume(&self) -> Events {
        let (candidate, clock) = self.running()?;
        Ok(if clock.paused { vec![TurnEvent::ClockResumed { candidate }.into()] } else { Vec::new() })
    }

    pub(super) fn decide_extend(&self, minutes: u32, reason: &str) -> Events {
        let (candidate, clock) = self.running()?;
        if !(1..=limit::EXTENSION).contains(&minutes) {
            return Err(Refused::TooMany(limit::EXTENSION as usize));
        }
        if clock.extended >= u64::from(limit::STAGE_MINUTES) * limit::MINUTE {
            return Err(Refused::TooMany(limit::STAGE_MINUTES as usize));
        }
        let reason = text::required(reason, limit::REASON)?;
        Ok(vec![TurnEvent::ClockExtended { candidate, minutes, reason }.into()])
    }

    /// The current candidate with the clock of the stage that they are in alone.
    fn running(&self) -> Result<(SeatId, ClockView), Refused> {
        let candidate = self.floor.current.ok_or(Refused::NotCurrent)?;
        self.clock_for(candidate).map(|clock| (candidate, clock)).ok_or(Refused::NoClock)
    }

    fn current(&self) -> Result<SeatId, Refused> {
        self.floor.current.ok_or(Refused::NotNow(Obstacle::NobodyCurrent))
    }

    pub(super) fn decide_defer(&self, seat: SeatId) -> Events {
        let candidate = self.candidate(seat)?;
        if candidate.admission.is_out() || self.floor.current == Some(seat) {
            return Err(Refused::NotNow(Obstacle::CannotDefer));
        }
        Ok(vec![Event::Deferred { candidate: seat }])
    }

    pub(super) fn decide_return(&self, seat: SeatId) -> Events {
        self.candidate(seat)?;
        if !self.queue.is_deferred(seat) {
            return Err(Refused::NotNow(Obstacle::NotDeferred));
        }
        Ok(vec![Event::Returned { candidate: seat }])
    }

    pub(super) fn decide_stage(&self, stage: u32) -> Events {
        let index = usize::try_from(stage).unwrap_or(usize::MAX);
        if index >= self.stages.count() {
            return Err(Refused::NotFound("stage"));
        }
        let own = self.stages.at(index).is_some_and(|stage| stage.kind.scope() == Scope::Candidate);
        // Between stages for candidates alone only the current one goes: the others wait where they are.
        if let Some(candidate) = self.floor.current.filter(|_| own && self.own_stage_of_all().is_some()) {
            let there = index == self.scene_stage();
            let event = TurnEvent::CandidateStageEntered { candidate, stage }.into();
            return Ok(if there { Vec::new() } else { vec![event] });
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
                Err(Refused::NotNow(Obstacle::NoTalkHere))
            }
            StageKind::Waiting => Ok(vec![Event::Addressed { candidate: seat }]),
            // In the others the current candidate is with the panel, or cut from it on purpose.
            _ if current => Err(Refused::NotNow(Obstacle::OwnTurn)),
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
                return Err(Refused::NotNow(Obstacle::NoWordHere));
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
        let rights = permission(Role::Candidate, standing, self.kind_of(candidate));
        if invited && !rights.sends.screen {
            return Err(Refused::NotNow(Obstacle::NoScreenHere));
        }
        Ok(vec![Event::ScreenInvited { candidate, invited }])
    }

    pub(super) fn decide_hand(&self, candidate: SeatId, raised: bool) -> Events {
        let same = self.floor.hands.contains(&candidate) == raised;
        Ok(if same { Vec::new() } else { vec![Event::HandRaised { candidate, raised }] })
    }
}
