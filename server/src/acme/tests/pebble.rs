//! Pebble, a real ACME server for tests, and the DNS that it asks: Debian's, started and ended by the test.

use crate::{random, tls::tests::made};
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};

/// How long it may take to be there, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);

/// What it is to be like.
pub struct Rules {
    /// Where it asks over plain HTTP, and in a handshake.
    pub ports: (u16, u16),
    /// How long its certificates count, in seconds.
    pub life: u64,
    /// A name that it gives nothing for.
    pub blocked: &'static str,
    /// Of a hundred good nonces so many are called bad.
    pub bad_nonces: u32,
}

/// A running one.
pub struct Pebble {
    folder: PathBuf,
    port: u16,
    manages: u16,
    dns: u16,
    running: Vec<Child>,
}

/// Ports that nobody has at this moment, from below those that the system gives to others meanwhile.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| {
        let mut tried = std::iter::repeat_with(|| 20_000 + u16::from_le_bytes(random::bytes()) % 12_000);
        tried.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).unwrap()
    });
    held.map(|listener| listener.local_addr().unwrap().port())
}

impl Pebble {
    pub async fn start(rules: &Rules) -> Self {
        let folder = std::env::temp_dir().join(format!("viva-pebble-{}", random::hex::<8>()));
        fs::create_dir_all(&folder).unwrap();
        let (certificate, key) = made();
        fs::write(folder.join("ca.pem"), certificate).unwrap();
        fs::write(folder.join("key.pem"), key).unwrap();
        let [port, manages, dns] = free_ports();
        let mut pebble = Self { folder, port, manages, dns, running: Vec::new() };
        pebble.again(rules).await;
        pebble
    }

    /// Starts it: it knows nothing of what was before.
    pub async fn again(&mut self, rules: &Rules) {
        let path = |name: &str| self.folder.join(name).to_str().unwrap().to_owned();
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{}", self.port),
            "managementListenAddress": format!("127.0.0.1:{}", self.manages),
            "certificate": path("ca.pem"),
            "privateKey": path("key.pem"),
            "httpPort": rules.ports.0,
            "tlsPort": rules.ports.1,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "domainBlocklist": [rules.blocked],
            "certificateValidityPeriod": rules.life,
        }});
        fs::write(path("config.json"), config.to_string()).unwrap();
        let dns = format!("127.0.0.1:{}", self.dns);
        let all_here = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
        let manages = ["-management", "127.0.0.1:0", "-defaultIPv4", "127.0.0.1", "-dns01", &dns];
        let dns_server = started(Command::new("pebble-challtestsrv").args(all_here).args(manages));
        let mut command = Command::new("pebble");
        command.args(["-strict=true", "-dnsserver", &dns, "-config", &path("config.json")]);
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_AUTHZREUSE", "0");
        command.env("PEBBLE_WFE_NONCEREJECT", rules.bad_nonces.to_string());
        self.running = vec![dns_server, started(&mut command)];
        let end = Instant::now() + PATIENCE;
        while self.client().get(self.directory()).send().await.is_err() {
            assert!(Instant::now() < end, "pebble does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it; its address stays.
    pub fn stop(&mut self) {
        for mut child in self.running.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// The file of the certificate by which it is trusted.
    pub fn ca(&self) -> String {
        self.folder.join("ca.pem").to_str().unwrap().to_owned()
    }

    /// What it signs by, for as long as it runs.
    pub async fn root(&self) -> CertificateDer<'static> {
        let asked = self.client().get(format!("https://localhost:{}/roots/0", self.manages)).send();
        let pem = asked.await.unwrap().bytes().await.unwrap();
        CertificateDer::from_pem_slice(&pem).unwrap()
    }

    fn client(&self) -> reqwest::Client {
        let ca = reqwest::Certificate::from_pem_bundle(&fs::read(self.ca()).unwrap()).unwrap();
        reqwest::Client::builder().tls_certs_only(ca).no_proxy().build().unwrap()
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn started(command: &mut Command) -> Child {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}; `scripts/setup test` installs it"))
}
