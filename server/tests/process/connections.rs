//! Few descriptors: raised to what the system allows, shared, and enough for those who come after everybody else.

use super::{folder::Folder, program::Program};
use reqwest::Method;
use std::{
    fs,
    net::{TcpListener, TcpStream},
};

fn open_files(program: &Program) -> usize {
    fs::read_dir(format!("/proc/{}/fd", program.id())).unwrap().count()
}

#[tokio::test]
async fn few_descriptors_are_shared_and_whoever_takes_all_starves_nobody() {
    let media = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let behind = ["sh", "-c", r#"ulimit -Sn 128 && ulimit -Hn 400 && exec "$@""#, "sh"];
    let mut program = Program::start(Folder::new(), &behind, &[("media-port", &media.to_string())]).await;
    let limits = fs::read_to_string(format!("/proc/{}/limits", program.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(line.split_whitespace().skip(3).take(2).collect::<Vec<_>>(), ["400", "400"], "{line}");
    program.administer().await;

    let http: u16 = program.base.rsplit(':').next().unwrap().parse().unwrap();
    let open = |port: u16, count: usize| (0..count).map(move |_| TcpStream::connect(("127.0.0.1", port)));
    let held: Vec<_> = open(http, 300).chain(open(media, 150)).map(Result::unwrap).collect();
    for _ in 0..5 {
        let (status, settings) = program.ask(Method::GET, "/api/admin/settings", None).await;
        assert_eq!(status, 200);
        let (status, answer) = program.ask(Method::PUT, "/api/admin/settings", Some(settings)).await;
        assert_eq!(status, 200, "the store works: {answer}");
        // Another client, on a connection of its own.
        let stranger = reqwest::Client::new().get(format!("{}/readyz", program.base)).send().await.unwrap();
        assert_eq!(stranger.status(), 200);
    }
    assert!(open_files(&program) < 400);
    drop(held);
    let logged = program.logged();
    assert!(!logged.contains("cannot be accepted") && !logged.contains("Too many open files"), "{logged}");
}

#[tokio::test]
async fn a_process_whose_descriptors_ran_out_serves_again_when_some_are_free() {
    let behind = ["sh", "-c", r#"ulimit -n 64 && exec "$@""#, "sh"];
    let mut program = Program::start(Folder::new(), &behind, &[]).await;
    let http: u16 = program.base.rsplit(':').next().unwrap().parse().unwrap();
    let connect = |_| TcpStream::connect(("127.0.0.1", http)).unwrap();
    let held: Vec<_> = (0..200).map(connect).collect();
    drop(held);
    assert_eq!(program.until_ready(true).await, "ready\n");
    assert!(open_files(&program) <= 64);
}
