//! Writes one packet as its receiver shall see it: header, payload once copied, padding, seal.

use super::{header_template::HeaderTemplate, queue::Queued};
use crate::{cache::Cached, dropped::Dropped};
use viva_media::Extension;
use viva_wire::{
    codec::{self, red::Red},
    rtp::{Fields, OSN_LEN, fill_padding, write_original_sequence},
    srtp::Outbound,
};

/// What the receiver's transport adds to every packet.
pub struct Seal<'a> {
    /// Its keys.
    pub srtp: &'a Outbound,
    /// What the receiver's headers look like.
    pub headers: &'a mut HeaderTemplate,
}

/// What the publisher's header extensions said, as far as they pass on.
#[derive(Debug, Clone, Copy, Default)]
pub struct PassedOn {
    /// Loudness (RFC 6464), as on the wire.
    pub audio_level: Option<u8>,
    /// Rotation.
    pub video_orientation: Option<u8>,
    /// Jitter buffer limits.
    pub playout_delay: Option<[u8; 3]>,
    /// Bytes of the dependency descriptor.
    pub descriptor_len: u8,
}

impl PassedOn {
    /// What a kept packet passes on.
    pub const fn of(cached: &Cached) -> Self {
        Self {
            audio_level: cached.audio_level,
            video_orientation: cached.video_orientation,
            playout_delay: cached.playout_delay,
            descriptor_len: cached.descriptor_len,
        }
    }

    /// Nothing passes on.
    #[inline]
    pub const fn is_nothing(&self) -> bool {
        // Without branches: nearly always it is nothing.
        let elements =
            self.audio_level.is_some() | self.video_orientation.is_some() | self.playout_delay.is_some();
        !elements & (self.descriptor_len == 0)
    }

    /// As elements of the header extension, the descriptor aside.
    pub fn elements(&self) -> [Option<(Extension, &[u8])>; 3] {
        [
            (Extension::AudioLevel, self.audio_level.as_slice()),
            (Extension::VideoOrientation, self.video_orientation.as_slice()),
            (Extension::PlayoutDelay, self.playout_delay.as_ref().map_or(&[], <[u8; 3]>::as_slice)),
        ]
        .map(|(extension, data)| (!data.is_empty()).then_some((extension, data)))
    }
}

/// Writes `packet` into `buffer` and seals it. `content` is what is kept of it, nothing for padding alone; `padded` is its
/// length with padding, before the seal. Returns the length on the wire.
pub fn write_packet(
    buffer: &mut [u8],
    packet: &Queued,
    content: Option<(&Cached, &[u8])>,
    padded: usize,
    seal: &mut Seal<'_>,
) -> Result<usize, Dropped> {
    let fields = Fields {
        pt: packet.pt,
        marker: packet.marker,
        padding: padded > usize::from(packet.length) || content.is_none(),
        sequence: packet.sequence as u16,
        timestamp: packet.timestamp,
        ssrc: packet.ssrc,
    };
    let mut header_len = seal.headers.write(buffer, &fields).ok_or(Dropped::Seal)?;
    if let Some((cached, kept)) = content
        && let passed_on = PassedOn::of(cached)
        && !passed_on.is_nothing()
    {
        let longer = seal.headers.append(buffer, &passed_on, kept, packet.frame_number);
        header_len = longer.ok_or(Dropped::Seal)?;
    }
    let mut end = header_len;
    if let Some(original) = packet.original {
        let room = buffer.get_mut(end..).ok_or(Dropped::Seal)?;
        write_original_sequence(room, original).ok_or(Dropped::Seal)?;
        end += OSN_LEN;
    }
    if let Some((cached, kept)) = content {
        let payload = cached.payload(kept);
        let payload = if packet.primary_only { primary(payload)? } else { payload };
        let room = buffer.get_mut(end..end + payload.len()).ok_or(Dropped::Seal)?;
        room.copy_from_slice(payload);
        codec::rewrite(cached.codec, room, &cached.frame, packet.picture_id, packet.tl0_picture_index);
        end += payload.len();
        if end != usize::from(packet.length) {
            return Err(Dropped::Seal);
        }
    }
    if padded > end {
        fill_padding(buffer.get_mut(end..padded).ok_or(Dropped::Seal)?);
        end = padded;
    }
    Ok(seal.srtp.protect_rtp(packet.sequence, header_len, buffer, end)?)
}

/// The primary block of a redundant payload (RFC 2198 §3).
pub fn primary(payload: &[u8]) -> Result<&[u8], Dropped> {
    let block = Red::parse(payload)?.primary();
    payload.get(block.range).ok_or(Dropped::Descriptor)
}
