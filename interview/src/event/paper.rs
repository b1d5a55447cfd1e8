//! What happens with a candidate's papers.

use super::Event;
use crate::{PaperFile, SeatId};
use serde::{Deserialize, Serialize};

/// Something that happened with a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PaperEvent {
    /// A paper was stored.
    PaperAdded {
        /// The candidate of whom it tells.
        seat: SeatId,
        /// Counted from 1 for each candidate.
        number: u32,
        /// The candidate put it there, not the office.
        own: bool,
        /// What it is.
        paper: PaperFile,
    },
    /// A paper was taken away.
    PaperRemoved {
        /// The candidate of whom it told.
        seat: SeatId,
        /// Which of the candidate's papers.
        number: u32,
    },
}

impl PaperEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::PaperAdded { .. } => "paper_added",
            Self::PaperRemoved { .. } => "paper_removed",
        }
    }

    /// Whose paper it is.
    pub(crate) const fn seat(&self) -> SeatId {
        match self {
            Self::PaperAdded { seat, .. } | Self::PaperRemoved { seat, .. } => *seat,
        }
    }
}

impl From<PaperEvent> for Event {
    fn from(event: PaperEvent) -> Self {
        Self::Paper(event)
    }
}
