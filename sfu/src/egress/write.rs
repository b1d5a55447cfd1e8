//! Writes one packet as its receiver shall see it: header, payload once copied, padding, seal.

use super::queue::Queued;
use crate::{
    cache::Cached,
    codec::{self, Frame, red::Red},
    dropped::Dropped,
    rtp::{Fields, HeaderWriter, OSN_LEN, fill_padding, write_original_sequence},
    srtp::Outbound,
    time::Micros,
};
use viva_media::{Extension, ExtensionMap};

/// What the receiver's transport adds to every packet.
pub struct Seal<'a> {
    /// Its keys.
    pub srtp: &'a Outbound,
    /// Its extension ids.
    pub extensions: &'a ExtensionMap,
    /// The next transport-wide sequence number; moves on where the extension is agreed.
    pub transport_cc: &'a mut u16,
    /// Now, for the absolute send time.
    pub now: Micros,
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
}

impl PassedOn {
    /// What a kept packet passes on.
    pub const fn of(cached: &Cached) -> Self {
        Self {
            audio_level: cached.audio_level,
            video_orientation: cached.video_orientation,
            playout_delay: cached.playout_delay,
        }
    }

    /// Bytes of the header that a receiver with these ids will get.
    pub fn header_len(&self, map: &ExtensionMap) -> usize {
        let agreed = |extension, length: usize| map.id(extension).map_or(0, |_| length + 1);
        let elements = agreed(Extension::TransportWideCc, 2)
            + agreed(Extension::AbsSendTime, 3)
            + self.audio_level.map_or(0, |_| agreed(Extension::AudioLevel, 1))
            + self.video_orientation.map_or(0, |_| agreed(Extension::VideoOrientation, 1))
            + self.playout_delay.map_or(0, |_| agreed(Extension::PlayoutDelay, 3));
        if elements == 0 { 12 } else { 16 + elements.next_multiple_of(4) }
    }
}

/// Writes `packet` into `buffer` and seals it; `padded` is its length with padding, before the seal. Returns the length
/// on the wire.
pub fn write_packet(
    buffer: &mut [u8],
    packet: &Queued,
    payload: &[u8],
    frame: Option<&Frame>,
    passed_on: &PassedOn,
    padded: usize,
    seal: &mut Seal<'_>,
) -> Result<usize, Dropped> {
    let fields = Fields {
        pt: packet.pt,
        marker: packet.marker,
        padding: padded > usize::from(packet.length) || packet.source.is_none(),
        sequence: packet.sequence as u16,
        timestamp: packet.timestamp,
        ssrc: packet.ssrc,
    };
    let header_len = write_header(buffer, &fields, passed_on, seal).ok_or(Dropped::Seal)?;
    let mut end = header_len;
    if let Some(original) = packet.original {
        let room = buffer.get_mut(end..).ok_or(Dropped::Seal)?;
        write_original_sequence(room, original).ok_or(Dropped::Seal)?;
        end += OSN_LEN;
    }
    let room = buffer.get_mut(end..end + payload.len()).ok_or(Dropped::Seal)?;
    room.copy_from_slice(payload);
    if let (Some((picture_id, tl0)), Some(frame)) = (packet.vp8, frame) {
        codec::vp8::rewrite(room, frame, picture_id, tl0);
    }
    end += payload.len();
    if end != usize::from(packet.length) && packet.source.is_some() {
        return Err(Dropped::Seal);
    }
    if padded > end {
        fill_padding(buffer.get_mut(end..padded).ok_or(Dropped::Seal)?);
        end = padded;
    }
    seal.srtp.protect_rtp(packet.sequence, header_len, buffer, end)
}

fn write_header(
    buffer: &mut [u8],
    fields: &Fields,
    passed_on: &PassedOn,
    seal: &mut Seal<'_>,
) -> Option<usize> {
    let mut writer = HeaderWriter::new(buffer, fields)?;
    let map = seal.extensions;
    if let Some(id) = map.id(Extension::TransportWideCc) {
        writer.element(id, &seal.transport_cc.to_be_bytes())?;
        *seal.transport_cc = seal.transport_cc.wrapping_add(1);
    }
    if let Some(id) = map.id(Extension::AbsSendTime) {
        writer.element(id, &abs_send_time(seal.now))?;
    }
    if let (Some(level), Some(id)) = (passed_on.audio_level, map.id(Extension::AudioLevel)) {
        writer.element(id, &[level])?;
    }
    if let (Some(orientation), Some(id)) = (passed_on.video_orientation, map.id(Extension::VideoOrientation))
    {
        writer.element(id, &[orientation])?;
    }
    if let (Some(delay), Some(id)) = (passed_on.playout_delay, map.id(Extension::PlayoutDelay)) {
        writer.element(id, &delay)?;
    }
    writer.finish()
}

/// The primary block of a redundant payload (RFC 2198 §3).
pub fn primary(payload: &[u8]) -> Result<&[u8], Dropped> {
    let block = Red::parse(payload)?.primary();
    payload.get(block.range).ok_or(Dropped::Descriptor)
}

/// Seconds in 6.18 fixed point, 24 bits.
fn abs_send_time(now: Micros) -> [u8; 3] {
    let ticks = ((u128::from(now.0) << 18) / 1_000_000) as u32;
    let [_, high, middle, low] = ticks.to_be_bytes();
    [high, middle, low]
}
