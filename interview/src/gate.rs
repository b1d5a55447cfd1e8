//! What stands in the way of a result.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What still stands in the way of a candidate's result, in the order in which it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// No interview with this candidate has come to its end.
    NotInterviewed,
    /// An examiner has not handed the sheet in.
    SheetsMissing,
    /// The candidate is with the panel, or the panel still deliberates.
    InSession,
}
