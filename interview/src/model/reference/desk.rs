//! What stands on an examiner's desk: own notes, the panel's mean as far as it is shown, questions.

use super::{
    super::{EXAMINERS, PATROL},
    Outcome::{self, Done, Nothing, Refused as No},
    Reference, set,
};
use crate::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub(super) struct Desk {
    shows_mean: ShowsMean,
    /// By writer and candidate.
    notes: BTreeMap<(SeatId, SeatId), String>,
    pub(super) drawn: BTreeMap<SeatId, u32>,
    pub(super) asked: BTreeSet<(SeatId, u32)>,
}

impl Desk {
    pub(super) const fn new(shows_mean: ShowsMean) -> Self {
        Self { shows_mean, notes: BTreeMap::new(), drawn: BTreeMap::new(), asked: BTreeSet::new() }
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

    /// There are two sets, and three questions in them.
    pub(super) fn ask(&mut self, action: &SeatAction) -> Outcome {
        match action {
            SeatAction::AssignQuestions { set: Some(3..), .. } => No,
            SeatAction::AssignQuestions { candidate, set } => {
                let before = match set {
                    Some(set) => self.desk.drawn.insert(*candidate, *set),
                    None => self.desk.drawn.remove(candidate),
                };
                if before == *set { Nothing } else { Done }
            }
            SeatAction::MarkAsked { candidate, question: question @ 1..=3, asked } => {
                set(&mut self.desk.asked, (*candidate, *question), *asked)
            }
            _ => No,
        }
    }

    /// The set that was drawn and the questions that were asked, as a seat of the staff knows them.
    pub(in super::super) fn asked(&self, seat: SeatId, candidate: SeatId) -> (Option<u32>, Vec<u32>) {
        if seat == PATROL {
            return (None, Vec::new());
        }
        let asked = self.desk.asked.iter().filter(|(of, _)| *of == candidate);
        (self.desk.drawn.get(&candidate).copied(), asked.map(|(_, question)| *question).collect())
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
