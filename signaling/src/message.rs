//! The messages of the WebSocket: one JSON object each, told apart by `type`.
//!
//! These types are the source; the TypeScript of the web package and the tables of `docs/protocol.md` follow them.

mod client;
mod error;
mod parse;
mod server;
mod state;

pub use client::{ClientEnvelope, ClientMessage, PublishedTrack, SlotView};
pub use error::ErrorCode;
pub use parse::{MAX_ACTION, MAX_COMMAND, MAX_MESSAGE, Unreadable};
pub use server::{AnswerPublication, AnswerSlot, CloseReason, ListChange, ServerEnvelope, ServerMessage};
pub use state::{
    IceServer, MediaWay, NetworkQuality, ParticipantState, PermissionState, PublicationState, SlotReport,
    StatsReport, TrackSource,
};

/// The version of this protocol; a server answers `unsupported_version` to any other.
pub const VERSION: u32 = 1;
