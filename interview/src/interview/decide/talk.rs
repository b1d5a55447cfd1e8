//! Who may write to whom, and incidents.

use super::{Events, Interview};
use crate::{Audience, Event, Obstacle, Refused, Role, SeatId, Standing, Time, limit, permission, text};

impl Interview {
    pub(super) fn decide_say(
        &self,
        seat: SeatId,
        role: Role,
        audience: Audience,
        text: &str,
        now: Time,
    ) -> Events {
        let text = text::required(text, limit::LINE)?;
        match (role, audience) {
            (Role::Examiner, Audience::All | Audience::Panel)
            | (Role::Host, Audience::All | Audience::Panel) => {}
            (Role::Host, Audience::Candidate { candidate }) => {
                if self.candidate(candidate)?.admission.is_out() {
                    return Err(Refused::NotNow(Obstacle::CandidateOut));
                }
            }
            (Role::Candidate, Audience::Candidate { candidate }) if candidate == seat => {}
            (Role::Candidate, Audience::All) if self.panel_hears(seat) => {}
            (Role::Candidate, Audience::All) => {
                return Err(Refused::NotNow(Obstacle::HostsOnly));
            }
            _ => return Err(Refused::Forbidden),
        }
        self.chat.may_write(seat, role, text.len(), now)?;
        Ok(vec![Event::Said { seat, audience, text }])
    }

    /// Do the examiners receive this candidate in this stage?
    fn panel_hears(&self, candidate: SeatId) -> bool {
        let examiner = permission(Role::Examiner, Standing::default(), self.scene_kind()).receives;
        match self.floor.current == Some(candidate) {
            true => examiner.current_candidate,
            false => examiner.other_candidates,
        }
    }

    pub(super) fn decide_incident(&self, seat: SeatId, candidate: Option<SeatId>, note: &str) -> Events {
        if let Some(candidate) = candidate {
            self.candidate(candidate)?;
        }
        if self.incidents.len() >= limit::INCIDENTS {
            return Err(Refused::TooMany(limit::INCIDENTS));
        }
        let note = text::required(note, limit::NOTE)?;
        Ok(vec![Event::IncidentMarked { seat, candidate, note }])
    }
}
