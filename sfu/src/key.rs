//! Handles of the unit's own tables; a stale one finds nothing. All but [`RoomKey`] mean something within one room only.

use viva_media::LayerIndex;

/// A layer of a publication.
pub type LayerKey = (PublicationKey, LayerIndex);

/// A participant's transport in its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberKey {
    pub room: RoomKey,
    pub transport: TransportKey,
}

slotmap::new_key_type! {
    /// A room of the unit; the only key that means something outside a room.
    pub struct RoomKey;
    /// A participant's transport in its room.
    pub struct TransportKey;
    /// A publication in its room.
    pub struct PublicationKey;
    /// A slot in its room.
    pub struct SlotKey;
}
