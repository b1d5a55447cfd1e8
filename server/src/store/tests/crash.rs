//! `kill -9` in the middle of writing: what was answered is there afterwards, whole and in order.

use super::{Folder, cases};
use crate::store::{EventStore, OutboxStore, Sql, Store};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

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
        println_now(&format!("answered {seq}"));
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
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--nocapture", "--test-threads=1"])
        .env(DATABASE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: &str| line.split_once("answered ").and_then(|(_, number)| number.parse::<u64>().ok());
    let mut answered = 0;
    while answered < enough {
        let line = lines.next().expect("the child writes on").unwrap();
        answered = number(&line).unwrap_or(answered);
    }
    let until = std::time::Instant::now() + more;
    while std::time::Instant::now() < until {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said before it died counts too. A line that broke off does not.
    lines.map_while(Result::ok).filter_map(|line| number(&line)).last().unwrap_or(answered)
}

/// Past the harness, at once.
fn println_now(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}
