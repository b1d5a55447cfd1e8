//! Times of bad network, as they are noted.

use super::Event;
use crate::{SeatId, Time, Trouble};
use serde::{Deserialize, Serialize};

/// Something that happened with a candidate's network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum NetworkEvent {
    /// A candidate's network has become bad, or worse: what is known should the server end before that does.
    NetworkTroubleBegan {
        /// The candidate whose network it is.
        seat: SeatId,
        /// Since when.
        from: Time,
        /// The worst so far.
        worst: Trouble,
    },
    /// A candidate's network was bad for a while: evidence where a result is contested.
    NetworkTroubled {
        /// The candidate whose network it was.
        seat: SeatId,
        /// Since when.
        from: Time,
        /// When it was fair again, or the candidate had gone.
        until: Time,
        /// The worst meanwhile.
        worst: Trouble,
        /// The server ended before it was over: `until` is the last moment of which anything is known.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        cut_off: bool,
    },
}

impl NetworkEvent {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::NetworkTroubleBegan { .. } => "network_trouble_began",
            Self::NetworkTroubled { .. } => "network_troubled",
        }
    }

    /// Whose network it is.
    pub(super) const fn seat(&self) -> SeatId {
        match self {
            Self::NetworkTroubleBegan { seat, .. } | Self::NetworkTroubled { seat, .. } => *seat,
        }
    }
}

impl From<NetworkEvent> for Event {
    fn from(event: NetworkEvent) -> Self {
        Self::Network(event)
    }
}
