//! One person cannot hurt the others: floods, guesses and late comers by HTTP and the WebSocket.

use super::{
    api::{Browser, PASSWORD, Seat, Stage, code, good, setup, sign_in},
    client::{Client, offer, server, token, token_for},
};
use crate::clock::now;
use serde_json::{Value, json};
use viva_signaling::message::{ClientMessage, ErrorCode, ServerMessage};

/// What the guard asks for, and one proxy in front that names a client.
fn from(browser: &Browser, path: &str, client: &str, body: &Value) -> reqwest::RequestBuilder {
    browser.request(reqwest::Method::POST, path).header("x-forwarded-for", client).json(body)
}

#[tokio::test]
async fn a_flood_of_device_checks_is_refused_with_the_time_to_wait_and_leaves_little() {
    let mut stage = Stage::set(&[]).await;
    let mut candidate = stage.waiting(0).await;
    let neighbour = stage.waiting(1).await;
    let records = async |stage: &Stage| {
        let interview = stage.interview.parse().unwrap();
        stage.server.app.sittings.records(interview).await.unwrap().len()
    };
    let before = records(&stage).await;
    let (mut refused, mut wait) = (0, None);
    for n in 0..400 {
        let body = json!({ "passed": n % 2 == 0, "device": format!("{n}") });
        let request = candidate.request(reqwest::Method::POST, "/api/candidate/checks/camera").json(&body);
        let response = request.send().await.unwrap();
        if response.status() == 429 {
            refused += 1;
            wait = response.headers().get("retry-after").cloned();
            assert_eq!(response.json::<Value>().await.unwrap()["code"], "rate_limited");
        }
    }
    assert_eq!(wait.unwrap(), "1");
    let written = records(&stage).await - before;
    assert_eq!(written + refused, 400);
    assert!(refused > 0 && written >= 80, "{written} written, {refused} refused");
    // The neighbour behind the same address, and the candidate's own reading, notice nothing.
    let mut neighbour = neighbour;
    good(neighbour.post("/api/candidate/seat", json!({})).await);
    good(candidate.get("/api/candidate").await);
}

#[tokio::test]
async fn a_seat_that_acts_too_fast_is_told_when_to_go_on_and_stays() {
    let stage = Stage::set(&[("seat_rate", "1"), ("seat_burst", "3")]).await;
    let mut host = stage.staff("host").await;
    let mut last = None;
    for n in 0..10 {
        let action = json!({ "do": "mark_incident", "candidate": null, "note": format!("{n}") });
        host.client.say(ClientMessage::Act { command: format!("c{n}"), action }).await;
        if let ServerMessage::Error { code, retry_after: wait, .. } = host.client.answer().await {
            last = Some((code, wait));
            break;
        }
    }
    let (code, wait) = last.unwrap();
    assert_eq!(code, ErrorCode::RateLimited);
    assert_eq!(wait, Some(1));
    host.client.say(ClientMessage::Ping {}).await;
    assert!(matches!(host.client.answer().await, ServerMessage::Pong {}));
    let mut examiner = stage.staff("examiner-1").await;
    let note = json!({ "do": "mark_incident", "candidate": null, "note": "x" });
    examiner.act(note).await.unwrap();
}

#[tokio::test]
async fn one_address_writes_so_much_and_another_is_not_held_up() {
    let changes = [("trusted_proxies", "127.0.0.0/8"), ("address_rate", "1"), ("address_burst", "5")];
    let server = server(&changes).await;
    let mut browser = Browser::new(&server);
    let ask = |browser: &Browser, client: &str| from(browser, "/api/connection-test", client, &json!({}));
    let mut passed = 0;
    let last = loop {
        let request = ask(&browser, "[2001:db8::1]:51008");
        let answer = browser.send(request).await;
        if answer.0 != 200 {
            break answer;
        }
        passed += 1;
    };
    assert!((5..10).contains(&passed), "{passed}");
    assert_eq!(code(last), "rate_limited");
    let same = ask(&browser, "2001:db8::ffff");
    assert_eq!(code(browser.send(same).await), "rate_limited", "one /64");
    for other in ["2001:db8:0:1::1", "198.51.100.7:51008"] {
        let request = ask(&browser, other);
        good(browser.send(request).await);
    }
    // Reading goes on.
    let request =
        browser.request(reqwest::Method::GET, "/api/settings").header("x-forwarded-for", "2001:db8::1");
    good(browser.send(request).await);
}

#[tokio::test]
async fn a_seat_is_not_taken_over_and_over_by_whichever_way() {
    let server = server(&[]).await;
    let mut client = Client::connect(&server).await;
    client.hello().await;
    let token = token(&server, "a");
    let mut joins = 0;
    let wait = loop {
        client.say(ClientMessage::Join { token: token.clone() }).await;
        match client.answer().await {
            ServerMessage::Error { code: ErrorCode::RateLimited, retry_after, .. } => break retry_after,
            ServerMessage::Joined { .. } => joins += 1,
            other => panic!("{other:?}"),
        }
        client = Client::connect(&server).await;
        client.hello().await;
    };
    assert!((30..60).contains(&joins), "{joins}");
    assert_eq!(wait, Some(1));
    Client::joined(&server, "b").await;
    // A publisher over HTTP.
    let whip = token_for(&server, "exam", "encoder", true, false);
    let post = async || {
        let request = reqwest::Client::new().post(format!("http://{}/whip/exam", server.address));
        let request =
            request.bearer_auth(&whip).header("content-type", "application/sdp").body(offer("abcd"));
        request.send().await.unwrap()
    };
    let refused = loop {
        let response = post().await;
        if response.status() == 429 {
            break response;
        }
    };
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.headers()["access-control-allow-origin"], "*", "pages of other origins can read it");
}

#[tokio::test]
async fn wrong_passwords_from_elsewhere_lock_no_administrator_out_who_has_signed_in_before() {
    let stage = Stage::set(&[("trusted_proxies", "127.0.0.1")]).await;
    let own = json!({ "account": "root", "password": PASSWORD });
    let mut office = sign_in(&stage.server, "root").await;
    let request = from(&office, "/api/session", "198.51.100.1", &own);
    good(office.send(request).await);
    let mut guesser = Browser::new(&stage.server);
    let wrong = json!({ "account": "root", "password": "wrong" });
    let last = loop {
        let request = from(&guesser, "/api/session", "203.0.113.1", &wrong);
        let answer = guesser.send(request).await;
        if answer.0 != 401 {
            break answer;
        }
    };
    assert_eq!(code(last), "locked");
    // A new device at a new place waits; the same device anywhere, and a new device at the same place, do not.
    let mut unknown = Browser::new(&stage.server);
    let request = from(&unknown, "/api/session", "203.0.113.2", &own);
    assert_eq!(code(unknown.send(request).await), "locked");
    let request = from(&office, "/api/session", "203.0.113.77", &own);
    good(office.send(request).await);
    let request = from(&unknown, "/api/session", "198.51.100.1", &own);
    good(unknown.send(request).await);
    // A device cookie of one's own making is none.
    let forged = format!("viva_device={:016x}-0000000000000000.{}", 1, "0".repeat(64));
    let request = from(&Browser::new(&stage.server), "/api/session", "203.0.113.3", &own);
    let request = request.header("cookie", forged);
    assert_eq!(code(Browser::new(&stage.server).send(request).await), "locked");
}

#[tokio::test]
async fn who_waits_in_an_interview_that_closed_days_ago_does_not_come_in_any_more() {
    let mut stage = Stage::set(&[]).await;
    let mut candidate = stage.waiting(0).await;
    let token = good(candidate.post("/api/candidate/seat", json!({})).await)["token"].clone();
    let path = format!("/api/admin/interviews/{}", stage.interview);
    let mut past = setup();
    (past["opens_at"], past["closes_at"]) =
        (json!(now().0 - 10 * 86_400_000), json!(now().0 - 2 * 86_400_000));
    good(stage.administrator.ask(reqwest::Method::PUT, &path, Some(past)).await);
    assert_eq!(code(candidate.post("/api/candidate/seat", json!({})).await), "invitation_expired");
    let again = json!({ "code": stage.candidates[0].0 });
    let answer = Browser::new(&stage.server).post("/api/candidate/invitation", again).await;
    assert!(answer.1["text"]["en"].as_str().unwrap().contains("closed"), "{answer:?}");
    assert_eq!(code(answer), "invitation_expired");
    // Not with a token from before, either.
    let mut client = Client::connect(&stage.server).await;
    client.hello().await;
    client.say(ClientMessage::Join { token: token.as_str().unwrap().to_owned() }).await;
    let answer = client.answer().await;
    assert!(matches!(answer, ServerMessage::Error { code: ErrorCode::InvitationExpired, .. }), "{answer:?}");
    // The panel still does: there may be scores to look through.
    Seat::take(&stage.server, &stage.staff_token("host").await).await;
}
