//! Candidates on the pages before the waiting room: what their page tells of devices, what they write, and a host who lets
//! them pass the checks.

use super::{ELSEWHERE, Events, Interview};
use crate::{
    Audience, Check, DeviceProblem, Event, Obstacle, Refused, SeatAction, SeatId, candidate::Candidate,
    limit, text,
};

impl Interview {
    /// May this candidate, who is not in the room, write this line? On the pages before it, and once let go: to the hosts, and to
    /// nobody else.
    pub(super) fn may_write_before(&self, seat: SeatId, action: &SeatAction) -> bool {
        let to_hosts = matches!(
            action,
            SeatAction::Say { audience: Audience::Candidate { candidate }, .. } if *candidate == seat
        );
        let has_entered = |one: &Candidate| one.entries > 0 && !one.admission.is_out();
        to_hosts && self.candidates.get(&seat).is_some_and(has_entered)
    }

    pub(super) fn decide_pass_checks(&self, seat: SeatId, reason: &str) -> Events {
        if !self.candidate(seat)?.admission.is_checking() {
            return Err(Refused::NotNow(Obstacle::NotAtChecks));
        }
        Ok(vec![Event::ChecksPassed { seat, reason: text::required(reason, limit::REASON)? }])
    }
}

pub(super) fn decide_report(
    seat: SeatId,
    candidate: &Candidate,
    check: Check,
    problem: Option<DeviceProblem>,
) -> Events {
    if !candidate.admission.may_report(check) {
        return Err(ELSEWHERE);
    }
    let news = candidate.device_troubles.is_news(check, problem);
    Ok(Vec::from_iter(news.then_some(Event::DeviceTroubled { seat, check, problem })))
}
