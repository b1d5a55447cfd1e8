//! Clients that behave badly are cut off; the others notice nothing.

use super::client::{Client, offer, server, token};
use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::{
    MaybeTlsStream, client_async, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};
use viva_signaling::message::{ClientMessage, CloseReason, ErrorCode, ServerMessage};

#[tokio::test]
async fn a_flood_is_cut_off_and_the_others_are_unaffected() {
    let server = server(&[("message_rate", "10"), ("message_burst", "50")]).await;
    let (mut other, _) = Client::joined(&server, "other").await;
    let (mut flooder, _) = Client::joined(&server, "flooder").await;
    for _ in 0..200 {
        // The server may hang up in the middle.
        if flooder.socket.send(Message::text(r#"{"type":"ping"}"#)).await.is_err() {
            break;
        }
    }
    assert_eq!(flooder.closed().await, Some(CloseReason::Abuse));
    other.say(ClientMessage::Ping {}).await;
    assert!(matches!(other.answer().await, ServerMessage::Pong {}));
}

#[tokio::test]
async fn who_reads_nothing_is_cut_off_and_the_others_are_unaffected() {
    let server =
        server(&[("message_rate", "4000000"), ("message_burst", "4000000"), ("outgoing_bytes", "4096")])
            .await;
    let (mut other, _) = Client::joined(&server, "other").await;
    let small = TcpSocket::new_v4().unwrap();
    small.set_recv_buffer_size(4096).unwrap();
    let stream = small.connect(server.address).await.unwrap();
    let request = format!("ws://{}/ws", server.address).into_client_request().unwrap();
    let (mut slow, _) = client_async(request, MaybeTlsStream::Plain(stream)).await.unwrap();
    slow.send(Message::text(r#"{"type":"hello","version":1,"client":"slow"}"#)).await.unwrap();
    let join = format!(r#"{{"type":"join","token":"{}"}}"#, token(&server, "slow"));
    slow.send(Message::text(join)).await.unwrap();
    let flood = async {
        // Each asks for an answer that is never read.
        while slow.feed(Message::text(r#"{"id":1,"type":"stats"}"#)).await.is_ok() {}
    };
    let cut = other.until(|m| {
        matches!(m, ServerMessage::Participant { participant } if !participant.connected).then_some(())
    });
    tokio::select! {
        () = async { flood.await; std::future::pending().await } => {}
        () = cut => {}
    }
    other.say(ClientMessage::Ping {}).await;
    assert!(matches!(other.answer().await, ServerMessage::Pong {}));
    let metrics = super::pages::get(&server, "/metrics").await.text().await.unwrap();
    assert!(metrics.contains("viva_websockets_closed_total{reason=\"too_slow\"} 1"), "{metrics}");
}

#[tokio::test]
async fn who_does_not_join_in_time_is_closed_as_idle() {
    let server = server(&[("join_timeout", "50ms")]).await;
    let mut client = Client::connect(&server).await;
    client.hello().await;
    assert_eq!(client.closed().await, Some(CloseReason::Idle));
}

#[tokio::test]
async fn messages_of_a_wrong_form_are_refused_and_too_many_of_them_close() {
    let server = server(&[]).await;
    let (mut client, _) = Client::joined(&server, "a").await;
    for text in ["", "{", "[]", r#"{"type":"unknown"}"#, r#"{"type":"view","slots":1}"#] {
        client.raw(text).await;
        let code = client.until(|m| match m {
            ServerMessage::Error { code, .. } => Some(*code),
            _ => None,
        });
        assert_eq!(code.await, ErrorCode::Malformed, "{text}");
    }
    client.say(ClientMessage::Ping {}).await;
    assert!(matches!(client.answer().await, ServerMessage::Pong {}));
    for _ in 0..5 {
        client.raw("{").await;
    }
    assert_eq!(client.closed().await, Some(CloseReason::Abuse));
}

#[tokio::test]
async fn a_message_that_is_too_large_closes() {
    let server = server(&[("message_bytes", "4096")]).await;
    for length in [4097, 8192] {
        let (mut client, _) = Client::joined(&server, "a").await;
        client.raw("x".repeat(length)).await;
        assert_eq!(client.closed().await, Some(CloseReason::Abuse), "{length}");
    }
    // So much is not even read, so that the reason may be lost on the way.
    let (mut client, _) = Client::joined(&server, "a").await;
    client.raw("x".repeat(100_000)).await;
    assert!(matches!(client.closed().await, Some(CloseReason::Abuse) | None));
}

#[tokio::test]
async fn order_and_version_of_the_first_messages_are_kept() {
    let server = server(&[]).await;
    let mut client = Client::connect(&server).await;
    client.say(ClientMessage::Join { token: token(&server, "a") }).await;
    assert!(matches!(client.answer().await, ServerMessage::Error { code: ErrorCode::NotJoined, .. }));
    client.say(ClientMessage::Hello { version: 999, client: "future".into() }).await;
    assert!(matches!(
        client.answer().await,
        ServerMessage::Error { code: ErrorCode::UnsupportedVersion, .. }
    ));
    client.hello().await;
    client.say(ClientMessage::Offer { sdp: offer("abcd"), tracks: vec![] }).await;
    assert!(matches!(client.answer().await, ServerMessage::Error { code: ErrorCode::NotJoined, .. }));
    client.join(&token(&server, "a")).await;
    client.say(ClientMessage::Join { token: token(&server, "a") }).await;
    assert!(matches!(client.answer().await, ServerMessage::Error { code: ErrorCode::AlreadyJoined, .. }));
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_and_one_connection_too_many_are_refused() {
    let server = server(&[("max_connections", "1")]).await;
    let url = format!("ws://{}/ws", server.address);
    let mut request = url.as_str().into_client_request().unwrap();
    request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    let status = |result: Result<_, tungstenite::Error>| match result {
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => 101,
    };
    assert_eq!(status(connect_async(request).await.map(drop)), 403);
    let (mut first, _) = connect_async(&url).await.unwrap();
    assert_eq!(status(connect_async(&url).await.map(drop)), 503);
    first.close(None).await.unwrap();
    while first.next().await.is_some_and(|message| message.is_ok()) {}
}

#[tokio::test]
async fn a_body_that_does_not_come_or_dribbles_is_given_up_and_the_answer_says_so() {
    let server = server(&[("body_timeout", "1s")]).await;
    for dribbles in [false, true] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = "POST /api/session HTTP/1.1\r\nhost: x\r\nx-viva: 1\r\ncontent-type: application/json\r\n\
                    content-length: 1000\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut from, mut to) = stream.split();
        let dribble = async {
            while dribbles && to.write_all(b" ").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            std::future::pending::<()>().await;
        };
        let mut answer = String::new();
        tokio::select! {
            () = dribble => {}
            // A reset after the answer is an end too.
            _ = from.read_to_string(&mut answer) => {}
        }
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("request_timeout") && answer.contains("connection: close"), "{answer}");
    }
    let body = serde_json::json!({ "account": "nobody", "password": "wrong" });
    assert_eq!(
        super::api::code(super::api::Browser::new(&server).post("/api/session", body).await),
        "sign_in_failed"
    );
}
