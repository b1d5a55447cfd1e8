//! Who is reminded, of those who have not passed their checks.

use super::{Events, Interview};
use crate::{
    MessageEvent, NotReminded, Obstacle, Refused, SeatId, Step, Time, admission::Admission,
    candidate::Candidate, limit,
};

impl Interview {
    /// Those of these candidates (`None`: of all) who can be reminded now, and why the others cannot, in the order of the
    /// queue.
    ///
    /// # Errors
    /// One of them is no candidate.
    pub fn reminders(
        &self,
        seats: Option<&[SeatId]>,
        now: Time,
    ) -> Result<Vec<(SeatId, Option<NotReminded>)>, Refused> {
        if seats.unwrap_or_default().iter().any(|seat| !self.candidates.contains_key(seat)) {
            return Err(Refused::CandidateUnknown);
        }
        let asked = |seat: &SeatId| seats.is_none_or(|seats| seats.contains(seat));
        let found =
            self.queue.iter().filter(asked).filter_map(|seat| Some((seat, self.candidates.get(&seat)?)));
        Ok(found.map(|(seat, candidate)| (seat, candidate.not_reminded(now))).collect())
    }

    pub(super) fn decide_remind(&self, seats: Option<&[SeatId]>, now: Time) -> Events {
        if now >= self.closes_at {
            return Err(Refused::NotNow(Obstacle::InterviewOver));
        }
        let found = self.reminders(seats, now)?;
        let event = |(seat, why): (SeatId, Option<NotReminded>)| {
            why.is_none().then_some(MessageEvent::Reminded { seat }.into())
        };
        Ok(found.into_iter().filter_map(event).collect())
    }
}

impl Candidate {
    fn not_reminded(&self, now: Time) -> Option<NotReminded> {
        let newest = self.invited_at.max(self.reminded_at);
        let recent = newest.is_some_and(|at| now < at.plus(limit::REMINDER_PAUSE));
        let passed =
            self.admission.step() >= Step::Waiting || matches!(self.admission, Admission::Returning(_));
        if self.admission.is_out() {
            Some(NotReminded::Out)
        } else if passed {
            Some(NotReminded::Passed)
        } else if self.phone.is_empty() {
            Some(NotReminded::NoPhone)
        } else {
            recent.then_some(NotReminded::Recent)
        }
    }
}
