//! Candidates on the pages before the waiting room: seen by the hosts, written to, helped.

use super::api::{Browser, Seat, Stage, code, good};
use serde_json::{Value, json};
use viva_signaling::message::{ClientMessage, ServerMessage};

const CHAT: &str = "/api/candidate/chat";
const SAY: &str = "/api/candidate/say";

fn card<'a>(host: &'a Seat, seat: &str) -> &'a Value {
    let cards = host.view["candidates"].as_array().unwrap();
    cards.iter().find(|card| card["seat"] == seat).unwrap()
}

fn line(id: &str, text: &str) -> Value {
    json!({ "id": id, "text": text })
}

fn to(seat: &str, text: &str) -> Value {
    json!({ "do": "say", "audience": { "to": "candidate", "candidate": seat }, "text": text })
}

async fn texts(browser: &mut Browser, path: &str) -> Vec<String> {
    let part = good(browser.get(path).await);
    let lines = part["lines"].as_array().unwrap().iter();
    lines.map(|line| line["text"].as_str().unwrap().to_owned()).collect()
}

/// At the check of the speaker.
async fn checking(stage: &mut Stage) -> Browser {
    let mut browser = stage.entered(0).await;
    good(browser.post("/api/candidate/identity/send", json!({})).await);
    let code = stage.sms_code(0).await;
    good(browser.post("/api/candidate/identity/verify", json!({ "code": code })).await);
    browser
}

/// How many changes of the view came until the server has answered once more.
async fn changes(seat: &mut Seat) -> usize {
    seat.client.say(ClientMessage::Ping {}).await;
    let mut changes = 0;
    loop {
        match seat.client.next().await.unwrap().message {
            ServerMessage::Pong {} => return changes,
            ServerMessage::InterviewChange { .. } => changes += 1,
            _ => {}
        }
    }
}

#[tokio::test]
async fn who_has_entered_is_seen_at_once_and_pages_that_ask_again_change_nothing() {
    let stage = Stage::set(&[("address_rate", "1"), ("address_burst", "60")]).await;
    let mut host = stage.staff("host").await;
    let one = stage.candidates[0].1.clone();
    let mut browser = stage.entered(0).await;
    host.until(|host| card(host, &one)["arriving"] == true).await;
    let known = card(&host, &one);
    assert_eq!((&known["online"], &known["step"]), (&json!(false), &json!("identity")));
    changes(&mut host).await;
    // As many as two hundred behind one address ask in some seconds: what only reads is not counted.
    for _ in 0..200 {
        good(browser.get("/api/candidate").await);
        good(browser.get(CHAT).await);
    }
    assert_eq!(changes(&mut host).await, 0);
}

#[tokio::test]
async fn in_the_room_the_connection_says_who_is_there() {
    let mut stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let one = stage.candidates[0].1.clone();
    let mut browser = stage.waiting(0).await;
    host.until(|host| card(host, &one)["step"] == "waiting" && card(host, &one)["arriving"] == true).await;
    let seat = stage.candidate(&mut browser).await;
    host.until(|host| card(host, &one)["online"] == true && card(host, &one)["arriving"] == false).await;
    drop(seat);
    host.until(|host| card(host, &one)["offline_since"].is_number()).await;
}

#[tokio::test]
async fn a_device_that_cannot_be_used_is_told_to_the_host_while_it_is_so() {
    let mut stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let one = stage.candidates[0].1.clone();
    let mut browser = checking(&mut stage).await;
    let trouble = |check: &str| format!("/api/candidate/checks/{check}/trouble");
    let denied = json!({ "problem": "denied" });
    good(browser.post(&trouble("speaker"), denied.clone()).await);
    host.until(|host| card(host, &one)["device_troubles"][0]["problem"] == "denied").await;
    assert_eq!(card(&host, &one)["device_troubles"][0]["check"], "speaker");
    good(browser.post(&trouble("speaker"), json!({ "problem": null })).await);
    host.until(|host| card(host, &one)["device_troubles"] == json!([])).await;
    assert_eq!(code(browser.post(&trouble("camera"), denied).await), "another_step");
    assert_eq!(code(browser.post(&trouble("camera"), json!({ "problem": "sad" })).await), "malformed");
}

#[tokio::test]
async fn a_host_and_a_candidate_on_the_check_pages_write_to_each_other_and_nobody_else_reads_it() {
    let stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let mut examiner = stage.staff("examiner-1").await;
    let one = stage.candidates[0].1.clone();
    let mut older = stage.entered(0).await;
    let mut other = stage.entered(1).await;
    host.act(to(&one, "您好，需要帮助吗？")).await.unwrap();
    host.act(json!({ "do": "say", "audience": { "to": "all" }, "text": "to all" })).await.unwrap();
    assert_eq!(texts(&mut older, CHAT).await, ["您好，需要帮助吗？"]);
    let part = good(older.get(CHAT).await);
    let view = good(older.get("/api/candidate").await);
    assert_eq!(view["newest_line"], part["lines"][0]["id"]);
    // A page that asks twice, since the answer was lost, writes once.
    for _ in 0..2 {
        good(older.post(SAY, line("page-1", "没有收到验证码")).await);
    }
    let after = format!("{CHAT}?after={}", part["lines"][0]["id"].as_str().unwrap());
    assert_eq!(texts(&mut older, &after).await, ["没有收到验证码"]);
    host.until(|host| host.lines.iter().any(|line| line["text"] == "没有收到验证码")).await;
    assert_eq!(host.lines.len(), 3);
    examiner.client.say(ClientMessage::Ping {}).await;
    examiner.answer().await.unwrap();
    assert_eq!(examiner.lines.iter().map(|line| line["text"].as_str()).collect::<Vec<_>>(), [Some("to all")]);
    assert_eq!(texts(&mut other, CHAT).await, Vec::<String>::new());
    for (body, wanted) in [
        (line("page-2", " "), "text_empty"),
        (line("page-3", &"谈".repeat(2001)), "text_too_long"),
        (json!({ "id": "", "text": "x" }), "malformed"),
        (json!({ "text": "x" }), "malformed"),
    ] {
        assert_eq!(code(older.post(SAY, body).await), wanted);
    }
    // Whoever enters with the code afterwards may be another.
    let mut newer = stage.entered(0).await;
    assert_eq!(code(older.get(CHAT).await), "unauthorized");
    assert_eq!(texts(&mut newer, CHAT).await, Vec::<String>::new());
    assert_eq!(code(Browser::new(&stage.server).get(CHAT).await), "unauthorized");
}

#[tokio::test]
async fn lines_come_too_fast_from_before_the_room_as_from_within() {
    let stage = Stage::set(&[]).await;
    let mut browser = stage.entered(0).await;
    for n in 0..20 {
        good(browser.post(SAY, line(&format!("page-{n}"), "x")).await);
    }
    assert_eq!(code(browser.post(SAY, line("page-20", "x")).await), "rate_limited");
}

#[tokio::test]
async fn a_host_lets_somebody_pass_the_checks_and_their_page_goes_on() {
    let mut stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let one = stage.candidates[0].1.clone();
    let mut browser = checking(&mut stage).await;
    good(browser.post("/api/candidate/checks/speaker", json!({ "passed": false, "device": "USB" })).await);
    let pass = |reason: &str| json!({ "do": "pass_checks", "candidate": one, "reason": reason });
    assert_eq!(host.act(pass("")).await, Err("text_empty".to_owned()));
    host.act(pass("现场核对，设备正常")).await.unwrap();
    assert_eq!(host.act(pass("x")).await, Err("not_at_checks".to_owned()));
    assert_eq!(good(browser.get("/api/candidate").await)["step"], "waiting");
    let _seat = stage.candidate(&mut browser).await;
    let mut examiner = stage.staff("examiner-1").await;
    examiner.until(|examiner| card(examiner, &one)["online"] == true).await;
    let known = card(&examiner, &one);
    assert_eq!(
        (&known["waiver"]["reason"], &known["failed_check"]),
        (&json!("现场核对，设备正常"), &json!("speaker"))
    );
    let path = format!("/api/admin/interviews/{}/audit.jsonl", stage.interview);
    let audit = stage.administrator.get(&path).await.1.as_str().unwrap().to_owned();
    let told = audit.lines().find(|line| line.contains("\"checks_passed\"")).unwrap();
    assert!(told.contains("现场核对，设备正常") && told.contains(&one), "{told}");
}
