//! A disk that fills under a running program, and has room again.

use super::{
    folder::Folder,
    postgres::is_root,
    program::{Program, SECRET},
};
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::Value;
use std::{fs::File, io::Write, path::PathBuf, time::Duration};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use viva_server::{links::SeatFor, tokens::Tokens};

/// Writes to the program's disk until that many MiB are free, or nothing is.
fn fill(disk: &std::path::Path, until_free: u64) {
    let mut file = File::options().create(true).append(true).open(disk.join("filler")).unwrap();
    while viva_server::disk::Disk::of(disk).unwrap().free > until_free << 20
        && file.write_all(&[1; 65536]).is_ok()
    {}
    if until_free == 0 {
        while file.write_all(&[1; 512]).is_ok() {}
    }
}

/// Changes the settings of the institution; the code of the refusal, or nothing.
async fn change(program: &Program) -> String {
    let (_, settings) = program.ask(Method::GET, "/api/admin/settings", None).await;
    let (_, answer) = program.ask(Method::PUT, "/api/admin/settings", Some(settings)).await;
    answer["code"].as_str().unwrap_or_default().to_owned()
}

fn codes(health: &Value) -> Vec<&str> {
    let concerns = health["concerns"].as_array().unwrap().iter();
    concerns.map(|concern| concern["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_full_disk_stops_writes_alone_is_told_before_and_ends_with_room() {
    let folder = Folder::new();
    let path = folder.path().join("data").display().to_string();
    let mount = r#"mount -t tmpfs -o size=12m tmpfs "$1" && shift && exec "$@""#;
    let own = if is_root() { "--mount" } else { "--map-root-user" };
    let behind = ["unshare", "--mount", own, "--", "sh", "-c", mount, "sh", &path];
    let mut program = Program::start(folder, &behind, &[("disk-low", "4")]).await;
    program.administer().await;
    let disk = PathBuf::from(format!("/proc/{}/root{path}", program.id()));
    assert_eq!(program.ready().await.unwrap(), (true, "ready\n".to_owned()));
    let (_, health) = program.ask(Method::GET, "/api/admin/health", None).await;
    assert_eq!((codes(&health), health["disk_size"].as_u64()), (vec![], Some(12 << 20)));

    fill(&disk, 2);
    let (ready, text) = program.ready().await.unwrap();
    assert!(ready && text.contains("disk_low: "), "it is announced: {text}");
    program.until_logged("disk_low").await;

    let name = "somebody".to_owned();
    let seat = SeatFor { room: "exam".into(), identity: name.clone(), name, publish: true, subscribe: true };
    let token = seat.token(&Tokens::new(SECRET).unwrap(), Duration::from_secs(600)).unwrap();
    let (mut socket, _) = connect_async(format!("{}/ws", program.base.replace("http", "ws"))).await.unwrap();
    let join = format!(r#"{{"id":2,"type":"join","token":"{token}"}}"#);
    for text in [r#"{"id":1,"type":"hello","version":1,"client":"test"}"#, &join] {
        socket.send(Message::text(text)).await.unwrap();
        socket.next().await.unwrap().unwrap();
    }

    fill(&disk, 0);
    // What was deleted in the database before is used up first.
    let mut refused = String::new();
    for _ in 0..5000 {
        refused = change(&program).await;
        if !refused.is_empty() {
            break;
        }
    }
    assert_eq!(refused, "store_unavailable");
    assert!(program.until_ready(false).await.contains("store_fails"));
    let (status, health) = program.ask(Method::GET, "/api/admin/health", None).await;
    assert_eq!((status, codes(&health)), (200, vec!["store_fails", "disk_low"]), "who administers sees it");
    let metrics =
        program.http.get(format!("{}/metrics", program.base)).send().await.unwrap().text().await.unwrap();
    assert!(
        metrics.contains("viva_store_writable 0") && metrics.contains("viva_data_free_bytes 0"),
        "{metrics}"
    );
    socket.send(Message::text(r#"{"id":3,"type":"ping"}"#)).await.unwrap();
    loop {
        let message = socket.next().await.expect("the room goes on").unwrap();
        if message.to_text().is_ok_and(|text| text.contains("pong")) {
            break;
        }
    }

    std::fs::remove_file(disk.join("filler")).unwrap();
    assert_eq!(program.until_ready(true).await, "ready\n");
    assert_eq!(change(&program).await, "");
}
