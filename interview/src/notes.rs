//! What examiners write for themselves about candidates: nobody else reads it here.

use crate::{PrivateNote, SeatId, Time};
use std::collections::BTreeMap;

/// All private notes, by examiner and candidate.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Notes {
    notes: BTreeMap<(SeatId, SeatId), (String, Time)>,
}

impl Notes {
    /// One examiner's note of one candidate; empty where there is none.
    pub(crate) fn text(&self, examiner: SeatId, candidate: SeatId) -> &str {
        self.notes.get(&(examiner, candidate)).map_or("", |(text, _)| text)
    }

    /// The notes of their writer.
    pub(crate) fn of(&self, examiner: SeatId) -> Vec<PrivateNote> {
        let own = self.notes.range((examiner, SeatId(0))..=(examiner, SeatId(u64::MAX)));
        let note = |((_, candidate), (text, at)): (&(SeatId, SeatId), &(String, Time))| PrivateNote {
            candidate: *candidate,
            text: text.clone(),
            kept_at: *at,
        };
        own.map(note).collect()
    }

    /// Keeps a note in the place of the one before; an empty one is none.
    pub(crate) fn keep(&mut self, examiner: SeatId, candidate: SeatId, text: &str, at: Time) {
        if text.is_empty() {
            self.notes.remove(&(examiner, candidate));
        } else {
            self.notes.insert((examiner, candidate), (text.to_owned(), at));
        }
    }

    /// Nothing stays of a seat that is no more, neither by it nor about it.
    pub(crate) fn forget(&mut self, seat: SeatId) {
        self.notes.retain(|(examiner, candidate), _| *examiner != seat && *candidate != seat);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_writer_has_own_notes_and_an_empty_one_is_none() {
        let (one, other, candidate) = (SeatId(1), SeatId(2), SeatId(3));
        let mut notes = Notes::default();
        notes.keep(one, candidate, "mine", Time(1));
        notes.keep(other, candidate, "theirs", Time(2));
        notes.keep(one, candidate, "mine again", Time(3));
        let own = PrivateNote { candidate, text: "mine again".to_owned(), kept_at: Time(3) };
        assert_eq!((notes.of(one), notes.text(other, candidate)), (vec![own], "theirs"));
        notes.keep(one, candidate, "", Time(4));
        assert_eq!((notes.of(one), notes.text(one, candidate)), (vec![], ""));
        notes.forget(candidate);
        assert_eq!(notes, Notes::default());
    }
}
