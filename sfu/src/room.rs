//! One room: who is in it, whose voice is loudest.

use crate::{
    key::{PublicationKey, TransportKey},
    speaker::ActiveSpeaker,
    wheel::Timer,
};
use viva_media::{ParticipantId, RoomId};

/// One room.
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Who is in it.
    pub members: Vec<TransportKey>,
    /// Loudness of its audio publications: who speaks, and who is worth a slot.
    pub speaker: ActiveSpeaker<PublicationKey>,
    /// Who speaks, as told last.
    pub speaking: Option<ParticipantId>,
    /// A look at loudness is scheduled, since there is sound.
    pub ticking: bool,
    /// The next look.
    pub timer: Timer,
}

impl Room {
    /// An empty room.
    pub fn new(id: RoomId) -> Self {
        Self {
            id,
            members: Vec::new(),
            speaker: ActiveSpeaker::default(),
            speaking: None,
            ticking: false,
            timer: Timer::default(),
        }
    }
}
