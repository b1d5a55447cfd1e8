//! Many connections over TLS that do nothing, and what they cost.

use super::{folder::Folder, program::Program};
use std::{fs, sync::Arc};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs::default_provider, pki_types::ServerName},
};

const CONNECTIONS: usize = 2000;
/// Of the process, for one of them. Measured are 31 of HTTP/1.1 and 39 of HTTP/2; a busy allocator keeps some more.
const MOST_KIB: u64 = 56;

/// What the process has in memory, in KiB.
fn resident(program: &Program) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn two_thousand_connections_that_do_nothing_cost_little() {
    viva_server::descriptors::raise();
    for protocol in ["http/1.1", "h2"] {
        holds(protocol).await;
    }
}

/// A program that holds so many of this protocol.
async fn holds(protocol: &str) {
    let folder = Folder::new();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let program = Program::start(folder, &[], &[("tls-certificate", &certificate), ("tls-key", &key)]).await;
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots.clone()).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let connector = TlsConnector::from(Arc::new(config));
    let address = program.base.trim_start_matches("https://").to_owned();
    let before = resident(&program);
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(&address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = connector.connect(name, stream).await.unwrap();
        if protocol == "h2" {
            let (requests, connection) = h2::client::handshake(stream).await.unwrap();
            let driven = tokio::spawn(connection);
            let request = axum::http::Request::get("https://localhost/healthz").body(()).unwrap();
            let (answer, _) = requests.clone().send_request(request, true).unwrap();
            assert_eq!(answer.await.unwrap().status(), 200);
            held.push((None, Some((requests, driven))));
        } else {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"HTTP/1.1 200");
            held.push((Some(stream), None));
        }
    }
    let each = resident(&program).saturating_sub(before) / CONNECTIONS as u64;
    eprintln!("{protocol}: {each} KiB for a connection");
    assert!(each < MOST_KIB, "{protocol}: {each} KiB for a connection");
    assert_eq!(program.ready().await.map(|(ready, _)| ready), Some(true));
}
