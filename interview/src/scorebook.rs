//! The score sheets of an interview, and when they are shown.

use crate::{CriterionId, Points, SeatId, Time, score::ScoreSheet};
use std::collections::{BTreeMap, BTreeSet};

/// All score sheets, by candidate and examiner.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Scorebook {
    sheets: BTreeMap<(SeatId, SeatId), ScoreSheet>,
    locked: BTreeSet<SeatId>,
}

impl Scorebook {
    /// One examiner's sheet of one candidate.
    pub(crate) fn sheet(&self, candidate: SeatId, examiner: SeatId) -> Option<&ScoreSheet> {
        self.sheets.get(&(candidate, examiner))
    }

    /// All of them: candidate, examiner, sheet.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SeatId, SeatId, &ScoreSheet)> {
        self.sheets.iter().map(|((candidate, examiner), sheet)| (*candidate, *examiner, sheet))
    }

    /// Has nobody scored yet?
    pub(crate) fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    /// Has this examiner scored anybody?
    pub(crate) fn has_scored(&self, examiner: SeatId) -> bool {
        self.sheets.keys().any(|(_, of)| *of == examiner)
    }

    /// Has this examiner handed in the sheet of this candidate?
    pub(crate) fn has_submitted(&self, candidate: SeatId, examiner: SeatId) -> bool {
        self.sheet(candidate, examiner).is_some_and(|sheet| sheet.submitted_at.is_some())
    }

    /// Who has handed in a sheet of this candidate.
    pub(crate) fn submitted(&self, candidate: SeatId) -> impl Iterator<Item = SeatId> {
        let of_candidate = self.sheets.range((candidate, SeatId(0))..=(candidate, SeatId(u64::MAX)));
        of_candidate.filter(|(_, sheet)| sheet.submitted_at.is_some()).map(|((_, examiner), _)| *examiner)
    }

    /// Are the scores of this candidate closed?
    pub(crate) fn is_locked(&self, candidate: SeatId) -> bool {
        self.locked.contains(&candidate)
    }

    /// Those whose scores are closed.
    pub(crate) fn locked(&self) -> impl Iterator<Item = SeatId> {
        self.locked.iter().copied()
    }

    /// May an examiner's sheet be shown to others: have all of `examiners` handed theirs in, or is it closed, which needs
    /// the same? A panel without examiners shows nothing.
    pub(crate) fn is_open(&self, candidate: SeatId, mut examiners: impl Iterator<Item = SeatId>) -> bool {
        if self.is_locked(candidate) {
            return true;
        }
        let first = examiners.next();
        first.is_some_and(|first| {
            self.has_submitted(candidate, first)
                && examiners.all(|examiner| self.has_submitted(candidate, examiner))
        })
    }

    /// Keeps a sheet that is not handed in.
    pub(crate) fn save(
        &mut self,
        candidate: SeatId,
        examiner: SeatId,
        points: &BTreeMap<CriterionId, Points>,
        remark: &str,
        at: Time,
    ) {
        let sheet = self.sheets.entry((candidate, examiner)).or_default();
        if sheet.submitted_at.is_none() {
            sheet.points.clone_from(points);
            remark.clone_into(&mut sheet.remark);
            sheet.saved_at = Some(at);
        }
    }

    /// Hands a sheet in: the first time counts.
    pub(crate) fn submit(&mut self, candidate: SeatId, examiner: SeatId, at: Time) {
        self.sheets.entry((candidate, examiner)).or_default().submitted_at.get_or_insert(at);
    }

    /// Closes the scores of a candidate.
    pub(crate) fn lock(&mut self, candidate: SeatId) {
        self.locked.insert(candidate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANDIDATE: SeatId = SeatId(1);
    const A: SeatId = SeatId(2);
    const B: SeatId = SeatId(3);

    #[test]
    fn sheets_open_when_the_last_examiner_hands_in() {
        let mut book = Scorebook::default();
        let open = |book: &Scorebook| book.is_open(CANDIDATE, [A, B].into_iter());
        book.submit(CANDIDATE, A, Time(1));
        assert!(!open(&book) && !book.is_open(CANDIDATE, std::iter::empty()));
        book.submit(CANDIDATE, B, Time(2));
        assert!(open(&book));
        assert!(!book.is_open(CANDIDATE, [A, B, SeatId(4)].into_iter()));
        book.lock(CANDIDATE);
        assert!(book.is_open(CANDIDATE, [A, B, SeatId(4)].into_iter()));
        assert_eq!(book.submitted(CANDIDATE).collect::<Vec<_>>(), [A, B]);
    }

    #[test]
    fn a_sheet_that_is_handed_in_stays_as_it_is() {
        let mut book = Scorebook::default();
        book.save(CANDIDATE, A, &BTreeMap::new(), "first", Time(1));
        book.submit(CANDIDATE, A, Time(2));
        book.submit(CANDIDATE, A, Time(3));
        book.save(CANDIDATE, A, &BTreeMap::new(), "second", Time(4));
        let sheet = book.sheet(CANDIDATE, A).unwrap();
        assert_eq!((sheet.remark.as_str(), sheet.submitted_at), ("first", Some(Time(2))));
    }
}
