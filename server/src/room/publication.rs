//! A publication as the room knows it.

use viva_interview::SeatId;
use viva_media::{Audience, MediaKind, Mid, ParticipantId, Priority, PublicationId};
use viva_signaling::message::{PublicationState, TrackSource};

/// One track that a seat sends.
#[derive(Debug, Clone)]
pub(super) struct Publication {
    pub id: PublicationId,
    pub owner: ParticipantId,
    /// The owner's seat in the room's interview.
    pub seat: Option<SeatId>,
    pub mid: Mid,
    pub kind: MediaKind,
    pub source: TrackSource,
    pub muted: bool,
    /// Who may receive it, as the media plane was told.
    pub audience: Audience,
    /// Does it come before others, as the media plane was told?
    pub priority: Priority,
    /// Muted in the media plane, by its sender or because nobody may receive it.
    pub muted_in_unit: bool,
    /// Grows with each new publication of the room.
    pub order: u64,
}

impl Publication {
    /// Does anybody who may receive it now lose it by `audience`?
    pub(super) fn loses(&self, audience: &Audience) -> bool {
        match &self.audience {
            Audience::Everyone => true,
            Audience::Only(now) => now.iter().any(|receiver| !audience.allows(*receiver)),
        }
    }

    /// Muted by its sender, or for nobody.
    pub(super) fn is_silent(&self) -> bool {
        self.muted || self.audience == Audience::NOBODY
    }

    pub(super) fn state(&self) -> PublicationState {
        PublicationState {
            id: self.id.to_string(),
            participant: self.owner.to_string(),
            kind: self.kind,
            source: self.source,
            muted: self.muted,
            seat: self.seat.map(|seat| seat.to_string()),
        }
    }
}
