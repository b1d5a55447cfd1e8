//! What goes to a seat stays small: lines of chat once, views by their changes, news of others together.

use super::{
    api::{Seat, Stage},
    client::{Client, server, token},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Instant};
use viva_signaling::message::{ClientMessage, CloseReason, ErrorCode, ServerMessage};

/// The most characters of a line.
const LONGEST: usize = 2000;
/// Characters of lines of which as many as are allowed fit into one part, however late that is told.
const MANY: usize = 1000;

fn say(to: Value, text: &str) -> Value {
    json!({ "do": "say", "audience": to, "text": text })
}

fn ids(lines: &[Value]) -> Vec<u64> {
    lines.iter().map(|line| line["id"].as_str().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn who_writes_as_fast_as_allowed_is_told_when_to_go_on_and_each_line_is_sent_once() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    host.until(|host| host.view["candidates"][0]["online"] == true).await;
    let own = json!({ "to": "candidate", "candidate": stage.candidates[0].1 });
    let mut accepted = 0_u32;
    while candidate.act(say(own.clone(), &"x".repeat(MANY))).await.is_ok() {
        accepted += 1;
    }
    assert_eq!(accepted, 20);
    let once_more = ClientMessage::Act { command: "once-more".into(), action: say(own, "x") };
    candidate.client.say(once_more).await;
    let wait = candidate
        .client
        .until(|message| match message {
            ServerMessage::Error { code: ErrorCode::RateLimited, retry_after, .. } => Some(*retry_after),
            _ => None,
        })
        .await;
    assert!(wait.is_some_and(|seconds| (1..=60).contains(&seconds)), "{wait:?}");
    let before = host.client.bytes;
    host.until(|host| host.lines.len() == accepted as usize).await;
    host.client.say(ClientMessage::Ping {}).await;
    host.answer().await.unwrap();
    assert_eq!(ids(&host.lines).into_iter().collect::<BTreeSet<_>>().len(), accepted as usize);
    let bytes = host.client.bytes - before;
    assert!(bytes < accepted as usize * (MANY + 500), "{bytes} bytes of {accepted} lines");
}

#[tokio::test]
async fn after_coming_back_the_newest_lines_are_there_and_the_others_are_asked_for() {
    let stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    for n in 1..=40 {
        host.act(say(json!({ "to": "panel" }), &"x".repeat(LONGEST))).await.unwrap();
        // One by one: of more than a part holds, only the newest are told unasked.
        host.until(|host| host.lines.len() == n).await;
    }
    let all = ids(&host.lines);
    let mut again = stage.staff("host").await;
    again.until(|again| !again.lines.is_empty()).await;
    let mut read = ids(&again.lines);
    assert_eq!(read, all[40 - 16..]);
    loop {
        again.client.say(ClientMessage::History { before: read[0].to_string() }).await;
        let answer = again.client.answer().await;
        let ServerMessage::Chat { lines, before } = answer else { panic!("{answer:?}") };
        read.splice(0..0, ids(&lines));
        if before.is_none() {
            break;
        }
    }
    assert_eq!(read, all);
    // A room that belongs to no interview has no chat.
    let (mut other, _) = Client::joined(&stage.server, "other").await;
    other.say(ClientMessage::History { before: "1".into() }).await;
    assert!(matches!(other.answer().await, ServerMessage::Error { code: ErrorCode::NotFound, .. }));
}

#[tokio::test]
async fn a_change_is_told_by_itself() {
    let mut stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let mut browser = stage.waiting(0).await;
    let mut seat = stage.candidate(&mut browser).await;
    host.until(|host| host.view["candidates"][0]["online"] == true).await;
    seat.act(json!({ "do": "raise_hand", "raised": true })).await.unwrap();
    let change = host.client.until(|message| match message {
        ServerMessage::InterviewChange { fields, lists, more: false } => {
            Some((fields.keys().cloned().collect::<Vec<_>>(), lists.clone()))
        }
        _ => None,
    });
    let (fields, lists) = change.await;
    assert_eq!(fields, ["now"]);
    let change = &lists["candidates"];
    assert_eq!((lists.len(), change.elements.len(), change.elements[0].0), (1, 1, 0));
    assert_eq!(change.elements[0].1["hand"], true);
}

#[tokio::test]
async fn a_storm_of_joins_is_a_few_news_for_the_others() {
    let server = server(&[]).await;
    let (mut other, _) = Client::joined(&server, "other").await;
    let began = Instant::now();
    for n in 0..300 {
        // One identity may come only so often.
        let opens = token(&server, &format!("restless-{n}"));
        let mut client = Client::connect(&server).await;
        client.hello().await;
        client.join(&opens).await;
        client.say(ClientMessage::Leave {}).await;
        client.closed().await;
    }
    let (_last, joined) = Client::joined(&server, "last").await;
    let mut known = BTreeSet::new();
    let mut news = 0;
    while !known.contains(&joined.participant) {
        match other.next().await.unwrap().message {
            ServerMessage::Participant { participant } => {
                known.insert(participant.id);
            }
            ServerMessage::ParticipantLeft { participant } => {
                known.remove(&participant);
            }
            _ => continue,
        }
        news += 1;
    }
    // In each 80 milliseconds one who came may have left, and one has come.
    let most = 2 * (began.elapsed().as_millis() / 80 + 2);
    assert!(news <= most, "{news} news, at most {most}");
    assert_eq!(known, BTreeSet::from([joined.participant]));
}

#[tokio::test]
async fn of_those_who_have_no_seat_the_oldest_goes_when_one_too_many_comes() {
    let server = server(&[("max_unseated", "2")]).await;
    let (mut seated, _) = Client::joined(&server, "seated").await;
    let mut first = Client::connect(&server).await;
    first.hello().await;
    let mut second = Client::connect(&server).await;
    second.hello().await;
    let mut third = Client::connect(&server).await;
    assert_eq!(first.closed().await, Some(CloseReason::Idle));
    third.hello().await;
    third.join(&token(&server, "third")).await;
    second.join(&token(&server, "second")).await;
    seated.say(ClientMessage::Ping {}).await;
    assert!(matches!(seated.answer().await, ServerMessage::Pong {}));
}

#[tokio::test]
async fn what_is_sent_right_behind_join_waits_for_the_seat_however_long_it_is() {
    let server = server(&[]).await;
    let mut client = Client::connect(&server).await;
    client.raw(r#"{"type":"hello","version":1,"client":"test"}"#).await;
    client.raw(format!(r#"{{"id":2,"type":"join","token":"{}"}}"#, token(&server, "a"))).await;
    client.raw(format!(r#"{{"id":3,"type":"trickle","candidate":"{}"}}"#, "x".repeat(200_000))).await;
    for (re, joined) in [(2, true), (3, false)] {
        let envelope = loop {
            let envelope = client.next().await.unwrap();
            if envelope.re == Some(re) {
                break envelope;
            }
        };
        assert_eq!(matches!(envelope.message, ServerMessage::Joined { .. }), joined, "{envelope:?}");
    }
}

#[tokio::test]
async fn a_candidate_reads_no_line_that_is_not_for_it() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let mut candidate: Seat = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    host.act(say(json!({ "to": "panel" }), "between us")).await.unwrap();
    host.act(say(json!({ "to": "all" }), "to all")).await.unwrap();
    candidate.until(|candidate| !candidate.lines.is_empty()).await;
    candidate.client.say(ClientMessage::History { before: "9999".into() }).await;
    let ServerMessage::Chat { lines, before } = candidate.client.answer().await else { panic!("no lines") };
    assert_eq!((lines.len(), &lines[0]["text"], before), (1, &json!("to all"), None));
    assert_eq!(candidate.lines.len(), 1);
}
