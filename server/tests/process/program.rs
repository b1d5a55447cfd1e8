//! The program itself, started as a system would, and its answers.

use super::folder::Folder;
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(40);
/// The key of its tokens.
pub const SECRET: &str = "a secret of tests, longer than 32 characters";

/// A running `viva`; it ends with this.
pub struct Program {
    child: Child,
    log: PathBuf,
    /// Where it is reached.
    pub base: String,
    pub http: reqwest::Client,
    cookie: String,
    /// What is under its feet, for as long as it runs.
    _folder: Folder,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let logged = self.logged();
            eprintln!("{}", logged.lines().rev().take(20).collect::<Vec<_>>().join("\n"));
        }
    }
}

impl Program {
    /// Starts it behind another program, such as `unshare`, and waits until it is ready.
    pub async fn start(folder: Folder, behind: &[&str], settings: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let log = folder.path().join("log");
        let file = fs::File::create(&log).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).args(behind).args([env!("CARGO_BIN_EXE_viva"), "serve"]);
        let data = folder.path().join("data");
        fs::create_dir_all(&data).unwrap();
        let base = [
            ("listen", format!("127.0.0.1:{port}")),
            ("data-dir", data.display().to_string()),
            ("secret", SECRET.to_owned()),
            ("media-port", "0".to_owned()),
            ("media-addresses", "127.0.0.1".to_owned()),
            ("shards", "1".to_owned()),
            ("disk-low", "0".to_owned()),
            // What is missing would stand in what it says of itself.
            ("face-models", concat!(env!("CARGO_MANIFEST_DIR"), "/../.cache/faces").to_owned()),
        ];
        let given = |name: &str| settings.iter().any(|(known, _)| *known == name);
        let base = base.into_iter().filter(|(name, _)| !given(name));
        command.args(base.map(|(name, value)| format!("--{name}={value}")));
        command.args(settings.iter().map(|(name, value)| format!("--{name}={value}")));
        // Settings of whoever runs the tests are not meant for this one.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VIVA_")) {
            command.env_remove(name);
        }
        let child =
            command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap();
        let scheme = if given("tls-certificate") { "https" } else { "http" };
        let base = format!("{scheme}://127.0.0.1:{port}");
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(PATIENCE);
        // Whose certificate it is, tests of TLS ask.
        let http = http.tls_danger_accept_invalid_certs(true).build().unwrap();
        let mut program = Self { child, log, base, http, cookie: String::new(), _folder: folder };
        program.until_ready(true).await;
        program
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn logged(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until the log says this.
    pub async fn until_logged(&mut self, text: &str) {
        self.until(async |program| program.logged().contains(text), text).await;
    }

    /// Waits until readiness is so; what it says then.
    pub async fn until_ready(&mut self, ready: bool) -> String {
        let what = format!("ready: {ready}");
        let is = async |program: &Self| program.ready().await.is_some_and(|(is, _)| is == ready);
        self.until(is, &what).await;
        self.ready().await.map(|(_, text)| text).unwrap_or_default()
    }

    /// Is it ready, and what does it say? Nothing while it does not serve.
    pub async fn ready(&self) -> Option<(bool, String)> {
        let response = self.http.get(format!("{}/readyz", self.base)).send().await.ok()?;
        Some((response.status().as_u16() == 200, response.text().await.ok()?))
    }

    /// Waits until something is so.
    pub async fn until(&mut self, is: impl AsyncFn(&Self) -> bool, what: &str) {
        let began = Instant::now();
        while !is(self).await {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && began.elapsed() < PATIENCE, "{what}: {ended:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Becomes the first administrator, with the code of the log.
    pub async fn administer(&mut self) {
        self.until_logged("code=").await;
        let logged = self.logged();
        let code = logged.split("code=").nth(1).unwrap().split_whitespace().next().unwrap().trim_matches('"');
        let body =
            json!({ "code": code, "account": "root", "name": "root", "password": "correct horse battery" });
        let request = self.http.post(format!("{}/api/session/first", self.base)).header("X-Viva", "1");
        let response = request.json(&body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        let cookie = response.headers().get("set-cookie").unwrap().to_str().unwrap();
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    /// Asks as the administrator: the status and the JSON.
    pub async fn ask(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.http.request(method, format!("{}{path}", self.base)).header("X-Viva", "1");
        let request = request.header("cookie", &self.cookie);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }
}
