//! Datagrams: which protocol, connectivity checks, RTP headers, payload descriptors.

use super::{
    Verdict::{self, Refused, Understood},
    feedback::rtcp,
};
use viva_media::{Carrier, Codec, CodecKind, Extension, ExtensionMap, IceCredentials, Path};
use viva_sfu::parts::{Check, Ice, MAX_ANSWER};
use viva_wire::{
    Micros,
    codec::{self, PictureId, red::Red},
    demux::{Kind, classify},
    dependency::{self, Reader},
    rtp::{Fields, Header, HeaderWriter, max_header_len, read_original_sequence},
};

/// Any datagram goes to the reader of what it claims to be, and to no other.
pub fn demux(data: &[u8]) -> Verdict {
    match classify(data) {
        Some(Kind::Stun) => stun(data),
        Some(Kind::Rtp) => rtp(data),
        Some(Kind::Rtcp) => rtcp(data),
        Some(Kind::Dtls) => Understood,
        None => {
            assert!(Check::read(data).is_err(), "a connectivity check was not told as STUN");
            // The packet types of RTCP aside, a well-formed RTP packet is one of ours.
            assert!(Header::parse(data).is_err(), "an RTP packet was not told as one");
            Refused
        }
    }
}

/// A connectivity check to a transport whose credentials the corpus knows.
pub fn stun(data: &[u8]) -> Verdict {
    let Ok(check) = Check::read(data) else { return Refused };
    let mut ice = Ice::new(credentials("us"), credentials("peer"), Micros(0));
    let path = Path {
        carrier: Carrier::Udp,
        local: ([192, 0, 2, 1], 10_000).into(),
        remote: ([198, 51, 100, 7], 50_000).into(),
    };
    let mut answer = [0; MAX_ANSWER];
    match ice.handle_check(Micros(1), path, &check, &mut answer) {
        Ok(checked) => {
            assert_eq!(check.ufrag, "ufrag-us");
            assert!(checked.answer <= data.len(), "the answer is larger than the question");
            assert_eq!(classify(&answer[..checked.answer]), Some(Kind::Stun));
            assert_eq!(ice.paths().collect::<Vec<_>>(), if checked.new_path { vec![path] } else { vec![] });
            Understood
        }
        Err(_) => {
            assert_eq!(ice.paths().count(), 0, "a refused check left a path behind");
            assert_eq!(ice.last_check(), Micros(0), "a refused check counted as consent");
            Refused
        }
    }
}

/// An RTP packet: what is read, written again by our writer, reads the same.
pub fn rtp(data: &[u8]) -> Verdict {
    let Ok(header) = Header::parse(data) else { return Refused };
    assert!(header.header_len <= data.len());
    let elements: Vec<(u8, &[u8])> = header.extensions(data).collect();
    // Nothing of this may reach past the packet, whatever the ids mean.
    header.read_extensions(&every_id(), data);
    let Ok(payload) = header.payload(data) else { return Refused };
    assert!(payload.len() <= data.len() - header.header_len);
    if let Ok((_, original)) = read_original_sequence(payload) {
        assert_eq!(original.len() + 2, payload.len());
    }

    let carried: Vec<(u8, &[u8])> = elements
        .into_iter()
        .filter(|(id, data)| (1..=14).contains(id) && (1..=16).contains(&data.len()))
        .collect();
    let mut packet = vec![0; max_header_len(carried.len())];
    let fields = Fields {
        pt: header.pt,
        marker: header.marker,
        padding: false,
        sequence: header.sequence,
        timestamp: header.timestamp,
        ssrc: header.ssrc,
    };
    let mut writer = HeaderWriter::new(&mut packet, &fields).expect("there is room for the fixed part");
    for (id, data) in &carried {
        writer.element(*id, data).expect("there is room for an element that the form can carry");
    }
    let length = writer.finish().expect("there is room for the end");
    packet.truncate(length);
    packet.extend_from_slice(payload);

    let again = Header::parse(&packet).expect("what was written can be read");
    assert_eq!(
        (again.pt, again.marker, again.sequence, again.timestamp, again.ssrc),
        (header.pt, header.marker, header.sequence, header.timestamp, header.ssrc)
    );
    assert_eq!(again.extensions(&packet).collect::<Vec<_>>(), carried);
    assert_eq!(again.payload(&packet), Ok(payload));
    Understood
}

/// A payload of the codec that the first byte names: what the munger writes is what is read afterwards.
pub fn payload_descriptors(data: &[u8]) -> Verdict {
    let Some((&choice, payload)) = data.split_first() else { return Refused };
    let kinds =
        [CodecKind::Vp8, CodecKind::H264, CodecKind::Red, CodecKind::Opus, CodecKind::Vp9, CodecKind::Av1];
    let kind = kinds[usize::from(choice) % kinds.len()];
    let Ok(frame) = codec::inspect(kind, payload) else { return Refused };
    assert!(usize::from(frame.descriptor_len) <= payload.len());
    if frame.key_frame {
        assert!(frame.starts_frame, "a decoder begins at the start of a frame");
    }
    if kind == CodecKind::Red {
        red(payload);
    }

    let (picture_id, tl0_picture_index) = (0x2a5a, 0xa5);
    let mut munged = payload.to_vec();
    // Other codecs number no pictures.
    let numbered = match kind {
        CodecKind::Vp8 => Some(Codec::Vp8),
        CodecKind::Vp9 => Some(Codec::Vp9(0)),
        _ => None,
    };
    if let Some(codec) = numbered {
        codec::rewrite(codec, &mut munged, &frame, picture_id, tl0_picture_index);
    }
    let mut expected = frame;
    expected.picture_id = frame.picture_id.map(|PictureId { wide, .. }| PictureId {
        value: if wide { picture_id } else { picture_id & 0x7f },
        wide,
    });
    expected.tl0_picture_index = frame.tl0_picture_index.map(|_| tl0_picture_index);
    assert_eq!(codec::inspect(kind, &munged), Ok(expected));
    let body = usize::from(frame.descriptor_len);
    assert_eq!(munged[body..], payload[body..], "the munger wrote into the picture");
    Understood
}

/// Two dependency descriptors of one stream, the first as long as the first byte says; none reaches past what it is given, and
/// who refuses one keeps what it knew.
pub fn dependency_descriptor(data: &[u8]) -> Verdict {
    let Some((&length, rest)) = data.split_first() else { return Refused };
    let Some((first, second)) = rest.split_at_checked(length.into()) else { return Refused };
    let mut reader = Reader::default();
    let mut verdict = Refused;
    for descriptor in [first, second] {
        let known = reader.sizes().to_vec();
        match reader.read(descriptor) {
            Ok(told) => {
                assert_eq!(reader.read_again(descriptor), Ok(told));
                let pairs = (0..4).flat_map(|spatial| (0..4).map(move |temporal| (spatial, temporal)));
                for (spatial, temporal) in pairs {
                    let enters = told.frame.switches.contains(spatial, temporal);
                    assert!(!enters || told.frame.needed.contains(spatial, temporal));
                }
                assert!(told.top.is_none_or(|top| usize::from(top) < dependency::SPATIAL));
                assert!(reader.sizes().len() <= dependency::SPATIAL);
                verdict = Understood;
            }
            Err(_) => assert_eq!(reader.sizes(), known),
        }
    }
    verdict
}

fn red(payload: &[u8]) {
    let red = Red::parse(payload).expect("inspected");
    let mut end = None;
    for block in red.blocks() {
        assert!(end.is_none_or(|end| end == block.range.start), "blocks follow each other");
        assert!(block.range.end <= payload.len());
        end = Some(block.range.end);
    }
    assert_eq!(end, Some(payload.len()), "the primary block is the rest");
    assert_eq!(red.primary().age, 0);
}

fn every_id() -> ExtensionMap {
    let mut map = ExtensionMap::default();
    for (id, extension) in (1..).zip(Extension::ALL) {
        map.insert(id, extension);
    }
    map
}

fn credentials(name: &str) -> IceCredentials {
    IceCredentials { ufrag: format!("ufrag-{name}"), pwd: format!("password-of-{name}-0123456789") }
}
