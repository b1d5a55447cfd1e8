//! The session descriptions of load clients: what a browser would offer, cut down to what is used.

use std::{fmt::Write as _, net::SocketAddr};
use viva_media::{Extension, ExtensionMap, Fingerprint, IceCredentials, Ssrc};
use viva_peer::numbers::{self, OPUS, RIDS, VP8, VP8_RTX};

/// Sound or picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sound, always Opus.
    Audio,
    /// Pictures, always VP8.
    Video,
}

/// What one media section is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// Sends one stream.
    Send {
        ssrc: Ssrc,
    },
    /// Sends so many encodings, named by rid.
    Simulcast {
        layers: usize,
    },
    Receive,
}

/// One media section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub mid: String,
    /// Sound or picture.
    pub kind: Kind,
    /// What it is for.
    pub purpose: Use,
}

/// Who describes itself.
#[derive(Debug, Clone)]
pub struct Own<'a> {
    /// Its ICE credentials.
    pub credentials: &'a IceCredentials,
    pub fingerprint: Fingerprint,
    /// `actpass` in an offer, `active` or `passive` in an answer.
    pub setup: &'a str,
    /// It tells nothing of what came of each packet.
    pub silent: bool,
}

/// What the other side said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its ICE credentials.
    pub credentials: IceCredentials,
    /// Where its media port is.
    pub address: SocketAddr,
    /// It starts the DTLS handshake.
    pub active: bool,
    /// Its streams with those that repair them (RFC 5576 §4.2, FID), where it names them.
    pub repairs: Vec<(Ssrc, Ssrc)>,
}

/// The header extensions of load clients. They send VP8, which describes no frames.
pub fn extensions() -> ExtensionMap {
    let all = numbers::EXTENSIONS.iter().map(|(_, extension)| *extension);
    numbers::extensions(&all.filter(|all| *all != Extension::DependencyDescriptor).collect::<Vec<_>>())
}

/// Writes a description with these sections.
pub fn describe(own: &Own<'_>, sections: &[Section]) -> String {
    let mids: Vec<&str> = sections.iter().map(|section| section.mid.as_str()).collect();
    let mut sdp = format!(
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\n\
         a=extmap-allow-mixed\r\na=msid-semantic: WMS bench\r\n",
        mids.join(" ")
    );
    for section in sections {
        // Writing to a string does not fail.
        let _ = write_section(&mut sdp, own, section);
    }
    sdp
}

fn write_section(sdp: &mut String, own: &Own<'_>, section: &Section) -> std::fmt::Result {
    let direction = if section.purpose == Use::Receive { "recvonly" } else { "sendonly" };
    let (kind, pts) = match section.kind {
        Kind::Audio => ("audio", format!("{OPUS}")),
        Kind::Video => ("video", format!("{VP8} {VP8_RTX}")),
    };
    let IceCredentials { ufrag, pwd } = own.credentials;
    write!(
        sdp,
        "m={kind} 9 UDP/TLS/RTP/SAVPF {pts}\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:{ufrag}\r\n\
         a=ice-pwd:{pwd}\r\na=ice-options:trickle\r\na=fingerprint:sha-256 {}\r\na=setup:{}\r\na=mid:{}\r\n\
         a={direction}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n",
        own.fingerprint, own.setup, section.mid
    )?;
    let uris: &[Extension] = match section.kind {
        Kind::Audio => {
            &[Extension::AudioLevel, Extension::AbsSendTime, Extension::TransportWideCc, Extension::Mid]
        }
        Kind::Video => &[
            Extension::AbsSendTime,
            Extension::TransportWideCc,
            Extension::Mid,
            Extension::Rid,
            Extension::RepairedRid,
        ],
    };
    let map = extensions();
    for uri in uris.iter().filter(|uri| !own.silent || **uri != Extension::TransportWideCc) {
        if let Some(id) = map.id(*uri) {
            write!(sdp, "a=extmap:{id} {}\r\n", uri.uri())?;
        }
    }
    let (pt, codec) = match section.kind {
        Kind::Audio => (OPUS, "opus/48000/2"),
        Kind::Video => (VP8, "VP8/90000"),
    };
    write!(sdp, "a=rtpmap:{pt} {codec}\r\n")?;
    if !own.silent {
        write!(sdp, "a=rtcp-fb:{pt} transport-cc\r\n")?;
    }
    match section.kind {
        Kind::Audio => write!(sdp, "a=fmtp:{OPUS} minptime=10;useinbandfec=1\r\n")?,
        Kind::Video => write!(
            sdp,
            "a=rtcp-fb:{VP8} ccm fir\r\na=rtcp-fb:{VP8} nack\r\na=rtcp-fb:{VP8} nack pli\r\n\
             a=rtpmap:{VP8_RTX} rtx/90000\r\na=fmtp:{VP8_RTX} apt={VP8}\r\n"
        )?,
    }
    match &section.purpose {
        Use::Receive => Ok(()),
        Use::Send { ssrc } => write!(
            sdp,
            "a=msid:bench {0}\r\na=ssrc:{1} cname:bench\r\na=ssrc:{1} msid:bench {0}\r\n",
            section.mid, ssrc.0
        ),
        Use::Simulcast { layers } => {
            write!(sdp, "a=msid:bench {}\r\n", section.mid)?;
            let rids = RIDS.get(..(*layers).min(RIDS.len())).unwrap_or_default();
            for rid in rids {
                write!(sdp, "a=rid:{rid} send\r\n")?;
            }
            write!(sdp, "a=simulcast:send {}\r\n", rids.join(";"))
        }
    }
}

/// Reads what is needed of the other side's description.
///
/// # Errors
/// Names what is missing.
pub fn read(sdp: &str) -> Result<Remote, String> {
    let value = |name: &str| {
        let line =
            sdp.lines().find_map(|line| line.strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':'));
        line.map(str::to_owned).ok_or_else(|| format!("the description has no a={name}"))
    };
    same_numbers(sdp)?;
    let address = sdp.lines().filter_map(|line| candidate(line.strip_prefix("a=candidate:")?)).next();
    let pair = |line: &str| {
        let (media, repair) = line.strip_prefix("a=ssrc-group:FID ")?.split_once(' ')?;
        Some((Ssrc(media.parse().ok()?), Ssrc(repair.trim().parse().ok()?)))
    };
    Ok(Remote {
        credentials: IceCredentials { ufrag: value("ice-ufrag")?, pwd: value("ice-pwd")? },
        address: address.ok_or("the description has no UDP candidate of IPv4")?,
        active: value("setup")? == "active",
        repairs: sdp.lines().filter_map(pair).collect(),
    })
}

/// The media sections of an offer, each with what it carries.
pub fn sections(sdp: &str) -> Vec<(String, Kind)> {
    let mut sections = Vec::new();
    let mut kind = None;
    for line in sdp.lines() {
        match line.strip_prefix("m=") {
            Some(media) if media.starts_with("audio ") => kind = Some(Kind::Audio),
            Some(media) if media.starts_with("video ") => kind = Some(Kind::Video),
            Some(_) => kind = None,
            None => {}
        }
        if let (Some(mid), Some(kind)) = (line.strip_prefix("a=mid:"), kind) {
            sections.push((mid.to_owned(), kind));
        }
    }
    sections
}

/// Load clients know everything by one number; who answers keeps it, and who offers has to have chosen the same.
fn same_numbers(sdp: &str) -> Result<(), String> {
    let map = extensions();
    for line in sdp.lines() {
        let other = if let Some((id, uri)) = value_pair(line, "a=extmap:") {
            let id = id.split('/').next().and_then(|id| id.parse().ok());
            Extension::from_uri(uri)
                .and_then(|extension| map.id(extension))
                .is_some_and(|own| id != Some(own))
        } else if let Some((pt, codec)) = value_pair(line, "a=rtpmap:") {
            let own = match codec {
                "opus/48000/2" => Some(OPUS),
                "VP8/90000" => Some(VP8),
                "rtx/90000" => Some(VP8_RTX),
                _ => None,
            };
            own.is_some_and(|own| pt.parse() != Ok(own.0))
        } else {
            false
        };
        if other {
            return Err(format!("the description has a number that load clients do not use: {line}"));
        }
    }
    Ok(())
}

/// The two words after a prefix.
fn value_pair<'a>(line: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    let (first, second) = line.strip_prefix(prefix)?.split_once(' ')?;
    Some((first, second.split(' ').next().unwrap_or_default()))
}

/// The address of a UDP candidate of the first component (RFC 8839 §5.1).
fn candidate(text: &str) -> Option<SocketAddr> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let &[_, component, protocol, _, ip, port, ..] = fields.as_slice() else { return None };
    let address = SocketAddr::new(ip.parse().ok()?, port.parse().ok()?);
    (component == "1" && protocol.eq_ignore_ascii_case("udp") && address.is_ipv4()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_media::{Candidate, Permissions, Protocol};
    use viva_signaling::sdp::{Bandwidth, Counter, Terms, negotiate};

    #[test]
    fn our_own_negotiation_takes_the_offer_and_its_answer_is_read() {
        let credentials =
            IceCredentials { ufrag: "load".to_owned(), pwd: "load-password-of-the-bench".to_owned() };
        let fingerprint = Fingerprint([7; 32]);
        let own = Own { credentials: &credentials, fingerprint, setup: "actpass", silent: false };
        let section = |mid: &str, kind, purpose| Section { mid: mid.to_owned(), kind, purpose };
        let offer = describe(
            &own,
            &[
                section("0", Kind::Audio, Use::Send { ssrc: Ssrc(5) }),
                section("1", Kind::Video, Use::Simulcast { layers: 3 }),
                section("2", Kind::Video, Use::Receive),
            ],
        );
        let candidates = [Candidate { protocol: Protocol::Udp, address: ([127, 0, 0, 1], 7000).into() }];
        let terms = Terms {
            local: &IceCredentials { ufrag: "unit".to_owned(), pwd: "unit-password-of-the-bench".to_owned() },
            fingerprint: Fingerprint([9; 32]),
            candidates: &candidates,
            permissions: Permissions { publish: true, subscribe: true },
            bandwidth: Bandwidth::default(),
        };
        let negotiated = negotiate(&offer, &terms, None, &mut Counter(100)).expect("an answer");
        assert_eq!(negotiated.media.publications.len(), 2);
        assert_eq!(negotiated.media.publications[1].encodings.len(), 3);
        assert_eq!(negotiated.media.extensions, extensions());
        let remote = read(&negotiated.answer).expect("an answer that can be read");
        assert_eq!(remote.address, candidates[0].address);
        assert_eq!(remote.credentials.ufrag, "unit");
        assert!(!remote.active);
        assert_eq!(remote.repairs.len(), 1, "one slot for video");
        let silent = describe(&Own { silent: true, ..own }, &[section("0", Kind::Video, Use::Receive)]);
        let negotiated = negotiate(&silent, &terms, None, &mut Counter(100)).expect("an answer");
        assert_eq!(negotiated.media.extensions.id(Extension::TransportWideCc), None);
        assert!(negotiated.media.extensions.id(Extension::Mid).is_some());
    }

    #[test]
    fn an_offer_with_other_numbers_is_refused() {
        let offer = "v=0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=setup:actpass\r\nm=audio 9 X 111\r\na=mid:a\r\n\
                     a=rtpmap:111 opus/48000/2\r\na=candidate:1 1 udp 2 192.0.2.1 5000 typ host\r\n\
                     m=video 9 X 96 97\r\na=mid:b\r\na=rtpmap:96 VP8/90000\r\n\
                     a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
        assert!(read(offer).is_ok());
        assert_eq!(sections(offer), [("a".to_owned(), Kind::Audio), ("b".to_owned(), Kind::Video)]);
        for (ours, other) in [("rtpmap:96 VP8", "rtpmap:100 VP8"), ("extmap:4 ", "extmap:9 ")] {
            assert!(read(&offer.replace(ours, other)).is_err(), "{other}");
        }
    }
}
