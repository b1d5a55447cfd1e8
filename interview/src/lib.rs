//! The interview's vocabulary: seats, stages, and what each may send and receive in which.
//!
//! Pure values: no clock, no randomness, no media. The one table of permissions is [`permission`].

mod permission;
mod seat;
mod stage;

pub use permission::{Receives, Rights, Sends, Standing, permission};
pub use seat::Role;
pub use stage::{Stage, StageKind, Stages};
