//! A seat ends with the account, or the person, that it was given to: socket, media, tokens, photos, at once.

use super::{
    api::{Browser, PASSWORD, STAFF, Seat, Stage, code, good, sign_in},
    client::Client,
};
use crate::{
    account::{Accounts, Change, PasswordLimits},
    clock::now,
    store,
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use viva_signaling::message::{ClientMessage, CloseReason, ErrorCode, ServerMessage};

/// What a join with this token is refused with, if it is.
async fn refused(stage: &Stage, token: &str) -> Option<ErrorCode> {
    let mut client = Client::connect(&stage.server).await;
    client.hello().await;
    client.say(ClientMessage::Join { token: token.to_owned() }).await;
    match client.answer().await {
        ServerMessage::Error { code, .. } => Some(code),
        _ => None,
    }
}

async fn photo(stage: &mut Stage, candidate: usize) -> String {
    let seat = stage.candidates[candidate].1.clone();
    let path = format!("/api/admin/interviews/{}/candidates/{seat}/photo", stage.interview);
    let picture =
        stage.administrator.request(Method::PUT, &path).body(b"\x89PNG\r\n\x1a\n and so on".to_vec());
    good(stage.administrator.send(picture).await);
    format!("/api/candidates/{seat}/photo")
}

async fn by_token(stage: &Stage, path: &str, token: &str) -> u16 {
    let mut nobody = Browser::new(&stage.server);
    let request = nobody.request(Method::GET, path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    nobody.send(request).await.0
}

async fn change(stage: &mut Stage, account: &str, change: Value) {
    let path = format!("/api/admin/accounts/{account}");
    good(stage.administrator.ask(Method::PUT, &path, Some(change)).await);
}

#[tokio::test]
async fn a_seat_ends_when_its_account_is_disabled_or_gets_a_new_password_or_role() {
    let mut stage = Stage::set(&[]).await;
    let photo = photo(&mut stage, 0).await;
    let mut host = stage.staff("host").await;
    let changes = [
        json!({ "disabled": true }),
        json!({ "disabled": false, "password": "given by the office" }),
        json!({ "administrator": true }),
    ];
    for (number, wish) in changes.into_iter().enumerate() {
        // The second change finds another password than the first browser had.
        let account = STAFF[number % 2].0;
        if number == 2 {
            change(&mut stage, account, json!({ "disabled": false, "password": PASSWORD })).await;
        }
        let own = stage.staff[account].clone();
        let mut browser = sign_in(&stage.server, account).await;
        let token = stage.staff_token(account).await;
        let mut seat = Seat::take(&stage.server, &token).await;
        seat.send("abcd").await;
        host.until(|host| !host.receives(&own).is_empty()).await;
        assert_eq!((browser.get(&photo).await.0, by_token(&stage, &photo, &token).await), (200, 200));

        change(&mut stage, account, wish.clone()).await;
        assert_eq!(seat.client.closed().await, Some(CloseReason::Removed), "{wish}");
        host.until(|host| host.receives(&own).is_empty() && !host.people.values().any(|seat| *seat == own))
            .await;
        assert_eq!(refused(&stage, &token).await, Some(ErrorCode::Unauthorized), "{wish}");
        assert_eq!(by_token(&stage, &photo, &token).await, 401, "{wish}");
        assert_eq!(by_token(&stage, &format!("/api/seats/{own}"), &token).await, 401, "{wish}");
        // Another role is asked for at each request; the others end the sessions.
        let sees = browser.get(&photo).await.0;
        assert_eq!(sees, if wish["administrator"] == true { 200 } else { 401 }, "{wish}");
    }
}

#[tokio::test]
async fn nothing_comes_back_when_an_account_is_enabled_again() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = sign_in(&stage.server, "host").await;
    let token = stage.staff_token("host").await;
    for disabled in [true, false] {
        change(&mut stage, "host", json!({ "disabled": disabled })).await;
        assert_eq!(refused(&stage, &token).await, Some(ErrorCode::Unauthorized));
        assert_eq!(code(browser.get("/api/session").await), "unauthorized");
    }
    let token = stage.staff_token("host").await;
    assert_eq!(refused(&stage, &token).await, None, "who signs in anew sits down again");
}

#[tokio::test]
async fn an_own_new_password_ends_all_seats_and_leaves_the_own_session() {
    let stage = Stage::set(&[]).await;
    let mut browser = sign_in(&stage.server, "host").await;
    let token = stage.staff_token("host").await;
    let mut seat = Seat::take(&stage.server, &token).await;
    let body = json!({ "old": PASSWORD, "new": "another good one" });
    assert_eq!(browser.post("/api/session/password", body).await.0, 204);
    assert_eq!(seat.client.closed().await, Some(CloseReason::Removed));
    assert_eq!(refused(&stage, &token).await, Some(ErrorCode::Unauthorized));
    let path = format!("/api/seats/{}/token", stage.staff["host"]);
    let token = good(browser.post(&path, json!({})).await)["token"].as_str().unwrap().to_owned();
    assert_eq!(refused(&stage, &token).await, None);
}

#[tokio::test]
async fn a_name_alone_ends_no_seat() {
    let mut stage = Stage::set(&[]).await;
    let mut seat = stage.staff("host").await;
    change(&mut stage, "host", json!({ "name": "Somebody Else" })).await;
    seat.client.say(ClientMessage::Ping {}).await;
    assert!(matches!(seat.client.answer().await, ServerMessage::Pong {}));
}

#[tokio::test]
async fn a_seat_ends_when_another_process_gives_its_account_a_new_password() {
    let stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let own = stage.staff["examiner-1"].clone();
    let mut browser = sign_in(&stage.server, "examiner-1").await;
    let token = stage.staff_token("examiner-1").await;
    let mut seat = Seat::take(&stage.server, &token).await;
    seat.send("abcd").await;
    host.until(|host| !host.receives(&own).is_empty()).await;

    // As `viva admin password` does it.
    let vault = store::Vault::new(["a key for tests, of thirty-two characters"]).unwrap();
    let store = store::open(&stage.server.app.settings, vault, None).await.unwrap();
    let elsewhere = Accounts::new(store, PasswordLimits::default());
    let password = |text: &str| Change { password: Some(text.to_owned()), ..Change::default() };
    elsewhere.change("examiner-1", password("given at the console"), now().0).await.unwrap();
    assert_eq!(seat.client.closed().await, Some(CloseReason::Removed));
    host.until(|host| host.receives(&own).is_empty()).await;
    assert_eq!(refused(&stage, &token).await, Some(ErrorCode::Unauthorized));
    assert_eq!(code(browser.get("/api/session").await), "unauthorized");

    // Who sits down with the new password stays, and so does everybody else, whatever name they get.
    elsewhere.change("examiner-1", password(PASSWORD), now().0).await.unwrap();
    let mut seat = stage.staff("examiner-1").await;
    let name = Change { name: Some("Somebody Else".to_owned()), ..Change::default() };
    elsewhere.change("host", name, now().0).await.unwrap();
    assert!(stage.server.app.sittings.look_again().await);
    for seat in [&mut seat, &mut host] {
        seat.client.say(ClientMessage::Ping {}).await;
        assert!(matches!(seat.client.answer().await, ServerMessage::Pong {}));
    }
}

#[tokio::test]
async fn a_seat_that_is_taken_away_ends_and_opens_nothing() {
    let mut stage = Stage::set(&[]).await;
    let photo = photo(&mut stage, 0).await;
    let own = stage.staff["examiner-1"].clone();
    let mut browser = sign_in(&stage.server, "examiner-1").await;
    let token = stage.staff_token("examiner-1").await;
    let mut seat = Seat::take(&stage.server, &token).await;
    let path = format!("/api/admin/interviews/{}/staff/{own}", stage.interview);
    assert_eq!(stage.administrator.ask(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(seat.client.closed().await, Some(CloseReason::Removed));
    assert_eq!(refused(&stage, &token).await, Some(ErrorCode::Unauthorized));
    assert_eq!(by_token(&stage, &photo, &token).await, 401);
    assert_eq!(browser.get(&photo).await.0, 404);
    assert_eq!(code(browser.post(&format!("/api/seats/{own}/token"), json!({})).await), "not_your_seat");
}

#[tokio::test]
async fn a_candidate_whom_the_host_removes_is_out_with_sockets_tokens_and_phone() {
    let mut stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let mut browser = stage.waiting(0).await;
    let token =
        good(browser.post("/api/candidate/seat", json!({})).await)["token"].as_str().unwrap().to_owned();
    let mut seat = Seat::take(&stage.server, &token).await;
    let own = stage.candidates[0].1.clone();
    host.act(json!({ "do": "remove", "seat": own, "reason": "test" })).await.unwrap();
    assert_eq!(seat.client.closed().await, Some(CloseReason::Removed));
    assert_eq!(refused(&stage, &token).await, Some(ErrorCode::InvitationUsed));
    assert_eq!(code(browser.post("/api/candidate/seat", json!({})).await), "invitation_used");
}

#[tokio::test]
async fn a_candidate_who_is_taken_away_leaves_no_photo() {
    let mut stage = Stage::set(&[]).await;
    let photo = photo(&mut stage, 1).await;
    assert_eq!(stage.administrator.get(&photo).await.0, 200);
    let path = format!("/api/admin/interviews/{}/candidates/{}", stage.interview, stage.candidates[1].1);
    assert_eq!(stage.administrator.ask(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(stage.administrator.get(&photo).await.0, 404);
    let interview = u64::from_str_radix(&stage.interview, 16).unwrap();
    assert_eq!(stage.server.app.store.photo_seats(interview).await.unwrap(), Vec::<u64>::new());
}

#[tokio::test]
async fn an_older_device_has_no_token_left_when_a_newer_one_has_entered() {
    let mut stage = Stage::set(&[]).await;
    let mut older = stage.waiting(0).await;
    let token =
        good(older.post("/api/candidate/seat", json!({})).await)["token"].as_str().unwrap().to_owned();
    let mut seat = Seat::take(&stage.server, &token).await;
    let mut newer = stage.entered(0).await;
    assert_eq!(seat.client.closed().await, Some(CloseReason::Replaced));
    assert_eq!(refused(&stage, &token).await, Some(ErrorCode::Unauthorized));
    let token =
        good(newer.post("/api/candidate/seat", json!({})).await)["token"].as_str().unwrap().to_owned();
    assert_eq!(refused(&stage, &token).await, None);
}

#[tokio::test]
async fn an_interview_that_is_given_up_ends_seats_that_are_away_for_a_moment_too() {
    let mut stage = Stage::set(&[]).await;
    let seat = stage.staff("host").await;
    let away = stage.staff("examiner-1").await;
    drop((seat, away));
    let path = format!("/api/admin/interviews/{}", stage.interview);
    assert_eq!(stage.administrator.ask(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(stage.server.app.rooms.count().1, 0, "no seat is kept");
}
