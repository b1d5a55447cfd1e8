//! WHIP and WHEP by plain HTTP (RFC 9725): the life of a session while media flows, and what is refused.

use super::{
    house::{FRAGMENT, SDP, Session, header, request, server, token, token_for},
    sans_io::{Offered, Section},
};
use reqwest::Method;
use std::time::Duration;
use str0m::media::MediaKind;
use viva_server::{links::SeatFor, tokens::Tokens};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_trickled_restarted_under_way_and_deleted() {
    let server = server().await;
    let offered = Offered::udp(1, &[Section::Camera(&[])]).await;
    let (section, offer) = (offered.mids[0].clone(), offered.sdp.clone());
    let (session, answer) = Session::create(&server, "whip", "exam", "sender", &offered.sdp).await;
    assert!(session.location.starts_with("/whip/exam/"), "{}", session.location);
    let sender = offered.accept(&answer).await;
    let offered = Offered::udp(2, &[Section::Slot(MediaKind::Video)]).await;
    let slot = offered.mids[0].clone();
    let (receiving, received) = Session::create(&server, "whep", "exam", "receiver", &offered.sdp).await;
    let receiver = offered.accept(&received).await;
    receiver.until("picture", |seen| seen.of(&slot).count() > 100).await;

    // Trickle, with the entity tag of this ICE session and with another.
    let trickle = fragment(&offer, &section);
    assert_eq!(session.patch(&session.tag, &trickle).await.status(), 204);
    assert_eq!(session.patch("\"another\"", &trickle).await.status(), 412);

    // Restart.
    let (offer, pending) = sender.ask(super::sans_io::Client::restart).await;
    let connections = sender.seen(|seen| seen.ice_connections);
    let restarted = session.patch("*", &fragment(&offer, &section)).await;
    assert_eq!(restarted.status(), 200);
    assert_eq!(header(&restarted, "content-type"), FRAGMENT);
    let tag = header(&restarted, "etag");
    assert!(tag.starts_with('"') && tag != session.tag, "{tag}");
    let answer = with_credentials_of(&answer, &restarted.text().await.expect("a fragment"));
    sender.ask(move |client| client.restarted(pending, &answer)).await;
    sender.until("the new ICE session", |seen| seen.ice_connections > connections).await;
    let before = receiver.seen(|seen| seen.of(&slot).count());
    receiver.until("picture after the restart", |seen| seen.of(&slot).count() > before + 300).await;
    receiver.seen(|seen| drop(seen.of(&slot).checked()));
    let trickle = fragment(&offer, &section);
    assert_eq!(session.patch(&session.tag, &trickle).await.status(), 412, "the tag of the session before");
    assert_eq!(session.patch(&tag, &trickle).await.status(), 204);

    // The end.
    for session in [&session, &receiving] {
        assert_eq!(session.delete().await, 200);
        assert_eq!(session.delete().await, 404);
        assert_eq!(session.patch("*", &trickle).await.status(), 404);
    }
}

#[tokio::test]
async fn wrong_expired_and_foreign_tokens_are_refused_alike() {
    let server = server().await;
    let seat = |room: &str| SeatFor {
        room: room.into(),
        identity: "a".into(),
        name: "a".into(),
        publish: true,
        subscribe: true,
    };
    let foreign = Tokens::new("another secret, also longer than 32 characters").expect("a good secret");
    let lasting = Duration::from_secs(60);
    let refused = [
        String::new(),
        "nonsense".into(),
        token_for(&server, "exam", "a", true, true, Duration::ZERO),
        token(&server, "other", "a", true, true),
        seat("exam").token(&foreign, lasting).expect("a token"),
    ];
    let offered = Offered::udp(1, &[Section::Camera(&[])]).await;
    let mut answers = Vec::new();
    for (token, way) in refused.iter().flat_map(|token| [(token, "/whip/exam"), (token, "/whep/exam")]) {
        let answer =
            request(&server, (Method::POST, way), token, &[("content-type", SDP)], offered.sdp.clone()).await;
        answers.push((answer.status().as_u16(), answer.text().await.expect("a body")));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    for (way, publish) in [("/whip/exam", false), ("/whep/exam", true)] {
        let token = token(&server, "exam", "a", publish, !publish);
        let answer =
            request(&server, (Method::POST, way), &token, &[("content-type", SDP)], offered.sdp.clone())
                .await;
        assert_eq!(answer.status(), 403, "{way}");
    }
}

#[tokio::test]
async fn a_wrong_content_type_is_refused() {
    let server = server().await;
    let token = token(&server, "exam", "a", true, true);
    for headers in [&[][..], &[("content-type", "application/json")], &[("content-type", FRAGMENT)]] {
        let answer = request(&server, (Method::POST, "/whip/exam"), &token, headers, "v=0\r\n").await;
        assert_eq!(answer.status(), 415, "{headers:?}");
    }
}

/// The fragment (RFC 8840 §9.2) that names the credentials and candidates of an offer.
fn fragment(offer: &str, mid: &str) -> String {
    let lines =
        |prefix: &str| offer.lines().filter(|line| line.starts_with(prefix)).take(1).collect::<Vec<_>>();
    let mut all = [lines("a=ice-ufrag:"), lines("a=ice-pwd:"), lines("m=")].concat();
    let section = format!("a=mid:{mid}");
    all.push(&section);
    all.extend(lines("a=candidate:"));
    all.push("a=end-of-candidates");
    all.join("\r\n") + "\r\n"
}

/// An answer with the ICE credentials of a fragment in place of its own.
fn with_credentials_of(answer: &str, fragment: &str) -> String {
    let replaced = answer.lines().map(|line| {
        let of_credentials = ["a=ice-ufrag:", "a=ice-pwd:"].into_iter().find(|name| line.starts_with(name));
        let new = of_credentials.and_then(|name| fragment.lines().find(|line| line.starts_with(name)));
        new.unwrap_or(line).to_owned() + "\r\n"
    });
    replaced.collect()
}
