//! A database that dies, or stands still, under a running program.

use super::{folder::Folder, postgres::Postgres, program::Program};
use std::{fs, process::Command};

/// Makes a PostgreSQL stand still, or go on, with all of its processes.
fn freeze(database: &str, frozen: bool) {
    let folder = database.split("host=").nth(1).unwrap();
    let kept = fs::read_to_string(format!("{folder}/data/postmaster.pid")).unwrap();
    let id = kept.lines().next().unwrap().trim();
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    let signal = if frozen { "-STOP" } else { "-CONT" };
    let processes = children.split_whitespace().chain([id]);
    assert!(Command::new("kill").arg(signal).args(processes).status().unwrap().success());
}

#[tokio::test]
async fn readiness_says_that_postgresql_is_killed_or_frozen_and_when_it_is_back() {
    let mut server = Postgres::start().await;
    let database = server.database("readiness").await;
    let database = server.over_socket(&database);
    let mut program = Program::start(Folder::new(), &[], &[("database", &database)]).await;

    server.stop();
    let text = program.until_ready(false).await;
    assert!(text.contains("store_fails"), "{text}");
    server.resume().await;
    assert_eq!(program.until_ready(true).await, "ready\n");

    // It takes connections and does nothing: the answer comes all the same, to many at once.
    freeze(&database, true);
    let text = program.until_ready(false).await;
    assert!(text.contains("store_fails"), "{text}");
    let all = futures_util::future::join_all((0..50).map(|_| program.ready())).await;
    assert!(all.iter().all(|answer| matches!(answer, Some((false, _)))), "{all:?}");
    freeze(&database, false);
    assert_eq!(program.until_ready(true).await, "ready\n");
}
