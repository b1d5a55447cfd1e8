//! VP8 (RFC 7741): the payload descriptor in front of every packet, and the header of a key frame.

use super::{Frame, PictureId};
use crate::Error;

/// The fields of the payload descriptor (RFC 7741 §4.2), by where they stand.
struct Descriptor {
    start_of_partition: bool,
    partition: u8,
    picture_id: Option<PictureId>,
    tl0_picture_index: Option<u8>,
    temporal: u8,
    layer_sync: bool,
    len: usize,
}

pub(super) fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    let descriptor = read_descriptor(payload).ok_or(Error::Descriptor)?;
    let bits = payload.get(descriptor.len..).unwrap_or_default();
    let first = *bits.first().ok_or(Error::Descriptor)?;
    let starts_frame = descriptor.start_of_partition && descriptor.partition == 0;
    // RFC 7741 §4.3: P, the lowest bit of the payload header, is 0 for a key frame.
    let key_frame = starts_frame && first & 0x01 == 0;
    Ok(Frame {
        starts_frame,
        key_frame,
        temporal: descriptor.temporal,
        layer_sync: descriptor.layer_sync,
        picture_id: descriptor.picture_id,
        tl0_picture_index: descriptor.tl0_picture_index,
        size: if key_frame { key_frame_size(bits)? } else { None },
        descriptor_len: descriptor.len as u8,
        ..Frame::default()
    })
}

/// Writes `picture_id`, in the width that the packet has, and `tl0_picture_index` in place, each where the packet carries
/// one. `frame` must be what [`super::inspect`] told about this payload.
#[inline(always)]
pub fn rewrite(payload: &mut [u8], frame: &Frame, picture_id: u16, tl0_picture_index: u8) {
    // Present only behind the first octet and the extension octet, in this order.
    let mut rest = payload.get_mut(2..).unwrap_or_default();
    match (frame.picture_id, rest) {
        (Some(PictureId { wide: true, .. }), [high, low, tail @ ..]) => {
            *high = 0x80 | (picture_id >> 8) as u8;
            *low = picture_id as u8;
            rest = tail;
        }
        (Some(PictureId { wide: false, .. }), [only, tail @ ..]) => {
            *only = picture_id as u8 & 0x7f;
            rest = tail;
        }
        (_, other) => rest = other,
    }
    if let (Some(_), [index, ..]) = (frame.tl0_picture_index, rest) {
        *index = tl0_picture_index;
    }
}

fn read_descriptor(payload: &[u8]) -> Option<Descriptor> {
    let (&first, mut rest) = payload.split_first()?;
    let mut descriptor = Descriptor {
        start_of_partition: first & 0x10 != 0,
        partition: first & 0x07,
        picture_id: None,
        tl0_picture_index: None,
        temporal: 0,
        layer_sync: false,
        len: 0,
    };
    if first & 0x80 != 0 {
        let mut octet = || {
            let (&octet, tail) = rest.split_first()?;
            rest = tail;
            Some(octet)
        };
        let extension = octet()?;
        if extension & 0x80 != 0 {
            let high = octet()?;
            let wide = high & 0x80 != 0;
            let value = u16::from(high & 0x7f);
            let value = if wide { value << 8 | u16::from(octet()?) } else { value };
            descriptor.picture_id = Some(PictureId { value, wide });
        }
        if extension & 0x40 != 0 {
            descriptor.tl0_picture_index = Some(octet()?);
        }
        // One octet holds TID, Y and KEYIDX; T says whether the first two mean something.
        if extension & 0x30 != 0 {
            let layer = octet()?;
            if extension & 0x20 != 0 {
                descriptor.temporal = layer >> 6;
                descriptor.layer_sync = layer & 0x20 != 0;
            }
        }
    }
    descriptor.len = payload.len() - rest.len();
    Some(descriptor)
}

/// Width and height from the uncompressed header of a key frame (RFC 6386 §9.1); `None` if the packet ends before it does.
fn key_frame_size(bits: &[u8]) -> Result<Option<(u16, u16)>, Error> {
    const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
    let code = bits.get(3..).unwrap_or_default();
    if code.iter().zip(START_CODE).any(|(seen, due)| *seen != due) {
        return Err(Error::Descriptor);
    }
    Ok(match bits.get(6..) {
        // 14 bits of size, 2 bits of a scale for display.
        Some(&[w0, w1, h0, h1, ..]) => {
            Some((u16::from_le_bytes([w0, w1]) & 0x3fff, u16::from_le_bytes([h0, h1]) & 0x3fff))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key frame of 640×360 with a 15-bit picture id 0x1234, TL0PICIDX 0x56, TID 0 and Y.
    const KEY: &[u8] = &[
        0x90, 0xe0, 0x92, 0x34, 0x56, 0x20, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 0xff,
    ];

    #[test]
    fn a_key_frame_tells_its_size_and_numbers() {
        assert_eq!(
            inspect(KEY),
            Ok(Frame {
                starts_frame: true,
                key_frame: true,
                temporal: 0,
                layer_sync: true,
                picture_id: Some(PictureId { value: 0x1234, wide: true }),
                tl0_picture_index: Some(0x56),
                size: Some((640, 360)),
                descriptor_len: 6,
                ..Frame::default()
            })
        );
    }

    #[test]
    fn the_scale_bits_are_no_part_of_the_size() {
        let mut key = KEY.to_vec();
        key[13] |= 0xc0;
        key[15] |= 0x40;
        assert_eq!(inspect(&key).map(|frame| frame.size), Ok(Some((640, 360))));
    }

    #[test]
    fn only_the_first_packet_of_partition_zero_starts_a_frame() {
        // RFC 7741 §4.2: S=0 goes on; S=1 with another partition starts that, not the frame; P=1 is no key frame.
        for (first, bits, starts, key) in [
            (0x10, 0x00, true, true),
            (0x00, 0x00, false, false),
            (0x11, 0x00, false, false),
            (0x10, 0x01, true, false),
        ] {
            let frame = inspect(&[first, bits]).unwrap();
            assert_eq!((frame.starts_frame, frame.key_frame, frame.descriptor_len), (starts, key, 1));
        }
    }

    #[test]
    fn temporal_layers_are_read_only_where_t_says_so() {
        let with_t = inspect(&[0x80, 0x20, 0xa0, 0x01]).unwrap();
        assert_eq!((with_t.temporal, with_t.layer_sync, with_t.descriptor_len), (2, true, 3));
        let only_k = inspect(&[0x80, 0x10, 0xff, 0x01]).unwrap();
        assert_eq!((only_k.temporal, only_k.layer_sync, only_k.descriptor_len), (0, false, 3));
    }

    #[test]
    fn rewriting_keeps_width_and_everything_else() {
        let mut wide = KEY.to_vec();
        let frame = inspect(&wide).unwrap();
        rewrite(&mut wide, &frame, 0x7fff, 0xaa);
        assert_eq!(wide[..6], [0x90, 0xe0, 0xff, 0xff, 0xaa, 0x20]);
        assert_eq!(wide[6..], KEY[6..]);

        let mut narrow = vec![0x90, 0xe0, 0x7f, 0xff, 0x00, 0x01];
        let frame = inspect(&narrow).unwrap();
        assert_eq!(frame.picture_id, Some(PictureId { value: 0x7f, wide: false }));
        rewrite(&mut narrow, &frame, 0x0180, 0x00);
        assert_eq!(narrow, [0x90, 0xe0, 0x00, 0x00, 0x00, 0x01]);

        let mut index_only = vec![0x90, 0x60, 0x11, 0x40, 0x01];
        let frame = inspect(&index_only).unwrap();
        rewrite(&mut index_only, &frame, 0x1234, 0x99);
        assert_eq!(index_only, [0x90, 0x60, 0x99, 0x40, 0x01]);

        let mut bare = vec![0x10, 0x01, 0x33, 0x44];
        let frame = inspect(&bare).unwrap();
        rewrite(&mut bare, &frame, 0x1234, 0x99);
        assert_eq!(bare, [0x10, 0x01, 0x33, 0x44]);
    }

    #[test]
    fn truncations_are_refused_until_one_byte_of_picture_is_there() {
        for len in 0..=6 {
            assert_eq!(inspect(&KEY[..len]), Err(Error::Descriptor), "{len}");
        }
        for len in 7..16 {
            let frame = inspect(&KEY[..len]).unwrap();
            assert_eq!((frame.key_frame, frame.size), (true, None), "{len}");
        }
    }

    #[test]
    fn a_key_frame_without_its_start_code_is_refused() {
        for at in 9..12 {
            let mut key = KEY.to_vec();
            key[at] ^= 0x40;
            assert_eq!(inspect(&key), Err(Error::Descriptor), "{at}");
        }
    }
}
