//! The negotiation: a client's offer in, our answer and typed parameters out (RFC 9429, RFC 9143).
//!
//! The client always offers, the server always answers. The answer repeats the offerer's own payload types, extension
//! ids, mids and order, since browsers number them differently. Lines are read one by one, each attribute that
//! matters by the parser of `webrtc-sdp`, so that every complaint names its line; attributes that do not matter here
//! are not looked at. `a=fmtp` alone is read by hand: the parser loses parameters after `; ` with a space.

mod answer;
mod candidate;
mod codec;
mod error;
mod fragment;
mod negotiate;
mod offer;
mod section;
mod simulcast;
#[cfg(test)]
mod tests;

pub use candidate::is_candidate;
pub use error::{OfferError, OfferReason};
pub use fragment::{Fragment, Restart};
pub use negotiate::{Allocate, Bandwidth, Counter, Negotiated, Terms, negotiate};

/// The longest offer, in bytes.
pub const MAX_OFFER: usize = 256 * 1024;
/// The most media sections of an offer.
pub const MAX_SECTIONS: usize = 300;
/// The most payload types of a media section.
pub const MAX_PAYLOAD_TYPES: usize = 128;
/// The most header extensions of a media section.
pub const MAX_EXTENSIONS: usize = 64;
/// The most rids of a media section.
pub const MAX_RIDS: usize = 16;
/// The encodings of a publication: more are declined.
pub const MAX_ENCODINGS: usize = 4;
/// The most publications of one client.
pub const MAX_PUBLICATIONS: usize = 8;
/// The most slots of one client.
pub const MAX_SLOTS: usize = 256;
