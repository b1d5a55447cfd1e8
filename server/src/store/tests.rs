//! The promises of the store, kept on SQLite and on PostgreSQL alike.

mod cases;
mod crash;
mod folder;
mod outage;
mod postgres;

use super::{Sql, Store, StoreError};
use cases::CASES;
use folder::Folder;
use postgres::Postgres;
use std::{os::unix::fs::PermissionsExt, sync::Arc};

#[tokio::test]
async fn every_promise_holds_on_sqlite() {
    for (name, case) in CASES {
        eprintln!("{name}");
        let folder = Folder::new();
        let store = Sql::sqlite(&folder.path().join("viva.db")).await.unwrap();
        case(Arc::new(store.clone())).await;
        store.close().await;
    }
}

#[tokio::test]
async fn every_promise_holds_on_postgresql() {
    let server = Postgres::start().await;
    for (name, case) in CASES {
        eprintln!("{name}");
        let store = Sql::postgres(&server.database(name).await).await.unwrap();
        case(Arc::new(store.clone())).await;
        store.close().await;
    }
}

#[tokio::test]
async fn a_database_opens_again_with_all_that_was_in_it_and_only_its_owner_reads_it() {
    let folder = Folder::new();
    let path = folder.path().join("a folder with % and # and ?").join("viva.db");
    let store = Sql::sqlite(&path).await.unwrap();
    cases::events_come_back_as_they_went(Arc::new(store.clone())).await;
    let before = super::EventStore::interviews(&store).await.unwrap();
    store.close().await;
    let again = Sql::sqlite(&path).await.unwrap();
    assert_eq!(super::EventStore::interviews(&again).await.unwrap(), before);
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[tokio::test]
async fn sqlite_keeps_what_it_promises_on_every_connection() {
    let folder = Folder::new();
    let store = Sql::sqlite(&folder.path().join("viva.db")).await.unwrap();
    for (pragma, expected) in [
        ("SELECT journal_mode AS value FROM pragma_journal_mode", "wal"),
        ("SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous", "2"),
        ("SELECT CAST(foreign_keys AS TEXT) AS value FROM pragma_foreign_keys", "1"),
        ("SELECT CAST(secure_delete AS TEXT) AS value FROM pragma_secure_delete", "1"),
        ("SELECT CAST(timeout AS TEXT) AS value FROM pragma_busy_timeout", "10000"),
    ] {
        for pool in [store.readers(), &store.writer_for_tests()] {
            let value: String = sqlx::query_scalar(pragma).fetch_one(pool).await.unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }
}

#[tokio::test]
async fn another_kind_of_url_is_refused_with_a_reason() {
    let error = Sql::postgres("mysql://somewhere").await.unwrap_err();
    assert!(matches!(&error, StoreError::Invalid(reason) if reason.contains("postgres://")), "{error}");
}
