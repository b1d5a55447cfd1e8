//! Which payload types of a section are kept, and with what parameters.

use super::section::{Feedback, Payload, Section};
use viva_media::{Codec, CodecKind, CodecParameters, H264Profile, MediaKind, Pt};

/// A kept codec, with what the answer says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub parameters: CodecParameters,
    pub channels: Option<u32>,
    pub fmtp: Option<String>,
    pub transport_cc: bool,
}

/// The codecs of a section that we forward, by the client's preference. H.264 profiles keep the places that H.264 has,
/// with (constrained) baseline first among them, since every browser decodes it.
pub(super) fn kept(section: &Section) -> Vec<Kept> {
    let Some(kind) = section.kind else { return Vec::new() };
    let mut kept: Vec<Kept> = Vec::new();
    for pt in &section.payload_types {
        let Some(payload) = section.payloads.get(pt) else { continue };
        let Some(codec) = codec(kind, payload) else { continue };
        if kept.iter().any(|other| other.parameters.pt.0 == *pt) {
            continue;
        }
        let Feedback { nack, pli, fir, transport_cc } = payload.feedback.or(section.feedback);
        let video = kind == MediaKind::Video;
        kept.push(Kept {
            parameters: CodecParameters {
                codec,
                pt: Pt(*pt),
                rtx: rtx(section, *pt),
                nack,
                pli: pli && video,
                fir: fir && video,
            },
            channels: payload.channels,
            fmtp: answered_fmtp(codec, payload.fmtp.as_deref()),
            transport_cc,
        });
    }
    // Redundancy is of use only over an Opus that is kept (RFC 2198 §5: its fmtp names the payload types inside).
    let opus: Vec<u8> =
        kept.iter().filter(|k| k.parameters.codec == Codec::Opus).map(|k| k.parameters.pt.0).collect();
    kept.retain(|k| {
        k.parameters.codec != Codec::Red || k.fmtp.as_deref().is_some_and(|fmtp| carries_only(fmtp, &opus))
    });
    if opus.is_empty() && kind == MediaKind::Audio {
        kept.clear();
    }
    baseline_first(&mut kept);
    kept
}

fn codec(kind: MediaKind, payload: &Payload) -> Option<Codec> {
    let is = |codec: CodecKind| {
        payload.name.eq_ignore_ascii_case(codec.name()) && payload.clock == codec.clock_rate()
    };
    match kind {
        MediaKind::Audio if is(CodecKind::Opus) && payload.channels == Some(2) => Some(Codec::Opus),
        MediaKind::Audio if is(CodecKind::Red) => Some(Codec::Red),
        MediaKind::Video if is(CodecKind::Vp8) => Some(Codec::Vp8),
        MediaKind::Video if is(CodecKind::H264) => {
            let fmtp = payload.fmtp.as_deref().unwrap_or_default();
            if parameter(fmtp, "packetization-mode") != Some("1") {
                return None;
            }
            let level = profile_level_id(fmtp)?;
            Some(Codec::H264(H264Profile { profile_idc: level[0], constraints: level[1] }))
        }
        _ => None,
    }
}

/// The payload type whose `apt` is `pt` (RFC 4588 §8.6).
fn rtx(section: &Section, pt: u8) -> Option<Pt> {
    let apt = |fmtp: &str| parameter(fmtp, "apt").and_then(|apt| apt.parse::<u8>().ok());
    section
        .payloads
        .iter()
        .find(|(own, payload)| {
            section.payload_types.contains(own)
                && payload.name.eq_ignore_ascii_case("rtx")
                && payload.fmtp.as_deref().and_then(apt) == Some(pt)
        })
        .map(|(own, _)| Pt(*own))
}

/// What the answer says: how *we* would receive, which is how the client then sends.
fn answered_fmtp(codec: Codec, offered: Option<&str>) -> Option<String> {
    let offered = offered.unwrap_or_default();
    match codec {
        Codec::Opus => {
            let mut fmtp = "minptime=10;useinbandfec=1".to_owned();
            // Stereo and silence suppression are the client's wish about its own sound as well: a shared screen's
            // music stays stereo, speech stays mono.
            for wish in ["stereo", "usedtx"] {
                if parameter(offered, wish) == Some("1") {
                    fmtp.push_str(&format!(";{wish}=1"));
                }
            }
            Some(fmtp)
        }
        Codec::Red => Some(offered.to_owned()),
        Codec::Vp8 => None,
        Codec::H264(_) => {
            let [idc, iop, level] = profile_level_id(offered)?;
            Some(format!(
                "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={idc:02x}{iop:02x}{level:02x}"
            ))
        }
    }
}

/// `111/111`: all payload types inside are among `pts`, and there are not many.
fn carries_only(fmtp: &str, pts: &[u8]) -> bool {
    !fmtp.is_empty()
        && fmtp.len() <= 64
        && fmtp.split('/').all(|pt| pt.trim().parse::<u8>().is_ok_and(|pt| pts.contains(&pt)))
}

/// RFC 6184 §8.1; where it is missing, baseline level 1.
fn profile_level_id(fmtp: &str) -> Option<[u8; 3]> {
    let Some(text) = parameter(fmtp, "profile-level-id") else { return Some([0x42, 0, 0x0a]) };
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let [_, idc, iop, level] = u32::from_str_radix(text, 16).ok()?.to_be_bytes();
    Some([idc, iop, level])
}

/// The value of a parameter of `a=fmtp`.
fn parameter<'a>(fmtp: &'a str, name: &str) -> Option<&'a str> {
    let pairs = fmtp.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(n, v)| (n.trim(), v.trim()))
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn baseline_first(kept: &mut [Kept]) {
    let is_h264 = |kept: &Kept| matches!(kept.parameters.codec, Codec::H264(_));
    let mut ordered: Vec<Kept> = kept.iter().filter(|k| is_h264(k)).cloned().collect();
    ordered.sort_by_key(|kept| match kept.parameters.codec {
        // Constraint flag 1 on baseline makes it constrained baseline (RFC 6184 §8.1, table 5).
        Codec::H264(H264Profile { profile_idc: 0x42, constraints }) => u8::from(constraints & 0x40 == 0),
        _ => 2,
    });
    let mut ordered = ordered.into_iter();
    for place in kept.iter_mut().filter(|k| is_h264(k)) {
        if let Some(next) = ordered.next() {
            *place = next;
        }
    }
}
