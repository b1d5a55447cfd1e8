//! One room: who is in it, what they send and receive, whose voice is loudest.
//!
//! A room owns all that is in it, so nothing can be passed on from one room to another. What leaves it goes through
//! [`Shared`], which it is handed with everything that it is to do.

mod allocate;
mod batch;
mod feedback;
mod forward;
mod handshake;
mod line;
mod member;
mod negotiate;
mod oversize;
mod receive;
mod report;
mod route;
mod stats;
mod tick;
mod timer;

use crate::{
    key::{MemberKey, PublicationKey, RoomKey, SlotKey, TransportKey},
    publication::Publication,
    shared::Shared,
    slot::Slot,
    speaker::ActiveSpeaker,
    transport::Transport,
    wheel::Timer,
};
use batch::Batch;
use slotmap::SlotMap;
use viva_media::{ParticipantId, RoomId};

pub(crate) struct Room {
    pub id: RoomId,
    key: RoomKey,
    /// Who is in it.
    pub transports: SlotMap<TransportKey, Transport>,
    /// The same in the order of their joining.
    members: Vec<TransportKey>,
    /// What is sent in it.
    pub publications: SlotMap<PublicationKey, Publication>,
    /// Where something is received in it.
    pub slots: SlotMap<SlotKey, Slot>,
    /// What came and is not passed on yet.
    batch: Batch,
    /// Loudness of its audio publications: who speaks, and who is worth a slot.
    speaker: ActiveSpeaker<PublicationKey>,
    /// Who speaks, as told last.
    speaking: Option<ParticipantId>,
    /// A look at loudness is scheduled, since there is sound.
    ticking: bool,
    /// The next look.
    timer: Timer,
}

impl Room {
    /// An empty room.
    pub fn new(id: RoomId, key: RoomKey) -> Self {
        Self {
            id,
            key,
            transports: SlotMap::with_key(),
            members: Vec::new(),
            publications: SlotMap::with_key(),
            slots: SlotMap::with_key(),
            batch: Batch::default(),
            speaker: ActiveSpeaker::default(),
            speaking: None,
            ticking: false,
            timer: Timer::default(),
        }
    }

    /// Nobody is here any more.
    pub fn is_empty(&self) -> bool {
        self.transports.is_empty()
    }

    /// Gives back what it holds outside.
    pub fn close(&mut self, shared: &mut Shared) {
        shared.wheel.cancel(&mut self.timer);
        shared.index.by_room.remove(&self.id);
    }

    const fn member(&self, transport: TransportKey) -> MemberKey {
        MemberKey { room: self.key, transport }
    }
}
