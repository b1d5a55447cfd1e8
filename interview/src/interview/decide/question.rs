//! The questions to a candidate: which set was drawn, which of them were asked.

use super::{Events, Interview};
use crate::{Obstacle, QuestionEvent, QuestionSet, Refused, SeatId};

impl Interview {
    pub(super) fn decide_questions(&self, candidate: SeatId, set: Option<u32>) -> Events {
        let known = |id: u32| self.questions.iter().any(|set| set.id == id);
        if !set.is_none_or(known) {
            return Err(Refused::NotFound("set of questions"));
        }
        let same = self.candidate(candidate)?.questions.set == set;
        Ok(if same { Vec::new() } else { vec![QuestionEvent::QuestionsAssigned { candidate, set }.into()] })
    }

    pub(super) fn decide_asked(&self, candidate: SeatId, question: u32, asked: bool) -> Events {
        let same = self.candidate(candidate)?.questions.asked.contains(&question) == asked;
        if !self.questions.iter().flat_map(|set| &set.questions).any(|known| known.id == question) {
            return Err(Refused::NotFound("question"));
        }
        Ok(if same {
            Vec::new()
        } else {
            vec![QuestionEvent::QuestionAsked { candidate, question, asked }.into()]
        })
    }

    /// Questions that were asked stay as they were, and a set that was drawn stays.
    pub(super) fn may_have_questions(&self, sets: &[QuestionSet]) -> Result<(), Refused> {
        if sets == self.questions {
            return Ok(());
        }
        if self.candidates.values().any(|one| !one.questions.asked.is_empty()) {
            return Err(Refused::NotNow(Obstacle::QuestionsAsked));
        }
        let gone = |id: u32| !sets.iter().any(|set| set.id == id);
        if self.candidates.values().any(|one| one.questions.set.is_some_and(gone)) {
            return Err(Refused::NotNow(Obstacle::QuestionsDrawn));
        }
        Ok(())
    }
}
