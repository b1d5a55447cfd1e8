//! What went to the outbox for a candidate, codes aside.

use super::Event;
use crate::SeatId;
use serde::{Deserialize, Serialize};

/// A message by SMS went to the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum MessageEvent {
    /// The invitation.
    Invited {
        /// The candidate who is invited.
        seat: SeatId,
    },
    /// A reminder.
    Reminded {
        /// The candidate who is reminded.
        seat: SeatId,
    },
}

impl MessageEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "invited",
            Self::Reminded { .. } => "reminded",
        }
    }

    /// The candidate.
    pub(crate) const fn seat(&self) -> SeatId {
        match self {
            Self::Invited { seat } | Self::Reminded { seat } => *seat,
        }
    }
}

impl From<MessageEvent> for Event {
    fn from(event: MessageEvent) -> Self {
        Self::Message(event)
    }
}
