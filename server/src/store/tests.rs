//! The promises of the store, kept on SQLite and on PostgreSQL alike.

mod cases;
mod crash;
mod erasing;
mod folder;
mod full;
mod outage;
mod postgres;
mod rehearsals;
mod start;

use super::{
    EventStore, FacePicture, FacePictureStore, PaperStore, Photo, PhotoStore, Sql, Store, StoreError, Vault,
};
use crate::{
    metrics::{Metrics, Readings},
    settings::SmsProvider,
};
use cases::CASES;
use folder::Folder;
use postgres::Postgres;
use std::{os::unix::fs::PermissionsExt, sync::Arc};

const OLD: &str = "an old key of thirty-two characters";
const NEW: &str = "a new key of thirty-two characters!";

fn vault(keys: &[&str]) -> Vault {
    Vault::new(keys.iter().copied()).unwrap()
}

/// Pictures of a time without keys and of an old key, read with the newest alone once they are encrypted anew.
async fn pictures_move_to_the_newest_key(plain: Sql) {
    let under = |keys: &[&str]| plain.clone().sealed(vault(keys));
    cases::events_come_back_as_they_went(Arc::new(plain.clone())).await;
    let interview = EventStore::interviews(&plain).await.unwrap()[0].id;
    let photo = |byte| Photo::new("image/jpeg", vec![byte; 3000], 5);
    let face = FacePicture { at: 7, bytes: vec![9; 2000] };
    plain.put_photo(interview, 1, &photo(1)).await.unwrap();
    under(&[OLD]).put_photo(interview, 2, &photo(2)).await.unwrap();
    under(&[OLD]).put_face_picture(interview, 2, 4, &face).await.unwrap();
    assert_eq!(under(&[OLD]).put_paper(interview, 2, 1, b"a paper", 5).await, Ok(1));
    assert!(matches!(under(&[NEW]).photo(interview, 2).await, Err(StoreError::Corrupt(_))));
    let both = under(&[NEW, OLD]);
    assert_eq!(both.reseal_pictures().await, Ok(4));
    assert_eq!(both.reseal_pictures().await, Ok(0));
    let new = under(&[NEW]);
    assert_eq!(new.photo(interview, 1).await, Ok(Some(photo(1))));
    assert_eq!(new.photo(interview, 2).await, Ok(Some(photo(2))));
    assert_eq!(new.face_picture(interview, 2, 4).await, Ok(Some(face)));
    assert_eq!(new.paper(interview, 2, 1).await, Ok(Some(b"a paper".to_vec())));
    // What stands in the database is not what was put there.
    assert_ne!(plain.photo(interview, 1).await.unwrap().unwrap().bytes, photo(1).bytes);
    assert_eq!(new.old_face_pictures(8).await, Ok(vec![(interview, 1)]));
    new.remove_old_face_pictures(interview, 8).await.unwrap();
    assert_eq!(new.face_picture(interview, 2, 4).await, Ok(None));
    plain.close().await;
}

#[tokio::test]
async fn pictures_move_to_the_newest_key_on_sqlite() {
    let folder = Folder::new();
    pictures_move_to_the_newest_key(Sql::sqlite(&folder.path().join("viva.db")).await.unwrap()).await;
}

#[tokio::test]
async fn pictures_move_to_the_newest_key_on_postgresql() {
    let server = Postgres::start().await;
    let url = server.database("pictures").await;
    pictures_move_to_the_newest_key(Sql::postgres(&url).await.unwrap()).await;
}

#[tokio::test]
async fn every_promise_holds_on_sqlite() {
    for (name, case) in CASES {
        eprintln!("{name}");
        let folder = Folder::new();
        let store = Sql::sqlite(&folder.path().join("viva.db")).await.unwrap().sealed(vault(&[NEW]));
        case(Arc::new(store.clone())).await;
        store.close().await;
    }
}

#[tokio::test]
async fn every_promise_holds_on_postgresql() {
    let server = Postgres::start().await;
    for (name, case) in CASES {
        eprintln!("{name}");
        let store = Sql::postgres(&server.database(name).await).await.unwrap().sealed(vault(&[NEW]));
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
        for pool in [store.readers(), store.writer()] {
            let value: String = sqlx::query_scalar(pragma).fetch_one(pool).await.unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }
}

#[tokio::test]
async fn writes_are_timed_and_failures_are_counted() {
    let folder = Folder::new();
    let metrics = Metrics::new().unwrap();
    let store = Sql::sqlite(&folder.path().join("viva.db")).await.unwrap().metered(Some(metrics.store()));
    let count = |series: &str| {
        let waiting = (SmsProvider::Outbox, None);
        let readings = Readings {
            shards: Vec::new(),
            rooms: 0,
            seats: 0,
            waiting,
            disk: None,
            wrote: true,
            certificate: None,
        };
        let text = metrics.text(&readings).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.unwrap().parse::<u64>().unwrap()
    };
    let (writes, failures) = ("viva_store_write_seconds_count", "viva_store_failures_total{operation=");
    store.append(7, 0, &cases::batch(0, 1)).await.unwrap();
    assert_eq!(store.append(7, 0, &cases::batch(0, 1)).await, Err(StoreError::Conflict));
    store.events(7, 0).await.unwrap();
    // Whoever is late is no failure of the database.
    assert_eq!((count(writes), count(&format!("{failures}\"write\"}}"))), (2, 0));
    store.close().await;
    store.append(7, 1, &cases::batch(1, 1)).await.unwrap_err();
    store.events(7, 0).await.unwrap_err();
    assert_eq!(count(writes), 2);
    assert_eq!(["read", "write"].map(|of| count(&format!("{failures}\"{of}\"}}"))), [1, 1]);
}

#[tokio::test]
async fn another_kind_of_url_is_refused_with_a_reason() {
    let error = Sql::postgres("mysql://somewhere").await.unwrap_err();
    assert!(matches!(&error, StoreError::Invalid(reason) if reason.contains("postgres://")), "{error}");
}
