//! Who sits in an interview.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The role of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 考生: the person who is examined.
    Candidate,
    /// 考官: asks and scores.
    Examiner,
    /// 工作人员: chair or secretary, who admits, advances stages and publishes the result.
    Host,
    /// 巡考: hidden, watches many rooms, sends nothing.
    Patrol,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Candidate, Self::Examiner, Self::Host, Self::Patrol];

    /// The panel: examiners and host.
    pub const fn is_panel(self) -> bool {
        matches!(self, Self::Examiner | Self::Host)
    }

    /// Stands on the list of participants that others see.
    pub const fn is_listed(self) -> bool {
        !matches!(self, Self::Patrol)
    }
}
