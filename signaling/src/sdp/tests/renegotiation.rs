//! Later offers of the same session.

use super::*;
use crate::sdp::OfferReason;

#[test]
fn slots_and_publications_keep_their_names_while_sections_come_and_go() {
    for browser in ["chromium", "firefox"] {
        let first = answer(fixture(&format!("{browser}-room"))).unwrap();
        let more = answer_with(fixture(&format!("{browser}-room-more")), BOTH, Some(&first), "new").unwrap();
        assert!(!more.ice_restarted);
        assert_eq!(more.transport, first.transport);
        assert_eq!(more.origin, (first.origin.0, 2));
        assert_eq!(more.media.publications, first.media.publications);
        // Section 3 was stopped, 8 to 10 came.
        assert_eq!(more.media.slots.len(), first.media.slots.len() - 1 + 3);
        for name in ["2", "4", "5", "6", "7"] {
            assert_eq!(slot(&more, name), slot(&first, name), "{browser} {name}");
        }
        assert!(section(&more.answer, 3)[0].starts_with("audio 0 "));
        let reuse = answer_with(fixture(&format!("{browser}-room-reuse")), BOTH, Some(&more), "new").unwrap();
        // A new section took the place of the stopped one, under a new name.
        assert!(section(&reuse.answer, 3).contains(&"a=mid:11"));
        let ssrcs: std::collections::BTreeSet<_> =
            reuse.media.slots.iter().flat_map(|slot| [Some(slot.ssrc), slot.rtx_ssrc]).flatten().collect();
        let expected: usize =
            reuse.media.slots.iter().map(|slot| 1 + usize::from(slot.rtx_ssrc.is_some())).sum();
        assert_eq!(ssrcs.len(), expected, "no two streams share an SSRC");
    }
}

#[test]
fn a_section_that_rests_keeps_its_names() {
    let offer = fixture("chromium-sendrecv");
    let first = answer(offer).unwrap();
    let resting = answer_with(&offer.replace("a=sendrecv", "a=inactive"), BOTH, Some(&first), "x").unwrap();
    assert!(resting.media.publications.is_empty() && resting.media.slots.is_empty());
    let again = answer_with(offer, BOTH, Some(&resting), "x").unwrap();
    assert_eq!(again.media, first.media);
}

#[test]
fn new_credentials_are_an_ice_restart() {
    let offer = fixture("chromium-whip");
    let first = answer(offer).unwrap();
    let restarted =
        offer.replace(&format!("a=ice-ufrag:{}", first.transport.remote.ufrag), "a=ice-ufrag:fresh");
    let second = answer_with(&restarted, BOTH, Some(&first), "ours2").unwrap();
    assert!(second.ice_restarted);
    assert_eq!(second.transport.remote.ufrag, "fresh");
    assert_eq!(second.transport.local.ufrag, "ours2");
    assert!(second.answer.contains("a=ice-ufrag:ours2") && !second.answer.contains("a=ice-ufrag:ours\r"));
    let third = answer_with(&restarted, BOTH, Some(&second), "ours3").unwrap();
    assert!(!third.ice_restarted);
    assert_eq!(third.transport.local.ufrag, "ours2");
}

#[test]
fn another_certificate_or_fewer_sections_need_a_new_connection() {
    let first = answer(fixture("chromium-room")).unwrap();
    let reason = |offer: &str| answer_with(offer, BOTH, Some(&first), "x").unwrap_err().reason;
    assert_eq!(reason(fixture("chromium-whip")), OfferReason::FewerSections);
    let offer = fixture("chromium-room");
    let index = offer.find("a=fingerprint:sha-256 ").unwrap() + "a=fingerprint:sha-256 ".len();
    let before = &offer[index..index + 2];
    let after = if before == "00" { "01" } else { "00" };
    let changed = offer.replace(&format!("sha-256 {before}:"), &format!("sha-256 {after}:"));
    assert_eq!(reason(&changed), OfferReason::FingerprintChanged);
}

#[test]
fn everything_may_stop_and_the_transport_stands() {
    let offer = fixture("chromium-whip");
    let first = answer(offer).unwrap();
    let stopped = offer
        .replace("m=audio 9", "m=audio 0")
        .replace("m=video 9", "m=video 0")
        .replace("a=group:BUNDLE 0 1", "a=group:BUNDLE");
    let second = answer_with(&stopped, BOTH, Some(&first), "x").unwrap();
    assert_eq!(second.transport, first.transport);
    assert!(second.media.publications.is_empty());
    assert_eq!(answer(&stopped).unwrap_err().reason, OfferReason::NothingAcceptable);
    // Firefox says nothing of a group then.
    let ungrouped = stopped.replace("a=group:BUNDLE\r\n", "");
    assert!(!ungrouped.contains("BUNDLE"));
    let third = answer_with(&ungrouped, BOTH, Some(&second), "x").unwrap();
    assert!(!third.answer.contains("BUNDLE") && third.transport == first.transport);
}
