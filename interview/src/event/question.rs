//! Which questions a candidate has drawn, and which were asked.

use super::Event;
use crate::SeatId;
use serde::{Deserialize, Serialize};

/// Something happened with the questions to a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum QuestionEvent {
    /// A candidate has drawn a set of questions, or none any more.
    QuestionsAssigned {
        /// For whom it was drawn.
        candidate: SeatId,
        /// The id of the set.
        set: Option<u32>,
    },
    /// A question was marked as asked, or the mark was taken back.
    QuestionAsked {
        /// The candidate who was asked.
        candidate: SeatId,
        /// The id of the question.
        question: u32,
        /// False: the mark was taken back.
        asked: bool,
    },
}

impl QuestionEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::QuestionsAssigned { .. } => "questions_assigned",
            Self::QuestionAsked { .. } => "question_asked",
        }
    }

    /// The candidate.
    pub(crate) const fn seat(&self) -> SeatId {
        match self {
            Self::QuestionsAssigned { candidate, .. } | Self::QuestionAsked { candidate, .. } => *candidate,
        }
    }
}

impl From<QuestionEvent> for Event {
    fn from(event: QuestionEvent) -> Self {
        Self::Question(event)
    }
}
