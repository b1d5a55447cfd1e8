//! What a participant may do; who may receive a publication, and what comes first.

use crate::ParticipantId;
use std::collections::BTreeSet;

/// What a participant may do at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions {
    /// May send tracks into the room.
    pub publish: bool,
    /// May receive tracks of the room, as far as each publication's [`Audience`] allows.
    pub subscribe: bool,
}

/// Which pictures come first where a receiver's line does not carry all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Priority {
    /// Larger tiles come before smaller ones.
    #[default]
    Usual,
    /// Before all others, however small the tile.
    First,
}

/// Who may receive a publication.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Audience {
    /// Every participant of the room who may subscribe.
    #[default]
    Everyone,
    /// These and nobody else; the empty set is nobody.
    Only(BTreeSet<ParticipantId>),
}

impl Audience {
    /// Nobody receives it.
    pub const NOBODY: Self = Self::Only(BTreeSet::new());

    /// May `receiver` receive it?
    pub fn allows(&self, receiver: ParticipantId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(receivers) => receivers.contains(&receiver),
        }
    }
}
