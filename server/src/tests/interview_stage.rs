//! An interview in its room: rights follow the stage, scores stay hidden until all are in, a result is confirmed once.

use super::api::{Seat, Stage, code, good, setup};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Connection;
use std::time::{Duration, Instant};
use viva_media::{MediaKind, Priority, PublicationId};
use viva_signaling::message::{ClientMessage, CloseReason, TrackSource};

/// Everything but the people: the stages by their index in the setup of the tests.
const INTERVIEW: u32 = 1;
const DELIBERATION: u32 = 2;
const ANNOUNCEMENT: u32 = 3;
const CONFIRMATION: u32 = 4;
const END: u32 = 5;

async fn go(host: &mut Seat, stage: u32) {
    host.act(json!({ "do": "go_to_stage", "stage": stage })).await.unwrap();
}

#[tokio::test]
async fn publications_follow_the_stage_for_everybody_at_once() {
    let mut stage = Stage::set(&[]).await;
    let mut first_browser = stage.waiting(0).await;
    let mut second_browser = stage.waiting(1).await;
    let mut first = stage.candidate(&mut first_browser).await;
    let mut second = stage.candidate(&mut second_browser).await;
    let mut examiner = stage.staff("examiner-1").await;
    let mut host = stage.staff("host").await;
    let mut patrol = stage.staff("patrol").await;
    for (seat, ufrag) in
        [(&mut first, "aaaa"), (&mut second, "bbbb"), (&mut examiner, "cccc"), (&mut host, "dddd")]
    {
        seat.send(ufrag).await;
    }
    let (one, two) = (stage.candidates[0].1.clone(), stage.candidates[1].1.clone());
    let (panel, lead) = (stage.staff["examiner-1"].clone(), stage.staff["host"].clone());
    let both = ["Camera", "Microphone"];

    // Waiting: the host sees those who wait, and nobody else does.
    host.until(|host| host.receives(&one) == ["Camera"] && host.receives(&two) == ["Camera"]).await;
    examiner.until(|examiner| examiner.receives(&lead) == both).await;
    assert!(examiner.receives(&one).is_empty());
    assert!(first.publications.is_empty() && second.publications.is_empty());
    // No candidate learns of another, nobody of the patrol.
    for seat in [&first, &second, &examiner, &host] {
        assert!(!seat.people.values().any(|known| *known == stage.staff["patrol"]));
    }
    assert!(!first.people.values().any(|known| *known == two));
    patrol.until(|patrol| patrol.receives(&panel) == both).await;

    // The interview: the current candidate and the panel have each other, before the host is answered.
    host.act(json!({ "do": "call", "candidate": one })).await.unwrap();
    go(&mut host, INTERVIEW).await;
    host.until(|host| host.receives(&one) == both).await;
    examiner.until(|examiner| examiner.receives(&one) == both).await;
    first.until(|first| first.receives(&panel) == both && first.receives(&lead) == both).await;
    patrol.until(|patrol| patrol.receives(&one) == both).await;
    assert!(second.publications.is_empty() && examiner.receives(&two).is_empty());

    // Muted by the host, the candidate is seen and not heard.
    host.act(json!({ "do": "mute", "seat": one, "muted": true })).await.unwrap();
    examiner.until(|examiner| examiner.receives(&one) == ["Camera"]).await;
    host.act(json!({ "do": "mute", "seat": one, "muted": false })).await.unwrap();
    examiner.until(|examiner| examiner.receives(&one) == both).await;

    // Deliberation: cut both ways.
    go(&mut host, DELIBERATION).await;
    first.until(|first| first.publications.is_empty()).await;
    examiner.until(|examiner| examiner.receives(&one).is_empty()).await;
    patrol.until(|patrol| patrol.receives(&one).is_empty()).await;
    assert_eq!(examiner.receives(&lead), both);
}

/// What the media plane puts first of what `seat` sends, as `viewer` knows it.
async fn priorities(stage: &Stage, viewer: &Seat, seat: &str) -> Vec<(MediaKind, Priority)> {
    let of_seat = |publication: &PublicationId| {
        let known = viewer.publications.get(&publication.to_string());
        known.and_then(|(_, source, of)| (of.as_deref() == Some(seat)).then_some(source.clone()))
    };
    let mut found = Vec::new();
    for shard in stage.server.app.plane.shards() {
        let stats = shard.stats().await.unwrap().sfu;
        for sent in stats.transports.iter().flat_map(|transport| &transport.publications) {
            let kind =
                |source: String| if source == "Microphone" { MediaKind::Audio } else { MediaKind::Video };
            found.extend(of_seat(&sent.publication).map(|source| (kind(source), sent.priority)));
        }
    }
    found.sort_by_key(|(kind, _)| *kind == MediaKind::Video);
    found
}

#[tokio::test]
async fn pictures_of_the_current_candidate_come_first_as_long_as_it_is_their_turn() {
    let mut stage = Stage::set(&[]).await;
    let (mut browser, mut other_browser) = (stage.waiting(0).await, stage.waiting(1).await);
    let mut candidate = stage.candidate(&mut browser).await;
    let mut other = stage.candidate(&mut other_browser).await;
    let mut host = stage.staff("host").await;
    for (seat, ufrag) in [(&mut candidate, "aaaa"), (&mut other, "bbbb"), (&mut host, "cccc")] {
        seat.send(ufrag).await;
    }
    let (one, two) = (stage.candidates[0].1.clone(), stage.candidates[1].1.clone());
    let (audio, video) = (MediaKind::Audio, MediaKind::Video);
    host.until(|host| host.receives(&one) == ["Camera"] && host.receives(&two) == ["Camera"]).await;
    assert_eq!(priorities(&stage, &host, &one).await, [(video, Priority::Usual)]);

    host.act(json!({ "do": "call", "candidate": one })).await.unwrap();
    go(&mut host, INTERVIEW).await;
    host.until(|host| host.receives(&one).len() == 2).await;
    let first = [(audio, Priority::Usual), (video, Priority::First)];
    assert_eq!(priorities(&stage, &host, &one).await, first);
    assert_eq!(priorities(&stage, &host, &two).await, [(video, Priority::Usual)]);
    // Who comes back into their turn is first again at once.
    let before: Vec<String> = host.publications.keys().cloned().collect();
    let mut candidate = stage.candidate(&mut browser).await;
    candidate.send("dddd").await;
    let is_new = |id: &String| !before.contains(id);
    host.until(|host| {
        host.receives(&one).len() == 2 && host.publications.keys().filter(|id| is_new(id)).count() == 2
    })
    .await;
    assert_eq!(priorities(&stage, &host, &one).await, first);

    host.act(json!({ "do": "finish_candidate" })).await.unwrap();
    host.until(|host| host.receives(&one) == ["Camera"]).await;
    assert_eq!(priorities(&stage, &host, &one).await, [(video, Priority::Usual)]);
}

#[tokio::test]
async fn a_candidate_s_screen_is_shown_only_while_the_host_invites_whatever_is_sent() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut examiner = stage.staff("examiner-1").await;
    let mut host = stage.staff("host").await;
    let mut patrol = stage.staff("patrol").await;
    candidate.send_as("aaaa", TrackSource::Screen).await;
    examiner.send_as("bbbb", TrackSource::Screen).await;
    let (one, panel) = (stage.candidates[0].1.clone(), stage.staff["examiner-1"].clone());
    let invite = |invited: bool| json!({ "do": "invite_screen", "candidate": one, "invited": invited });

    // Materials of an examiner are for the panel, and for the candidate before it.
    host.until(|host| host.receives(&panel) == ["Microphone", "Screen"]).await;
    assert!(host.receives(&one).is_empty());
    host.act(json!({ "do": "call", "candidate": one })).await.unwrap();
    assert_eq!(host.act(invite(true)).await, Err("no_screen_here".to_owned()));
    go(&mut host, INTERVIEW).await;
    candidate.until(|candidate| candidate.receives(&panel) == ["Microphone", "Screen"]).await;
    examiner.until(|examiner| examiner.receives(&one) == ["Microphone"]).await;
    assert_eq!(candidate.act(invite(true)).await, Err("forbidden".to_owned()));

    host.act(invite(true)).await.unwrap();
    candidate.until(|candidate| candidate.view["may_share"] == true).await;
    for seat in [&mut examiner, &mut patrol] {
        seat.until(|seat| seat.receives(&one) == ["Microphone", "Screen"]).await;
    }
    host.act(invite(false)).await.unwrap();
    examiner.until(|examiner| examiner.receives(&one) == ["Microphone"]).await;
    patrol.until(|patrol| patrol.receives(&one) == ["Microphone"]).await;

    // The invitation does not outlive its stage.
    host.act(invite(true)).await.unwrap();
    examiner.until(|examiner| examiner.receives(&one) == ["Microphone", "Screen"]).await;
    go(&mut host, ANNOUNCEMENT).await;
    examiner.until(|examiner| examiner.receives(&one) == ["Microphone"]).await;
    candidate.until(|candidate| candidate.view["may_share"] == false).await;
}

#[tokio::test]
async fn who_may_not_do_it_is_refused_and_nothing_changes() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut patrol = stage.staff("patrol").await;
    let seat = stage.candidates[0].1.clone();
    for action in [
        json!({ "do": "go_to_stage", "stage": 1 }),
        json!({ "do": "call", "candidate": seat }),
        json!({ "do": "submit_scores", "candidate": seat }),
        json!({ "do": "mute", "seat": stage.staff["host"], "muted": true }),
    ] {
        assert_eq!(candidate.act(action.clone()).await, Err("forbidden".to_owned()), "{action}");
        assert_eq!(patrol.act(action.clone()).await, Err("forbidden".to_owned()), "{action}");
    }
    for action in [json!({}), json!({ "do": "dance" }), json!("say"), json!({ "do": "leave", "x": 1 })] {
        assert_eq!(candidate.act(action).await, Err("malformed".to_owned()));
    }
    assert_eq!(candidate.act(json!({ "do": "confirm" })).await.unwrap_err(), "confirm_closed");
    let mut host = stage.staff("host").await;
    assert_eq!(host.view["stage"], 0);
    let nobody = json!({ "do": "call", "candidate": "0000000000000000" });
    assert_eq!(host.act(nobody).await, Err("candidate_unknown".to_owned()));
}

#[tokio::test]
async fn questions_are_read_by_the_panel_alone_and_left_out_of_lists() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let candidate = stage.candidate(&mut browser).await;
    let (mut examiner, mut host) = (stage.staff("examiner-1").await, stage.staff("host").await);
    let mut patrol = stage.staff("patrol").await;
    let question = json!({ "id": 7, "text": "请介绍研究计划", "minutes": 3, "criterion": "a" });
    let sets = json!([{ "id": 1, "name": "A 组", "questions": [question] }]);
    let path = format!("/api/admin/interviews/{}", stage.interview);
    let mut changed = setup();
    changed["questions"] = sets.clone();
    let row = good(stage.administrator.ask(Method::PUT, &path, Some(changed.clone())).await);
    assert_eq!(row["questions"], sets);
    let list = good(stage.administrator.get("/api/admin/interviews").await);
    assert_eq!(list[0]["questions"], json!([]));

    let seat = stage.candidates[0].1.clone();
    host.act(json!({ "do": "assign_questions", "candidate": seat, "set": 1 })).await.unwrap();
    examiner
        .act(json!({ "do": "mark_asked", "candidate": seat, "question": 7, "asked": true }))
        .await
        .unwrap();
    host.until(|host| host.view["candidates"][0]["asked"] == json!([7])).await;
    host.until(|host| host.view["questions"] == sets).await;
    examiner.until(|examiner| examiner.view["questions"] == sets).await;
    patrol.act(json!({ "do": "mark_incident", "candidate": null, "note": "later" })).await.unwrap();
    patrol.until(|patrol| patrol.view["incidents"].as_array().is_some_and(|all| all.len() == 1)).await;
    assert!(!patrol.view.to_string().contains("请介绍") && !candidate.view.to_string().contains("question"));
    changed["questions"] = json!([]);
    let refused = stage.administrator.ask(Method::PUT, &path, Some(changed)).await;
    assert_eq!(code(refused), "questions_asked");
}

#[tokio::test]
async fn scores_are_hidden_until_all_are_in_and_a_result_is_confirmed_once() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut one = stage.staff("examiner-1").await;
    let mut two = stage.staff("examiner-2").await;
    let mut host = stage.staff("host").await;
    let seat = stage.candidates[0].1.clone();
    host.act(json!({ "do": "call", "candidate": seat })).await.unwrap();
    go(&mut host, INTERVIEW).await;

    let save = |a: u32| json!({ "do": "save_scores", "candidate": seat, "points": { "a": a, "b": 8000 }, "remark": "" });
    let submit = json!({ "do": "submit_scores", "candidate": seat });
    assert_eq!(one.act(submit.clone()).await, Err("scores_incomplete".to_owned()));
    assert_eq!(one.act(save(10_001)).await, Err("scores_out_of_bounds".to_owned()));
    one.act(save(9000)).await.unwrap();
    one.act(submit.clone()).await.unwrap();
    assert_eq!(one.act(save(1)).await, Err("scores_submitted".to_owned()));
    two.until(|two| two.view["submitted"][&seat].as_array().is_some_and(|who| who.len() == 1)).await;
    assert_eq!(two.view["sheets"].as_array().unwrap().len(), 0, "{}", two.view["sheets"]);
    two.act(save(7000)).await.unwrap();
    two.act(submit).await.unwrap();
    two.until(|two| two.view["sheets"].as_array().is_some_and(|sheets| sheets.len() == 2)).await;
    assert!(!candidate.view.to_string().contains("sheets"));
    let total =
        two.view["sheets"].as_array().unwrap().iter().find(|s| s["examiner"] == stage.staff["examiner-1"]);
    assert_eq!(total.unwrap()["total"], 8600);

    go(&mut host, DELIBERATION).await;
    host.act(json!({ "do": "lock_scores", "candidate": seat })).await.unwrap();
    go(&mut host, ANNOUNCEMENT).await;
    let publish = json!({ "do": "publish_result", "candidate": seat, "outcome": "拟录取", "points": 8300, "remark": "" });
    host.act(publish).await.unwrap();
    candidate.until(|candidate| candidate.view["result"]["outcome"] == "拟录取").await;
    assert_eq!(candidate.act(json!({ "do": "confirm" })).await, Err("confirm_closed".to_owned()));
    go(&mut host, CONFIRMATION).await;
    candidate.until(|candidate| candidate.view["may_confirm"] == true).await;
    // The same command again, as after a lost connection: done once, answered the same.
    for _ in 0..2 {
        let action = json!({ "do": "confirm" });
        candidate.client.say(ClientMessage::Act { command: "confirm-1".into(), action }).await;
        candidate.answer().await.unwrap();
    }
    host.until(|host| host.view["candidates"][0]["confirmed_at"].is_number()).await;
    let audit =
        stage.administrator.get(&format!("/api/admin/interviews/{}/audit.jsonl", stage.interview)).await;
    assert_eq!(audit.1.as_str().unwrap().matches("result_confirmed").count(), 1);
    let scores =
        stage.administrator.get(&format!("/api/admin/interviews/{}/scores.csv", stage.interview)).await;
    let scores = scores.1.as_str().unwrap().to_owned();
    assert!(scores.contains("86.00") && scores.contains("拟录取") && scores.contains("83.00"), "{scores}");

    // What was confirmed is not taken back; a correction is confirmed anew, and by who has seen it.
    let withdraw = json!({ "do": "withdraw_result", "candidate": seat, "reason": "算错" });
    assert_eq!(host.act(withdraw).await, Err("result_confirmed".to_owned()));
    host.act(
        json!({ "do": "correct_result", "candidate": seat, "outcome": "候补", "points": 7300, "remark": "",
        "reason": "合分有误" }),
    )
    .await
    .unwrap();
    candidate.until(|candidate| candidate.view["result"]["correction"] == "合分有误").await;
    assert_eq!(candidate.act(json!({ "do": "confirm" })).await, Err("result_missing".to_owned()));
    let revision = candidate.view["result"]["revision"].as_u64().unwrap();
    candidate.act(json!({ "do": "confirm", "revision": revision })).await.unwrap();
    host.until(|host| host.view["candidates"][0]["confirmed_at"].is_number()).await;

    // Once more, when the interview is over: the page at its end asks by HTTP.
    go(&mut host, END).await;
    host.act(
        json!({ "do": "correct_result", "candidate": seat, "outcome": "拟录取", "points": null, "remark": "",
        "reason": "复核" }),
    )
    .await
    .unwrap();
    let seen = good(browser.get("/api/candidate").await);
    assert_eq!((&seen["result"]["correction"], &seen["confirmed_at"]), (&json!("复核"), &Value::Null));
    let mut confirm =
        async |revision: u64| browser.post("/api/candidate/confirm", json!({ "revision": revision })).await;
    assert_eq!(code(confirm(revision).await), "result_missing");
    assert!(good(confirm(revision + 1).await)["confirmed_at"].is_number());
}

#[tokio::test]
async fn nobody_is_told_a_result_before_the_interview_but_by_a_chair_with_a_reason() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    let seat = stage.candidates[0].1.clone();
    let publish = |beyond: Option<&str>| {
        let mut action = json!({ "do": "publish_result", "candidate": seat, "outcome": "拟录取", "points": null, "remark": "" });
        if let Some(reason) = beyond {
            action["beyond"] = reason.into();
        }
        action
    };
    assert_eq!(host.act(publish(None)).await, Err("result_not_interviewed".to_owned()));
    let draft = json!({ "do": "draft_result", "candidate": seat, "outcome": "拟录取", "points": 8000, "remark": "密" });
    host.act(draft).await.unwrap();
    host.until(|host| host.view["candidates"][0]["draft"]["revision"] == 1).await;
    let together = json!({ "do": "publish_drafts", "drafts": [{ "candidate": seat, "revision": 1 }] });
    assert_eq!(host.act(together).await, Err("result_not_interviewed".to_owned()));
    let mut examiner = stage.staff("examiner-1").await;
    examiner.until(|examiner| examiner.view["candidates"][0]["gates"][0] == "not_interviewed").await;
    assert!(!examiner.view.to_string().contains('密') && !candidate.view.to_string().contains('密'));

    // Another host is marked as chair: this one is none any more.
    let staff = format!("/api/admin/interviews/{}/staff", stage.interview);
    let chair = json!({ "account": "", "name": "主考", "role": "host" });
    let chair = good(stage.administrator.post(&staff, chair).await)["seat"].as_str().unwrap().to_owned();
    let own = |seat: &str| format!("{staff}/{seat}/chair");
    let marked = stage.administrator.ask(Method::PUT, &own(&chair), Some(json!({ "chair": true }))).await;
    assert_eq!(marked.0, 204);
    let patrols = stage.staff["patrol"].clone();
    let refused = stage.administrator.ask(Method::PUT, &own(&patrols), Some(json!({ "chair": true }))).await;
    assert_eq!(code(refused), "not_found");
    host.until(|host| host.view["is_chair"] == false).await;
    assert_eq!(host.act(publish(Some("急"))).await, Err("chair_only".to_owned()));
    stage.administrator.ask(Method::PUT, &own(&chair), Some(json!({ "chair": false }))).await;
    host.until(|host| host.view["is_chair"] == true).await;
    host.act(publish(Some("学院会议决定"))).await.unwrap();
    candidate.until(|candidate| candidate.view["result"]["outcome"] == "拟录取").await;
    let audit =
        stage.administrator.get(&format!("/api/admin/interviews/{}/audit.jsonl", stage.interview)).await;
    assert!(audit.1.as_str().unwrap().contains("学院会议决定"));

    // Taken back, it is gone from the candidate's page, and a confirmation of it confirms nothing.
    let revision = candidate.view["result"]["revision"].clone();
    host.act(json!({ "do": "withdraw_result", "candidate": seat, "reason": "弄错了人" })).await.unwrap();
    candidate.until(|candidate| candidate.view["result_withdrawn_at"].is_number()).await;
    assert!(candidate.view["result"].is_null());
    go(&mut host, CONFIRMATION).await;
    let confirm = json!({ "do": "confirm", "revision": revision });
    assert_eq!(candidate.act(confirm).await, Err("result_missing".to_owned()));
}

#[tokio::test]
async fn who_is_offline_is_passed_by_when_the_next_is_called() {
    let mut stage = Stage::set(&[]).await;
    let _first = stage.waiting(0).await;
    let mut browser = stage.waiting(1).await;
    let mut host = stage.staff("host").await;
    assert_eq!(host.act(json!({ "do": "call_next" })).await, Err("nobody_here".to_owned()));
    let second = stage.candidate(&mut browser).await;
    host.until(|host| host.view["candidates"][1]["online"] == true).await;
    host.act(json!({ "do": "call_next" })).await.unwrap();
    let seats = [0, 1].map(|place| stage.candidates[place].1.clone());
    host.until(|host| host.view["current"] == seats[1].as_str()).await;
    assert_eq!(host.view["candidates"][0]["position"], 1);
    let audit =
        stage.administrator.get(&format!("/api/admin/interviews/{}/audit.jsonl", stage.interview)).await;
    assert!(audit.1.as_str().unwrap().contains(&format!("passed by, offline: {}", seats[0])));
    // A connection that broke off a moment ago is told with its time, and counts as there.
    host.act(json!({ "do": "send_back" })).await.unwrap();
    drop(second);
    host.until(|host| host.view["candidates"][1]["offline_since"].is_number()).await;
    host.act(json!({ "do": "call_next" })).await.unwrap();
}

#[tokio::test]
async fn who_is_removed_is_out_at_once_and_comes_back_only_when_readmitted() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    let seat = stage.candidates[0].1.clone();
    host.act(json!({ "do": "remove", "seat": seat, "reason": "冒名" })).await.unwrap();
    assert_eq!(candidate.client.closed().await, Some(CloseReason::Removed));
    assert_eq!(code(browser.post("/api/candidate/seat", json!({})).await), "invitation_used");
    host.act(json!({ "do": "readmit", "seat": seat })).await.unwrap();
    assert_eq!(good(browser.get("/api/candidate").await)["step"], "waiting");
    let _again = stage.candidate(&mut browser).await;
    host.until(|host| host.view["candidates"][0]["online"] == true).await;
}

#[tokio::test]
async fn a_view_follows_its_answer_at_once() {
    let stage = Stage::set(&[]).await;
    let token = stage.staff_token("host").await;
    let mut quickest = Duration::MAX;
    for _ in 0..8 {
        let began = Instant::now();
        // Several small messages go to a client that has nothing to say meanwhile.
        Seat::take(&stage.server, &token).await;
        quickest = quickest.min(began.elapsed());
    }
    // A client's acknowledgement takes 40 ms at the least.
    assert!(quickest < Duration::from_millis(35), "{quickest:?}");
}

#[tokio::test]
async fn who_leaves_is_answered_before_the_connection_ends() {
    let mut stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    for candidate in [0, 1] {
        let mut browser = stage.waiting(candidate).await;
        let mut seat = stage.candidate(&mut browser).await;
        seat.act(json!({ "do": "leave" })).await.unwrap();
        assert_eq!(seat.client.closed().await, Some(CloseReason::Left));
        let own = &stage.candidates[candidate].1;
        let left = |card: &Value| card["seat"] == **own && card["step"] == "left";
        host.until(|host| host.view["candidates"].as_array().is_some_and(|cards| cards.iter().any(left)))
            .await;
    }
}

#[tokio::test]
async fn a_connection_that_comes_back_gets_the_view_again() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let seat = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    host.until(|host| host.view["candidates"][0]["online"] == true).await;
    drop(seat);
    host.until(|host| host.view["candidates"][0]["online"] == false).await;
    let again = stage.candidate(&mut browser).await;
    assert_eq!(again.view["role"], "candidate");
    host.until(|host| host.view["candidates"][0]["online"] == true).await;
}

#[tokio::test]
async fn while_the_store_takes_nothing_an_act_is_refused_the_room_goes_on_and_a_repeat_is_done_once() {
    let folder = std::env::temp_dir().join(format!("viva-outage-{}", crate::random::hex::<8>()));
    let stage = Stage::set(&[("data_dir", folder.to_str().unwrap())]).await;
    let mut host = stage.staff("host").await;
    let mut examiner = stage.staff("examiner-1").await;
    let address = format!("sqlite:{}", folder.join("viva.db").display());
    let mut other = sqlx::SqliteConnection::connect(&address).await.unwrap();
    // Another writer that does not end.
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let say = ClientMessage::Act {
        command: "say-1".into(),
        action: json!({ "do": "say", "audience": { "to": "panel" }, "text": "einmal" }),
    };
    host.client.say(say.clone()).await;
    examiner.send("aaaa").await;
    assert_eq!(host.answer().await.map(drop), Err("store_unavailable".to_owned()));
    host.until(|host| host.publications.len() == 2).await;
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    for _ in 0..2 {
        host.client.say(say.clone()).await;
        host.answer().await.unwrap();
    }
    host.until(|host| !host.lines.is_empty()).await;
    host.client.say(ClientMessage::Ping {}).await;
    host.answer().await.unwrap();
    assert_eq!(host.lines.len(), 1);
}
