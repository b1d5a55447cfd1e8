//! That an interview is a rehearsal, and what is noted for its report.

use super::Event;
use crate::{DeviceKind, InterviewId, SeatId};
use serde::{Deserialize, Serialize};

/// What happens in rehearsals alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RehearsalEvent {
    /// This interview is a rehearsal of another: its second record, written together with the first.
    RehearsalOpened {
        /// The interview that is rehearsed.
        of: InterviewId,
    },
    /// A candidate has come with a device of this kind.
    DeviceTold {
        /// The candidate.
        seat: SeatId,
        /// What the device is.
        kind: DeviceKind,
    },
}

impl RehearsalEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::RehearsalOpened { .. } => "rehearsal_opened",
            Self::DeviceTold { .. } => "device_told",
        }
    }

    /// The candidate, where it is about one.
    pub(super) const fn seat(&self) -> Option<SeatId> {
        match self {
            Self::RehearsalOpened { .. } => None,
            Self::DeviceTold { seat, .. } => Some(*seat),
        }
    }
}

impl From<RehearsalEvent> for Event {
    fn from(event: RehearsalEvent) -> Self {
        Self::Rehearsal(event)
    }
}
