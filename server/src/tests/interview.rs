//! The candidate's path by HTTP: each step, what is wrong at it, and what is left of it after a restart.

use super::api::{Browser, PASSWORD, STAFF, Seat, Stage, code, good, setup, sign_in};
use crate::serve::Server;
use serde_json::{Value, json};
use viva_interview::{Action, Actor, AdministratorAction, Command, SeatId, Time, Trouble};
use viva_signaling::message::CloseReason;

const INVITATION: &str = "/api/candidate/invitation";

#[tokio::test]
async fn a_candidate_walks_from_the_code_to_the_waiting_room_and_wrong_input_stops_at_each_step() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = Browser::new(&stage.server);
    assert_eq!(code(browser.get("/api/candidate").await), "unauthorized");
    for wrong in ["", "nonsense", "2222-2222-2222", &"A".repeat(5000)] {
        assert_eq!(code(browser.post(INVITATION, json!({ "code": wrong })).await), "invitation_unknown");
    }
    assert_eq!(code(browser.post(INVITATION, json!({ "cod": "x" })).await), "malformed");

    let spoken = stage.candidates[1].0.to_lowercase().replace('-', " ");
    let view = good(browser.post(INVITATION, json!({ "code": spoken })).await);
    assert_eq!((view["role"].as_str(), view["step"].as_str()), (Some("candidate"), Some("password")));
    assert_eq!(code(browser.post("/api/candidate/seat", json!({})).await), "not_in_room");
    assert_eq!(code(browser.post("/api/candidate/identity/send", json!({})).await), "another_step");
    let password = |text: &str| json!({ "password": text });
    assert_eq!(code(browser.post("/api/candidate/password", password("falsch")).await), "password_wrong");
    let view = good(browser.post("/api/candidate/password", password("geheim")).await);
    assert_eq!(view["step"], "identity");

    let verify = "/api/candidate/identity/verify";
    assert_eq!(code(browser.post(verify, json!({ "code": "123456" })).await), "sms_expired");
    let view = good(browser.post("/api/candidate/identity/send", json!({})).await);
    assert!(view["phone_hint"].as_str().unwrap().contains("****"));
    assert!(!view.to_string().contains("13800138002"), "the number stays on the server");
    assert_eq!(code(browser.post("/api/candidate/identity/send", json!({})).await), "sms_too_soon");
    let sent = stage.sms_code(1).await;
    let other = format!("{:06}", (sent.parse::<u32>().unwrap() + 1) % 1_000_000);
    assert_eq!(code(browser.post(verify, json!({ "code": other })).await), "sms_wrong");
    let view = good(browser.post(verify, json!({ "code": sent })).await);
    assert_eq!(view["step"], "speaker");

    let check = |passed: bool| json!({ "passed": passed, "device": "麦克风" });
    assert_eq!(code(browser.post("/api/candidate/checks/mind", check(true)).await), "not_found");
    assert_eq!(code(browser.post("/api/candidate/checks/camera", check(true)).await), "another_step");
    let view = good(browser.post("/api/candidate/checks/speaker", check(false)).await);
    assert_eq!(
        (view["step"].as_str(), &view["checks"]["speaker"]["passed"]),
        (Some("speaker"), &json!(false))
    );
    for (name, next) in [("speaker", "microphone"), ("microphone", "camera"), ("camera", "waiting")] {
        let view = good(browser.post(&format!("/api/candidate/checks/{name}"), check(true)).await);
        assert_eq!(view["step"], next);
    }
    assert!(good(browser.post("/api/candidate/seat", json!({})).await)["token"].is_string());
}

#[tokio::test]
async fn a_request_without_the_guard_changes_nothing() {
    let stage = Stage::set(&[]).await;
    let url = format!("http://{}{INVITATION}", stage.server.address);
    let body = json!({ "code": stage.candidates[0].0 });
    let response = reqwest::Client::new().post(&url).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert!(response.headers().get("set-cookie").is_none());
    let other = reqwest::Client::new().post(&url).header("X-Viva", "0").json(&body).send().await.unwrap();
    assert_eq!(other.status(), 403);
    let form = Browser::new(&stage.server).request(reqwest::Method::POST, INVITATION).body("code=x");
    let answer = Browser::new(&stage.server).send(form.header("content-type", "text/plain")).await;
    assert_eq!(code(answer), "unsupported_media_type");
}

#[tokio::test]
async fn guessing_codes_is_limited_and_a_right_one_is_never_refused() {
    let stage = Stage::set(&[]).await;
    let mut browser = Browser::new(&stage.server);
    let mut answers = Vec::new();
    for n in 0..310 {
        answers.push(code(browser.post(INVITATION, json!({ "code": format!("WRONG-{n}") })).await));
    }
    // 200 in a morning are a school that mistypes; the time that the test takes may let some more pass.
    assert!(answers[..300].iter().all(|answer| answer == "invitation_unknown"));
    assert!(answers.iter().any(|answer| answer == "rate_limited"), "{:?}", answers.last());
    let view = good(browser.post(INVITATION, json!({ "code": stage.candidates[0].0 })).await);
    assert_eq!(view["step"], "identity");
}

#[tokio::test]
async fn an_invitation_is_early_expired_or_used_and_each_says_so() {
    let mut stage = Stage::set(&[]).await;
    let path = format!("/api/admin/interviews/{}", stage.interview);
    let now = crate::clock::now().0;
    let mut browser = Browser::new(&stage.server);
    let body = json!({ "code": stage.candidates[0].0 });
    for (opens_at, closes_at, wanted) in
        [(now + 60_000, now + 120_000, "invitation_early"), (now - 60_000, now - 1, "invitation_expired")]
    {
        let mut setup = setup();
        (setup["opens_at"], setup["closes_at"]) = (json!(opens_at), json!(closes_at));
        good(stage.administrator.ask(reqwest::Method::PUT, &path, Some(setup)).await);
        let refused = browser.post(INVITATION, body.clone()).await;
        if wanted == "invitation_early" {
            assert_eq!(refused.1["detail"], format!("{}[Asia/Shanghai]", Time(opens_at)));
        }
        assert_eq!(code(refused), wanted);
    }
    good(stage.administrator.ask(reqwest::Method::PUT, &path, Some(setup())).await);
    let mut inside = stage.waiting(0).await;
    assert_eq!(good(inside.post("/api/candidate/leave", json!({})).await)["step"], "left");
    // Whoever left by mistake comes back, from the same page and from elsewhere.
    assert_eq!(good(inside.post("/api/candidate/return", json!({})).await)["step"], "waiting");
    good(inside.post("/api/candidate/leave", json!({})).await);
    let mut elsewhere = Browser::new(&stage.server);
    assert_eq!(good(elsewhere.post(INVITATION, body.clone()).await)["step"], "waiting");
    let mut host = stage.staff("host").await;
    let seat = stage.candidates[0].1.clone();
    // Let go: no seat in the room, the result's page stays, and the way back is open.
    host.act(json!({ "do": "let_go", "candidate": seat })).await.unwrap();
    assert_eq!(code(elsewhere.post("/api/candidate/seat", json!({})).await), "not_in_room");
    assert!(good(elsewhere.get("/api/candidate").await)["let_go_at"].is_number());
    assert!(good(elsewhere.post("/api/candidate/return", json!({})).await)["let_go_at"].is_null());
    host.act(json!({ "do": "remove", "seat": seat, "reason": "r" })).await.unwrap();
    assert_eq!(code(elsewhere.post("/api/candidate/return", json!({})).await), "invitation_used");
    assert_eq!(code(Browser::new(&stage.server).post(INVITATION, body).await), "invitation_used");
}

#[tokio::test]
async fn an_interview_has_the_time_zone_that_was_set_for_it_and_every_seat_knows_it() {
    let mut stage = Stage::set(&[]).await;
    let path = format!("/api/admin/interviews/{}", stage.interview);
    assert_eq!(good(stage.administrator.get(&path).await)["time_zone"], "Asia/Shanghai");
    for wrong in ["Asia/Peking", "Mars/Olympus", "", "Etc/Unknown", "Europe/London\u{202e}"] {
        let mut setup = setup();
        setup["time_zone"] = json!(wrong);
        let changed = stage.administrator.ask(reqwest::Method::PUT, &path, Some(setup.clone())).await;
        assert_eq!(code(changed), "setup_invalid", "{wrong}");
        assert_eq!(code(stage.administrator.post("/api/admin/interviews", setup).await), "setup_invalid");
    }
    let mut setup = setup();
    setup["time_zone"] = json!("europe/london");
    let changed = good(stage.administrator.ask(reqwest::Method::PUT, &path, Some(setup)).await);
    assert_eq!(changed["time_zone"], "Europe/London");
    let mut candidate = stage.entered(0).await;
    assert_eq!(good(candidate.get("/api/candidate").await)["time_zone"], "Europe/London");
    let mut host = sign_in(&stage.server, STAFF[2].0).await;
    assert_eq!(good(host.get("/api/session").await)["seats"][0]["time_zone"], "Europe/London");
}

#[tokio::test]
async fn the_newer_device_has_the_seat_and_the_older_one_is_told() {
    let mut stage = Stage::set(&[]).await;
    let mut older = stage.waiting(0).await;
    let mut seat = stage.candidate(&mut older).await;
    let mut newer = Browser::new(&stage.server);
    let view = good(newer.post(INVITATION, json!({ "code": stage.candidates[0].0 })).await);
    assert_eq!(view["step"], "waiting", "the progress is kept");
    assert_eq!(seat.client.closed().await, Some(CloseReason::Replaced));
    assert_eq!(code(older.get("/api/candidate").await), "unauthorized");
    stage.candidate(&mut newer).await;
}

#[tokio::test]
async fn two_tabs_of_one_candidate_are_one_seat() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut first = stage.candidate(&mut browser).await;
    let _second = stage.candidate(&mut browser).await;
    assert_eq!(first.client.closed().await, Some(CloseReason::Replaced));
}

#[tokio::test]
async fn nobody_takes_a_seat_that_is_not_their_own() {
    let mut stage = Stage::set(&[]).await;
    let mut examiner = sign_in(&stage.server, "examiner-1").await;
    let session = good(examiner.get("/api/session").await);
    assert_eq!(session["seats"].as_array().unwrap().len(), 1);
    assert_eq!(session["seats"][0]["role"], "examiner");
    let host = format!("/api/seats/{}/token", stage.staff["host"]);
    assert_eq!(code(examiner.post(&host, json!({})).await), "not_your_seat");
    assert_eq!(code(examiner.get("/api/admin/interviews").await), "forbidden");
    assert_eq!(code(Browser::new(&stage.server).get("/api/admin/interviews").await), "unauthorized");
    let wrong = json!({ "account": "host", "password": "wrong" });
    assert_eq!(code(Browser::new(&stage.server).post("/api/session", wrong).await), "sign_in_failed");
    // A candidate's cookie opens nothing of the staff, and the other way round.
    let mut candidate = stage.entered(0).await;
    assert_eq!(code(candidate.post(&host, json!({})).await), "unauthorized");
    assert_eq!(code(stage.administrator.get("/api/candidate").await), "unauthorized");
    assert!(good(candidate.get("/api/settings").await)["institution"].is_string());
}

#[tokio::test]
async fn a_seat_tells_what_it_is_to_who_may_take_it() {
    let mut stage = Stage::set(&[]).await;
    let of = |account: &str| format!("/api/seats/{}", stage.staff[account]);
    let (own, other) = (of("host"), of("examiner-1"));
    let mut host = sign_in(&stage.server, "host").await;
    let seat = good(host.get(&own).await);
    assert_eq!(seat, good(host.get("/api/session").await)["seats"][0]);
    assert_eq!((&seat["role"], &seat["interview_name"]), (&json!("host"), &setup()["name"]));
    assert_eq!(code(host.get(&other).await), "not_your_seat");
    // A link has no account, but a token for one seat.
    let token = stage.staff_token("host").await;
    let mut link = Browser::new(&stage.server);
    assert_eq!(code(link.get(&own).await), "unauthorized");
    let by_token = |link: &Browser, path: &str| link.request(reqwest::Method::GET, path).bearer_auth(&token);
    let request = by_token(&link, &own);
    assert_eq!(good(link.send(request).await), seat);
    let request = by_token(&link, &other);
    assert_eq!(code(link.send(request).await), "not_your_seat");
    // A candidate's token is none of the staff.
    let token = good(stage.waiting(0).await.post("/api/candidate/seat", json!({})).await)["token"].clone();
    let request = link.request(reqwest::Method::GET, &own).bearer_auth(token.as_str().unwrap());
    assert_eq!(code(link.send(request).await), "unauthorized");
}

#[tokio::test]
async fn a_photo_is_seen_by_the_staff_of_the_interview_alone() {
    let mut stage = Stage::set(&[]).await;
    let seat = stage.candidates[0].1.clone();
    let put = format!("/api/admin/interviews/{}/candidates/{seat}/photo", stage.interview);
    let png = b"\x89PNG\r\n\x1a\nrest".to_vec();
    let administrator = &mut stage.administrator;
    let request = administrator.request(reqwest::Method::PUT, &put).body(b"GIF89a".to_vec());
    assert_eq!(code(administrator.send(request).await), "unsupported_media_type");
    let request = administrator.request(reqwest::Method::PUT, &put).body(png);
    good(administrator.send(request).await);
    let get = format!("/api/candidates/{seat}/photo");
    for account in ["root", STAFF[0].0] {
        assert_eq!(sign_in(&stage.server, account).await.get(&get).await.0, 200, "{account}");
    }
    assert_eq!(code(stage.entered(0).await.get(&get).await), "unauthorized");
    let token = stage.staff_token("host").await;
    let mut link = Browser::new(&stage.server);
    let request = link.request(reqwest::Method::GET, &get).bearer_auth(token);
    assert_eq!(link.send(request).await.0, 200);
    assert_eq!(good(stage.entered(0).await.get("/api/candidate").await)["photo"], true);
}

#[tokio::test]
async fn an_interview_that_somebody_has_entered_stays_and_another_goes() {
    let mut stage = Stage::set(&[]).await;
    let empty = good(stage.administrator.post("/api/admin/interviews", setup()).await);
    let path = format!("/api/admin/interviews/{}", empty["id"].as_str().unwrap());
    assert_eq!(stage.administrator.ask(reqwest::Method::DELETE, &path, None).await.0, 204);
    assert_eq!(code(stage.administrator.get(&path).await), "not_found");
    stage.entered(0).await;
    let path = format!("/api/admin/interviews/{}", stage.interview);
    assert_eq!(
        code(stage.administrator.ask(reqwest::Method::DELETE, &path, None).await),
        "interview_entered"
    );
}

#[tokio::test]
async fn after_a_restart_everybody_is_where_they_were() {
    let folder = std::env::temp_dir().join(format!("viva-restart-{}", crate::random::hex::<8>()));
    let changes = [("data_dir", folder.to_str().unwrap())];
    let mut stage = Stage::set(&changes).await;
    let mut candidate = stage.waiting(0).await;
    let token = stage.staff_token("host").await;
    let mut host = Seat::take(&stage.server, &token).await;
    host.act(json!({ "do": "say", "audience": { "to": "panel" }, "text": "bleibt" })).await.unwrap();
    host.act(json!({ "do": "go_to_stage", "stage": 1 })).await.unwrap();
    stage.server.stop().await.unwrap();

    let server: Server = super::client::server(&changes).await;
    let mut host = Seat::take(&server, &token).await;
    assert_eq!(host.view["stage"], 1);
    host.until(|host| !host.lines.is_empty()).await;
    assert_eq!(host.lines[0]["text"], "bleibt");
    candidate.moved(&server);
    let view = good(candidate.get("/api/candidate").await);
    assert_eq!(view["step"], "waiting");
    let mut administrator = sign_in(&server, "root").await;
    let audit = administrator.get(&format!("/api/admin/interviews/{}/audit.jsonl", stage.interview)).await;
    let text = audit.1.as_str().unwrap().to_owned();
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert!(!text.contains(&stage.candidates[0].0) && !text.contains(PASSWORD));
}

#[tokio::test]
async fn a_bad_time_that_an_end_of_the_server_cuts_off_has_an_end_in_the_audit() {
    let folder = std::env::temp_dir().join(format!("viva-troubled-{}", crate::random::hex::<8>()));
    let changes = [("data_dir", folder.to_str().unwrap())];
    let mut stage = Stage::set(&changes).await;
    stage.waiting(0).await;
    let interview = stage.interview.parse().unwrap();
    let seat: SeatId = stage.candidates[0].1.parse().unwrap();
    let from = crate::clock::now();
    let begin = AdministratorAction::BeginTrouble { seat, from, worst: Trouble::Weak };
    let by_system = |action| Command {
        id: crate::sitting::fresh_command(),
        by: Actor::System,
        action: Action::Administrator(action),
    };
    stage.server.app.sittings.command(interview, by_system(begin)).await.unwrap();
    let lines = async |administrator: &mut Browser| {
        let path = format!("/api/admin/interviews/{}/audit.jsonl", stage.interview);
        let text = administrator.get(&path).await.1;
        let lines = text.as_str().unwrap().lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines = lines.filter(|line| line["event"].as_str().unwrap().starts_with("network_trouble"));
        lines.map(|line| (line["event"].clone(), line["detail"].clone())).collect::<Vec<_>>()
    };
    let mut administrator = sign_in(&stage.server, "root").await;
    let began = (json!("network_trouble_began"), json!(format!("Weak; {from} –")));
    assert_eq!(lines(&mut administrator).await, std::slice::from_ref(&began));
    stage.server.stop().await.unwrap();

    // Nothing told of its end: it lasted until the newest record, which is that of its beginning or a later one.
    let server: Server = super::client::server(&changes).await;
    let mut administrator = sign_in(&server, "root").await;
    let after = lines(&mut administrator).await;
    assert_eq!((after.len(), &after[0]), (2, &began));
    assert_eq!(after[1].0, "network_troubled");
    let detail = after[1].1.as_str().unwrap();
    assert!(detail.starts_with(&format!("Weak; {from} – ")) && detail.contains("or later"), "{detail}");
    assert_eq!(lines(&mut administrator).await, after, "once");
}

#[tokio::test]
async fn both_ends_of_a_connection_test_sit_in_a_room_of_their_own() {
    let server = super::client::server(&[]).await;
    let token = good(Browser::new(&server).post("/api/connection-test", json!({})).await)["token"].clone();
    let token = token.as_str().unwrap();
    let mut ends = Vec::new();
    for others in [0, 1] {
        let mut client = super::client::Client::connect(&server).await;
        client.hello().await;
        assert_eq!(client.join(token).await.participants, others);
        ends.push(client);
    }
    let mut third = super::client::Client::connect(&server).await;
    third.hello().await;
    third.say(viva_signaling::message::ClientMessage::Join { token: token.to_owned() }).await;
    assert!(matches!(third.answer().await, viva_signaling::message::ServerMessage::Error { .. }));
}
