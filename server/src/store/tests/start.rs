//! A program that is started before its database.

use super::{Folder, Postgres};
use crate::{serve::Server, settings::Settings, settings::Sources};
use serde_json::Value;
use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

fn settings(folder: &Folder, port: u16, database: &str) -> Settings {
    let flags = [
        ("listen", format!("127.0.0.1:{port}")),
        ("data_dir", folder.path().display().to_string()),
        ("database", database.to_owned()),
        ("media_port", "0".to_owned()),
        ("media_addresses", "127.0.0.1".to_owned()),
        ("shards", "1".to_owned()),
    ];
    let flags = flags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Sources { flags, ..Sources::default() }.load().unwrap()
}

#[tokio::test]
async fn a_server_that_starts_before_its_database_waits_says_why_and_goes_on() {
    let folder = Folder::new();
    let mut database = Postgres::start().await;
    let url = database.over_socket(&database.database("start").await);
    database.stop();
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let started = tokio::spawn(Server::start(settings(&folder, port, &url)));
    let why = timeout(PATIENCE, async {
        loop {
            if let Ok(answer) = reqwest::get(format!("{base}/readyz")).await {
                return (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    let (status, body) = why.await.expect("somebody says why");
    assert_eq!((status, &body["code"]), (503, &"unavailable".into()), "{body}");
    assert!(body["detail"].as_str().unwrap().contains("the database is unavailable"), "{body}");
    assert_eq!(reqwest::get(format!("{base}/healthz")).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(format!("{base}/api/settings")).await.unwrap().status(), 503);

    database.resume().await;
    let server = timeout(PATIENCE, started).await.expect("it goes on by itself").unwrap().unwrap();
    for path in ["/readyz", "/api/settings"] {
        assert_eq!(reqwest::get(format!("{base}{path}")).await.unwrap().status(), 200, "{path}");
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn what_does_not_mend_itself_ends_the_start_with_its_reason() {
    let folder = Folder::new();
    let database = Postgres::start().await;
    let url = database.over_socket(&database.database("refused").await);
    for (wrong, reason) in [
        (url.replace("viva@", "nobody-here@"), "role \"nobody-here\" does not exist"),
        (url.replace("/refused?", "/nowhere?"), "database \"nowhere\" does not exist"),
        ("mysql://viva@localhost/viva".to_owned(), "postgres://"),
        ("postgres://viva@localhost:port/viva".to_owned(), "port"),
    ] {
        let started = timeout(PATIENCE, Server::start(settings(&folder, 0, &wrong))).await;
        let error = started.expect("it does not wait").err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(reason)), "{wrong}: {error:?}");
    }
}
