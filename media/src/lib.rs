//! The words both planes share: ids, codecs, layers and the typed parameters that cross between them.
//!
//! No logic lives here. `signaling` turns SDP into these types, `server` carries them over, `sfu` acts on them.

mod address;
mod codec;
mod error;
mod extension;
mod ice;
mod id;
mod layer;
mod parameters;
mod permission;
mod rtp;

pub use address::{Candidate, Carrier, Path, Protocol};
pub use codec::{Codec, CodecKind, H264Format, H264Profile, MediaKind};
pub use error::InvalidText;
pub use extension::{Extension, ExtensionMap};
pub use ice::{Fingerprint, IceCredentials, SrtpProfile};
pub use id::{ParticipantId, PublicationId, RoomId};
pub use layer::{LayerIndex, LayerSet, MAX_LAYERS};
pub use parameters::{
    CodecParameters, Encoding, MediaParameters, PublicationParameters, SlotParameters, TransportParameters,
};
pub use permission::{Audience, Permissions, Priority};
pub use rtp::{Mid, MidTag, Pt, Rid, Ssrc};
