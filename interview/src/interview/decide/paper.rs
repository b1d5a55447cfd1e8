//! Score sheets, and what examiners note for themselves.

use super::{Events, Interview};
use crate::{CriterionId, Event, Points, Refused, SeatId, limit, text};
use std::collections::BTreeMap;

impl Interview {
    pub(super) fn decide_save(
        &self,
        examiner: SeatId,
        candidate: SeatId,
        points: BTreeMap<CriterionId, Points>,
        remark: &str,
    ) -> Events {
        self.candidate(candidate)?;
        self.writable(examiner, candidate)?;
        for (id, points) in &points {
            let criterion = self.criteria.iter().find(|criterion| criterion.id == *id);
            if !criterion.ok_or(Refused::NotFound("criterion"))?.allows(*points) {
                return Err(Refused::ScoresOutOfBounds { of: id.to_string() });
            }
        }
        let remark = text::optional(remark, limit::REMARK)?;
        let kept = self.scores.sheet(candidate, examiner);
        if kept.is_some_and(|sheet| sheet.points == points && sheet.remark == remark) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ScoresSaved { examiner, candidate, points, remark }])
    }

    pub(super) fn decide_submit(&self, examiner: SeatId, candidate: SeatId) -> Events {
        self.candidate(candidate)?;
        if self.scores.has_submitted(candidate, examiner) {
            return Ok(Vec::new());
        }
        self.writable(examiner, candidate)?;
        let complete = match self.scores.sheet(candidate, examiner) {
            Some(sheet) => sheet.is_complete(&self.criteria),
            None => self.criteria.is_empty(),
        };
        if !complete {
            return Err(Refused::ScoresIncomplete);
        }
        Ok(vec![Event::ScoresSubmitted { examiner, candidate }])
    }

    pub(super) fn decide_note(&self, examiner: SeatId, candidate: SeatId, text: &str) -> Events {
        self.candidate(candidate)?;
        let text = text::optional(text, limit::PRIVATE_NOTE)?;
        let same = self.notes.text(examiner, candidate) == text;
        Ok(if same { Vec::new() } else { vec![Event::NoteKept { examiner, candidate, text }] })
    }

    /// May this sheet still be written?
    fn writable(&self, examiner: SeatId, candidate: SeatId) -> Result<(), Refused> {
        if self.scores.has_submitted(candidate, examiner) {
            return Err(Refused::ScoresSubmitted);
        }
        if self.scores.is_locked(candidate) {
            return Err(Refused::ScoresLocked);
        }
        Ok(())
    }

    pub(super) fn decide_lock(&self, candidate: SeatId) -> Events {
        self.candidate(candidate)?;
        if self.scores.is_locked(candidate) {
            return Ok(Vec::new());
        }
        // Closed sheets are shown: closing early would show them early.
        if !self.scores_are_open(candidate) {
            return Err(Refused::ScoresIncomplete);
        }
        Ok(vec![Event::ScoresLocked { candidate }])
    }
}
