//! A disk that is full and free again, and everything else that ends a transaction before its commit: the next write works.

use super::{Folder, Postgres, cases, postgres::is_root};
use crate::store::{Batch, EventStore, Sql, Store, StoreError};
use sqlx::Executor;
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// Names the small disk to the child.
const DISK: &str = "VIVA_TEST_SMALL_DISK";
/// The name of the child's test.
const CHILD: &str = "store::tests::full::fills_a_small_disk_when_a_parent_has_made_it";

/// The child, in a mount namespace of its own where the folder is a disk of 2 MiB.
#[tokio::test]
async fn fills_a_small_disk_when_a_parent_has_made_it() {
    let Some(disk) = std::env::var_os(DISK).map(PathBuf::from) else { return };
    let store = Sql::sqlite(&disk.join("viva.db")).await.unwrap();
    let filler = disk.join("filler");
    fs::write(&filler, vec![1; 600_000]).unwrap();
    // The write that fills it fails at the commit; one that is larger than the cache, at a statement.
    for (events, bytes) in [(1, 0), (12, 200_000)] {
        let mut seq = store.events(7, 0).await.unwrap().len() as u64;
        let failed = loop {
            match store.append(7, seq, &batch(seq, events, bytes)).await {
                Ok(last) => seq = last,
                Err(error) => break error,
            }
        };
        fill(&disk.join("rest"));
        for _ in 0..20 {
            let again = store.append(7, seq, &batch(seq, events, bytes)).await.unwrap_err();
            assert!(is_full(&failed) && is_full(&again), "{failed} {again}");
            assert_eq!(store.events(7, 0).await.unwrap().len() as u64, seq, "reading goes on");
        }
        assert!(store.pulse().newest().unwrap().failed.is_some());
        fs::remove_file(disk.join("rest")).unwrap();
        fs::remove_file(&filler).unwrap();
        assert_eq!(store.append(7, seq, &cases::batch(seq, 1)).await, Ok(seq + 1), "it is free again");
        assert!(store.pulse().newest().unwrap().failed.is_none());
        fs::write(&filler, vec![1; 100_000]).unwrap();
    }
    let check: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(store.readers()).await.unwrap();
    assert_eq!(check, "ok");
    store.close().await;
    writeln!(std::io::stdout(), "filled").unwrap();
}

#[test]
fn a_full_disk_is_an_error_and_ends_when_there_is_room() {
    let folder = Folder::new();
    let mut command = Command::new("unshare");
    command.args(if is_root() { &["--mount"][..] } else { &["--mount", "--map-root-user"] });
    let mount = r#"mount -t tmpfs -o size=2m tmpfs "$1" && shift && exec "$@""#;
    command.args(["--", "sh", "-c", mount, "sh"]).arg(folder.path()).arg(std::env::current_exe().unwrap());
    command.args(["--exact", CHILD, "--nocapture", "--test-threads=1"]).env(DISK, folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("filled"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn a_transaction_that_sqlite_ends_by_itself_leaves_the_next_write_free() {
    let folder = Folder::new();
    let store = Sql::sqlite(&folder.path().join("viva.db")).await.unwrap();
    store.append(7, 0, &cases::batch(0, 2)).await.unwrap();
    for statement in [
        "CREATE TRIGGER ends BEFORE INSERT ON events WHEN NEW.seq = 3 BEGIN SELECT RAISE(ROLLBACK, 'ended'); END",
        "CREATE TRIGGER fails BEFORE INSERT ON events WHEN NEW.seq = 3 BEGIN SELECT RAISE(ABORT, 'failed'); END",
        "CREATE TRIGGER halts BEFORE INSERT ON events WHEN NEW.seq = 3 BEGIN SELECT RAISE(FAIL, 'halted'); END",
    ] {
        let name = statement.split(' ').nth(2).unwrap();
        store.writer().clone().execute(statement).await.unwrap();
        for _ in 0..3 {
            let failed = store.append(7, 2, &cases::batch(2, 1)).await;
            assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{name}: {failed:?}");
            assert_eq!(store.probe(1).await, Ok(()), "{name}");
        }
        store.writer().clone().execute(sqlx::AssertSqlSafe(format!("DROP TRIGGER {name}"))).await.unwrap();
    }
    assert_eq!(store.append(7, 2, &cases::batch(2, 1)).await, Ok(3));
}

#[tokio::test]
async fn writes_that_are_given_up_leave_no_transaction_behind() {
    let folder = Folder::new();
    give_up(Sql::sqlite(&folder.path().join("viva.db")).await.unwrap()).await;
    let server = Postgres::start().await;
    let store = Sql::postgres(&server.database("given_up").await).await.unwrap();
    give_up(store.clone()).await;
    let inside = || async {
        let inside = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
        sqlx::query_scalar::<_, i64>(inside).fetch_one(store.readers()).await.unwrap()
    };
    // What was begun for nobody is rolled back in a moment; what was forgotten would stay for half a minute.
    for _ in 0..100 {
        if inside().await == 0 {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{} connections are in a transaction that nobody knows of", inside().await);
}

/// Gives up one write after another, each a little later than the one before.
async fn give_up(store: Sql) {
    let store = Arc::new(store);
    for wait in 0..60 {
        let batch = cases::batch(0, 3);
        let _ = timeout(Duration::from_micros(wait * 40), store.append(wait, 0, &batch)).await;
    }
    assert_eq!(store.append(1000, 0, &cases::batch(0, 1)).await, Ok(1));
}

/// Events of which each has at least so many bytes.
fn batch(expected: u64, count: u64, bytes: usize) -> Batch {
    let mut batch = cases::batch(expected, count);
    for event in batch.events.iter_mut().filter(|_| bytes > 0) {
        event.json = format!("\"{}\"", "x".repeat(bytes));
    }
    batch
}

fn is_full(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(reason) if reason.contains("full"))
}

/// Takes all the room that is left.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    while file.write_all(&[1; 512]).is_ok() {}
}
