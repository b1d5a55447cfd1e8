//! Tests of the negotiation, on offers of Chromium 156, Firefox 153, str0m 0.25 and webrtc-rs 0.21.

mod deployed;
mod fragments;
mod hostile;
mod offers;
mod renegotiation;
mod variants;

use super::{Bandwidth, Counter, Negotiated, OfferError, Terms, negotiate};
use viva_media::{
    Candidate, Fingerprint, IceCredentials, Mid, Permissions, Protocol, PublicationParameters,
    SlotParameters, Ssrc,
};

/// Every committed offer, by name.
const FIXTURES: [(&str, &str); 14] = [
    ("chromium-room", include_str!("../../fixtures/chromium-room.sdp")),
    ("chromium-room-more", include_str!("../../fixtures/chromium-room-more.sdp")),
    ("chromium-room-reuse", include_str!("../../fixtures/chromium-room-reuse.sdp")),
    ("chromium-sendrecv", include_str!("../../fixtures/chromium-sendrecv.sdp")),
    ("chromium-whep", include_str!("../../fixtures/chromium-whep.sdp")),
    ("chromium-whip", include_str!("../../fixtures/chromium-whip.sdp")),
    ("firefox-room", include_str!("../../fixtures/firefox-room.sdp")),
    ("firefox-room-more", include_str!("../../fixtures/firefox-room-more.sdp")),
    ("firefox-room-reuse", include_str!("../../fixtures/firefox-room-reuse.sdp")),
    ("firefox-sendrecv", include_str!("../../fixtures/firefox-sendrecv.sdp")),
    ("firefox-whep", include_str!("../../fixtures/firefox-whep.sdp")),
    ("firefox-whip", include_str!("../../fixtures/firefox-whip.sdp")),
    ("str0m-room", include_str!("../../fixtures/str0m-room.sdp")),
    ("webrtc-rs-sendrecv", include_str!("../../fixtures/webrtc-rs-sendrecv.sdp")),
];

fn fixture(name: &str) -> &'static str {
    FIXTURES.iter().find(|(other, _)| *other == name).unwrap().1
}

const BOTH: Permissions = Permissions { publish: true, subscribe: true };

fn credentials(name: &str) -> IceCredentials {
    IceCredentials { ufrag: name.to_owned(), pwd: "0123456789abcdefghijkl".to_owned() }
}

fn answer_with(
    offer: &str,
    permissions: Permissions,
    previous: Option<&Negotiated>,
    ours: &str,
) -> Result<Negotiated, OfferError> {
    let address = "192.0.2.1:7000".parse().unwrap();
    let candidates = [Protocol::Udp, Protocol::Tcp].map(|protocol| Candidate { protocol, address });
    let local = credentials(ours);
    let bandwidth = Bandwidth::default();
    let fingerprint = Fingerprint([0xab; 32]);
    let terms = Terms { local: &local, fingerprint, candidates: &candidates, permissions, bandwidth };
    let mut counter = Counter(previous.map_or(100, |previous| previous.origin.1 as u32 * 1000));
    negotiate(offer, &terms, previous, &mut counter)
}

fn answer(offer: &str) -> Result<Negotiated, OfferError> {
    answer_with(offer, BOTH, None, "ours")
}

fn mid(text: &str) -> Mid {
    text.parse().unwrap()
}

fn publication<'a>(agreed: &'a Negotiated, name: &str) -> &'a PublicationParameters {
    agreed.media.publications.iter().find(|publication| publication.mid == mid(name)).unwrap()
}

fn slot<'a>(agreed: &'a Negotiated, name: &str) -> &'a SlotParameters {
    agreed.media.slots.iter().find(|slot| slot.mid == mid(name)).unwrap()
}

/// The lines of the answer's nth media section.
fn section(answer: &str, index: usize) -> Vec<&str> {
    let mut sections = answer.split("m=").skip(1);
    sections.nth(index).unwrap().lines().collect()
}

/// A short offer of one video section with `extra` lines, for variations.
fn small(extra: &str) -> String {
    let head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE v\r\n\
        a=fingerprint:sha-256 ";
    let fingerprint = Fingerprint([1; 32]);
    format!(
        "{head}{fingerprint}\r\na=ice-ufrag:them\r\na=ice-pwd:themthemthemthemthemthem\r\na=setup:actpass\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 102\r\nc=IN IP4 0.0.0.0\r\na=mid:v\r\na=rtcp-mux\r\n\
        a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:102 H264/90000\r\n{extra}"
    )
}
