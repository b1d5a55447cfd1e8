//! A database that goes away is an error with a reason, and comes back by itself.

use super::{Folder, Postgres, cases};
use crate::store::{EventStore, Sql, Store, StoreError};
use std::{sync::Arc, time::Instant};

#[tokio::test]
async fn an_outage_of_postgresql_is_an_error_and_ends_by_itself() {
    let mut server = Postgres::start().await;
    let url = server.database("outage").await;
    let store = Sql::postgres(&server.over_socket(&url)).await.unwrap();
    cases::events_come_back_as_they_went(Arc::new(store.clone())).await;
    let before = store.interviews().await.unwrap();

    server.stop();
    let began = Instant::now();
    for answer in [store.interviews().await.err(), store.probe(1).await.err()] {
        assert!(matches!(&answer, Some(StoreError::Unavailable(reason)) if !reason.is_empty()), "{answer:?}");
    }
    let written = store.append(99, 0, &cases::batch(0, 1)).await;
    assert!(matches!(written, Err(StoreError::Unavailable(_))), "{written:?}");
    assert!(began.elapsed().as_secs() < 50, "an outage is noticed in time");

    server.resume().await;
    assert_eq!(store.interviews().await.unwrap(), before);
    assert_eq!(store.append(99, 0, &cases::batch(0, 1)).await, Ok(1));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let error = Sql::postgres("postgres://viva:hunter2@127.0.0.1:1/viva").await.unwrap_err().to_string();
    assert!(error.contains("onnection refused") && !error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_stays_as_it_is_and_is_named() {
    let folder = Folder::new();
    let path = folder.path().join("viva.db");
    let text = "this is the thesis of somebody, and longer than a page ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let error = Sql::sqlite(&path).await.unwrap_err();
    assert!(error.to_string().contains("viva.db") && error.to_string().contains("not a database"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_not_touched() {
    let folder = Folder::new();
    let path = folder.path().join("viva.db");
    let store = Sql::sqlite(&path).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999, 'later', 1, x'00', 0)",
    )
    .execute(store.writer())
    .await
    .unwrap();
    store.close().await;
    let error = Sql::sqlite(&path).await.unwrap_err().to_string();
    assert!(error.contains("999"), "{error}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let error = Sql::sqlite("/proc/nowhere/viva.db".as_ref()).await.unwrap_err().to_string();
    assert!(error.contains("/proc/nowhere"), "{error}");
}
