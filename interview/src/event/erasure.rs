//! What was erased of the records before.

use super::Event;
use crate::{SeatId, Time};
use serde::{Deserialize, Serialize};

/// Something was kept as long as was said, or was asked to go, and is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ErasureEvent {
    /// Pictures of face checks were kept as long as was said, and are erased.
    PicturesErased {
        /// How many.
        pictures: u64,
        /// All that were taken before.
        before: Time,
    },
    /// What was written in chat and in notes of incidents was kept as long as was said, and is erased.
    WordsErased {
        /// How many lines and notes.
        words: u64,
    },
    /// Who the candidates are was kept as long as was said, and is erased with all that they wrote and that tells of them.
    PeopleErased {
        /// How many candidates.
        people: u64,
        /// How many lines and notes.
        words: u64,
    },
    /// Everything that tells of a candidate is erased, because it was asked for.
    PersonErased {
        /// Whose data are erased.
        seat: SeatId,
        /// The number of the exam card, the points and the result stay.
        result_kept: bool,
    },
}

impl ErasureEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::PicturesErased { .. } => "pictures_erased",
            Self::WordsErased { .. } => "words_erased",
            Self::PeopleErased { .. } => "people_erased",
            Self::PersonErased { .. } => "person_erased",
        }
    }

    /// The candidate whom it concerns alone.
    pub(crate) const fn seat(&self) -> Option<SeatId> {
        match self {
            Self::PersonErased { seat, .. } => Some(*seat),
            Self::PicturesErased { .. } | Self::WordsErased { .. } | Self::PeopleErased { .. } => None,
        }
    }
}

impl From<ErasureEvent> for Event {
    fn from(event: ErasureEvent) -> Self {
        Self::Erasure(event)
    }
}
