//! The numbers under which clients know what they negotiate: those that Chromium offers.

use viva_media::{Extension, ExtensionMap, Pt};

/// Opus.
pub const OPUS: Pt = Pt(111);
/// Opus with what was sent before (RFC 2198).
pub const RED: Pt = Pt(63);
/// VP8.
pub const VP8: Pt = Pt(96);
/// Retransmissions of VP8.
pub const VP8_RTX: Pt = Pt(97);
/// H.264.
pub const H264: Pt = Pt(102);
/// Retransmissions of H.264.
pub const H264_RTX: Pt = Pt(103);

/// VP9.
pub const VP9: Pt = Pt(98);
/// Retransmissions of VP9.
pub const VP9_RTX: Pt = Pt(99);
/// AV1.
pub const AV1: Pt = Pt(45);
/// Retransmissions of AV1.
pub const AV1_RTX: Pt = Pt(46);

/// Names of the encodings, from the smallest.
pub const RIDS: [&str; 3] = ["q", "h", "f"];

/// Header extensions by the ids of their elements.
pub const EXTENSIONS: [(u8, Extension); 7] = [
    (1, Extension::AudioLevel),
    (2, Extension::AbsSendTime),
    (3, Extension::TransportWideCc),
    (4, Extension::Mid),
    (10, Extension::Rid),
    (11, Extension::RepairedRid),
    (13, Extension::DependencyDescriptor),
];

/// These header extensions under their numbers.
pub fn extensions(wanted: &[Extension]) -> ExtensionMap {
    let mut map = ExtensionMap::default();
    for (id, extension) in EXTENSIONS.into_iter().filter(|(_, extension)| wanted.contains(extension)) {
        map.insert(id, extension);
    }
    map
}
