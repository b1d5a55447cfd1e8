//! Handles of the unit's own tables; a stale one finds nothing. All but [`RoomKey`] mean something within one room only.

use viva_media::LayerIndex;

/// A layer of a publication.
pub type LayerKey = (PublicationKey, LayerIndex);

/// A participant's transport in its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberKey {
    /// The room.
    pub room: RoomKey,
    /// The transport.
    pub transport: TransportKey,
}

slotmap::new_key_type! {
    /// A room.
    pub struct RoomKey;
    /// A participant's transport.
    pub struct TransportKey;
    /// A publication.
    pub struct PublicationKey;
    /// A slot.
    pub struct SlotKey;
}
