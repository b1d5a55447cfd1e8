//! An event as it is stored.

use crate::{Actor, CommandId, Event, Time};
use serde::{Deserialize, Serialize};

/// An event with who did it when by which command. The store keeps it; the interview is the fold of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When, never before the record before it.
    pub at: Time,
    /// Who gave the command; the server for what it does by itself.
    pub by: Actor,
    /// By which command.
    pub command: CommandId,
    /// What happened; the fold takes it in.
    pub event: Event,
}
