//! What happens in a candidate's turn, beside the call and its end.

use super::Event;
use crate::{SeatId, Time};
use serde::{Deserialize, Serialize};

/// Something that happened to one candidate among the stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TurnEvent {
    /// One candidate went to a stage, and no other.
    CandidateStageEntered {
        /// The current candidate, or one who may confirm the result from now on.
        candidate: SeatId,
        /// Its index among the stages, from 0.
        stage: u32,
    },
    /// A candidate was given a time of their own, or has none any more.
    CandidateScheduled {
        /// Whose turn it is planned for.
        candidate: SeatId,
        /// When; `None` when the interview opens.
        starts_at: Option<Time>,
    },
    /// A candidate was moved in the queue.
    QueueMoved {
        /// Who was moved.
        candidate: SeatId,
        /// Whom they stand before now; `None` at the end.
        before: Option<SeatId>,
    },
    /// A candidate who has finished may go: media are closed, the result and its confirmation stay.
    LetGo {
        /// Who may go.
        candidate: SeatId,
    },
    /// A candidate who had left, or was let go, came back by themselves.
    CameBack {
        /// Who waits again.
        candidate: SeatId,
    },
    /// The candidate's clock was stopped.
    ClockPaused {
        /// The current candidate.
        candidate: SeatId,
    },
    /// The candidate's clock goes on.
    ClockResumed {
        /// The current candidate.
        candidate: SeatId,
    },
    /// The candidate got more time.
    ClockExtended {
        /// The current candidate.
        candidate: SeatId,
        /// How much, in minutes.
        minutes: u32,
        /// Why, in the host's words.
        reason: String,
    },
}

impl TurnEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::CandidateStageEntered { .. } => "candidate_stage_entered",
            Self::CandidateScheduled { .. } => "candidate_scheduled",
            Self::QueueMoved { .. } => "queue_moved",
            Self::LetGo { .. } => "let_go",
            Self::CameBack { .. } => "came_back",
            Self::ClockPaused { .. } => "clock_paused",
            Self::ClockResumed { .. } => "clock_resumed",
            Self::ClockExtended { .. } => "clock_extended",
        }
    }

    /// Whose turn it is.
    pub(crate) const fn candidate(&self) -> SeatId {
        match self {
            Self::CandidateStageEntered { candidate, .. }
            | Self::CandidateScheduled { candidate, .. }
            | Self::QueueMoved { candidate, .. }
            | Self::LetGo { candidate }
            | Self::CameBack { candidate }
            | Self::ClockPaused { candidate }
            | Self::ClockResumed { candidate }
            | Self::ClockExtended { candidate, .. } => *candidate,
        }
    }
}

impl From<TurnEvent> for Event {
    fn from(event: TurnEvent) -> Self {
        Self::Turn(event)
    }
}
