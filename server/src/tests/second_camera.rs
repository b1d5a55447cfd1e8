//! A candidate's phone as the second camera: paired once, shows one picture, hears and does nothing.

use super::api::{Browser, Seat, Stage, code, good};
use serde_json::{Value, json};
use viva_signaling::message::CloseReason;

const INTERVIEW: u32 = 1;
const DELIBERATION: u32 = 2;
const BOTH: [&str; 2] = ["Camera", "Microphone"];
const ALL: [&str; 3] = ["Camera", "Microphone", "SecondCamera"];

async fn go(host: &mut Seat, stage: u32) {
    host.act(json!({ "do": "go_to_stage", "stage": stage })).await.unwrap();
}

/// A link that the candidate's page asks for.
async fn link(candidate: &mut Browser) -> Value {
    good(candidate.post("/api/candidate/second-camera", json!({})).await)
}

/// A phone that comes by a new link.
async fn paired(stage: &Stage, candidate: &mut Browser) -> Browser {
    let mut phone = Browser::new(&stage.server);
    let link = link(candidate).await;
    good(phone.post("/api/second-camera", json!({ "code": link["code"] })).await);
    phone
}

#[tokio::test]
async fn a_link_pairs_one_phone_and_a_made_up_one_none() {
    let mut stage = Stage::set(&[]).await;
    let mut early = stage.entered(1).await;
    assert_eq!(code(early.post("/api/candidate/second-camera", json!({})).await), "not_in_room");
    let mut browser = stage.waiting(0).await;
    let link = link(&mut browser).await;
    assert!(link["expires_at"].as_u64().unwrap() > crate::clock::now().0);
    let text = link["code"].as_str().unwrap();
    let mut phone = Browser::new(&stage.server);
    let seat = &stage.candidates[1].1;
    for wrong in
        ["", "x", &text[1..], &format!("{}.{seat}.1.{}", stage.interview, "0".repeat(64)), &"9".repeat(5000)]
    {
        assert_eq!(code(phone.post("/api/second-camera", json!({ "code": wrong })).await), "pairing_over");
    }
    assert_eq!(code(phone.post("/api/second-camera/seat", json!({})).await), "unauthorized");
    let view = good(phone.post("/api/second-camera", json!({ "code": text })).await);
    assert_eq!((&view["role"], &view["seen"]), (&json!("second_camera"), &json!(false)));
    let mut other = Browser::new(&stage.server);
    assert_eq!(code(other.post("/api/second-camera", json!({ "code": text })).await), "pairing_over");
    // The phone's cookie opens nothing of its candidate's.
    assert_eq!(code(phone.get("/api/candidate").await), "unauthorized");
    assert_eq!(code(phone.post("/api/candidate/seat", json!({})).await), "unauthorized");
}

#[tokio::test]
async fn a_paired_phone_shows_its_picture_to_the_panel_in_turn_and_nothing_else_to_anybody() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    let mut examiner = stage.staff("examiner-1").await;
    let mut phone = paired(&stage, &mut browser).await;
    candidate.until(|seat| seat.view["second_camera"]["paired"] == true).await;
    assert_eq!(candidate.view["second_camera"]["online"], false);
    let mut camera = stage.phone(&mut phone).await;
    candidate.until(|seat| seat.view["second_camera"]["online"] == true).await;
    host.until(|host| host.view["candidates"][0]["second_camera"]["online"] == true).await;

    // Sound and picture, as the phone would have it; the panel sends as well.
    candidate.send("aaaa").await;
    camera.send("bbbb").await;
    examiner.send("cccc").await;
    let one = stage.candidates[0].1.clone();
    host.until(|host| host.is_shown(&one) == ["Camera"]).await;
    host.act(json!({ "do": "call", "candidate": one })).await.unwrap();
    go(&mut host, INTERVIEW).await;
    for seat in [&mut examiner, &mut host] {
        seat.until(|seat| seat.is_shown(&one) == ALL).await;
        assert_eq!(seat.receives(&one), BOTH, "the phone is nobody on the list");
    }
    camera.until(|camera| camera.view["seen"] == true).await;
    assert!(camera.people.is_empty() && camera.publications.is_empty());
    assert!(!candidate.is_shown(&one).contains(&"SecondCamera".to_owned()));
    for action in [json!({ "do": "raise_hand", "raised": true }), json!({ "do": "leave" })] {
        assert_eq!(camera.act(action).await, Err("forbidden".to_owned()));
    }
    go(&mut host, DELIBERATION).await;
    examiner.until(|examiner| examiner.is_shown(&one).is_empty()).await;
    camera.until(|camera| camera.view["seen"] == false).await;
}

#[tokio::test]
async fn a_newer_phone_replaces_the_older_and_who_goes_takes_it_along() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    let mut first = paired(&stage, &mut browser).await;
    let mut old = stage.phone(&mut first).await;
    old.send("aaaa").await;
    let mut second = paired(&stage, &mut browser).await;
    assert_eq!(old.client.closed().await, Some(CloseReason::Replaced));
    assert_eq!(code(first.post("/api/second-camera/seat", json!({})).await), "pairing_over");
    // The older one takes nothing away.
    first.ask(reqwest::Method::DELETE, "/api/second-camera", None).await;
    let mut new = stage.phone(&mut second).await;
    new.send("bbbb").await;

    let seat = stage.candidates[0].1.clone();
    host.act(json!({ "do": "call", "candidate": seat })).await.unwrap();
    go(&mut host, INTERVIEW).await;
    host.until(|host| host.is_shown(&seat) == ["SecondCamera"]).await;
    // Another device of the candidate's takes the seat; the phone stays.
    let mut elsewhere = stage.entered(0).await;
    assert_eq!(candidate.client.closed().await, Some(CloseReason::Replaced));
    stage.candidate(&mut elsewhere).await;
    assert_eq!(host.is_shown(&seat), ["SecondCamera"]);
    host.act(json!({ "do": "remove", "seat": seat, "reason": "冒名" })).await.unwrap();
    assert_eq!(new.client.closed().await, Some(CloseReason::Left));
    host.until(|host| host.is_shown(&seat).is_empty()).await;
    assert_eq!(code(second.post("/api/second-camera/seat", json!({})).await), "pairing_over");
}

#[tokio::test]
async fn a_phone_comes_back_by_itself_until_the_candidate_lets_it_go() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    let mut phone = paired(&stage, &mut browser).await;
    let camera = stage.phone(&mut phone).await;
    let online = |host: &Seat| host.view["candidates"][0]["second_camera"]["online"] == true;
    host.until(online).await;
    drop((camera, candidate));
    host.until(|host| !online(host)).await;
    let mut again = stage.phone(&mut phone).await;
    host.until(online).await;
    let view = good(browser.ask(reqwest::Method::DELETE, "/api/candidate/second-camera", None).await);
    assert_eq!(view["second_camera"]["paired"], false);
    assert_eq!(again.client.closed().await, Some(CloseReason::Left));
    host.until(|host| host.view["candidates"][0]["second_camera"]["paired"] == false).await;
}
