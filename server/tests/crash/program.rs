//! The program itself, started and killed, with a folder that stays.

use super::{browser::Browser, dice::Dice};
use std::{
    fs::OpenOptions,
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The process; `kill -9` when it is dropped.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `viva`, running or not.
pub struct Program {
    settings: Vec<String>,
    log: PathBuf,
    /// Where it is reached, after a restart too.
    pub base: String,
    running: Option<Running>,
}

impl Program {
    pub fn new(folder: &Path, database: &str, dice: &mut Dice) -> Self {
        let port = free_port(dice);
        let settings = [
            ("listen", format!("127.0.0.1:{port}")),
            ("data-dir", folder.join("data").display().to_string()),
            ("database", database.to_owned()),
            ("media-port", "0".to_owned()),
            ("media-addresses", "127.0.0.1".to_owned()),
            ("shards", "1".to_owned()),
            // One person acts here as fast as the program answers.
            ("seat-rate", "100000".to_owned()),
            ("seat-burst", "100000".to_owned()),
            ("address-rate", "100000".to_owned()),
            ("address-burst", "100000".to_owned()),
        ];
        let given = settings.into_iter().filter(|(_, value)| !value.is_empty());
        let settings = given.map(|(name, value)| format!("--{name}={value}")).collect();
        let (log, base) = (folder.join("log"), format!("http://127.0.0.1:{port}"));
        Self { settings, log, base, running: None }
    }

    /// Makes an administrator.
    pub fn administrator(&self, account: &str, password: &str) {
        let mut made = self
            .command(&["admin", "create", "--password-stdin", "--account", account])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        made.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert!(made.wait().unwrap().success(), "{}", self.logged());
    }

    /// Starts it where it does not run, and waits until it is ready.
    pub async fn start(&mut self) {
        if self.running.is_some() {
            return;
        }
        self.running = Some(Running(self.command(&["serve"]).stdin(Stdio::null()).spawn().unwrap()));
        let began = Instant::now();
        let mut browser = Browser::new(&self.base);
        while browser.get("/readyz").await.is_none_or(|(status, _)| status != 200) {
            let ended = self.running.as_mut().and_then(|running| running.0.try_wait().unwrap());
            assert!(ended.is_none() && began.elapsed() < PATIENCE, "it does not start: {}", self.logged());
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// The process, for whoever is to kill it.
    pub fn running(&mut self) -> Option<Running> {
        self.running.take()
    }

    /// It ends with the thread that starts it, whatever happens to that.
    fn command(&self, arguments: &[&str]) -> Command {
        let log = || OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", env!("CARGO_BIN_EXE_viva")]);
        command.args(arguments).args(&self.settings).stdout(log()).stderr(log());
        // Settings of whoever runs the tests are not meant for this one.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VIVA_")) {
            command.env_remove(name);
        }
        command
    }

    fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let logged = self.logged();
            eprintln!("{}", logged.lines().rev().take(20).collect::<Vec<_>>().join("\n"));
        }
    }
}

/// Below the ports that connections get by themselves: none of those takes it while the program is down.
fn free_port(dice: &mut Dice) -> u16 {
    let tried = (0..1000).map(|_| 20_000 + dice.below(12_000) as u16);
    tried.into_iter().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}
