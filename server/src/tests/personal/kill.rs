//! `kill -9` in the middle of erasing: the record stands first, nobody reads what it erases, and the next run ends it.

use super::held;
use crate::{
    sitting::{command_alone, finish_erasures, read_interview},
    store::{Batch, ErasureStore, EventStore, Sql, Store, StoredEvent},
    tests::{
        child::{Child, say},
        closed_setup,
    },
};
use std::{path::Path, time::Duration};
use viva_interview::{Action, Actor, Audience, Code, Event, InterviewId, SeatId, ServerAction, Time};

/// Names the database to the child.
const DATABASE: &str = "VIVA_TEST_ERASE_DATABASE";
/// The name of the child's test.
const CHILD: &str = "tests::personal::kill::erases_when_a_parent_asks_for_it";
const INTERVIEW: u64 = 7;
const LINES: u64 = 9000;

/// The child: records the erasure, says so, and erases.
#[tokio::test]
async fn erases_when_a_parent_asks_for_it() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let store = Sql::sqlite(Path::new(&path)).await.unwrap();
    record(&store).await;
    say("recorded");
    finish_erasures(&store).await.unwrap();
}

async fn record(store: &dyn Store) {
    let action = Action::Server(ServerAction::ErasePeople { before: Time(u64::MAX) });
    let command = viva_interview::Command { id: "erase".parse().unwrap(), by: Actor::System, action };
    command_alone(store, InterviewId(INTERVIEW), &command).await.unwrap();
}

/// An interview that is over, with a candidate who has written much.
async fn write(path: &Path) {
    let seat = SeatId(1);
    let (name, number, phone) = ("张三丰".to_owned(), "20270001".to_owned(), "13900139000".to_owned());
    let code = Code::from_random(7);
    let said = |line| Event::Said { seat, audience: Audience::All, text: format!("第 {line} 句悄悄话") };
    let first = [
        Event::Created { interview: InterviewId(INTERVIEW), setup: closed_setup() },
        Event::CandidateAdded { seat, name, number, phone, code, password: None },
    ];
    let events: Vec<Event> = first.into_iter().chain((0..LINES).map(said)).collect();
    let stored = |(event, seq): (&Event, u64)| {
        let (by, command) = (Actor::System.to_string(), Some(format!("c{seq}")));
        StoredEvent { seq, at: 1, by, command, json: serde_json::to_string(event).unwrap() }
    };
    let batch = Batch { events: events.iter().zip(1..).map(stored).collect(), ..Batch::default() };
    let store = Sql::sqlite(path).await.unwrap();
    store.append(INTERVIEW, 0, &batch).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn an_erasure_that_is_killed_in_the_middle_is_ended_by_the_next_run() {
    let folder = std::env::temp_dir().join(format!("viva-kill-{}", crate::random::hex::<8>()));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("viva.db");
    let traces = ["张三丰", "20270001", "13900139000", "句悄悄话"];
    let mut cut = 0;
    for round in 0..8u64 {
        let _ = std::fs::remove_file(&path);
        write(&path).await;
        assert_eq!(held(&folder, &traces), traces, "this test would see what is left");
        kill_after(&path, Duration::from_millis(round * 40));
        let store = Sql::sqlite(&path).await.unwrap();
        cut += store.pending_erasures().await.unwrap().len();
        // What is not erased yet is read by nobody.
        let (interview, records) = read_interview(&store, InterviewId(INTERVIEW)).await.unwrap();
        let text = serde_json::to_string(&records).unwrap();
        assert!(traces.iter().all(|trace| !text.contains(trace)));
        finish_erasures(&store).await.unwrap();
        // Recorded once, however often it is asked for.
        record(&store).await;
        assert_eq!(read_interview(&store, InterviewId(INTERVIEW)).await.unwrap().0, interview);
        store.close().await;
        assert_eq!(held(&folder, &traces), Vec::<&str>::new());
        assert_eq!(records.iter().filter(|record| record.event.erases()).count(), 1);
    }
    assert!(cut > 0, "the child was always quicker than the kill");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_interview_that_is_half_rewritten_reads_like_a_whole_one() {
    let folder = std::env::temp_dir().join(format!("viva-half-{}", crate::random::hex::<8>()));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("viva.db");
    write(&path).await;
    let store = Sql::sqlite(&path).await.unwrap();
    record(&store).await;
    let (before, records) = read_interview(&store, InterviewId(INTERVIEW)).await.unwrap();
    let half = records.iter().zip(1..).take(5000);
    let half: Vec<_> =
        half.map(|(record, seq)| (seq, serde_json::to_string(&record.event).unwrap())).collect();
    store.rewrite(INTERVIEW, &half).await.unwrap();
    let raw = store.events(INTERVIEW, 0).await.unwrap();
    let left = raw.iter().filter(|event| event.json.contains("句悄悄话")).count();
    assert!(left > 0 && left < raw.len() / 2, "{left} of {}", raw.len());
    assert_eq!(read_interview(&store, InterviewId(INTERVIEW)).await.unwrap(), (before, records));
    finish_erasures(&store).await.unwrap();
    store.close().await;
    assert_eq!(held(&folder, &["张三丰", "句悄悄话"]), Vec::<&str>::new());
    std::fs::remove_dir_all(folder).unwrap();
}

/// Runs the child until it has recorded the erasure and this time has passed, and kills it.
fn kill_after(path: &Path, time: Duration) {
    let mut child = Child::start(CHILD, DATABASE, path);
    while !child.line().contains("recorded") {}
    child.kill_after(time);
}
