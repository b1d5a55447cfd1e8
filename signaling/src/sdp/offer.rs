//! Reads an offer line by line.

use super::{
    MAX_EXTENSIONS, MAX_OFFER, MAX_PAYLOAD_TYPES, MAX_RIDS, MAX_SECTIONS,
    error::{OfferError, OfferReason, shortened},
    section::{Direction, Feedback, Offer, OfferedExtension, OfferedRid, Section, Setup, Shared},
    simulcast,
};
use viva_media::{Extension, Fingerprint, MediaKind, Mid, Rid, Ssrc};
use webrtc_sdp::{
    attribute_type::{
        SdpAttribute, SdpAttributeDirection, SdpAttributeFingerprint, SdpAttributeFingerprintHashType,
        SdpAttributeGroupSemantic, SdpAttributePayloadType, SdpAttributeRtcpFb, SdpAttributeRtcpFbType,
        SdpAttributeSetup, SdpSingleDirection, SdpSsrcGroupSemantic,
    },
    error::SdpParserInternalError,
};

/// Attributes without which the offer would mean something else: one of them that does not parse is an error.
const NEEDED: [&str; 7] = ["group", "ice-pwd", "ice-ufrag", "mid", "setup", "simulcast", "ssrc"];
/// Attributes of one codec, extension, encoding or stream: one of them that does not parse costs only that.
const OF_ONE: [&str; 5] = ["extmap", "rid", "rtcp-fb", "rtpmap", "ssrc-group"];
/// What `m=` may call RTP that DTLS keys: all the names that RFC 9429 §5.1.2 accepts.
const SEALED: [&str; 10] = [
    "UDP/TLS/RTP/SAVPF",
    "UDP/TLS/RTP/SAVP",
    "TCP/DTLS/RTP/SAVPF",
    "TCP/DTLS/RTP/SAVP",
    "TCP/TLS/RTP/SAVPF",
    "TCP/TLS/RTP/SAVP",
    "RTP/SAVPF",
    "RTP/SAVP",
    "RTP/AVPF",
    "RTP/AVP",
];

/// Reads a whole offer.
pub(super) fn read(text: &str) -> Result<Offer, OfferError> {
    if text.len() > MAX_OFFER {
        return Err(OfferError::whole(OfferReason::TooLong));
    }
    match numbered(text).next() {
        Some((_, "v=0")) => read_fragment(text),
        Some((line, _)) => Err(OfferError::at(line, OfferReason::NoVersion)),
        None => Err(OfferError::whole(OfferReason::NoVersion)),
    }
}

/// Reads any part of a session description, of a length that the caller has checked.
pub(super) fn read_fragment(text: &str) -> Result<Offer, OfferError> {
    let mut offer = Offer::default();
    // One odd line among others is passed over; a text without any line of SDP is none.
    if let Some((number, _)) = numbered(text).next()
        && !numbered(text).any(|(_, line)| line.as_bytes().get(1) == Some(&b'='))
    {
        return Err(OfferError::at(number, OfferReason::NoLine));
    }
    for (number, line) in numbered(text) {
        let at = |reason| OfferError::at(number, reason);
        // What is accepted or declined is repeated in the answer: nothing in a line may begin another one (RFC 8866 §9).
        let whole = !line.chars().any(char::is_control);
        match line.split_once('=') {
            Some(("m", _)) if !whole => return Err(at(OfferReason::NoLine)),
            Some(("m", _)) if offer.sections.len() == MAX_SECTIONS => {
                return Err(at(OfferReason::Sections));
            }
            Some(("m", value)) => offer.sections.push(media_line(number, value).map_err(at)?),
            Some(("a", value)) if whole => attribute(&mut offer, number, value).map_err(at)?,
            // Another kind of line, or none at all: nothing in it matters here.
            _ => {}
        }
    }
    Ok(offer)
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

fn media_line(line: usize, value: &str) -> Result<Section, OfferReason> {
    let mut words = value.splitn(4, ' ').map(str::trim);
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (media, port, protocol, formats) = (word(), word(), word(), word());
    if formats.is_empty() {
        return Err(OfferReason::Value("m="));
    }
    // The number of ports may follow (RFC 8866 §5.14).
    let port = port.split('/').next().and_then(|port| port.parse().ok());
    let port = port.filter(|port| *port <= 65_535).ok_or(OfferReason::Value("the port of m="))?;
    let sealed = SEALED.contains(&protocol.as_str());
    let kind = match media.as_str() {
        "audio" if sealed => Some(MediaKind::Audio),
        "video" if sealed => Some(MediaKind::Video),
        _ => None,
    };
    let mut section = Section { line, media, port, protocol, kind, formats, ..Section::default() };
    if kind.is_some() {
        let words = section.formats.split_ascii_whitespace();
        // What is no payload type costs only itself.
        section.payload_types = words.filter_map(|pt| pt.parse().ok()).filter(|pt| *pt < 128).collect();
        if section.payload_types.len() > MAX_PAYLOAD_TYPES {
            return Err(OfferReason::TooMany("payload types", MAX_PAYLOAD_TYPES));
        }
    }
    Ok(section)
}

fn attribute(offer: &mut Offer, line: usize, text: &str) -> Result<(), OfferReason> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name = name.trim().to_ascii_lowercase();
    let shared = offer.sections.last_mut().map_or(&mut offer.session, |section| &mut section.shared);
    match name.as_str() {
        "fingerprint" => return fingerprint(shared, line, value),
        "sendrecv" => shared.direction = Some(Direction::BOTH),
        "sendonly" => shared.direction = Some(Direction { send: true, receive: false }),
        "recvonly" => shared.direction = Some(Direction { send: false, receive: true }),
        "inactive" => shared.direction = Some(Direction { send: false, receive: false }),
        // RFC 8858 §3: `rtcp-mux-only` alone means no less.
        "rtcp-mux" | "rtcp-mux-only" => shared.rtcp_mux = true,
        "rtcp-rsize" => shared.rtcp_rsize = true,
        "extmap-allow-mixed" => shared.mixed = true,
        "ice-lite" => offer.ice_lite = Some(line),
        // RFC 8888 §6, which the parser of SDP does not know.
        "rtcp-fb" if value.split_ascii_whitespace().skip(1).eq(["ack", "ccfb"]) => {
            if let Some(section) = offer.sections.last_mut() {
                section.feedback.ccfb = true;
            }
            return Ok(());
        }
        "bundle-only" => {
            if let Some(section) = offer.sections.last_mut() {
                section.bundle_only = true;
            }
        }
        "fmtp" => {
            if let Some(section) = offer.sections.last_mut() {
                fmtp(section, value);
            }
        }
        name if NEEDED.contains(&name) || OF_ONE.contains(&name) => {
            match format!("{name}:{value}").parse::<SdpAttribute>() {
                Ok(parsed) => return parsed_attribute(offer, line, parsed),
                // Of a form that the parser does not know: as if it were not there.
                Err(SdpParserInternalError::Unsupported(_)) => {}
                Err(error) if NEEDED.contains(&name) => return Err(syntax(name, &error)),
                Err(_) => {}
            }
        }
        _ => {}
    }
    Ok(())
}

fn parsed_attribute(offer: &mut Offer, line: usize, parsed: SdpAttribute) -> Result<(), OfferReason> {
    match offer.sections.last_mut() {
        Some(section) => match shared_attribute(&mut section.shared, line, parsed)? {
            Some(parsed) => section_attribute(section, line, parsed),
            None => Ok(()),
        },
        None => match shared_attribute(&mut offer.session, line, parsed)? {
            Some(SdpAttribute::Group(group))
                if matches!(group.semantics, SdpAttributeGroupSemantic::Bundle) =>
            {
                if group.tags.len() > MAX_SECTIONS {
                    return Err(OfferReason::Sections);
                }
                offer.bundle.get_or_insert(group.tags);
                Ok(())
            }
            _ => Ok(()),
        },
    }
}

/// Takes what may stand at either level; hands back everything else.
fn shared_attribute(
    shared: &mut Shared,
    line: usize,
    parsed: SdpAttribute,
) -> Result<Option<SdpAttribute>, OfferReason> {
    match parsed {
        SdpAttribute::IceUfrag(ufrag) => {
            ice_text(&ufrag, 4).ok_or(OfferReason::Value("a=ice-ufrag"))?;
            shared.ufrag = Some((line, ufrag));
        }
        SdpAttribute::IcePwd(pwd) => {
            ice_text(&pwd, 22).ok_or(OfferReason::Value("a=ice-pwd"))?;
            shared.pwd = Some((line, pwd));
        }
        SdpAttribute::Setup(setup) => {
            let setup = match setup {
                SdpAttributeSetup::Active => Setup::Active,
                SdpAttributeSetup::Actpass => Setup::ActPass,
                SdpAttributeSetup::Passive => Setup::Passive,
                SdpAttributeSetup::Holdconn => Setup::HoldConn,
            };
            shared.setup = Some((line, setup));
        }
        SdpAttribute::Extmap(extmap) => {
            if shared.extensions.len() == MAX_EXTENSIONS {
                return Err(OfferReason::TooMany("header extensions", MAX_EXTENSIONS));
            }
            let direction = extmap.direction.map(|direction| match direction {
                SdpAttributeDirection::Recvonly => Direction { send: false, receive: true },
                SdpAttributeDirection::Sendonly => Direction { send: true, receive: false },
                SdpAttributeDirection::Sendrecv => Direction::BOTH,
            });
            shared.extensions.push(OfferedExtension {
                line,
                id: extmap.id,
                extension: Extension::from_uri(&extmap.url),
                uri: extmap.url,
                direction,
            });
        }
        other => return Ok(Some(other)),
    }
    Ok(None)
}

fn section_attribute(section: &mut Section, line: usize, parsed: SdpAttribute) -> Result<(), OfferReason> {
    match parsed {
        SdpAttribute::Mid(mid) => {
            section.mid =
                Some(mid.parse::<Mid>().map_err(|_| OfferReason::Value("a=mid (1 to 64 characters)"))?);
        }
        SdpAttribute::Rtpmap(rtpmap) => {
            let payload = section.payloads.entry(rtpmap.payload_type).or_default();
            (payload.name, payload.clock, payload.channels) =
                (rtpmap.codec_name, rtpmap.frequency, rtpmap.channels);
        }
        SdpAttribute::Rtcpfb(feedback) => rtcp_feedback(section, &feedback),
        SdpAttribute::Rid(rid) if rid.direction == SdpSingleDirection::Send => {
            if section.rids.len() == MAX_RIDS {
                return Err(OfferReason::TooMany("rids", MAX_RIDS));
            }
            // One that no packet could carry; `a=simulcast` names it in vain.
            let Ok(name) = rid.id.parse::<Rid>() else { return Ok(()) };
            if section.rids.iter().any(|other| other.rid == name) {
                return Err(OfferReason::DuplicateRid(name.to_string()));
            }
            section.rids.push(OfferedRid {
                rid: name,
                area: simulcast::area(&rid.params),
                restrictions: simulcast::restrictions(&rid.params),
                payload_types: rid.formats,
            });
        }
        SdpAttribute::Simulcast(attribute) if !attribute.send.is_empty() => {
            section.simulcast = Some((line, simulcast::alternatives(&attribute)?));
        }
        SdpAttribute::Ssrc(ssrc) => {
            section.ssrc.get_or_insert(Ssrc(ssrc.id));
        }
        SdpAttribute::SsrcGroup(SdpSsrcGroupSemantic::FlowIdentification, ssrcs) => {
            if let ([media, repair], true) = (ssrcs.as_slice(), section.fids.len() < MAX_RIDS) {
                section.fids.push((Ssrc(media.id), Ssrc(repair.id)));
            }
        }
        SdpAttribute::SsrcGroup(SdpSsrcGroupSemantic::Sim, ssrcs) if section.sim.is_empty() => {
            section.sim = ssrcs.iter().take(MAX_RIDS).map(|ssrc| Ssrc(ssrc.id)).collect();
        }
        _ => {}
    }
    Ok(())
}

fn rtcp_feedback(section: &mut Section, attribute: &SdpAttributeRtcpFb) {
    let mut said = Feedback::default();
    match (&attribute.feedback_type, attribute.parameter.as_str()) {
        (SdpAttributeRtcpFbType::Nack, "") => said.nack = true,
        (SdpAttributeRtcpFbType::Nack, "pli") => said.pli = true,
        (SdpAttributeRtcpFbType::Ccm, "fir") => said.fir = true,
        (SdpAttributeRtcpFbType::TransCc, _) => said.transport_cc = true,
        _ => return,
    }
    let feedback = match attribute.payload_type {
        SdpAttributePayloadType::Wildcard => &mut section.feedback,
        SdpAttributePayloadType::PayloadType(pt) => &mut section.payloads.entry(pt).or_default().feedback,
    };
    *feedback = feedback.or(said);
}

/// One that names no payload type, as in data channels of the old form, says nothing here.
fn fmtp(section: &mut Section, value: &str) {
    let value = value.trim();
    let (pt, parameters) = value.split_once(' ').unwrap_or((value, ""));
    if let Ok(pt) = pt.parse::<u8>() {
        section.payloads.entry(pt).or_default().fmtp = Some(parameters.trim().to_owned());
    }
}

/// Keeps SHA-256 and passes over other hashes and what is none (RFC 8122 §5: any one that we know must match).
fn fingerprint(shared: &mut Shared, line: usize, value: &str) -> Result<(), OfferReason> {
    // The name of the hash is free in case, and so in practice are the digits.
    let lower = value.trim().to_ascii_lowercase();
    if !lower.starts_with("sha-256 ") {
        return Ok(());
    }
    let Ok(SdpAttribute::Fingerprint(SdpAttributeFingerprint {
        hash_algorithm: SdpAttributeFingerprintHashType::Sha256,
        fingerprint,
    })) = format!("fingerprint:{lower}").parse()
    else {
        let another = shared.fingerprint.is_some();
        return if another { Ok(()) } else { Err(OfferReason::Value("a=fingerprint")) };
    };
    let bytes = fingerprint.try_into().map_err(|_| OfferReason::Value("a=fingerprint"))?;
    shared.fingerprint.get_or_insert((line, Fingerprint(bytes)));
    Ok(())
}

/// RFC 8839 §5.4: `ice-char` is a letter, a digit, `+` or `/`; some libraries use `-`, `_` and `=` too.
fn ice_text(text: &str, shortest: usize) -> Option<()> {
    let allowed = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b));
    (allowed && (shortest..=256).contains(&text.len())).then_some(())
}

fn syntax(name: &str, error: &SdpParserInternalError) -> OfferReason {
    OfferReason::Syntax(format!("a={name}: {}", shortened(&error.to_string())))
}
