//! Who leads the interview while no host is there, and who is a chair.

use super::Event;
use crate::SeatId;
use serde::{Deserialize, Serialize};

/// The helm went from one to another, or somebody may take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum HelmEvent {
    /// Somebody of the panel was marked as chair, or is none any more.
    ChairSet {
        /// The seat of the panel.
        seat: SeatId,
        /// False: no chair any more.
        chair: bool,
    },
    /// An examiner who is a chair leads, since no host is there.
    HelmTaken {
        /// The examiner.
        seat: SeatId,
    },
    /// The hosts lead again.
    HelmGiven {
        /// The examiner who has led.
        seat: SeatId,
    },
}

impl HelmEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::ChairSet { .. } => "chair_set",
            Self::HelmTaken { .. } => "helm_taken",
            Self::HelmGiven { .. } => "helm_given",
        }
    }

    /// The chair, or the examiner who leads or has led.
    pub(crate) const fn seat(&self) -> SeatId {
        match self {
            Self::ChairSet { seat, .. } | Self::HelmTaken { seat } | Self::HelmGiven { seat } => *seat,
        }
    }
}

impl From<HelmEvent> for Event {
    fn from(event: HelmEvent) -> Self {
        Self::Helm(event)
    }
}
