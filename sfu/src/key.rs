//! Handles of the unit's own tables; a stale one finds nothing.

/// A layer of a publication.
pub type LayerKey = (PublicationKey, u8);

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
