//! Candidates in numbers: lists that are imported and undone, and people who are taken away together.

use super::{Events, Interview, entry::Entry};
use crate::{
    CommandId, Event, ListedCandidate, NewCandidate, Obstacle, Refused, SeatId, Time, interview::count,
    limit, writing,
};

impl Interview {
    pub(super) fn decide_add(&self, candidates: Vec<NewCandidate>) -> Events {
        if self.candidates.len() + candidates.len() > limit::CANDIDATES {
            return Err(Refused::TooMany(limit::CANDIDATES));
        }
        let mut entry = Entry::beside(self);
        let events = candidates.into_iter().zip(1..).flat_map(|(new, row)| entry.add(row, new)).collect();
        entry.faultless()?;
        Ok(events)
    }

    pub(super) fn decide_import(&self, rows: Vec<ListedCandidate>) -> Events {
        let new = rows.iter().filter(|row| !row.known).count();
        if self.candidates.len() + new > limit::CANDIDATES {
            return Err(Refused::TooMany(limit::CANDIDATES));
        }
        let mut entry = Entry::beside(self);
        for ListedCandidate { candidate, .. } in rows.iter().filter(|row| row.known) {
            let number = self.candidates.get(&candidate.seat).map(|before| &before.number);
            let same =
                |number: &&String| writing::number_key(number) == writing::number_key(&candidate.number);
            entry.free(number.filter(same).ok_or(Refused::NotNow(Obstacle::CandidatesChanged))?);
        }
        let (mut added, mut changed) = (Vec::new(), Vec::new());
        for (ListedCandidate { candidate, known }, row) in rows.into_iter().zip(1..) {
            match self.candidates.get(&candidate.seat).filter(|_| known) {
                Some(before) => changed.push(entry.update(row, before, candidate)),
                None => added.push(entry.add(row, candidate)),
            }
        }
        entry.faultless()?;
        changed.retain(|events| !events.is_empty());
        if added.is_empty() && changed.is_empty() {
            return Ok(Vec::new());
        }
        let head = Event::CandidatesImported { added: count(added.len()), changed: count(changed.len()) };
        Ok([head].into_iter().chain(added.into_iter().chain(changed).flatten()).collect())
    }

    pub(super) fn decide_undo_import(&self, import: &CommandId, now: Time) -> Events {
        let import = self.imports.of(import).ok_or(Refused::NotFound("import"))?;
        if import.undone_until() < now {
            return Err(Refused::NotNow(Obstacle::ImportOld));
        }
        let left = import.added.iter().copied().filter(|seat| self.candidates.contains_key(seat));
        self.decide_remove_candidates(left)
    }

    pub(super) fn decide_remove_candidates(&self, seats: impl IntoIterator<Item = SeatId>) -> Events {
        let seats = Vec::from_iter(seats);
        let candidates = seats.iter().map(|&seat| self.candidate(seat)).collect::<Result<Vec<_>, _>>()?;
        if candidates.iter().any(|candidate| candidate.entries > 0) {
            return Err(Refused::NotNow(Obstacle::CandidateEntered));
        }
        Ok(seats.into_iter().map(|seat| Event::CandidateRemoved { seat }).collect())
    }
}
