//! What was wrong with a candidate's network.

use serde::{Deserialize, Serialize};

/// How bad a network was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Too weak for what was to be sent or received.
    Weak,
    /// Nothing arrived.
    Interrupted,
}
