//! What an observer of a client is told of every packet that it opens for the first time.

use viva_media::{CodecKind, Ssrc};
use viva_peer::numbers::OPUS;
use viva_wire::{
    codec::{self, Frame},
    rtp::Header,
};

/// One media packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// When the kernel had it, in microseconds since 1970.
    pub at: u64,
    pub ssrc: Ssrc,
    /// Its number, which does not wrap.
    pub index: u64,
    /// Opus or VP8.
    pub codec: CodecKind,
    /// The RTP marker.
    pub marker: bool,
    /// Bytes of its payload, without padding.
    pub size: u16,
    /// What its payload tells.
    pub frame: Frame,
}

impl Observed {
    /// Reads one; `None` for padding alone and for what does not hold together.
    pub(super) fn read(at: u64, index: u64, header: &Header, payload: &[u8]) -> Option<Self> {
        let codec = if header.pt == OPUS { CodecKind::Opus } else { CodecKind::Vp8 };
        let frame = codec::inspect(codec, payload).ok()?;
        let size = u16::try_from(payload.len()).ok()?;
        Some(Self { at, ssrc: header.ssrc, index, codec, marker: header.marker, size, frame })
    }
}
