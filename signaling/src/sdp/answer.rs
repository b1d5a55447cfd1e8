//! Writes the answer, and the fragment that answers an ICE restart.

use super::{
    candidate,
    codec::Kept,
    negotiate::{Tagged, Terms},
    section::{Direction, OfferedExtension, OfferedRid, Section},
};
use std::fmt::Write as _;
use viva_media::{Candidate, IceCredentials, MediaKind, Mid, Ssrc};

/// The CNAME of everything that we send (RFC 3550 §6.5.1): all of it comes from one clock.
const CNAME: &str = "viva";
/// In kbit/s: what libwebrtc is told to begin with when it sends several layers. Its own beginning, 300, has no room for
/// the largest of three, and grows by a few percent a second while the smallest flows: 720 lines would take some ten
/// seconds. Too much for a network, it is taken back within the first feedback. Others pass over the parameter.
const START_BITRATE: u32 = 1_500;

/// One media section of the answer.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub section: &'a Section,
    /// Empty where the section is declined.
    pub kept: Vec<Kept>,
    pub extensions: Vec<&'a OfferedExtension>,
    pub rids: Vec<OfferedRid>,
    /// How many encodings the client sends.
    pub encodings: usize,
    /// We receive here: the client publishes.
    pub receive: bool,
    /// We send here: the slot's SSRC and that of its retransmissions.
    pub slot: Option<(Ssrc, Option<Ssrc>)>,
    /// The client tells of each packet by stream (RFC 8888).
    pub congestion_feedback: bool,
}

impl<'a> Line<'a> {
    pub const fn declined(section: &'a Section) -> Self {
        Self::accepted(section, Vec::new())
    }

    pub const fn accepted(section: &'a Section, kept: Vec<Kept>) -> Self {
        Self {
            section,
            kept,
            extensions: Vec::new(),
            rids: Vec::new(),
            encodings: 0,
            receive: false,
            slot: None,
            congestion_feedback: false,
        }
    }

    fn is_video(&self) -> bool {
        self.kept.first().is_some_and(|kept| kept.parameters.codec.kind().media_kind() == MediaKind::Video)
    }
}

/// Writes a whole answer.
pub(super) fn write(
    lines: &[Line<'_>],
    bundle: &[Mid],
    tagged: Option<Tagged>,
    ((session, version), mixed): ((u64, u64), bool),
    local: &IceCredentials,
    terms: &Terms<'_>,
) -> String {
    let mut out = String::with_capacity(512 + lines.len() * 1024);
    let _ = write!(out, "v=0\r\no=- {session} {version} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    out.push_str("a=ice-lite\r\na=ice-options:ice2 trickle\r\n");
    let accepted =
        |mid: &&Mid| lines.iter().any(|line| line.section.mid == Some(**mid) && !line.kept.is_empty());
    if tagged.is_none_or(|tagged| tagged.grouped) {
        write_group(&mut out, bundle.iter().filter(accepted));
    }
    if mixed {
        out.push_str("a=extmap-allow-mixed\r\n");
    }
    out.push_str("a=msid-semantic: WMS *\r\n");
    for line in lines {
        if line.kept.is_empty() {
            write_declined(&mut out, line.section);
        } else {
            let candidates =
                tagged.is_some_and(|tagged| line.section.mid == Some(tagged.mid)).then_some(terms.candidates);
            write_accepted(&mut out, line, local, terms, candidates);
        }
    }
    out
}

/// Writes the fragment that answers an ICE restart (RFC 9725 §4.3.3, RFC 8840 §9).
pub(super) fn write_fragment(
    tagged: Option<Tagged>,
    local: &IceCredentials,
    candidates: &[Candidate],
) -> String {
    let mut out = "a=ice-lite\r\na=ice-options:ice2 trickle\r\n".to_owned();
    if let Some(Tagged { mid, kind, pt, grouped }) = tagged {
        write_group(&mut out, std::iter::once(&mid).filter(|_| grouped));
        let media = match kind {
            MediaKind::Audio => "audio",
            MediaKind::Video => "video",
        };
        let _ = write!(out, "m={media} 9 UDP/TLS/RTP/SAVPF {pt}\r\na=mid:{mid}\r\n");
    }
    write_credentials(&mut out, local);
    candidate::write(&mut out, candidates);
    out
}

fn write_group<'m>(out: &mut String, mids: impl Iterator<Item = &'m Mid>) {
    let mut mids = mids.peekable();
    if mids.peek().is_none() {
        return;
    }
    out.push_str("a=group:BUNDLE");
    for mid in mids {
        let _ = write!(out, " {mid}");
    }
    out.push_str("\r\n");
}

fn write_credentials(out: &mut String, local: &IceCredentials) {
    let _ = write!(out, "a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", local.ufrag, local.pwd);
}

/// RFC 3264 §6: port 0 declines; the formats are repeated since there must be one.
fn write_declined(out: &mut String, section: &Section) {
    let Section { media, protocol, formats, .. } = section;
    let _ = write!(out, "m={media} 0 {protocol} {formats}\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n");
    if let Some(mid) = section.mid {
        let _ = write!(out, "a=mid:{mid}\r\n");
    }
}

fn write_accepted(
    out: &mut String,
    line: &Line<'_>,
    local: &IceCredentials,
    terms: &Terms<'_>,
    candidates: Option<&[Candidate]>,
) {
    let section = line.section;
    let _ = write!(out, "m={} 9 {}", section.media, section.protocol);
    for parameters in line.kept.iter().map(|kept| kept.parameters) {
        let _ = write!(out, " {}", parameters.pt);
        if let Some(rtx) = parameters.rtx {
            let _ = write!(out, " {rtx}");
        }
    }
    out.push_str("\r\nc=IN IP4 0.0.0.0\r\n");
    if let Some(bits) = terms.bandwidth.of(section.mid).filter(|_| line.receive && line.is_video()) {
        // RFC 8866 §9 allows several such lines; a deployed reader of descriptions (str0m) takes no more than one.
        let _ = write!(out, "b=AS:{}\r\n", bits.div_ceil(1000));
    }
    out.push_str("a=rtcp:9 IN IP4 0.0.0.0\r\n");
    write_credentials(out, local);
    let _ = write!(out, "a=fingerprint:sha-256 {}\r\na=setup:passive\r\n", terms.fingerprint);
    if let Some(candidates) = candidates {
        candidate::write(out, candidates);
    }
    if let Some(mid) = section.mid {
        let _ = write!(out, "a=mid:{mid}\r\n");
        if line.slot.is_some() {
            // The slot, not the person: who fills it changes without a negotiation.
            let _ = write!(out, "a=msid:viva-{mid} {mid}\r\n");
        }
    }
    let direction = Direction { send: line.slot.is_some(), receive: line.receive };
    let _ = write!(out, "a={}\r\na=rtcp-mux\r\n", direction.name());
    if section.shared.rtcp_rsize {
        out.push_str("a=rtcp-rsize\r\n");
    }
    if section.shared.mixed {
        out.push_str("a=extmap-allow-mixed\r\n");
    }
    for extension in &line.extensions {
        let _ = write!(out, "a=extmap:{}", extension.id);
        if let Some(direction) = extension.direction {
            let _ = write!(out, "/{}", direction.reversed().name());
        }
        let _ = write!(out, " {}\r\n", extension.uri);
    }
    if line.congestion_feedback {
        // Never of single payload types (RFC 8888 §6).
        out.push_str("a=rtcp-fb:* ack ccfb\r\n");
    }
    let layered = line.kept.first().is_some_and(|kept| kept.parameters.codec.has_layers());
    let several = line.receive && (line.encodings > 1 || layered);
    for kept in &line.kept {
        write_codec(out, kept, several);
    }
    write_simulcast(out, &line.rids);
    if let Some((ssrc, rtx)) = line.slot {
        if let Some(rtx) = rtx {
            let _ = write!(out, "a=ssrc-group:FID {ssrc} {rtx}\r\n");
        }
        for ssrc in std::iter::once(ssrc).chain(rtx) {
            let _ = write!(out, "a=ssrc:{ssrc} cname:{CNAME}\r\n");
        }
    }
}

fn write_codec(out: &mut String, kept: &Kept, several: bool) {
    let parameters = kept.parameters;
    let kind = parameters.codec.kind();
    let (pt, clock) = (parameters.pt, kind.clock_rate());
    let _ = write!(out, "a=rtpmap:{pt} {}/{clock}", kind.name());
    if let Some(channels) = kept.channels {
        let _ = write!(out, "/{channels}");
    }
    out.push_str("\r\n");
    let feedback = [
        (kept.transport_cc, "transport-cc"),
        (parameters.fir, "ccm fir"),
        (parameters.nack, "nack"),
        (parameters.pli, "nack pli"),
    ];
    for (_, feedback) in feedback.iter().filter(|(agreed, _)| *agreed) {
        let _ = write!(out, "a=rtcp-fb:{pt} {feedback}\r\n");
    }
    let start = several.then(|| format!("x-google-start-bitrate={START_BITRATE}"));
    let fmtp: Vec<&str> = kept.fmtp.iter().chain(&start).map(String::as_str).collect();
    if !fmtp.is_empty() {
        let _ = write!(out, "a=fmtp:{pt} {}\r\n", fmtp.join(";"));
    }
    if let Some(rtx) = parameters.rtx {
        let _ = write!(out, "a=rtpmap:{rtx} rtx/{clock}\r\na=fmtp:{rtx} apt={pt}\r\n");
    }
}

/// RFC 8851 §6.3, RFC 8853 §5.3.2: the same rids, received.
fn write_simulcast(out: &mut String, rids: &[OfferedRid]) {
    if rids.is_empty() {
        return;
    }
    for rid in rids {
        let pts: Vec<String> = rid.payload_types.iter().map(u16::to_string).collect();
        let mut parameters = Vec::new();
        if !pts.is_empty() {
            parameters.push(format!("pt={}", pts.join(",")));
        }
        if !rid.restrictions.is_empty() {
            parameters.push(rid.restrictions.clone());
        }
        let space = if parameters.is_empty() { "" } else { " " };
        let _ = write!(out, "a=rid:{} recv{space}{}\r\n", rid.rid, parameters.join(";"));
    }
    let names: Vec<&str> = rids.iter().map(|rid| rid.rid.as_str()).collect();
    let _ = write!(out, "a=simulcast:recv {}\r\n", names.join(";"));
}
