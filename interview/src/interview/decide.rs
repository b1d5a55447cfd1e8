//! From a command to events: who may want what, and the effects that follow.

mod administrator;
mod draw;
mod erasure;
mod face;
mod floor;
mod helm;
mod pairing;
mod paper;
mod path;
mod people;
mod question;
mod reach;
mod rehearsal;
mod reminder;
mod result;
mod staff_check;
mod talk;
mod upload;

use super::{Interview, Staff};
use crate::{
    Action, Actor, AdministratorAction, CloseReason, Effect, ErasureEvent, Event, MessageEvent, Obstacle,
    Presence, Refused, Role, SeatAction, SeatId, ServerAction, SmsKind, Time, TurnEvent, Verdict,
    candidate::Candidate,
};

/// The events of a command, or why there are none.
type Events = Result<Vec<Event>, Refused>;

const ELSEWHERE: Refused = Refused::NotNow(Obstacle::AnotherStep);

impl Interview {
    pub(super) fn decide(&self, by: &Actor, action: Action, (now, presence): (Time, &Presence)) -> Events {
        // What is erased of a given-up interview is recorded as well.
        let erased = matches!(action, Action::Server(ServerAction::NoteErased { .. }));
        if self.is_deleted() && !erased && action != Action::Administrator(AdministratorAction::Delete) {
            return Err(Refused::NotNow(Obstacle::InterviewDeleted));
        }
        match (action, by) {
            (Action::Administrator(action), Actor::Administrator { .. } | Actor::System) => {
                self.decide_administrator(action, now)
            }
            (Action::Path(action), Actor::Seat(seat)) => self.decide_path(*seat, action, now),
            (Action::Seat(action), Actor::Seat(seat)) => self.decide_seat(*seat, action, (now, presence)),
            (Action::Draw(action), by) if self.may_draw(by) => self.decide_draw(action),
            (Action::Server(action), Actor::System) => self.decide_server(action),
            _ => Err(Refused::Forbidden),
        }
    }

    fn may_draw(&self, by: &Actor) -> bool {
        match by {
            Actor::Administrator { .. } | Actor::System => true,
            Actor::Seat(seat) => self.part(*seat) == Some(Role::Host) && self.may_enter_room(*seat),
        }
    }

    fn decide_seat(&self, seat: SeatId, action: SeatAction, (now, presence): (Time, &Presence)) -> Events {
        let role = self.role(seat).ok_or(Refused::NotYourSeat)?;
        let part = self.part(seat).unwrap_or(role);
        if !may(role, &action) && !may(part, &action) {
            return Err(Refused::Forbidden);
        }
        // A double click and a retry find it done, whatever came between.
        if matches!(action, SeatAction::Leave {}) && self.candidate(seat)?.admission.is_out() {
            return Ok(Vec::new());
        }
        // Whoever may go still confirms, and leaves.
        let goes = matches!(action, SeatAction::Confirm { .. } | SeatAction::Leave {})
            && self.candidates.get(&seat).is_some_and(|candidate| candidate.admission.is_inside());
        if !self.may_enter_room(seat) && !goes && !self.may_write_before(seat, &action) {
            return Err(Refused::NotNow(Obstacle::NotInRoom));
        }
        match action {
            SeatAction::Say { audience, text } => self.decide_say(seat, part, audience, &text, now),
            SeatAction::RaiseHand { raised } => self.decide_hand(seat, raised),
            SeatAction::Confirm { published_at, revision } => {
                self.decide_confirm(seat, published_at, revision)
            }
            SeatAction::Leave {} => Ok(vec![Event::Left { seat }]),
            SeatAction::SaveScores { candidate, points, remark } => {
                self.decide_save(seat, candidate, points, &remark)
            }
            SeatAction::SubmitScores { candidate } => self.decide_submit(seat, candidate),
            SeatAction::KeepNote { candidate, text } => self.decide_note(seat, candidate, &text),
            SeatAction::Call { candidate } => self.decide_call(candidate),
            SeatAction::CallNext {} => self.decide_call_next(now, presence),
            SeatAction::NextCandidate { finish } => self.decide_next(finish, now, presence),
            SeatAction::TakeHelm {} => self.decide_take_helm(seat, now, presence),
            SeatAction::GiveHelm {} => self.decide_give_helm(seat),
            SeatAction::MoveCandidate { candidate, before } => self.decide_move(candidate, before),
            SeatAction::LetGo { candidate } => self.decide_let_go(candidate),
            SeatAction::PauseClock {} => self.decide_pause(),
            SeatAction::ResumeClock {} => self.decide_resume(),
            SeatAction::ExtendClock { minutes, reason } => self.decide_extend(minutes, &reason),
            SeatAction::SendBack {} => self.decide_send_back(),
            SeatAction::Defer { candidate } => self.decide_defer(candidate),
            SeatAction::Return { candidate } => self.decide_return(candidate),
            SeatAction::FinishCandidate {} => self.decide_finish(),
            SeatAction::Remove { seat, reason } => self.decide_remove(seat, &reason),
            SeatAction::Readmit { seat } => self.decide_readmit(seat),
            SeatAction::GoToStage { stage } => self.decide_stage(stage),
            SeatAction::Address { candidate } => self.decide_address(candidate),
            SeatAction::GiveWord { candidate, given } => self.decide_word(candidate, given),
            SeatAction::InviteScreen { candidate, invited } => self.decide_screen(candidate, invited),
            SeatAction::InviteSlides { candidate, invited } => self.decide_slides(candidate, invited),
            // It is told and not recorded: see `turned`.
            SeatAction::TurnPage { .. } => Ok(Vec::new()),
            SeatAction::Mute { seat, muted } => self.decide_mute(seat, muted),
            SeatAction::OverrideIdentity { candidate, reason } => self.decide_override(candidate, &reason),
            SeatAction::ConfirmIdentity { candidate } => {
                self.decide_confirm_identity(seat, candidate, presence)
            }
            SeatAction::RefuseIdentity { candidate, reason } => {
                self.decide_refuse_identity(candidate, &reason)
            }
            SeatAction::PassChecks { candidate, reason } => self.decide_pass_checks(candidate, &reason),
            SeatAction::VerifyAgain { candidate } => self.decide_ask_again(candidate),
            SeatAction::LockScores { candidate } => self.decide_lock(candidate),
            SeatAction::DraftResult { candidate, outcome, points, remark } => {
                self.decide_draft(candidate, Verdict { outcome, points, remark })
            }
            SeatAction::DropDraft { candidate } => self.decide_drop_draft(candidate),
            SeatAction::PublishResult { candidate, outcome, points, remark, beyond } => {
                self.decide_publish(seat, candidate, Verdict { outcome, points, remark }, beyond)
            }
            SeatAction::PublishDrafts { drafts } => self.decide_publish_drafts(&drafts),
            SeatAction::WithdrawResult { candidate, reason } => self.decide_withdraw(candidate, &reason),
            SeatAction::CorrectResult { candidate, outcome, points, remark, reason } => {
                self.decide_correct(candidate, Verdict { outcome, points, remark }, &reason)
            }
            SeatAction::AssignQuestions { candidate, set } => self.decide_questions(candidate, set),
            SeatAction::MarkAsked { candidate, question, asked } => {
                self.decide_asked(candidate, question, asked)
            }
            SeatAction::MarkIncident { candidate, note } => self.decide_incident(seat, candidate, &note),
        }
    }

    /// What is to be done once these events are stored.
    pub(super) fn effects(&self, events: &[Event]) -> Vec<Effect> {
        let mut effects: Vec<Effect> = events.iter().filter_map(|event| self.message(event)).collect();
        if events.iter().any(touches_rights) {
            effects.push(Effect::Permissions);
        }
        let said = |event: &Event| matches!(event, Event::Said { .. });
        if events.iter().any(said) {
            effects.push(Effect::Chat);
        }
        if !events.iter().all(said) {
            effects.push(Effect::Views);
        }
        effects.extend(events.iter().filter_map(closes));
        effects
    }

    fn message(&self, event: &Event) -> Option<Effect> {
        let (seat, text_kind) = match event {
            Event::Message(MessageEvent::Invited { seat }) => (*seat, SmsKind::Invitation),
            Event::Message(MessageEvent::Reminded { seat }) => (*seat, SmsKind::Reminder),
            Event::SmsSent { seat, .. } => (*seat, SmsKind::Code),
            _ => return None,
        };
        let phone = self.candidates.get(&seat)?.phone.clone();
        Some(Effect::SendSms { seat, phone, text_kind })
    }

    fn candidate(&self, seat: SeatId) -> Result<&Candidate, Refused> {
        self.candidates.get(&seat).ok_or(Refused::CandidateUnknown)
    }

    /// A candidate who waits or is led in.
    fn inside(&self, seat: SeatId) -> Result<&Candidate, Refused> {
        let candidate = self.candidate(seat)?;
        if candidate.is_in_room() {
            Ok(candidate)
        } else {
            Err(Refused::NotNow(Obstacle::CandidateNotWaiting))
        }
    }

    fn staff_seat(&self, seat: SeatId) -> Result<&Staff, Refused> {
        self.staff.get(&seat).ok_or(Refused::NotFound("seat"))
    }
}

/// Which role may want what.
const fn may(role: Role, action: &SeatAction) -> bool {
    match action {
        SeatAction::Say { .. } => !matches!(role, Role::Patrol),
        SeatAction::RaiseHand { .. }
        | SeatAction::Confirm { .. }
        | SeatAction::TurnPage { .. }
        | SeatAction::Leave {} => matches!(role, Role::Candidate),
        SeatAction::SaveScores { .. } | SeatAction::SubmitScores { .. } | SeatAction::KeepNote { .. } => {
            matches!(role, Role::Examiner)
        }
        SeatAction::InviteSlides { .. } | SeatAction::TakeHelm {} | SeatAction::GiveHelm {} => {
            role.is_panel()
        }
        SeatAction::Call { .. }
        | SeatAction::CallNext {}
        | SeatAction::NextCandidate { .. }
        | SeatAction::MoveCandidate { .. }
        | SeatAction::LetGo { .. }
        | SeatAction::PauseClock {}
        | SeatAction::ResumeClock {}
        | SeatAction::ExtendClock { .. }
        | SeatAction::SendBack {}
        | SeatAction::Defer { .. }
        | SeatAction::Return { .. }
        | SeatAction::FinishCandidate {}
        | SeatAction::Remove { .. }
        | SeatAction::Readmit { .. }
        | SeatAction::GoToStage { .. }
        | SeatAction::Address { .. }
        | SeatAction::GiveWord { .. }
        | SeatAction::InviteScreen { .. }
        | SeatAction::Mute { .. }
        | SeatAction::OverrideIdentity { .. }
        | SeatAction::ConfirmIdentity { .. }
        | SeatAction::RefuseIdentity { .. }
        | SeatAction::PassChecks { .. }
        | SeatAction::VerifyAgain { .. }
        | SeatAction::LockScores { .. }
        | SeatAction::AssignQuestions { .. }
        | SeatAction::DraftResult { .. }
        | SeatAction::DropDraft { .. }
        | SeatAction::PublishResult { .. }
        | SeatAction::PublishDrafts { .. }
        | SeatAction::WithdrawResult { .. }
        | SeatAction::CorrectResult { .. } => matches!(role, Role::Host),
        SeatAction::MarkAsked { .. } => matches!(role, Role::Examiner | Role::Host),
        SeatAction::MarkIncident { .. } => !matches!(role, Role::Candidate),
    }
}

/// May an event change what somebody may send or receive?
const fn touches_rights(event: &Event) -> bool {
    matches!(
        event,
        Event::Changed { .. }
            | Event::Deleted
            | Event::Erasure(ErasureEvent::PersonErased { .. })
            | Event::StaffAdded { .. }
            | Event::StaffRemoved { .. }
            | Event::Checked { check: crate::Check::Camera, .. }
            | Event::IdentityPassed { .. }
            | Event::ChecksPassed { .. }
            | Event::VerificationAsked { .. }
            | Event::Called { .. }
            | Event::SentBack { .. }
            | Event::Finished { .. }
            | Event::Removed { .. }
            | Event::Readmitted { .. }
            | Event::Left { .. }
            | Event::StageEntered { .. }
            | Event::Helm(_)
            | Event::Turn(
                TurnEvent::CandidateStageEntered { .. }
                    | TurnEvent::LetGo { .. }
                    | TurnEvent::CameBack { .. }
            )
            | Event::Addressed { .. }
            | Event::WordGiven { .. }
            | Event::ScreenInvited { .. }
            | Event::SecondCameraPaired { .. }
            | Event::SecondCameraDropped { .. }
            | Event::Muted { .. }
    )
}

const fn closes(event: &Event) -> Option<Effect> {
    match event {
        Event::Removed { seat, .. } | Event::StaffRemoved { seat } | Event::CandidateRemoved { seat } => {
            Some(Effect::Close { seat: *seat, reason: CloseReason::Removed })
        }
        Event::Left { seat } | Event::Turn(TurnEvent::LetGo { candidate: seat }) => {
            Some(Effect::Close { seat: *seat, reason: CloseReason::Left })
        }
        _ => None,
    }
}
