//! `kill -9` in the middle of writing: what was answered is there afterwards, whole and in order.

use super::{Folder, cases};
use crate::{
    store::{EventStore, OutboxStore, Sql, Store},
    tests::child::{Child, say},
};
use std::{path::Path, time::Duration};

/// Names the database to the child.
const DATABASE: &str = "VIVA_TEST_CRASH_DATABASE";
/// The name of the child's test.
const CHILD: &str = "store::tests::crash::writes_without_end_when_a_parent_asks_for_it";
const INTERVIEW: u64 = 7;

/// The child: appends batches of three events with a message, and says each number that was answered.
#[tokio::test]
async fn writes_without_end_when_a_parent_asks_for_it() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let store = Sql::sqlite(Path::new(&path)).await.unwrap();
    let mut seq = store.events(INTERVIEW, 0).await.unwrap().len() as u64;
    loop {
        let mut batch = cases::batch(seq, 3);
        batch.messages = vec![cases::message(seq + 1)];
        seq = store.append(INTERVIEW, seq, &batch).await.unwrap();
        say(&format!("answered {seq}"));
    }
}

#[tokio::test]
async fn nothing_that_was_answered_is_lost_by_a_kill() {
    let folder = Folder::new();
    let path = folder.path().join("viva.db");
    let mut before = 0;
    for round in 0..12u64 {
        let answered =
            write_and_kill(&path, before + 1 + round * 7 % 90, Duration::from_micros(round * 331 % 3000));
        let store = Sql::sqlite(&path).await.unwrap();
        let events = store.events(INTERVIEW, 0).await.unwrap();
        let kept = events.len() as u64;
        assert!(kept >= answered, "{answered} were answered, {kept} are there");
        assert_eq!(kept % 3, 0, "a batch is there whole or not at all");
        for (event, seq) in events.iter().zip(1..) {
            assert_eq!(event, &cases::event(seq));
        }
        let rows = store.interviews().await.unwrap();
        assert_eq!(rows.first().map(|row| row.seq), Some(kept));
        let messages = store.messages(Some(INTERVIEW), None, 1000).await.unwrap().len() as u64;
        assert_eq!(messages, (kept / 3).min(1000), "each batch has its message");
        let check: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(store.readers()).await.unwrap();
        assert_eq!(check, "ok");
        store.close().await;
        before = kept;
    }
}

/// Runs the child until it has answered more than `enough` and `more` time has passed, kills it, and tells the last number
/// that it answered.
fn write_and_kill(path: &Path, enough: u64, more: Duration) -> u64 {
    let mut child = Child::start(CHILD, DATABASE, path);
    let number =
        |line: &String| line.split_once("answered ").and_then(|(_, number)| number.parse::<u64>().ok());
    let mut answered = 0;
    while answered < enough {
        answered = number(&child.line()).unwrap_or(answered);
    }
    // What it said before it died counts too.
    child.kill_after(more).iter().filter_map(number).next_back().unwrap_or(answered)
}
