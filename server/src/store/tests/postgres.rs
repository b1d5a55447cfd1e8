//! A PostgreSQL of the test's own, from Debian's package: started here, gone when the test is.

use super::folder::Folder;
use sqlx::{Connection, Executor, PgConnection};
use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running server in a folder of its own, reached over a Unix socket there and over loopback.
pub struct Postgres {
    programs: PathBuf,
    folder: Folder,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    /// Makes a cluster and waits until it takes connections.
    pub async fn start() -> Self {
        let programs = programs();
        let folder = Folder::new();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        if let Some((user, group)) = other_user() {
            chown(&data, Some(user), Some(group)).unwrap();
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let made = unprivileged(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=viva",
                "--encoding=UTF8",
                "--no-sync",
                "--no-locale",
                "--pgdata",
            ])
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { programs, folder, port: free_port(), server: None };
        postgres.resume().await;
        postgres
    }

    /// Starts the server again after [`Postgres::stop`], where it was.
    pub async fn resume(&mut self) {
        let data = self.folder.path().join("data");
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        let server = unprivileged(&self.programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.server = Some(server);
        for _ in 0..300 {
            if PgConnection::connect(&self.url("postgres")).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {log}");
    }

    /// Ends the server at once, as an outage does.
    pub fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        // SIGQUIT to the first process ends all of its others too.
        let _ = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
        let _ = server.wait();
    }

    /// An empty database of this name, by its URL.
    pub async fn database(&self, name: &str) -> String {
        let name: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect();
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        connection.close().await.unwrap();
        self.url(&name)
    }

    /// The same database over the Unix socket.
    pub fn over_socket(&self, url: &str) -> String {
        let name = url.rsplit('/').next().unwrap();
        format!("postgres://viva@localhost:{}/{name}?host={}", self.port, self.folder.path().display())
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://viva@127.0.0.1:{}/{name}", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The programs of the newest version that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| Path::new(&format!("/usr/lib/postgresql/{version}/bin/initdb")).exists())
        .max();
    let version = newest.expect("PostgreSQL is installed: scripts/setup test");
    PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"))
}

/// A command that PostgreSQL accepts: not as root. It ends with the test, whatever happens to that.
fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((user, group)) = other_user() {
        command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]);
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program).env("LC_ALL", "C.UTF-8");
    command
}

/// As root: the user `postgres` of Debian's package, or nobody.
fn other_user() -> Option<(u32, u32)> {
    if !is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |line: &str| {
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(users.lines().find(|line| line.starts_with("postgres:")).and_then(ids).unwrap_or((65534, 65534)))
}

/// May this test mount, and give files to others?
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
