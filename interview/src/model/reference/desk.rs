//! What stands on an examiner's desk: own notes, and the panel's mean as far as it is shown.

use super::{
    super::EXAMINERS,
    Outcome::{self, Done, Nothing},
    Reference,
};
use crate::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub(super) struct Desk {
    shows_mean: ShowsMean,
    /// By writer and candidate.
    notes: BTreeMap<(SeatId, SeatId), String>,
}

impl Desk {
    pub(super) const fn new(shows_mean: ShowsMean) -> Self {
        Self { shows_mean, notes: BTreeMap::new() }
    }
}

impl Reference {
    /// The notes that a seat reads: its own.
    pub(in super::super) fn notes(&self, seat: SeatId) -> impl Iterator<Item = (SeatId, &str)> {
        let own = self.desk.notes.iter().filter(move |((writer, _), _)| *writer == seat);
        own.map(|((_, candidate), text)| (*candidate, text.as_str()))
    }

    pub(super) fn keep_note(&mut self, by: SeatId, candidate: SeatId, text: &str) -> Outcome {
        let before = self.desk.notes.remove(&(by, candidate)).unwrap_or_default();
        if !text.is_empty() {
            self.desk.notes.insert((by, candidate), text.to_owned());
        }
        if before == text { Nothing } else { Done }
    }

    /// What a seat knows of the panel's mean: in hundredths, and of how many sheets.
    pub(in super::super) fn mean(&self, seat: SeatId, candidate: SeatId) -> Option<(u32, u32)> {
        let all = self.all_submitted(candidate);
        let own = self.submitted.contains(&(candidate, seat));
        let shown = match self.desk.shows_mean {
            ShowsMean::Never => false,
            ShowsMean::AllIn => all,
            ShowsMean::OwnIn => own || all,
        };
        let given: Vec<u32> = EXAMINERS
            .iter()
            .filter(|examiner| self.submitted.contains(&(candidate, **examiner)))
            .filter_map(|examiner| self.sheets[&(candidate, *examiner)])
            .collect();
        let sheets = given.len() as u32;
        // One criterion: the points of a sheet are its total.
        let mean = |sum: u32| (sum / sheets + u32::from(2 * (sum % sheets) >= sheets), sheets);
        (EXAMINERS.contains(&seat) && shown && sheets > 0).then(|| mean(given.iter().sum()))
    }
}
