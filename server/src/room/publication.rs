//! A publication as the room knows it.

use viva_media::{MediaKind, Mid, ParticipantId, PublicationId};
use viva_signaling::message::{PublicationState, TrackSource};

/// One track that a seat sends.
#[derive(Debug, Clone)]
pub(super) struct Publication {
    pub id: PublicationId,
    pub owner: ParticipantId,
    pub mid: Mid,
    pub kind: MediaKind,
    pub source: TrackSource,
    pub muted: bool,
    /// Grows with each new publication of the room.
    pub order: u64,
}

impl Publication {
    pub(super) fn state(&self) -> PublicationState {
        PublicationState {
            id: self.id.to_string(),
            participant: self.owner.to_string(),
            kind: self.kind,
            source: self.source,
            muted: self.muted,
        }
    }
}
