//! Payload descriptors as encoders write them, and what follows from them.

use super::*;
use crate::{codec, dependency::Dependencies};
use viva_media::{Codec, CodecKind};

/// A key picture's lowest frame: I, L, B, E, V with 15-bit picture id 0x1234, T0 U S0, TL0PICIDX 0x56, three sizes and a group
/// of four pictures.
const KEY: &[u8] = &[
    0xae, 0x92, 0x34, 0x10, 0x56, 0x58, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x05, 0x00, 0x02,
    0xd0, 0x04, 0x04, 0x04, 0x44, 0x01, 0x24, 0x02, 0x54, 0x01, 0x82, 0x49, 0x83,
];

fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    codec::inspect(CodecKind::Vp9, payload)
}

#[test]
fn a_key_frame_tells_its_sizes_and_numbers() {
    let frame = inspect(KEY).unwrap();
    assert!(frame.starts_frame && frame.ends_frame && frame.key_frame && frame.layer_sync);
    assert_eq!(frame.picture_id, Some(PictureId { value: 0x1234, wide: true }));
    assert_eq!((frame.tl0_picture_index, frame.temporal, frame.size), (Some(0x56), 0, Some((320, 180))));
    assert_eq!(usize::from(frame.descriptor_len), KEY.len() - 3);
    let (layers, sizes) = layers(KEY).unwrap();
    assert_eq!(layers, Layers { switching_up: true, ..Layers::default() });
    assert_eq!(sizes.unwrap().as_slice(), [(320, 180), (640, 360), (1280, 720)]);
}

#[test]
fn higher_layers_of_a_key_picture_are_no_place_to_begin() {
    // L, B; S1 on the layer below.
    let frame = inspect(&[0xa8, 0x05, 0x13, 0x07, 0xff]).unwrap();
    assert_eq!((frame.key_frame, frame.starts_frame, frame.temporal), (false, true, 0));
    let (told, _) = layers(&[0xa8, 0x05, 0x13, 0x07, 0xff]).unwrap();
    assert_eq!((told.spatial, told.on_lower, told.predicted), (1, true, false));
}

#[test]
fn flexible_mode_has_differences_in_place_of_an_index() {
    let payload = [0xf8, 0x05, 0x40, 0x03, 0x06, 0xff];
    let frame = inspect(&payload).unwrap();
    assert_eq!((frame.tl0_picture_index, frame.temporal, frame.descriptor_len), (None, 2, 5));
    // A fourth difference there is not.
    assert_eq!(inspect(&[0xf8, 0x05, 0x40, 0x03, 0x03, 0x03, 0xff]), Err(Error::Descriptor));
}

#[test]
fn rewriting_keeps_width_and_everything_else() {
    let mut wide = KEY.to_vec();
    let frame = inspect(&wide).unwrap();
    codec::rewrite(Codec::Vp9(0), &mut wide, &frame, 0x7fff, 0xaa);
    assert_eq!(wide[..5], [0xae, 0xff, 0xff, 0x10, 0xaa]);
    assert_eq!(wide[5..], KEY[5..]);
    let mut narrow = vec![0xa8, 0x05, 0x13, 0x07, 0xff];
    let frame = inspect(&narrow).unwrap();
    codec::rewrite(Codec::Vp9(0), &mut narrow, &frame, 0x0181, 0x99);
    assert_eq!(narrow, [0xa8, 0x01, 0x13, 0x99, 0xff]);
}

#[test]
fn truncations_are_refused_until_one_byte_of_picture_is_there() {
    for len in 0..=KEY.len() - 3 {
        assert_eq!(inspect(&KEY[..len]), Err(Error::Descriptor), "{len}");
    }
    assert!(inspect(&KEY[..KEY.len() - 2]).is_ok());
}

/// Frames of three spatial and two temporal layers, where only key pictures use the layer below.
fn key_svc(picture: u16, temporal: u8, key: bool) -> impl Iterator<Item = (PictureId, Layers)> {
    (0..3).map(move |spatial| {
        let layers = Layers {
            predicted: !key,
            spatial,
            temporal,
            switching_up: true,
            on_lower: key && spatial > 0,
            unused_above: !key || spatial == 2,
        };
        (PictureId { value: picture & 0x7fff, wide: true }, layers)
    })
}

#[test]
fn layers_follow_from_payload_descriptors() {
    let mut pictures = Pictures::default();
    let key: Vec<_> = key_svc(0x7fff, 0, true).map(|(id, layers)| pictures.frame(id, layers)).collect();
    assert!(key[0].is_independent() && key[0].switches.contains(2, 0) && key[0].needed.contains(2, 2));
    assert_eq!((key[2].references, key[2].far), (1, false));
    assert!(!key[1].needed.contains(0, 3) && key[1].needed.contains(3, 0));
    let odd: Vec<_> = key_svc(0x8000, 1, false).map(|(id, layers)| pictures.frame(id, layers)).collect();
    assert_eq!(odd[1].number, key[1].number + 4);
    assert_eq!((odd[1].references, odd[1].needed.contains(2, 3)), (1 << 3, false));
    assert!(odd[1].needed.contains(1, 1) && !odd[1].needed.contains(1, 0) && odd[2].needed.contains(3, 3));
    let even: Vec<_> = key_svc(0x8001, 0, false).map(|(id, layers)| pictures.frame(id, layers)).collect();
    assert_eq!(even.iter().map(|frame| frame.references).collect::<Vec<_>>(), [1 << 7; 3]);
    // A packet that comes late belongs to its frame all the same, and is no entry.
    let late = key_svc(0x8000, 1, false).map(|(id, layers)| pictures.frame(id, layers)).last().unwrap();
    assert_eq!(
        (late.number, late.switches, late.far),
        (odd[2].number, crate::dependency::Targets::NONE, true)
    );
}

#[test]
fn packets_of_a_picture_tell_the_same_in_any_order() {
    let mut pictures = Pictures::default();
    let mut tell = |picture, key, spatial: usize| {
        let (id, layers) = key_svc(picture, 0, key).nth(spatial).unwrap();
        pictures.frame(id, layers)
    };
    let key = [2, 0, 1].map(|spatial| tell(10, true, spatial));
    assert!(key.iter().all(Dependencies::is_of_key_picture));
    let delta = [2, 1, 0].map(|spatial| tell(11, false, spatial));
    assert!(!delta.iter().any(Dependencies::is_of_key_picture));
    assert!(delta[0].needed.contains(2, 0) && !delta[1].needed.contains(2, 0));
    // So do later packets of one frame.
    assert!(!tell(11, false, 1).is_of_key_picture());
}
