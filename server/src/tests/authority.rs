//! Tokens of every wrong kind, shown everywhere: none opens anything.

use super::{
    api::{Browser, Stage, good},
    client::{Client, offer},
};
use crate::tokens::Tokens;
use reqwest::Method;
use serde_json::json;
use viva_signaling::{
    message::{ClientMessage, ErrorCode, ServerMessage},
    token::Claims,
};

/// Where a token is shown, with the status and the code of what comes.
async fn shown(stage: &Stage, method: Method, path: &str, token: &str) -> (u16, String) {
    let mut nobody = Browser::new(&stage.server);
    let request = nobody.request(method, path).bearer_auth(token);
    let request = request.header("content-type", "application/sdp").body(offer("abcd"));
    let (status, body) = nobody.send(request).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

async fn joined(stage: &Stage, token: &str) -> Option<ErrorCode> {
    let mut client = Client::connect(&stage.server).await;
    client.hello().await;
    client.say(ClientMessage::Join { token: token.to_owned() }).await;
    match client.answer().await {
        ServerMessage::Error { code, .. } => Some(code),
        _ => None,
    }
}

#[tokio::test]
async fn a_token_that_is_forged_over_foreign_or_of_another_kind_opens_nothing() {
    let mut stage = Stage::set(&[]).await;
    let host = stage.staff_token("host").await;
    let claims = stage.server.tokens.verify(&host).unwrap();
    let elsewhere = Tokens::new("the secret of another server, and long enough").unwrap();
    let sign = |claims: &Claims| stage.server.tokens.sign(claims).unwrap();
    let (head, rest) = host.split_once('.').unwrap();
    let (body, seal) = rest.split_once('.').unwrap();
    let foreign = Claims { room: "0123456789abcdef".to_owned(), ..claims.clone() };
    let nobodys = Claims { seat: Some("0123456789abcdef".to_owned()), ..claims.clone() };
    let bad = [
        String::new(),
        "x".repeat(5000),
        format!("{head}.{body}."),
        format!("{head}.{body}.{}", seal.chars().rev().collect::<String>()),
        // {"alg":"none"}
        format!("eyJhbGciOiJub25lIn0.{body}."),
        elsewhere.sign(&claims).unwrap(),
        sign(&Claims { expires: 1, ..claims.clone() }),
        sign(&foreign),
        sign(&nobodys),
        sign(&Claims { mark: Some("0000000000000000".to_owned()), ..claims.clone() }),
    ];
    let own = format!("/api/seats/{}", stage.staff["host"]);
    let photo = format!("/api/candidates/{}/photo", stage.candidates[0].1);
    for token in &bad {
        for path in [&own, &photo] {
            let (status, code) = shown(&stage, Method::GET, path, token).await;
            let refused = ["unauthorized", "not_found", "not_your_seat"].contains(&code.as_str());
            assert!(refused && (401..=404).contains(&status), "{token} {path}: {status} {code}");
        }
        for path in ["/whip/exam", "/whep/exam"] {
            let (status, code) = shown(&stage, Method::POST, path, token).await;
            assert_eq!((status, code.as_str()), (401, "unauthorized"), "{token} {path}");
        }
        let code = joined(&stage, token).await;
        assert!(matches!(code, Some(ErrorCode::Unauthorized | ErrorCode::NotFound)), "{token}: {code:?}");
    }
    // The right one opens its seat, and nothing beside it.
    assert_eq!(shown(&stage, Method::GET, &own, &host).await.0, 200);
    let others = format!("/api/seats/{}", stage.staff["patrol"]);
    assert_eq!(shown(&stage, Method::GET, &others, &host).await.1, "not_your_seat");
    assert_eq!(shown(&stage, Method::POST, "/whip/exam", &host).await.1, "unauthorized");
    let own_room = format!("/whip/{}", stage.interview);
    assert_eq!(
        shown(&stage, Method::POST, &own_room, &host).await.0,
        403,
        "a seat is taken by the WebSocket"
    );
    let mut candidate = stage.waiting(0).await;
    let token =
        good(candidate.post("/api/candidate/seat", json!({})).await)["token"].as_str().unwrap().to_owned();
    assert_eq!(
        shown(&stage, Method::GET, &photo, &token).await.0,
        401,
        "no candidate sees a reference photo"
    );
    assert_eq!((joined(&stage, &host).await, joined(&stage, &token).await), (None, None));
}
