//! Whom a host lets pass, puts out and lets in again.

use super::{Events, Interview};
use crate::{Event, Method, Obstacle, Refused, Role, SeatId, Step, limit, text};

impl Interview {
    pub(super) fn decide_override(&self, seat: SeatId, reason: &str) -> Events {
        let candidate = self.candidate(seat)?;
        match candidate.admission.step() {
            Step::Password | Step::Identity => {}
            _ => return Err(Refused::NotNow(Obstacle::IdentityPassed)),
        }
        let reason = Some(text::required(reason, limit::REASON)?);
        Ok(vec![self.passed(seat, Method::Override, reason)])
    }

    pub(super) fn decide_remove(&self, seat: SeatId, reason: &str) -> Events {
        let reason = text::required(reason, limit::REASON)?;
        let gone = match self.candidates.get(&seat) {
            Some(candidate) if candidate.admission.step() == Step::Left => {
                return Err(Refused::NotNow(Obstacle::CandidateOut));
            }
            Some(candidate) => candidate.admission.is_out(),
            None => {
                let staff = self.staff_seat(seat)?;
                // Hosts do not put each other out: that is the administrator's.
                if staff.role == Role::Host {
                    return Err(Refused::Forbidden);
                }
                staff.removed
            }
        };
        Ok(if gone { Vec::new() } else { vec![Event::Removed { seat, reason }] })
    }

    pub(super) fn decide_readmit(&self, seat: SeatId) -> Events {
        let out = match self.candidates.get(&seat) {
            Some(candidate) => candidate.admission.is_out() || candidate.let_go_at.is_some(),
            None => self.staff_seat(seat)?.removed,
        };
        if out { Ok(vec![Event::Readmitted { seat }]) } else { Err(Refused::NotNow(Obstacle::NotOut)) }
    }

    pub(super) fn decide_mute(&self, seat: SeatId, muted: bool) -> Events {
        match self.role(seat).ok_or(Refused::NotFound("seat"))? {
            // It sends nothing.
            Role::Patrol => Err(Refused::Forbidden),
            _ if self.floor.muted.contains(&seat) == muted => Ok(Vec::new()),
            _ => Ok(vec![Event::Muted { seat, muted }]),
        }
    }
}
