//! What stands in the log at its most talkative: nothing that opens anything.

use super::{
    browser::{Browser, good},
    folder::Folder,
    seat::Seat,
};
use serde_json::json;
use std::{
    fs::{self, File},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program with its demo; ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_code_password_or_cookie_stands_in_a_trace() {
    let folder = Folder::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let running = start(folder.path(), port);
    let told = told(folder.path(), &base).await;
    let word = |mark: &str| {
        let (_, rest) = told.split_once(mark).unwrap_or_else(|| panic!("{mark} in {told}"));
        rest.split(|c: char| c.is_whitespace() || c == ',').next().unwrap().to_owned()
    };
    let (token, code, password) = (word("#token="), word("/i#"), word("account admin, password "));
    let mut secrets = vec![token.clone(), password.clone()];

    let mut administrator = Browser::new(&base);
    let wrong = json!({ "account": "admin", "password": "a password of somebody else" });
    administrator.post("/api/session", &wrong).await.unwrap();
    secrets.push("a password of somebody else".to_owned());
    let right = json!({ "account": "admin", "password": password });
    good(administrator.post("/api/session", &right).await.unwrap());

    let mut candidate = Browser::new(&base);
    good(candidate.post("/api/candidate/invitation", &json!({ "code": code })).await.unwrap());
    good(candidate.post("/api/candidate/identity/send", &json!({})).await.unwrap());
    let outbox = good(administrator.get("/api/admin/outbox").await.unwrap()).to_string();
    let sms =
        outbox.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap().to_owned();
    good(candidate.post("/api/candidate/identity/verify", &json!({ "code": sms })).await.unwrap());
    secrets.extend(administrator.cookies().chain(candidate.cookies()).map(str::to_owned));

    let seat = Seat::take(&base, &token, None).await.unwrap();
    secrets.push(seat.session.clone());
    let whip = reqwest::Client::new().post(format!("{base}/whip/demo")).bearer_auth(&token);
    whip.header("content-type", "application/sdp").body("v=0").send().await.unwrap();

    drop(running);
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.lines().filter(|line| line.contains(" DEBUG ")).count() > 20, "this is no trace:\n{log}");
    for secret in secrets.iter().chain([&code, &code.replace('-', "")]) {
        assert!(secret.len() >= 6, "{secret}");
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "a secret stands in the log");
    }
    // Six digits stand in many a number: only as a word of its own is it the code.
    let is_code = |line: &&str| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == sms);
    assert_eq!(log.lines().find(is_code), None, "the code of the SMS stands in the log");
}

fn start(folder: &Path, port: u16) -> Running {
    let file = |name: &str| File::create(folder.join(name)).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", env!("CARGO_BIN_EXE_viva"), "serve", "--demo", "--shards=1"]);
    command.args(["--log=trace", "--media-port=0", "--media-addresses=127.0.0.1"]);
    command.arg(format!("--listen=127.0.0.1:{port}"));
    command.arg(format!("--data-dir={}", folder.join("data").display()));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VIVA_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(file("told")).stderr(file("log"));
    Running(command.spawn().unwrap())
}

/// What the demo tells, once it is there.
async fn told(folder: &Path, base: &str) -> String {
    let (began, mut browser) = (Instant::now(), Browser::new(base));
    loop {
        let told = fs::read_to_string(folder.join("told")).unwrap();
        let ready = browser.get("/readyz").await.is_some_and(|(status, _)| status == 200);
        if ready && told.contains("account admin, password ") && told.ends_with("\n\n") {
            return told;
        }
        assert!(began.elapsed() < PATIENCE, "it does not start");
        sleep(Duration::from_millis(20)).await;
    }
}
