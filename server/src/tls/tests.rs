//! TLS over real sockets: who gets in, who does not, and a certificate that changes meanwhile.

use super::*;
use crate::{
    listen::{self, Limits},
    metrics::{Metrics, Readings},
    random,
    tests::client::settings,
};
use axum::{Router, routing::get};
use std::{fs, net::SocketAddr, path::PathBuf};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream as Client,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};

/// A certificate for `localhost` and its key, in PEM.
pub(crate) fn made() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

/// A folder with a certificate and its key.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("viva-tls-{}", random::hex::<8>()));
        fs::create_dir_all(&folder).unwrap();
        let folder = Self(folder);
        folder.renew();
        folder
    }

    /// Where the two are.
    pub(crate) fn files(&self) -> (String, String) {
        (self.path("certificate.pem"), self.path("key.pem"))
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// Writes another certificate.
    fn renew(&self) {
        let (certificate, key) = made();
        self.write(&certificate, &key);
    }

    /// Writes these, in PEM.
    pub(crate) fn write(&self, certificate: &str, key: &str) {
        fs::write(self.path("certificate.pem"), certificate).unwrap();
        fs::write(self.path("key.pem"), key).unwrap();
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.path("certificate.pem")).unwrap()
    }

    pub(crate) fn tls(&self) -> io::Result<Option<Tls>> {
        let (certificate, key) = self.files();
        Tls::open(&settings(&[("tls_certificate", &certificate), ("tls_key", &key)]))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server that answers `hello`, for as long as the test lasts; what its metrics say.
async fn server(tls: Tls) -> (SocketAddr, Metrics) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(|| async { "hello" }));
    let times = (Duration::from_secs(1), Duration::from_secs(600));
    let (limits, metrics) = (Limits::new(100, 100, times), Metrics::new().unwrap());
    tokio::spawn(listen::serve(
        listener,
        listen::Speech::pages(router, Some(tls)),
        limits,
        metrics.clone(),
        std::future::pending(),
    ));
    (address, metrics)
}

pub(crate) async fn connect(
    address: SocketAddr,
    trusted: CertificateDer<'static>,
    protocols: &[&[u8]],
) -> io::Result<Client<TcpStream>> {
    connect_to(address, "localhost", trusted, protocols).await
}

/// Under this name.
pub(crate) async fn connect_to(
    address: SocketAddr,
    name: &'static str,
    trusted: CertificateDer<'static>,
    protocols: &[&[u8]],
) -> io::Result<Client<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from(name).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, TcpStream::connect(address).await?).await
}

/// The metrics as Prometheus reads them.
pub(crate) fn text(metrics: &Metrics) -> String {
    text_of(metrics, None)
}

/// The same, with what is told of a certificate.
pub(crate) fn text_of(metrics: &Metrics, certificate: Option<Standing>) -> String {
    let waiting = (crate::settings::SmsProvider::Outbox, None);
    let readings =
        Readings { shards: Vec::new(), rooms: 0, seats: 0, waiting, disk: None, wrote: true, certificate };
    metrics.text(&readings).unwrap()
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn a_newer_certificate_is_for_new_connections_and_old_ones_go_on() {
    let folder = Folder::new();
    let tls = folder.tls().unwrap().unwrap();
    let (address, _) = server(tls.clone()).await;
    let before = folder.certificate();
    let mut old = connect(address, before.clone(), &[]).await.unwrap();
    assert!(ask(&mut old).await.ends_with("hello"));
    assert_eq!(tls.renew(), Ok(false));

    folder.renew();
    assert_eq!(tls.renew(), Ok(true));
    let mut new = connect(address, folder.certificate(), &[]).await.unwrap();
    assert!(ask(&mut new).await.ends_with("hello"));
    assert!(connect(address, before, &[]).await.is_err(), "it is not given any more");
    assert!(ask(&mut old).await.ends_with("hello"), "who has come goes on");
}

#[tokio::test]
async fn files_that_do_not_fit_change_nothing_and_say_what_is_wrong() {
    let folder = Folder::new();
    let tls = folder.tls().unwrap().unwrap();
    let (address, _) = server(tls.clone()).await;
    let before = folder.certificate();
    let (other, _) = made();
    for (file, text, fault) in [
        ("certificate.pem", other.clone(), "not the key of"),
        ("certificate.pem", "nonsense".to_owned(), "no certificate in PEM"),
        ("certificate.pem", String::new(), "no certificate in PEM"),
        ("key.pem", other.clone(), "no private key in PEM"),
        ("key.pem", "x".repeat(2 << 20), "too large"),
    ] {
        folder.renew();
        tls.renew().unwrap();
        let good = folder.certificate();
        fs::write(folder.path(file), text).unwrap();
        let told = tls.renew().unwrap_err();
        assert!(told.contains(fault) && told.contains(file), "{told}");
        assert!(connect(address, good, &[]).await.is_ok());
        assert!(folder.tls().is_err(), "nothing begins with it");
    }
    fs::remove_file(folder.path("key.pem")).unwrap();
    assert!(tls.renew().unwrap_err().contains("`tls_key`"));
    assert!(connect(address, before, &[]).await.is_err());
}

#[tokio::test]
async fn plain_http_reads_where_https_is_and_nonsense_is_closed_and_counted() {
    let folder = Folder::new();
    let (address, metrics) = server(folder.tls().unwrap().unwrap()).await;
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    plain.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 308 ") && answer.contains("location: https://localhost:"),
        "{answer}"
    );

    let mut garbage = TcpStream::connect(address).await.unwrap();
    garbage.write_all(&[HANDSHAKE; 4096]).await.unwrap();
    let mut rest = Vec::new();
    let _ = garbage.read_to_end(&mut rest).await;

    // A half of a handshake, and nothing at all: the time for a head is theirs.
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(&[HANDSHAKE, 3, 1, 2, 0, 1]).await.unwrap();
    let mut silent = TcpStream::connect(address).await.unwrap();
    for stream in [&mut half, &mut silent] {
        assert_eq!(stream.read_to_end(&mut rest).await.unwrap_or(0), 0);
    }
    let text = text(&metrics);
    for (reason, count) in [("plain", 1), ("handshake", 1), ("late_head", 2)] {
        let line = format!("viva_http_refused_total{{reason=\"{reason}\"}} {count}");
        assert!(text.contains(&line), "{line} in\n{text}");
    }
    let mut good = connect(address, folder.certificate(), &[]).await.unwrap();
    assert!(ask(&mut good).await.ends_with("hello"), "nobody else is disturbed");
}
