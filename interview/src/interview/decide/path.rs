//! What a candidate may do on the path, step by step.

use super::{ELSEWHERE, Events, Interview, reach::decide_report};
use crate::{
    Check, Code, Event, FaceUse, Method, Obstacle, PathAction, Refused, SeatId, StageKind, Step, Time,
    TurnEvent,
    admission::{Admission, Attempt},
    candidate::Candidate,
    limit, text,
};

impl Interview {
    pub(super) fn decide_path(&self, seat: SeatId, action: PathAction, now: Time) -> Events {
        let candidate = self.candidates.get(&seat).ok_or(Refused::NotYourSeat)?;
        match action {
            // Who enters is told first what is wrong with the code; what is no longer wanted may always go.
            PathAction::Enter { .. } | PathAction::DropSecondCamera { .. } => {}
            _ => self.admits_candidates(now)?,
        }
        match action {
            PathAction::Enter { code } => self.decide_enter(seat, candidate, code, now),
            PathAction::Password { digest } => decide_password(seat, candidate, &digest, now),
            PathAction::SendSms { digest } => decide_send(seat, candidate, digest, now),
            PathAction::VerifySms { digest } => self.decide_verify(seat, candidate, &digest, now),
            PathAction::Consent { terms, given } => self.decide_consent(seat, terms, given),
            PathAction::AskStaff {} => self.decide_ask_staff(seat, candidate),
            PathAction::DropStaff {} => self.decide_drop_staff(seat),
            PathAction::AcceptPledge { version } => self.decide_pledge(seat, candidate, version),
            PathAction::Check { check, passed, device } => {
                decide_check(seat, candidate, (check, passed, &device), now)
            }
            PathAction::ComeBack {} => self.decide_come_back(seat, candidate),
            PathAction::ReportDevice { check, problem } => decide_report(seat, candidate, check, problem),
            PathAction::AddPaper { number, paper } => self.decide_add_paper(seat, number, paper, true, now),
            PathAction::RemovePaper { number } => self.decide_remove_paper(seat, number, true, now),
            PathAction::OfferSecondCamera {} => self.decide_offer_second_camera(seat, now),
            PathAction::PairSecondCamera { link } => self.decide_pair_second_camera(seat, link, now),
            PathAction::DropSecondCamera { link } => self.decide_drop_second_camera(seat, link),
        }
    }

    fn decide_enter(&self, seat: SeatId, candidate: &Candidate, code: Code, now: Time) -> Events {
        if candidate.code != code {
            return Err(Refused::InvitationUnknown);
        }
        let removed = candidate.admission.step() == Step::Removed;
        if removed || self.stages.current().kind == StageKind::End {
            return Err(self.used_up());
        }
        let again = candidate.admission.step() != Step::Invited;
        self.admits_candidates(now)?;
        // Who is inside may come back from a lost device, also when the interview runs over its time.
        if !again && now < self.opens_at {
            return Err(Refused::InvitationEarly {
                opens_at: self.opens_at,
                time_zone: self.time_zone.clone(),
            });
        }
        if !again && now >= self.closes_at {
            return Err(Refused::InvitationExpired { closed_at: self.closes_at });
        }
        let mut events = vec![Event::Entered { seat, again, asks_password: candidate.password.is_some() }];
        if candidate.admission.step() == Step::Left {
            events.push(TurnEvent::CameBack { candidate: seat }.into());
        }
        events.extend(self.asked_again(seat, candidate));
        Ok(events)
    }

    /// Back from having left, or from being let go.
    fn decide_come_back(&self, seat: SeatId, candidate: &Candidate) -> Events {
        let step = candidate.admission.step();
        if step == Step::Removed || self.stages.current().kind == StageKind::End {
            return Err(self.used_up());
        }
        if step != Step::Left && candidate.let_go_at.is_none() {
            return Ok(Vec::new());
        }
        let back = TurnEvent::CameBack { candidate: seat }.into();
        Ok(std::iter::once(back).chain(self.asked_again(seat, candidate)).collect())
    }

    /// With a code that leads in no more; who was in a rehearsal has the interview still to come.
    const fn used_up(&self) -> Refused {
        match self.rehearsal_of {
            Some(_) => Refused::NotNow(Obstacle::RehearsalOver),
            None => Refused::InvitationUsed,
        }
    }

    /// Who has shown the face comes back from a break as somebody who shows it again.
    fn asked_again(&self, seat: SeatId, candidate: &Candidate) -> Option<Event> {
        let asks = self.identity.face == FaceUse::EachEntry && candidate.admission.proof().is_some();
        asks.then_some(Event::VerificationAsked { seat })
    }

    fn decide_verify(&self, seat: SeatId, candidate: &Candidate, digest: &str, now: Time) -> Events {
        if !candidate.admission.is_asked_who() {
            return Err(ELSEWHERE);
        }
        Ok(vec![match candidate.sms.attempt(digest, now)? {
            Attempt::Right => self.passed(seat, Method::Sms, None),
            Attempt::Wrong { locked_until } => Event::SmsWrong { seat, locked_until },
        }])
    }

    /// May candidates still come in, or come back?
    ///
    /// # Errors
    ///
    /// [`Refused::InvitationExpired`]: the interview closed so long ago that none can run over its time. A rehearsal runs over
    /// by nothing: the interview itself begins.
    pub fn admits_candidates(&self, now: Time) -> Result<(), Refused> {
        if self.rehearsal_of.is_some() && now >= self.closes_at {
            return Err(Refused::NotNow(Obstacle::RehearsalOver));
        }
        if now >= self.closes_at.plus(limit::OVERTIME) {
            return Err(Refused::InvitationExpired { closed_at: self.closes_at });
        }
        Ok(())
    }

    /// The seat whose invitation has this code.
    pub fn invited(&self, code: Code) -> Option<SeatId> {
        self.candidates.iter().find(|(_, candidate)| candidate.code == code).map(|(seat, _)| *seat)
    }

    /// How often a candidate's code was used: who came in by an earlier use has lost the seat to a later one. None of a seat
    /// that is no candidate's.
    pub fn entries(&self, seat: SeatId) -> Option<u32> {
        self.candidates.get(&seat).map(|candidate| candidate.entries)
    }
}

fn decide_password(seat: SeatId, candidate: &Candidate, digest: &str, now: Time) -> Events {
    let Admission::Password(state) = &candidate.admission else { return Err(ELSEWHERE) };
    // A password that was taken away while somebody is asked for it is none to be asked for.
    let right = candidate.password.as_ref().is_none_or(|password| password.is(digest));
    Ok(vec![match state.attempt(right, now)? {
        Attempt::Right => Event::PasswordPassed { seat },
        Attempt::Wrong { locked_until } => Event::PasswordWrong { seat, locked_until },
    }])
}

fn decide_send(seat: SeatId, candidate: &Candidate, digest: String, now: Time) -> Events {
    if !candidate.admission.is_asked_who() {
        return Err(ELSEWHERE);
    }
    if candidate.phone.is_empty() {
        return Err(Refused::NotNow(Obstacle::PhoneMissing));
    }
    candidate.sms.may_send(now)?;
    if digest.is_empty() {
        return Err(Refused::TextEmpty);
    }
    if digest.len() > limit::DIGEST {
        return Err(Refused::TextTooLong(limit::DIGEST));
    }
    let (resend_at, expires_at) = (now.plus(limit::SMS_PAUSE), now.plus(limit::SMS_VALID));
    Ok(vec![Event::SmsSent { seat, digest, resend_at, expires_at }])
}

fn decide_check(
    seat: SeatId,
    candidate: &Candidate,
    (check, passed, device): (Check, bool, &str),
    now: Time,
) -> Events {
    if !candidate.admission.may_try(check) {
        return Err(ELSEWHERE);
    }
    let device = text::cut(device, limit::DEVICE);
    // A second failure tells nothing new, unless some time has gone into it.
    let same = candidate.admission.tried(check).is_some_and(|tried| {
        let fresh = passed || now < tried.at.plus(limit::SAME_CHECK);
        // That it works is news where it did not.
        let ends_trouble = passed && candidate.device_troubles.iter().any(|trouble| trouble.check == check);
        (tried.passed, &tried.device) == (passed, &device) && fresh && !ends_trouble
    });
    Ok(if same { Vec::new() } else { vec![Event::Checked { seat, check, passed, device }] })
}
