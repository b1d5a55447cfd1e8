//! Clients with certificates of every kind that is in use, and what is said of one that lies about its own.

use super::{
    house::{PATIENCE, Session, request, server, token},
    peer_connection::{self, Purpose},
};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::RsaKeyPair,
};
use reqwest::Method;
use rtc::{
    crypto::{self, SignatureScheme},
    peer_connection::certificate::{CertificateParams, RTCCertificate},
};
use std::time::Duration;
use viva_server::serve::Server;
use webrtc::peer_connection::SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_flows_from_and_to_clients_with_rsa_and_ecdsa_certificates() {
    let server = server().await;
    let long = peer(&server, "sender", Purpose::Send(1), rsa(KeySize::Rsa4096));
    let short = peer(&server, "short", Purpose::Receive, rsa(KeySize::Rsa2048));
    let curve = peer(&server, "curve", Purpose::Receive, p256());
    let (sender, short, curve) = tokio::join!(long, short, curve);
    for receiver in [&short, &curve] {
        let flows =
            |seen: &super::seen::Seen| seen.of("audio").count() >= 100 && seen.of("video").count() >= 300;
        receiver.until("picture and sound", flows).await;
    }
    assert_eq!(failures(&server).await, Vec::<String>::new());
    for peer in [sender, short, curve] {
        peer.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_rsa_certificate_that_the_offer_does_not_name_is_counted_as_such() {
    let server = server().await;
    let offered = peer_connection::Offered::showing(
        Purpose::Send(1),
        &[Srtp_Aead_Aes_128_Gcm],
        vec![rsa(KeySize::Rsa2048)],
    )
    .await;
    let lie = offered.sdp.lines().map(|line| match line.split_once("a=fingerprint:sha-256 ") {
        Some((start, _)) => format!("{start}a=fingerprint:sha-256 {}", ["AA"; 32].join(":")),
        None => line.to_owned(),
    });
    let lie: String = lie.map(|line| line + "\r\n").collect();
    let (_, answer) = Session::create(&server, "whip", "exam", "liar", &lie).await;
    let peer = offered.accept(&answer).await;
    let found = async {
        while failures(&server).await != ["fingerprint 1"] {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, found).await.expect("the failure is counted");
    peer.close().await;
}

async fn peer(
    server: &Server,
    name: &str,
    purpose: Purpose,
    certificate: RTCCertificate,
) -> peer_connection::Peer {
    let way = if matches!(purpose, Purpose::Receive) { "whep" } else { "whip" };
    let profiles = [Srtp_Aead_Aes_128_Gcm];
    let offered = peer_connection::Offered::showing(purpose, &profiles, vec![certificate]).await;
    let (_, answer) = Session::create(server, way, "exam", name, &offered.sdp).await;
    let peer = offered.accept(&answer).await;
    peer.until("a connection", |seen| seen.connected).await;
    peer
}

/// The reasons of failed handshakes, with their counts.
async fn failures(server: &Server) -> Vec<String> {
    let token = token(server, "none", "metrics", false, false);
    let text =
        request(server, (Method::GET, "/metrics"), &token, &[], "").await.text().await.expect("metrics");
    let lines = text.lines().filter(|line| line.starts_with("viva_handshakes_failed_total"));
    let counts = lines.filter_map(|line| {
        let (_, rest) = line.split_once("reason=\"")?;
        let (reason, rest) = rest.split_once('"')?;
        let (_, count) = rest.split_once("} ")?;
        (count != "0").then(|| format!("{reason} {count}"))
    });
    counts.collect()
}

fn rsa(size: KeySize) -> RTCCertificate {
    let key = RsaKeyPair::generate(size).expect("a key");
    let key: Pkcs8V1Der<'static> = key.as_der().expect("PKCS#8");
    let provider = crypto::default_provider().expect("AWS-LC");
    let scheme = SignatureScheme::RsaPkcs1Sha256;
    let key = provider.crypto().import_signing_key(scheme, key.as_ref()).expect("a signing key");
    RTCCertificate::generate_from_signing_key(parameters(), scheme, key).expect("a certificate")
}

fn p256() -> RTCCertificate {
    let provider = crypto::default_provider().expect("AWS-LC");
    RTCCertificate::generate(provider.crypto(), SignatureScheme::EcdsaP256Sha256, parameters())
        .expect("a certificate")
}

fn parameters() -> CertificateParams {
    CertificateParams::new(vec!["client".to_owned()]).expect("parameters")
}
