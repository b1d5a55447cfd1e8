//! Which payload types of a section are kept, and with what parameters.

use super::section::{Direction, Feedback, OfferedExtension, Payload, Section, Shared};
use viva_media::{Codec, CodecKind, CodecParameters, Extension, H264Format, H264Profile, MediaKind, Pt};

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
pub(super) fn kept(session: &Shared, section: &Section) -> Vec<Kept> {
    let Some(kind) = section.kind else { return Vec::new() };
    let mut kept: Vec<Kept> = Vec::new();
    for pt in &section.payload_types {
        let Some(payload) = section.payloads.get(pt) else { continue };
        let Some(codec) = codec(kind, payload) else { continue };
        if kept.iter().any(|other| other.parameters.pt.0 == *pt) {
            continue;
        }
        let Feedback { nack, pli, fir, transport_cc, ccfb: _ } = payload.feedback.or(section.feedback);
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
    // Single units are a part of the other mode: nothing is gained by offering both.
    let fragmented: Vec<H264Profile> =
        kept.iter().filter_map(h264).filter(|format| format.fragments).map(|format| format.profile).collect();
    kept.retain(|k| h264(k).is_none_or(|format| format.fragments || !fragmented.contains(&format.profile)));
    baseline_first(&mut kept);
    if kind == MediaKind::Video && !reads_sizes(session, section) {
        kept.retain(|k| k.parameters.codec.kind() != CodecKind::Av1);
    }
    kept
}

/// A client that receives AV1 tells the sizes in one stream apart by dependency descriptors alone, and Chromium shows none of
/// them without. These need the two-byte form of header extensions.
fn reads_sizes(session: &Shared, section: &Section) -> bool {
    let direction = section.shared.direction.or(session.direction).unwrap_or(Direction::BOTH);
    let reads = |offered: &OfferedExtension| {
        offered.extension == Some(Extension::DependencyDescriptor)
            && (1..=14).contains(&offered.id)
            && offered.direction.unwrap_or(Direction::BOTH).receive
    };
    let mut extensions = session.extensions.iter().chain(&section.shared.extensions);
    !direction.receive || (session.mixed || section.shared.mixed) && extensions.any(reads)
}

fn codec(kind: MediaKind, payload: &Payload) -> Option<Codec> {
    let is = |codec: CodecKind| {
        payload.name.eq_ignore_ascii_case(codec.name()) && payload.clock == codec.clock_rate()
    };
    match kind {
        // RFC 7587 §7 wants `/2`; without it, or with `/1`, it is the same Opus.
        MediaKind::Audio if is(CodecKind::Opus) && matches!(payload.channels, None | Some(1 | 2)) => {
            Some(Codec::Opus)
        }
        MediaKind::Audio if is(CodecKind::Red) => Some(Codec::Red),
        MediaKind::Video if is(CodecKind::Vp8) => Some(Codec::Vp8),
        // RFC 9628 §6.1: profile 0 where nothing is said.
        MediaKind::Video if is(CodecKind::Vp9) => profile(payload, "profile-id", 3).map(Codec::Vp9),
        // Its RTP specification §7.2.1 likewise.
        MediaKind::Video if is(CodecKind::Av1) => profile(payload, "profile", 2).map(Codec::Av1),
        MediaKind::Video if is(CodecKind::H264) => h264_format(payload.fmtp.as_deref().unwrap_or_default()),
        _ => None,
    }
}

/// A profile that counts from 0 to `highest`; 0 where nothing is said.
fn profile(payload: &Payload, name: &str, highest: u8) -> Option<u8> {
    match parameter(payload.fmtp.as_deref().unwrap_or_default(), name) {
        None => Some(0),
        Some(profile) => profile.parse().ok().filter(|profile| *profile <= highest),
    }
}

/// What is not said is mode 0 and Baseline (RFC 6184 §8.1). The level decides nothing: a receiver that offers one may be
/// sent less, and which one a picture has is seen in the picture.
fn h264_format(fmtp: &str) -> Option<Codec> {
    let fragments = match parameter(fmtp, "packetization-mode") {
        None | Some("0") => false,
        Some("1") => true,
        _ => return None,
    };
    let profile = match parameter(fmtp, "profile-level-id") {
        None => H264Profile::Baseline,
        Some(text) => {
            let [idc, constraints, _] = profile_level_id(text)?;
            H264Profile::spelt(idc, constraints)
        }
    };
    Some(Codec::H264(H264Format { profile, fragments }))
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
        Codec::Vp9(profile) => parameter(offered, "profile-id").map(|_| format!("profile-id={profile}")),
        Codec::Av1(profile) => {
            // What is not said is level 5 and the main tier: we say what the client says of itself.
            let said = ["level-idx", "tier"].into_iter().filter_map(|name| {
                let value: u8 = parameter(offered, name)?.parse().ok()?;
                Some(format!("{name}={value}"))
            });
            let profile = parameter(offered, "profile").map(|_| format!("profile={profile}"));
            let all: Vec<String> = said.chain(profile).collect();
            (!all.is_empty()).then(|| all.join(";"))
        }
        Codec::H264(format) => {
            let mode = format!("level-asymmetry-allowed=1;packetization-mode={}", u8::from(format.fragments));
            match parameter(offered, "profile-level-id").map(profile_level_id) {
                Some(Some([idc, iop, level])) => {
                    Some(format!("{mode};profile-level-id={idc:02x}{iop:02x}{level:02x}"))
                }
                _ if offered.is_empty() => None,
                _ => Some(mode),
            }
        }
    }
}

/// `111/111`: all payload types inside are among `pts`, and there are not many.
fn carries_only(fmtp: &str, pts: &[u8]) -> bool {
    !fmtp.is_empty()
        && fmtp.len() <= 64
        && fmtp.split('/').all(|pt| pt.trim().parse::<u8>().is_ok_and(|pt| pts.contains(&pt)))
}

/// RFC 6184 §8.1: six digits. FFmpeg 8 writes seven, with its own flag 0x200 for the constraint of Constrained Baseline in
/// the middle.
fn profile_level_id(text: &str) -> Option<[u8; 3]> {
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |from: usize| u8::from_str_radix(text.get(from..from + 2)?, 16).ok();
    match text.len() {
        6 => Some([byte(0)?, byte(2)?, byte(4)?]),
        7 if text.get(2..5) == Some("200") => Some([byte(0)?, 0xe0, byte(5)?]),
        _ => None,
    }
}

/// The value of a parameter of `a=fmtp`.
fn parameter<'a>(fmtp: &'a str, name: &str) -> Option<&'a str> {
    let pairs = fmtp.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(n, v)| (n.trim(), v.trim()))
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

const fn h264(kept: &Kept) -> Option<H264Format> {
    match kept.parameters.codec {
        Codec::H264(format) => Some(format),
        _ => None,
    }
}

fn baseline_first(kept: &mut [Kept]) {
    let mut ordered: Vec<Kept> = kept.iter().filter(|k| h264(k).is_some()).cloned().collect();
    ordered.sort_by_key(|kept| match h264(kept).map(|format| format.profile) {
        Some(H264Profile::ConstrainedBaseline) => 0,
        Some(H264Profile::Baseline) => 1,
        _ => 2,
    });
    let mut ordered = ordered.into_iter();
    for place in kept.iter_mut().filter(|k| h264(k).is_some()) {
        if let Some(next) = ordered.next() {
            *place = next;
        }
    }
}
