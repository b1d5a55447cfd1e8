//! Who somebody is, found out by the staff: a candidate shows themselves to a host before the room.

use super::Event;
use crate::SeatId;
use serde::{Deserialize, Serialize};

/// A candidate and the check by the staff. That it was passed is [`Event::IdentityPassed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StaffCheckEvent {
    /// The candidate wants to be looked at by the staff.
    StaffCheckAsked {
        /// The candidate before the camera.
        seat: SeatId,
    },
    /// The candidate does not want it any more.
    StaffCheckDropped {
        /// The candidate who goes another way.
        seat: SeatId,
    },
    /// A host has not found that it is the person.
    StaffCheckFailed {
        /// The candidate who may ask once more.
        seat: SeatId,
        /// For the candidate and for the record.
        reason: String,
    },
}

impl StaffCheckEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::StaffCheckAsked { .. } => "staff_check_asked",
            Self::StaffCheckDropped { .. } => "staff_check_dropped",
            Self::StaffCheckFailed { .. } => "staff_check_failed",
        }
    }

    /// The candidate before the camera.
    pub(crate) const fn seat(&self) -> SeatId {
        match self {
            Self::StaffCheckAsked { seat }
            | Self::StaffCheckDropped { seat }
            | Self::StaffCheckFailed { seat, .. } => *seat,
        }
    }
}

impl From<StaffCheckEvent> for Event {
    fn from(event: StaffCheckEvent) -> Self {
        Self::StaffCheck(event)
    }
}
