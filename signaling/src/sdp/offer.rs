//! Reads an offer line by line.

use super::{
    MAX_EXTENSIONS, MAX_OFFER, MAX_PAYLOAD_TYPES, MAX_RIDS, MAX_SECTIONS,
    error::{OfferError, OfferReason, shortened},
    section::{Direction, Feedback, Offer, OfferedExtension, OfferedRid, Section, Setup, Shared},
    simulcast,
};
use viva_media::{Extension, Fingerprint, MediaKind, Mid, Rid, Ssrc};
use webrtc_sdp::{
    SdpType,
    attribute_type::{
        SdpAttribute, SdpAttributeDirection, SdpAttributeFingerprint, SdpAttributeFingerprintHashType,
        SdpAttributeGroupSemantic, SdpAttributePayloadType, SdpAttributeRtcpFb, SdpAttributeRtcpFbType,
        SdpAttributeSetup, SdpSingleDirection, SdpSsrcGroupSemantic,
    },
    error::SdpParserInternalError,
    media_type::{SdpFormatList, SdpMediaValue, SdpProtocolValue, parse_media},
};

/// The attributes that are looked at.
const READ: [&str; 22] = [
    "bundle-only",
    "extmap",
    "fingerprint",
    "fmtp",
    "group",
    "ice-lite",
    "ice-pwd",
    "ice-ufrag",
    "inactive",
    "mid",
    "recvonly",
    "rid",
    "rtcp-fb",
    "rtcp-mux",
    "rtcp-rsize",
    "rtpmap",
    "sendonly",
    "sendrecv",
    "setup",
    "simulcast",
    "ssrc",
    "ssrc-group",
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
    for (number, line) in numbered(text) {
        let (kind, value) = match line.split_once('=') {
            // What is declined is repeated in the answer: nothing in a line may begin another one (RFC 8866 §9).
            Some((kind, value))
                if kind.len() == 1
                    && kind.bytes().all(|b| b.is_ascii_alphabetic())
                    && !value.chars().any(char::is_control) =>
            {
                (kind, value)
            }
            _ => return Err(OfferError::at(number, OfferReason::NoLine)),
        };
        match kind {
            "m" => {
                if offer.sections.len() == MAX_SECTIONS {
                    return Err(OfferError::at(number, OfferReason::Sections));
                }
                offer
                    .sections
                    .push(media_line(number, value).map_err(|reason| OfferError::at(number, reason))?);
            }
            "a" => attribute(&mut offer, number, value).map_err(|reason| OfferError::at(number, reason))?,
            _ => {}
        }
    }
    Ok(offer)
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

fn media_line(line: usize, value: &str) -> Result<Section, OfferReason> {
    let mut words = value.splitn(4, ' ').map(str::trim);
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (media, port, protocol, formats) = (word(), word(), word(), word());
    let mut section = Section { line, media, protocol, formats, ..Section::default() };
    let parsed = match parse_media(value) {
        Ok(SdpType::Media(parsed)) => parsed,
        Ok(_) => return Err(OfferReason::Value("m=")),
        // A protocol that the parser does not know: the section is declined, not the offer.
        Err(SdpParserInternalError::Unsupported(_)) => {
            section.port = port.parse().map_err(|_| OfferReason::Value("the port of m="))?;
            return Ok(section);
        }
        Err(error) => return Err(syntax(&error)),
    };
    section.port = parsed.port;
    let sealed = matches!(
        parsed.proto,
        SdpProtocolValue::UdpTlsRtpSavpf
            | SdpProtocolValue::UdpTlsRtpSavp
            | SdpProtocolValue::TcpDtlsRtpSavpf
            | SdpProtocolValue::TcpDtlsRtpSavp
    );
    section.kind = match parsed.media {
        SdpMediaValue::Audio if sealed => Some(MediaKind::Audio),
        SdpMediaValue::Video if sealed => Some(MediaKind::Video),
        _ => None,
    };
    if let (Some(_), SdpFormatList::Integers(formats)) = (section.kind, parsed.formats) {
        if formats.len() > MAX_PAYLOAD_TYPES {
            return Err(OfferReason::TooMany("payload types", MAX_PAYLOAD_TYPES));
        }
        for format in formats {
            match u8::try_from(format) {
                Ok(pt) if pt < 128 => section.payload_types.push(pt),
                _ => return Err(OfferReason::Value("a payload type of m=")),
            }
        }
    }
    Ok(section)
}

fn attribute(offer: &mut Offer, line: usize, text: &str) -> Result<(), OfferReason> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name = name.to_ascii_lowercase();
    if !READ.contains(&name.as_str()) {
        return Ok(());
    }
    match name.as_str() {
        "fmtp" => return offer.sections.last_mut().map_or(Ok(()), |section| fmtp(section, value)),
        "fingerprint" => {
            let shared = offer.sections.last_mut().map_or(&mut offer.session, |section| &mut section.shared);
            return fingerprint(shared, line, value);
        }
        _ => {}
    }
    let parsed = match text.parse::<SdpAttribute>() {
        Ok(parsed) => parsed,
        // Extensions of the form that the parser does not know: as if they were not there.
        Err(SdpParserInternalError::Unsupported(_)) => return Ok(()),
        Err(error) => return Err(syntax(&error)),
    };
    match offer.sections.last_mut() {
        Some(section) => match shared_attribute(&mut section.shared, line, parsed)? {
            Some(SdpAttribute::IceLite) => offer.ice_lite = Some(line),
            Some(parsed) => section_attribute(section, line, parsed)?,
            None => {}
        },
        None => match shared_attribute(&mut offer.session, line, parsed)? {
            Some(SdpAttribute::IceLite) => offer.ice_lite = Some(line),
            Some(SdpAttribute::Group(group))
                if matches!(group.semantics, SdpAttributeGroupSemantic::Bundle) =>
            {
                if group.tags.len() > MAX_SECTIONS {
                    return Err(OfferReason::Sections);
                }
                offer.bundle.get_or_insert((line, group.tags));
            }
            _ => {}
        },
    }
    Ok(())
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
        SdpAttribute::Sendrecv => shared.direction = Some(Direction::BOTH),
        SdpAttribute::Sendonly => shared.direction = Some(Direction { send: true, receive: false }),
        SdpAttribute::Recvonly => shared.direction = Some(Direction { send: false, receive: true }),
        SdpAttribute::Inactive => shared.direction = Some(Direction { send: false, receive: false }),
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
        SdpAttribute::BundleOnly => section.bundle_only = true,
        SdpAttribute::RtcpMux => section.rtcp_mux = true,
        SdpAttribute::RtcpRsize => section.rtcp_rsize = true,
        SdpAttribute::Mid(mid) => {
            section.mid =
                Some(mid.parse::<Mid>().map_err(|_| OfferReason::Value("a=mid (1 to 16 characters)"))?);
        }
        SdpAttribute::Rtpmap(rtpmap) => {
            let payload = section.payloads.entry(rtpmap.payload_type).or_default();
            (payload.name, payload.clock, payload.channels) =
                (rtpmap.codec_name, rtpmap.frequency, rtpmap.channels);
        }
        SdpAttribute::Rtcpfb(feedback) => rtcp_feedback(section, &feedback)?,
        SdpAttribute::Rid(rid) if rid.direction == SdpSingleDirection::Send => {
            if section.rids.len() == MAX_RIDS {
                return Err(OfferReason::TooMany("rids", MAX_RIDS));
            }
            let name = rid.id.parse::<Rid>().map_err(|_| OfferReason::Value("a=rid"))?;
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
            if let [media, repair] = ssrcs.as_slice() {
                section.fid.get_or_insert((Ssrc(media.id), Ssrc(repair.id)));
            }
        }
        _ => {}
    }
    Ok(())
}

fn rtcp_feedback(section: &mut Section, attribute: &SdpAttributeRtcpFb) -> Result<(), OfferReason> {
    let mut said = Feedback::default();
    match (&attribute.feedback_type, attribute.parameter.as_str()) {
        (SdpAttributeRtcpFbType::Nack, "") => said.nack = true,
        (SdpAttributeRtcpFbType::Nack, "pli") => said.pli = true,
        (SdpAttributeRtcpFbType::Ccm, "fir") => said.fir = true,
        (SdpAttributeRtcpFbType::TransCc, _) => said.transport_cc = true,
        _ => return Ok(()),
    }
    let feedback = match attribute.payload_type {
        SdpAttributePayloadType::Wildcard => &mut section.feedback,
        SdpAttributePayloadType::PayloadType(pt) => &mut payload(section, pt)?.feedback,
    };
    *feedback = feedback.or(said);
    Ok(())
}

fn fmtp(section: &mut Section, value: &str) -> Result<(), OfferReason> {
    let (pt, parameters) = value.trim().split_once(' ').unwrap_or((value, ""));
    // Data channels of the old form have a name there.
    if section.kind.is_none() {
        return Ok(());
    }
    let pt = pt.parse::<u8>().map_err(|_| OfferReason::Value("the payload type of a=fmtp"))?;
    payload(section, pt)?.fmtp = Some(parameters.trim().to_owned());
    Ok(())
}

/// Keeps SHA-256 and passes over other hashes (RFC 8122 §5: any one that we know must match).
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
        return Err(OfferReason::Value("a=fingerprint"));
    };
    let bytes = fingerprint.try_into().map_err(|_| OfferReason::Value("a=fingerprint"))?;
    shared.fingerprint.get_or_insert((line, Fingerprint(bytes)));
    Ok(())
}

fn payload(section: &mut Section, pt: u8) -> Result<&mut super::section::Payload, OfferReason> {
    if pt > 127 {
        return Err(OfferReason::Value("a payload type"));
    }
    Ok(section.payloads.entry(pt).or_default())
}

/// RFC 8839 §5.4: `ice-char` is a letter, a digit, `+` or `/`; some libraries use `-`, `_` and `=` too.
fn ice_text(text: &str, shortest: usize) -> Option<()> {
    let allowed = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b));
    (allowed && (shortest..=256).contains(&text.len())).then_some(())
}

fn syntax(error: &SdpParserInternalError) -> OfferReason {
    OfferReason::Syntax(shortened(&error.to_string()))
}
