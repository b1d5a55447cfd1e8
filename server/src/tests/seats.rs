//! Taking, keeping, losing and leaving a seat.

use super::{
    client::{Client, joined, offer, server, token, token_for},
    pages::get,
};
use crate::{links::SeatFor, serve::Server, tokens::Tokens};
use std::time::Duration;
use viva_sfu::Event;
use viva_signaling::message::{
    ClientMessage, CloseReason, ErrorCode, PublishedTrack, ServerMessage, SlotView, TrackSource, VERSION,
};

fn tracks() -> Vec<PublishedTrack> {
    vec![
        PublishedTrack { mid: "0".into(), source: TrackSource::Microphone, muted: false },
        PublishedTrack { mid: "1".into(), source: TrackSource::Camera, muted: true },
    ]
}

fn publications(message: ServerMessage) -> Vec<String> {
    match message {
        ServerMessage::Answer { publications, .. } => {
            publications.into_iter().map(|p| p.publication).collect()
        }
        other => panic!("answer, not {other:?}"),
    }
}

#[tokio::test]
async fn hello_join_and_offer_in_one_burst_are_answered_in_order() {
    let server = server(&[]).await;
    let mut client = Client::connect(&server).await;
    client.say(ClientMessage::Hello { version: VERSION, client: "test".into() }).await;
    client.say(ClientMessage::Join { token: token(&server, "a") }).await;
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let mut answers = Vec::new();
    while answers.len() < 3 {
        let envelope = client.next().await.unwrap();
        answers.extend(envelope.re.map(|re| (re, envelope.message)));
    }
    assert!(matches!(answers[0], (1, ServerMessage::Welcome { .. })));
    assert!(matches!(answers[1], (2, ServerMessage::Joined { .. })));
    match &answers[2] {
        (3, ServerMessage::Answer { sdp, publications, slots }) => {
            assert!(sdp.starts_with("v=0"));
            assert_eq!((publications.len(), slots.len()), (2, 2));
        }
        other => panic!("{other:?}"),
    }
}

/// Commands that the media plane was told since its start.
async fn commands(server: &Server) -> u64 {
    let metrics = get(server, "/metrics").await.text().await.unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix("viva_shard_commands_total{shard=\"0\"} "));
    line.unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_agreement_is_one_command_whatever_it_brings() {
    let server = server(&[]).await;
    let (mut client, _) = Client::joined(&server, "a").await;
    let mut offered = async |source, muted| {
        let before = commands(&server).await;
        let camera = PublishedTrack { mid: "1".into(), source, muted };
        let tracks = vec![tracks().remove(0), camera];
        client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks }).await;
        assert_eq!(publications(client.answer().await).len(), 2);
        commands(&server).await - before
    };
    // The first one has the transport with it.
    assert_eq!(offered(TrackSource::Camera, true).await, 2);
    assert_eq!(offered(TrackSource::Screen, false).await, 1);
    assert_eq!(offered(TrackSource::Screen, false).await, 1);
}

#[tokio::test]
async fn who_sends_more_than_it_may_is_marked_for_the_others_and_then_no_more() {
    let server = server(&[]).await;
    let (mut host, _) = Client::joined(&server, "host").await;
    let (_sender, joined) = Client::joined(&server, "sender").await;
    let participant = joined.participant.parse().unwrap();
    for excess in [true, false] {
        server.app.rooms.tell(Event::Excess { participant, excess }).await;
        let marked = host
            .until(|message| match message {
                ServerMessage::Participant { participant }
                    if participant.id == joined.participant && participant.excess == excess =>
                {
                    Some(participant.excess)
                }
                _ => None,
            })
            .await;
        assert_eq!(marked, excess);
    }
}

#[tokio::test]
async fn the_answer_says_what_the_settings_allow_a_camera_and_a_screen() {
    let server = server(&[("camera_kbits", "3000"), ("screen_kbits", "5000")]).await;
    let (mut client, _) = Client::joined(&server, "a").await;
    let mut said = async |source: TrackSource| {
        let tracks = vec![PublishedTrack { mid: "1".into(), source, muted: false }];
        client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks }).await;
        let ServerMessage::Answer { sdp, .. } = client.answer().await else { panic!("an answer") };
        sdp.lines().filter(|line| line.starts_with("b=")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(said(TrackSource::Camera).await, ["b=AS:3000"]);
    assert_eq!(said(TrackSource::Screen).await, ["b=AS:5000"]);
}

#[tokio::test]
async fn wrong_expired_and_foreign_tokens_get_one_and_the_same_answer() {
    let server = server(&[]).await;
    let seat = |room: &str| SeatFor {
        room: room.into(),
        identity: "a".into(),
        name: "a".into(),
        publish: true,
        subscribe: true,
    };
    let foreign = Tokens::new("another secret, also longer than 32 characters").unwrap();
    let mut flipped = token(&server, "a").into_bytes();
    let middle = flipped.len() / 2;
    flipped[middle] = if flipped[middle] == b'0' { b'1' } else { b'0' };
    let bad = [
        String::new(),
        "nonsense".to_owned(),
        String::from_utf8(flipped).unwrap(),
        seat("exam").token(&foreign, Duration::from_secs(60)).unwrap(),
        seat("exam").token(&server.tokens, Duration::ZERO).unwrap(),
    ];
    let mut answers = Vec::new();
    for token in bad {
        let mut client = Client::connect(&server).await;
        client.hello().await;
        client.say(ClientMessage::Join { token }).await;
        answers.push(client.answer().await);
        // The connection goes on: a right token still opens the seat.
        client.join(&super::client::token(&server, "b")).await;
    }
    assert!(matches!(answers[0], ServerMessage::Error { code: ErrorCode::Unauthorized, .. }));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn the_others_hear_of_a_participant_and_its_publications() {
    let server = server(&[]).await;
    let (mut first, _) = Client::joined(&server, "first").await;
    let (mut second, joined) = Client::joined(&server, "second").await;
    assert_eq!(joined.participants, 1);
    let came = first.until(|m| match m {
        ServerMessage::Participant { participant } => Some(participant.clone()),
        _ => None,
    });
    assert_eq!(came.await.id, joined.participant);
    second.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let sent = publications(second.answer().await);
    for (id, muted) in sent.iter().zip([false, true]) {
        let publication = first.until(|m| match m {
            ServerMessage::Publication { publication } => Some(publication.clone()),
            _ => None,
        });
        let publication = publication.await;
        assert_eq!((&publication.id, publication.muted), (id, muted));
    }
    second.say(ClientMessage::Mute { mid: "1".into(), muted: false }).await;
    assert!(matches!(second.answer().await, ServerMessage::Done {}));
    first
        .until(|m| {
            matches!(m, ServerMessage::Publication { publication } if !publication.muted).then_some(())
        })
        .await;
    second.say(ClientMessage::Leave {}).await;
    assert_eq!(second.closed().await, Some(CloseReason::Left));
    let mut gone = Vec::new();
    while gone.len() < sent.len() {
        let publication = first.until(|m| match m {
            ServerMessage::PublicationGone { publication } => Some(publication.clone()),
            _ => None,
        });
        gone.push(publication.await);
    }
    gone.sort();
    let mut sent = sent;
    sent.sort();
    assert_eq!(gone, sent);
    first.until(|m| matches!(m, ServerMessage::ParticipantLeft { .. }).then_some(())).await;
}

#[tokio::test]
async fn nothing_crosses_rooms_or_permissions() {
    let server = server(&[]).await;
    let (mut here, _) = Client::joined(&server, "here").await;
    here.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let sent = publications(here.answer().await);

    let mut elsewhere = Client::connect(&server).await;
    elsewhere.hello().await;
    let joined = elsewhere.join(&token_for(&server, "other", "here", true, true)).await;
    assert_eq!((joined.participants, joined.publications), (0, 0));
    elsewhere.say(ClientMessage::Offer { sdp: offer("efgh"), tracks: tracks() }).await;
    elsewhere.answer().await;
    let slots = vec![SlotView { mid: "3".into(), publication: Some(sent[1].clone()), height: 720 }];
    elsewhere.say(ClientMessage::View { slots }).await;
    assert!(matches!(elsewhere.answer().await, ServerMessage::Error { code: ErrorCode::NotFound, .. }));

    let mut mute = Client::connect(&server).await;
    mute.hello().await;
    let joined = mute.join(&token_for(&server, "exam", "mute", false, false)).await;
    assert_eq!((joined.participants, joined.publications), (1, 0));
    mute.say(ClientMessage::Offer { sdp: offer("ijkl"), tracks: tracks() }).await;
    match mute.answer().await {
        ServerMessage::Answer { publications, slots, .. } => {
            assert_eq!((publications.len(), slots.len()), (0, 0))
        }
        ServerMessage::Error { .. } => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_second_join_of_the_same_identity_replaces_the_first() {
    let server = server(&[]).await;
    let (mut first, one) = Client::joined(&server, "a").await;
    let (_second, two) = Client::joined(&server, "a").await;
    assert_ne!(one.participant, two.participant);
    assert_eq!(two.participants, 0);
    assert_eq!(first.closed().await, Some(CloseReason::Replaced));
}

#[tokio::test]
async fn a_lost_connection_resumes_its_seat_with_its_publications() {
    let server = server(&[]).await;
    let (mut other, _) = Client::joined(&server, "other").await;
    let (mut client, before) = Client::joined(&server, "a").await;
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let sent = publications(client.answer().await);
    drop(client);
    other
        .until(|m| {
            matches!(m, ServerMessage::Participant { participant } if !participant.connected).then_some(())
        })
        .await;

    let mut client = Client::connect(&server).await;
    client.hello().await;
    client.say(ClientMessage::Resume { session: before.session.clone(), media: true }).await;
    let after = joined(client.answer().await);
    assert!(after.resumed);
    assert_eq!(after.participant, before.participant);
    assert_ne!(after.session, before.session);
    other
        .until(|m| {
            matches!(m, ServerMessage::Participant { participant } if participant.connected).then_some(())
        })
        .await;
    // The same peer connection goes on: its next offer keeps the publications.
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    assert_eq!(publications(client.answer().await), sent);

    // The session from before opens nothing any more.
    let mut thief = Client::connect(&server).await;
    thief.hello().await;
    for session in [before.session, "x".repeat(48), String::new()] {
        thief.say(ClientMessage::Resume { session, media: true }).await;
        assert!(matches!(thief.answer().await, ServerMessage::Error { code: ErrorCode::SessionGone, .. }));
    }
}

#[tokio::test]
async fn a_reloaded_page_resumes_its_seat_without_its_publications() {
    let server = server(&[]).await;
    let (mut other, _) = Client::joined(&server, "other").await;
    let (mut client, before) = Client::joined(&server, "a").await;
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let sent = publications(client.answer().await);
    let mut client = Client::connect(&server).await;
    client.hello().await;
    client.say(ClientMessage::Resume { session: before.session, media: false }).await;
    let after = joined(client.answer().await);
    assert!(!after.resumed);
    assert_eq!(after.participant, before.participant);
    other
        .until(|m| {
            matches!(m, ServerMessage::PublicationGone { publication } if sent.contains(publication))
                .then_some(())
        })
        .await;
    client.say(ClientMessage::Offer { sdp: offer("wxyz"), tracks: tracks() }).await;
    assert_ne!(publications(client.answer().await), sent);
}

#[tokio::test]
async fn a_seat_is_gone_when_nobody_comes_back_in_time() {
    let server = server(&[("resume_window", "50ms")]).await;
    let (mut other, _) = Client::joined(&server, "other").await;
    let (client, before) = Client::joined(&server, "a").await;
    // Who goes before anybody was told of them is never told gone.
    other.until(|m| matches!(m, ServerMessage::Participant { .. }).then_some(())).await;
    drop(client);
    other.until(|m| matches!(m, ServerMessage::ParticipantLeft { .. }).then_some(())).await;
    let mut client = Client::connect(&server).await;
    client.hello().await;
    client.say(ClientMessage::Resume { session: before.session, media: true }).await;
    assert!(matches!(client.answer().await, ServerMessage::Error { code: ErrorCode::SessionGone, .. }));
}

#[tokio::test]
async fn a_bad_offer_names_the_line_and_the_session_goes_on() {
    let server = server(&[]).await;
    let (mut client, _) = Client::joined(&server, "a").await;
    let bad = offer("abcd").replace("a=mid:2", "a=mid:1");
    client.say(ClientMessage::Offer { sdp: bad, tracks: tracks() }).await;
    match client.answer().await {
        ServerMessage::Error { code: ErrorCode::BadOffer, detail, .. } => {
            assert!(detail.contains("line"), "{detail}")
        }
        other => panic!("{other:?}"),
    }
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    assert_eq!(publications(client.answer().await).len(), 2);
}

#[tokio::test]
async fn a_stopping_server_says_so_to_everybody_and_ends() {
    let server = server(&[]).await;
    let (mut seated, _) = Client::joined(&server, "a").await;
    let mut waiting = Client::connect(&server).await;
    waiting.hello().await;
    let (stopped, seated, waiting) = tokio::join!(server.stop(), seated.closed(), waiting.closed());
    stopped.unwrap();
    assert_eq!(seated, Some(CloseReason::ServerStopping));
    assert_eq!(waiting, Some(CloseReason::ServerStopping));
}

#[tokio::test]
async fn a_room_takes_only_so_many() {
    let server = server(&[("max_seats", "1")]).await;
    let (_client, _) = Client::joined(&server, "a").await;
    let mut second = Client::connect(&server).await;
    second.hello().await;
    second.say(ClientMessage::Join { token: token(&server, "b") }).await;
    assert!(matches!(second.answer().await, ServerMessage::Error { code: ErrorCode::TooMany, .. }));
}

#[tokio::test]
async fn an_offer_of_another_peer_connection_takes_the_place_of_the_one_before() {
    let server = server(&[]).await;
    let (mut client, _) = Client::joined(&server, "a").await;
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let first = publications(client.answer().await);
    // Another certificate, and one section less.
    let offered = offer("wxyz").replace("AB:AB", "CD:CD").replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 2");
    let other = offered.rsplit_once("m=video").unwrap().0.to_owned();
    client.say(ClientMessage::Offer { sdp: other, tracks: tracks() }).await;
    let second = publications(client.answer().await);
    assert_eq!(second.len(), 2);
    assert!(second.iter().all(|id| !first.contains(id)));
    // The same certificate with fewer sections is no new peer connection, but a fault.
    let fewer = offered.split_once("m=video").unwrap().0.replace("BUNDLE 0 1 2", "BUNDLE 0");
    client.say(ClientMessage::Offer { sdp: fewer, tracks: tracks() }).await;
    assert!(matches!(client.answer().await, ServerMessage::Error { code: ErrorCode::BadOffer, .. }));
}

#[tokio::test]
async fn a_view_of_what_is_not_there_is_refused() {
    let server = server(&[]).await;
    let (mut client, _) = Client::joined(&server, "a").await;
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: tracks() }).await;
    let own = publications(client.answer().await);
    let view = |mid: &str, publication: Option<&str>| SlotView {
        mid: mid.into(),
        publication: publication.map(Into::into),
        height: 720,
    };
    // A slot that is none, one for sound, a mid of no allowed form; oneself, nobody, nonsense.
    let wrong = [
        view("9", None),
        view("2", None),
        view(&"m".repeat(1000), None),
        view("3", Some(&own[1])),
        view("3", Some("0000000000000000")),
        view("3", Some("nonsense")),
    ];
    for slot in wrong {
        client.say(ClientMessage::View { slots: vec![slot.clone()] }).await;
        let answer = client.answer().await;
        assert!(
            matches!(answer, ServerMessage::Error { code: ErrorCode::NotFound, .. }),
            "{slot:?} {answer:?}"
        );
    }
    client.say(ClientMessage::View { slots: vec![view("3", None); 257] }).await;
    assert!(matches!(client.answer().await, ServerMessage::Error { code: ErrorCode::TooMany, .. }));
    client.say(ClientMessage::View { slots: vec![view("3", None)] }).await;
    assert!(matches!(client.answer().await, ServerMessage::Done {}));
}
