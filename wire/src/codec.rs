//! What a payload tells about its frame: where it starts, whether a decoder may begin there, which layer it belongs to.
//!
//! One file a codec. Nothing here keeps state; a payload is read in place and never past its end.

pub mod av1;
pub mod h264;
pub mod opus;
pub mod red;
pub mod vp8;
pub mod vp9;

use crate::{Error, dependency::Dependencies};
use viva_media::{Codec, CodecKind, H264Format};

/// What one packet tells about the frame it carries a part of.
///
/// For audio every packet is a frame of its own at which a decoder may begin, so `starts_frame` and `key_frame` hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frame {
    /// The packet may be the first of its frame. With H.264 several packets of one timestamp may say so (parameter sets,
    /// then the first slice); the one that comes first is the start.
    pub starts_frame: bool,
    /// The packet is known to be the last of its frame (VP9; AV1 with a dependency descriptor).
    pub ends_frame: bool,
    /// A decoder may begin with this packet: the first of a key frame of VP8, VP9 or AV1; H.264 with a sequence parameter set or with the
    /// first slice of an IDR picture; any audio. Never true for the later packets of a key frame.
    pub key_frame: bool,
    /// The packet carries a sequence parameter set (H.264). A stream that has these can be entered only there, not at the
    /// slice that follows.
    pub parameters: bool,
    /// The packet starts an IDR picture and carries no parameter set beside it (H.264): they came before it, in a packet of
    /// their own that it may have overtaken, or out of band.
    pub bare: bool,
    /// Temporal layer, 0 (base) to 7; 0 where the codec does not tell.
    pub temporal: u8,
    /// The frame depends on the base layer only (VP8's Y bit, VP9's U bit): its temporal layer may be entered here.
    pub layer_sync: bool,
    /// Its place among the layers of its stream, where that is known (VP9, AV1).
    pub dependencies: Dependencies,
    /// The picture's number, where the payload carries one (VP8, VP9).
    pub picture_id: Option<PictureId>,
    /// The running number of base-layer pictures, where the payload carries one (VP8).
    pub tl0_picture_index: Option<u8>,
    /// Width and height in pixels, where the packet tells them.
    pub size: Option<(u16, u16)>,
    /// Bytes of the payload before the codec's own bits: the payload descriptor of VP8 and VP9, AV1's aggregation header,
    /// RED's block headers, else 0.
    pub descriptor_len: u8,
}

/// VP8's or VP9's PictureID with the width that the packet gives it (RFC 7741 §4.2, RFC 9628 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureId {
    /// 7 or 15 bits.
    pub value: u16,
    /// 15 bits, not 7.
    pub wide: bool,
}

/// Reads what `payload` (after the RTP header, without padding) tells about its frame.
///
/// # Errors
/// [`Error::Descriptor`] for a payload that does not hold together, an empty one included.
pub fn inspect(kind: CodecKind, payload: &[u8]) -> Result<Frame, Error> {
    match kind {
        CodecKind::Opus => opus::inspect(payload),
        CodecKind::Red => red::inspect(payload),
        CodecKind::Vp8 => vp8::inspect(payload),
        CodecKind::H264 => h264::inspect(payload),
        CodecKind::Vp9 => vp9::inspect(payload),
        CodecKind::Av1 => av1::inspect(payload),
    }
}

/// What the parameter sets in `payload`, if any, say that the picture is encoded with: names in offers are often wider.
pub fn told(claimed: Codec, payload: &[u8]) -> Option<Codec> {
    match claimed {
        Codec::H264(format) => Some(Codec::H264(H264Format { profile: h264::profile(payload)?, ..format })),
        Codec::Opus | Codec::Red | Codec::Vp8 | Codec::Vp9(_) | Codec::Av1(_) => None,
    }
}

/// Writes a new picture id and base picture index into `payload`, whose `frame` is what [`inspect`] told about it. The
/// length stays; what the payload does not carry is not written.
#[inline]
pub fn rewrite(codec: Codec, payload: &mut [u8], frame: &Frame, picture_id: u16, tl0_picture_index: u8) {
    if matches!(codec, Codec::Vp8) {
        vp8::rewrite(payload, frame, picture_id, tl0_picture_index);
    } else if matches!(codec, Codec::Vp9(_)) {
        vp9::rewrite(payload, frame, picture_id, tl0_picture_index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    #[test]
    fn random_bytes_never_harm_any_reader() {
        let mut noise = Noise::new(7);
        let mut accepted = [0u32; CodecKind::ALL.len()];
        for _ in 0..200_000 {
            let mut bytes = [0u8; 64];
            noise.fill(&mut bytes);
            let len = noise.below(65) as usize;
            for (index, kind) in CodecKind::ALL.into_iter().enumerate() {
                if let Ok(frame) = inspect(kind, &bytes[..len]) {
                    accepted[index] += 1;
                    assert!(usize::from(frame.descriptor_len) <= len);
                    let mut copy = bytes;
                    let numbered = match kind {
                        CodecKind::Vp8 => Some(Codec::Vp8),
                        CodecKind::Vp9 => Some(Codec::Vp9(0)),
                        _ => None,
                    };
                    if let Some(codec) = numbered {
                        rewrite(codec, &mut copy[..len], &frame, 0x7abc, 0x55);
                    }
                    assert_eq!(copy[len..], bytes[len..]);
                    let again = inspect(kind, &copy[..len]).unwrap();
                    let picture_id = frame.picture_id.map(|id| PictureId {
                        value: 0x7abc & if id.wide { 0x7fff } else { 0x7f },
                        wide: id.wide,
                    });
                    let tl0_picture_index = frame.tl0_picture_index.map(|_| 0x55);
                    assert_eq!(again, Frame { picture_id, tl0_picture_index, ..frame });
                }
            }
        }
        assert!(accepted.iter().all(|count| *count > 100), "{accepted:?}");
    }

    #[test]
    fn nothing_is_no_frame_of_any_codec() {
        for kind in CodecKind::ALL {
            assert_eq!(inspect(kind, &[]), Err(Error::Descriptor));
        }
    }
}
