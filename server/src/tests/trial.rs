//! Connection tests, which anybody may begin: they end by themselves, are few at once, and carry little.

use super::{
    api::{Browser, code, good},
    client::{Client, server, token_for},
};
use crate::{links::SeatFor, room::TEST, serve::Server};
use serde_json::json;
use std::time::Duration;
use viva_media::ParticipantId;
use viva_sfu::{TransportState, TransportStats};
use viva_signaling::message::{ClientMessage, CloseReason, ErrorCode, ServerMessage};

async fn begin(server: &Server) -> String {
    let answer = Browser::new(server).post("/api/connection-test", json!({})).await;
    good(answer)["token"].as_str().unwrap().to_owned()
}

async fn join(server: &Server, token: &str) -> (Client, ParticipantId) {
    let mut client = Client::connect(server).await;
    client.hello().await;
    let joined = client.join(token).await;
    (client, joined.participant.parse().unwrap())
}

#[tokio::test]
async fn a_test_ends_with_its_token_whoever_is_there() {
    let server = server(&[]).await;
    let (room, name) = (format!("{TEST}short"), "test".to_owned());
    let seat = SeatFor { room, identity: name.clone(), name, publish: true, subscribe: true };
    let token = seat.token(&server.tokens, Duration::from_secs(2)).unwrap();
    let (mut one, _) = join(&server, &token).await;
    let (mut two, _) = join(&server, &token).await;
    assert_eq!(
        (one.closed().await, two.closed().await),
        (Some(CloseReason::RoomClosed), Some(CloseReason::RoomClosed))
    );
    server.app.rooms.closed().await;
    assert_eq!(server.app.rooms.count(), (0, 0));
}

#[tokio::test]
async fn a_token_of_a_test_opens_it_for_three_minutes_and_no_other_way() {
    let server = server(&[]).await;
    let token = begin(&server).await;
    let claims = server.tokens.verify(&token).unwrap();
    let left = Duration::from_secs(claims.expires).saturating_sub(crate::clock::unix_time());
    assert!(left <= crate::room::LASTS && crate::room::LASTS <= Duration::from_secs(180), "{left:?}");
    for way in ["whip", "whep"] {
        let url = format!("http://{}/{way}/{}", server.address, claims.room);
        let request = reqwest::Client::new().post(url).bearer_auth(&token);
        let request = request.header("content-type", "application/sdp").body(super::client::offer("abcd"));
        assert_eq!(request.send().await.unwrap().status(), 403, "{way}");
    }
}

#[tokio::test]
async fn there_are_so_many_tests_at_once_and_one_more_is_asked_to_wait() {
    let server = server(&[("max_tests", "2")]).await;
    let (first, _) = join(&server, &begin(&server).await).await;
    let late = begin(&server).await;
    let (_second, _) = join(&server, &begin(&server).await).await;
    assert_eq!(code(Browser::new(&server).post("/api/connection-test", json!({})).await), "too_many");
    let mut third = Client::connect(&server).await;
    third.hello().await;
    third.say(ClientMessage::Join { token: late.clone() }).await;
    let refused = third.answer().await;
    assert!(matches!(refused, ServerMessage::Error { code: ErrorCode::TooMany, .. }), "{refused:?}");
    // A room of another kind is not concerned.
    third.join(&token_for(&server, "exam", "somebody", true, true)).await;
    let mut first = first;
    first.say(ClientMessage::Leave {}).await;
    while first.next().await.is_some() {}
    while server.app.rooms.tests() > 1 {
        tokio::task::yield_now().await;
    }
    begin(&server).await;
}

#[tokio::test]
async fn who_sends_more_than_a_test_needs_is_cut_off() {
    let server = server(&[("quality_interval", "1h")]).await;
    let (mut client, participant) = join(&server, &begin(&server).await).await;
    let mut stats = TransportStats {
        participant,
        room: server.app.rooms.ids()[0],
        state: TransportState::New,
        profile: None,
        packets_in: 0,
        bytes_in: 0,
        packets_out: 0,
        bytes_out: 0,
        loss_out: 0,
        loss_in: 0,
        rtt: None,
        excess: 0,
        line: None,
        publications: Vec::new(),
        slots: Vec::new(),
    };
    // 8 Mbit/s for two seconds, then 99.
    stats.bytes_in = 2_000_000;
    server.app.rooms.measured(vec![stats.clone()]);
    client.say(ClientMessage::Ping {}).await;
    assert!(matches!(client.answer().await, ServerMessage::Pong {}));
    stats.bytes_in += 24_750_000;
    server.app.rooms.measured(vec![stats]);
    assert_eq!(client.closed().await, Some(CloseReason::Abuse));
}
