//! What is erased: by time, or because somebody asked for it.

use super::{Events, Interview};
use crate::{ERASED, ErasureEvent, Event, Obstacle, Refused, SeatId, Time, writing};

impl Interview {
    pub(super) fn erase_words(&self, before: Time) -> Vec<Event> {
        let words = self.held.words;
        let due = words > 0 && self.was_closed(before);
        Vec::from_iter(due.then_some(ErasureEvent::WordsErased { words }.into()))
    }

    pub(super) fn erase_people(&self, before: Time) -> Vec<Event> {
        let (people, words) = (self.held.people.len() as u64, self.held.words);
        let due = (people > 0 || words > 0) && self.was_closed(before);
        Vec::from_iter(due.then_some(ErasureEvent::PeopleErased { people, words }.into()))
    }

    fn was_closed(&self, before: Time) -> bool {
        self.closed_since(before).is_some_and(|since| since < before)
    }

    pub(super) fn decide_delete_closed(&self, name: &str, now: Time) -> Events {
        if self.is_deleted() {
            return Ok(Vec::new());
        }
        if self.closed_since(now).is_none() {
            return Err(Refused::NotNow(Obstacle::InterviewOpen));
        }
        confirm(name.trim(), &self.name)?;
        Ok(vec![Event::Deleted])
    }

    pub(super) fn decide_erase_person(
        &self,
        seat: SeatId,
        number: &str,
        keep_result: bool,
        now: Time,
    ) -> Events {
        let candidate = self.candidates.get(&seat);
        let Some(meant) = self.held.people.get(&seat) else {
            // Done before, or never there.
            return candidate.map(|_| Vec::new()).ok_or(Refused::CandidateUnknown);
        };
        let inside = candidate.is_some_and(|one| one.entries > 0 && !one.admission.is_out());
        if inside && self.closed_since(now).is_none() {
            return Err(Refused::NotNow(Obstacle::CandidateEntered));
        }
        confirm(&writing::number_key(number), &writing::number_key(meant))?;
        // Where the result was kept before, it may still go.
        let erased = keep_result && candidate.is_some_and(|one| one.name == ERASED);
        let event = ErasureEvent::PersonErased { seat, result_kept: keep_result };
        Ok(Vec::from_iter((!erased).then_some(event.into())))
    }
}

/// Whoever deletes for good types what is meant.
fn confirm(typed: &str, meant: &str) -> Result<(), Refused> {
    if typed == meant { Ok(()) } else { Err(Refused::NotConfirmed) }
}
