//! What happens with random draws.

use super::Event;
use crate::{DrawKind, SeatId, Seed};
use serde::{Deserialize, Serialize};

/// Something happened with a draw. The seed stands in no record before the draw is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DrawEvent {
    /// A seed and a list are held by a hash that everybody of the staff sees.
    DrawCommitted {
        /// The number of the draw in the interview, from 1.
        number: u32,
        /// What is drawn.
        kind: DrawKind,
        /// For whom.
        entries: Vec<DrawEntry>,
        /// What; of questions the sets in the order of `sets`.
        lots: Vec<String>,
        /// The ids of the sets of questions, where these are drawn.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sets: Vec<u32>,
        /// The hash of the list, in hexadecimal digits.
        list: String,
        /// The hash of list and seed, in hexadecimal digits.
        commitment: String,
        /// From this the server, and nobody without its secret, finds the seed.
        salt: String,
        /// Why it is drawn again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// It was drawn.
    Drawn {
        /// The number of the draw.
        number: u32,
        /// What witnesses said before; may be empty.
        words: String,
        /// What everybody may know from now on.
        seed: Seed,
        /// The index of the lot that each entry got.
        outcome: Vec<u32>,
    },
    /// Another one was begun in its place.
    DrawGivenUp {
        /// The number of the draw.
        number: u32,
        /// What would have decided; none where the server's secret is another one since.
        seed: Option<Seed>,
    },
}

/// Somebody for whom something is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawEntry {
    /// The candidate; none where the list was given as texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SeatId>,
    /// The number of the exam card, or the text as it was given.
    pub text: String,
}

impl DrawEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::DrawCommitted { .. } => "draw_committed",
            Self::Drawn { .. } => "drawn",
            Self::DrawGivenUp { .. } => "draw_given_up",
        }
    }
}

impl From<DrawEvent> for Event {
    fn from(event: DrawEvent) -> Self {
        Self::Draw(event)
    }
}
