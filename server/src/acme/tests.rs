//! Certificates from a real ACME server, and what happens while it gives none.

mod pebble;

use super::*;
use crate::{
    listen::{self, Limits, plain},
    metrics::Metrics,
    serve::Server,
    tests::client::settings,
    tls::tests::{connect_to, text_of},
};
use axum::{Router, routing::get};
use pebble::{Pebble, Rules, free_ports};
use std::{
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{client::TlsStream, rustls::pki_types::CertificateDer};

const NAME: &str = "exam.example.test";
const PATIENCE: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_millis(20);

/// What a usual one is like, with answers at these ports.
fn usual(ports: (u16, u16)) -> Rules {
    Rules { ports, life: 90 * 86_400, blocked: "blocked.example.test", bad_nonces: 15 }
}

/// A server with certificates of its own, without the rest of the program.
struct Doors {
    https: SocketAddr,
    http: SocketAddr,
    tls: Tls,
    health: Health,
    metrics: Metrics,
    tasks: Vec<JoinHandle<()>>,
    /// Whose health it is.
    program: Option<Server>,
    settings: Arc<Settings>,
}

impl Doors {
    async fn open(ports: (u16, u16), pebble: &Pebble, changes: &[(&str, &str)]) -> Self {
        Self::again(ports, Self::settings(ports, pebble, changes)).await
    }

    fn settings((http, https): (u16, u16), pebble: &Pebble, changes: &[(&str, &str)]) -> Arc<Settings> {
        let (http, https) = (format!("127.0.0.1:{http}"), format!("127.0.0.1:{https}"));
        let (directory, ca) = (pebble.directory(), pebble.ca());
        let base = [
            ("domain", NAME),
            ("listen", &https),
            ("http_listen", &http),
            ("acme_directory", &directory),
            ("acme_ca", &ca),
        ];
        Arc::new(settings(&[&base, changes].concat()))
    }

    async fn again((http, https): (u16, u16), settings: Arc<Settings>) -> Self {
        let tls = Tls::open(&settings).unwrap().unwrap();
        let mut acme = Acme::open(&settings, &tls).unwrap().unwrap();
        acme.pause = |_, _, _| SOON * 5;
        acme.requests = Requests::of(&settings, Duration::from_secs(2)).unwrap();
        let program = crate::tests::client::server(&[]).await;
        let (health, metrics) = (program.app.health.clone(), Metrics::new().unwrap());
        let (stopper, stop) = crate::stop::stop();
        let limits = Limits::new(1000, 1000, (PATIENCE, PATIENCE));
        let pages = Router::new().route("/", get(|| async { "hello" }));
        let mut tasks = Vec::new();
        let mut bound = Vec::new();
        let plain = plain::router(tls.clone(), vec![NAME.to_owned()]);
        for (port, router, tls) in [(https, pages, Some(tls.clone())), (http, plain, None)] {
            let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
            bound.push(listener.local_addr().unwrap());
            let served = listen::serve(
                listener,
                listen::Speech::pages(router, tls),
                limits.clone(),
                metrics.clone(),
                std::future::pending(),
            );
            tasks.push(tokio::spawn(served));
        }
        let running = acme.run(health.clone(), stop);
        tasks.push(tokio::spawn(async move {
            running.await;
            drop(stopper);
        }));
        let program = Some(program);
        Self { https: bound[0], http: bound[1], tls, health, metrics, tasks, program, settings }
    }

    async fn connect(&self, root: CertificateDer<'static>) -> std::io::Result<TlsStream<TcpStream>> {
        connect_to(self.https, NAME, root, &[]).await
    }

    /// The certificate, when it is there.
    async fn certificate(&self) -> Arc<crate::tls::Certificate> {
        self.until(|| self.tls.certificate()).await
    }

    async fn until<T>(&self, what: impl Fn() -> Option<T>) -> T {
        let waits = async {
            loop {
                if let Some(found) = what() {
                    return found;
                }
                sleep(SOON).await;
            }
        };
        match timeout(PATIENCE, waits).await {
            Ok(found) => found,
            Err(_) => panic!("it does not come; {:?}", self.health.concerns().await),
        }
    }

    async fn concern(&self) -> Option<String> {
        let concerns = self.health.concerns().await;
        concerns.into_iter().find(|concern| concern.code == FAILS).map(|concern| concern.detail)
    }

    /// What is told of failures, when it is.
    async fn failure(&self) -> String {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(said) = self.concern().await {
                return said;
            }
            assert!(tokio::time::Instant::now() < end, "nothing is said");
            sleep(SOON).await;
        }
    }

    async fn close(mut self) -> Arc<Settings> {
        self.tasks.iter().for_each(JoinHandle::abort);
        for task in self.tasks.drain(..) {
            let _ = task.await;
        }
        if let Some(program) = self.program.take() {
            program.stop().await.unwrap();
        }
        self.settings
    }
}

async fn ask(stream: &mut (impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin), path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {NAME}\r\n\r\n");
    if stream.write_all(request.as_bytes()).await.is_err() {
        return String::new();
    }
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

/// A certificate by one way, and what is left of it.
async fn comes_by(way: &'static str) {
    let [http, https] = free_ports();
    let mut pebble = Pebble::start(&usual((http, https))).await;
    let doors = Doors::open((http, https), &pebble, &[("acme_challenge", way)]).await;
    let certificate = doors.certificate().await;
    let root = pebble.root().await;
    let mut stream = doors.connect(root.clone()).await.unwrap();
    assert!(ask(&mut stream, "/").await.ends_with("hello"));
    assert!(
        connect_to(doors.https, "other.example.test", root.clone(), &[]).await.is_err(),
        "a stranger's name"
    );
    let mut plain = TcpStream::connect(doors.http).await.unwrap();
    let led = ask(&mut plain, "/room?a=b").await;
    assert!(led.contains(&format!("location: https://{NAME}:{https}/room?a=b")), "{led}");
    assert!(ask(&mut plain, "/.well-known/acme-challenge/token").await.starts_with("HTTP/1.1 404"));
    let told = text_of(&doors.metrics, Some(doors.tls.standing()));
    assert!(
        told.contains(&format!("viva_certificate_ends_seconds {}", certificate.ends().as_secs())),
        "{told}"
    );
    assert_eq!(doors.tls.challenges().shown(NAME).map(|_| ()), None, "no answer is left");

    // The next start has it, without the ACME server.
    let kept = doors.settings.data_dir.join("acme");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(&kept).unwrap() {
        let folder = folder.unwrap().path();
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            files.push(file.file_name().into_string().unwrap());
        }
    }
    files.sort();
    assert_eq!(files, ["account.json", "certificate.pem"]);
    let before = certificate.key().cert.clone();
    pebble.stop();
    let settings = doors.close().await;
    let doors = Doors::again((http, https), settings).await;
    assert_eq!(doors.certificate().await.key().cert, before);
    assert!(doors.connect(root).await.is_ok());
    let settings = doors.close().await;
    std::fs::remove_dir_all(&settings.data_dir).unwrap();
}

#[tokio::test]
async fn a_certificate_comes_by_plain_http_and_is_kept() {
    comes_by("http-01").await;
}

#[tokio::test]
async fn a_certificate_comes_by_a_handshake_and_is_kept() {
    comes_by("tls-alpn-01").await;
}

#[tokio::test]
async fn without_a_certificate_nobody_gets_in_and_plain_http_says_so() {
    let [http, https, nobody] = free_ports();
    // It asks where nobody answers.
    let pebble = Pebble::start(&usual((nobody, nobody))).await;
    let doors = Doors::open((http, https), &pebble, &[]).await;
    assert!(doors.connect(pebble.root().await).await.is_err());
    let mut plain = TcpStream::connect(doors.http).await.unwrap();
    assert!(ask(&mut plain, "/").await.starts_with("HTTP/1.1 503"));
    let said = doors.failure().await;
    assert!(said.contains(NAME) && said.contains("refused") && said.contains("nobody gets in"), "{said}");
    // Both ways are tried, again and again.
    doors.until(|| (doors.tls.standing().failures > 3).then_some(())).await;
    doors.close().await;
}

#[tokio::test]
async fn a_name_that_the_server_gives_nothing_for_is_told_with_its_reason() {
    let [http, https] = free_ports();
    let pebble = Pebble::start(&usual((http, https))).await;
    let doors = Doors::open((http, https), &pebble, &[("domain", "blocked.example.test")]).await;
    let said = doors.failure().await;
    assert!(said.contains("rejectedIdentifier") || said.contains("policy"), "{said}");
    doors.close().await;
}

#[tokio::test]
async fn renewals_go_on_under_load_and_nobody_notices() {
    let [http, https] = free_ports();
    let rules = Rules { life: 9, ..usual((http, https)) };
    let pebble = Pebble::start(&rules).await;
    let doors = Arc::new(Doors::open((http, https), &pebble, &[]).await);
    let first = doors.certificate().await.key().cert.clone();
    let root = pebble.root().await;
    let (ends, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let load = |keeps: bool| {
        let (doors, root, ends, asked) = (doors.clone(), root.clone(), ends.clone(), asked.clone());
        tokio::spawn(async move {
            let mut stream = doors.connect(root.clone()).await.unwrap();
            while !ends.load(Relaxed) {
                assert!(ask(&mut stream, "/").await.ends_with("hello"));
                asked.fetch_add(1, Relaxed);
                if !keeps {
                    stream = doors.connect(root.clone()).await.unwrap();
                }
                sleep(Duration::from_millis(2)).await;
            }
        })
    };
    let loads: Vec<_> = (0..16).map(|n| load(n % 2 == 0)).collect();
    let second = doors
        .until(|| doors.tls.certificate().map(|c| c.key().cert.clone()).filter(|cert| *cert != first))
        .await;
    doors.until(|| doors.tls.certificate().filter(|c| c.key().cert != second)).await;
    ends.store(true, Relaxed);
    for load in loads {
        load.await.unwrap();
    }
    assert!(asked.load(Relaxed) > 1000, "{} requests", asked.load(Relaxed));
    Arc::into_inner(doors).unwrap().close().await;
}

#[tokio::test]
async fn while_the_server_is_down_what_is_there_goes_on_and_it_is_told() {
    let [http, https] = free_ports();
    let rules = Rules { life: 9, ..usual((http, https)) };
    let mut pebble = Pebble::start(&rules).await;
    let doors = Doors::open((http, https), &pebble, &[]).await;
    let first = doors.certificate().await.key().cert.clone();
    let root = pebble.root().await;
    pebble.stop();
    let said = doors.failure().await;
    assert!(
        said.contains(&pebble.directory()) && said.contains("the certificate from before counts"),
        "{said}"
    );
    assert!(doors.connect(root).await.is_ok(), "it counts for three seconds yet");
    // Back again, it knows the account no more.
    pebble.again(&rules).await;
    doors.until(|| doors.tls.certificate().filter(|c| c.key().cert != first)).await;
    let end = tokio::time::Instant::now() + PATIENCE;
    while doors.concern().await.is_some() {
        assert!(tokio::time::Instant::now() < end, "it is told for ever");
        sleep(SOON).await;
    }
    doors.close().await;
}

#[tokio::test]
async fn a_server_that_answers_slowly_or_nonsense_is_given_up() {
    let [http, https] = free_ports();
    let pebble = Pebble::start(&usual((http, https))).await;
    let mut doors = Doors::open((http, https), &pebble, &[]).await;
    doors.certificate().await;
    doors.tasks.drain(..).for_each(|task| task.abort());
    // It takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (mute, nonsense) = (silent.local_addr().unwrap(), pebble.address());
    for directory in
        [format!("https://localhost:{}/dir", mute.port()), format!("https://localhost:{}/", nonsense.port())]
    {
        let settings = Doors::settings((http, https), &pebble, &[("acme_directory", &directory)]);
        let requests = Requests::of(&settings, Duration::from_millis(300)).unwrap();
        let (kept, challenges) = (Kept::of(&settings), doors.tls.challenges());
        let applicant = Applicant { settings: &settings, requests: &requests, kept: &kept, challenges };
        let began = tokio::time::Instant::now();
        assert!(applicant.obtain(Way::Plain).await.is_err());
        assert!(began.elapsed() < Duration::from_secs(3));
        assert!(kept.account().unwrap().is_none(), "no account is made of it");
    }
    doors.close().await;
}
