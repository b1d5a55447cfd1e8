//! Texts from a client: messages of the WebSocket, offers, fragments of session descriptions.

use super::Verdict::{self, Refused, Understood};
use std::collections::BTreeSet;
use viva_media::{Candidate, Fingerprint, IceCredentials, MediaParameters, Permissions, Protocol, Ssrc};
use viva_signaling::{
    message::ClientEnvelope,
    sdp::{Bandwidth, Counter, Fragment, MAX_PUBLICATIONS, MAX_SLOTS, Negotiated, Terms, negotiate},
};

/// A text of the WebSocket: what is understood is written so that it is understood the same again.
pub fn websocket_message(data: &[u8]) -> Verdict {
    let Ok(envelope) = serde_json::from_slice::<ClientEnvelope>(data) else { return Refused };
    let text = serde_json::to_string(&envelope).expect("a message can be written");
    let again: ClientEnvelope = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(again, envelope, "{text}");
    Understood
}

/// An offer: the answer has a line for each of its media sections and no more, ids are unique, the same offer again
/// changes none of them, and without permission nothing flows.
pub fn sdp_offer(data: &[u8]) -> Verdict {
    let Ok(offer) = std::str::from_utf8(data) else { return Refused };
    let mut allocate = Counter(1000);
    let everything = Permissions { publish: true, subscribe: true };
    let first = match answer(offer, everything, None, &mut allocate) {
        Ok(first) => first,
        Err(line) => {
            assert!(
                line.is_none_or(|line| line <= offer.lines().count()),
                "an error in a line that is not there"
            );
            return Refused;
        }
    };
    well_formed(offer, &first);

    let again =
        answer(offer, everything, Some(&first), &mut allocate).expect("what was accepted once is again");
    assert_eq!(again.media, first.media, "the same offer changed the media");
    assert!(!again.ice_restarted, "the same credentials are no restart");
    well_formed(offer, &again);

    let nothing = Permissions { publish: false, subscribe: false };
    let silent =
        answer(offer, nothing, Some(&again), &mut allocate).expect("permission is no reason to refuse");
    assert!(
        silent.media.publications.is_empty() && silent.media.slots.is_empty(),
        "media without permission"
    );
    well_formed(offer, &silent);
    Understood
}

/// The body of a PATCH: what is understood names candidates of a right form only.
pub fn sdp_fragment(data: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(data) else { return Refused };
    let Ok(fragment) = Fragment::parse(text) else { return Refused };
    for candidate in &fragment.candidates {
        assert!(viva_signaling::sdp::is_candidate(candidate), "{candidate}");
    }
    Understood
}

fn answer(
    offer: &str,
    permissions: Permissions,
    previous: Option<&Negotiated>,
    allocate: &mut Counter,
) -> Result<Negotiated, Option<usize>> {
    let local = IceCredentials { ufrag: "viva".to_owned(), pwd: "0123456789abcdefghijklmn".to_owned() };
    let address = ([192, 0, 2, 1], 10_000).into();
    let candidates = [Protocol::Udp, Protocol::Tcp].map(|protocol| Candidate { protocol, address });
    let terms = Terms {
        local: &local,
        fingerprint: Fingerprint([7; 32]),
        candidates: &candidates,
        permissions,
        bandwidth: Bandwidth { named: &[], others: Some(6_000_000) },
    };
    negotiate(offer, &terms, previous, allocate).map_err(|error| error.line)
}

fn well_formed(offer: &str, negotiated: &Negotiated) {
    let answer = &negotiated.answer;
    assert!(answer.ends_with("\r\n"));
    for line in answer.split_terminator("\r\n") {
        let kind = line.as_bytes().first_chunk::<2>();
        assert!(
            kind.is_some_and(|[letter, equals]| letter.is_ascii_lowercase() && *equals == b'='),
            "{line:?}"
        );
        assert!(!line.chars().any(char::is_control), "a control character came through: {line:?}");
    }
    let sections = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("m=")).count();
    assert_eq!(sections(answer), sections(offer), "{answer}");
    unambiguous(&negotiated.media);
}

fn unambiguous(media: &MediaParameters) {
    assert!(media.publications.len() <= MAX_PUBLICATIONS && media.slots.len() <= MAX_SLOTS);
    let publications: BTreeSet<_> = media.publications.iter().map(|publication| publication.id).collect();
    assert_eq!(publications.len(), media.publications.len(), "a publication id twice");
    let ssrcs: Vec<Ssrc> =
        media.slots.iter().flat_map(|slot| [Some(slot.ssrc), slot.rtx_ssrc]).flatten().collect();
    assert_eq!(ssrcs.iter().collect::<BTreeSet<_>>().len(), ssrcs.len(), "an SSRC twice");
}
