//! How it stands with the questions to a candidate: what was drawn, what was asked.

use crate::QuestionEvent;
use std::collections::BTreeSet;

/// How it stands with the questions to one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    /// The set that was drawn.
    pub(crate) set: Option<u32>,
    /// The questions that were asked, of whatever set.
    pub(crate) asked: BTreeSet<u32>,
}

impl Asked {
    /// Takes in what happened.
    pub(crate) fn note(&mut self, event: QuestionEvent) {
        match event {
            QuestionEvent::QuestionsAssigned { set, .. } => self.set = set,
            QuestionEvent::QuestionAsked { question, asked: true, .. } => drop(self.asked.insert(question)),
            QuestionEvent::QuestionAsked { question, .. } => drop(self.asked.remove(&question)),
        }
    }
}
