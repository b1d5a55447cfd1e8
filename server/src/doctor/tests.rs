//! Deployments that are well, and such that are not.

use super::*;
use crate::tests::client::{server, settings};
use std::net::{TcpListener, UdpSocket};

/// Everything of one check, the worst first.
fn of(report: &Report, check: Check) -> Vec<Finding> {
    let mut found: Vec<_> =
        report.findings.iter().filter(|finding| finding.check == check).cloned().collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    found
}

fn says(report: &Report, check: Check, verdict: Verdict, part: &str) {
    let found = of(report, check);
    let worst = found.first().unwrap();
    assert!(worst.verdict == verdict && worst.detail.contains(part), "{found:?}");
    assert_eq!(worst.remedy.is_some(), verdict != Verdict::Ok, "what is not well has a remedy");
}

/// A port of UDP and TCP that nobody has.
fn free_port() -> u16 {
    std::iter::repeat_with(|| 20_000 + u16::from_le_bytes(crate::random::bytes()) % 12_000)
        .find(|port| {
            let address = ("0.0.0.0", *port);
            TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok()
        })
        .unwrap()
}

#[tokio::test]
async fn before_the_first_start_all_is_looked_at_and_nothing_is_made() {
    let port = free_port().to_string();
    let settings = settings(&[("media_port", &port), ("listen", "127.0.0.1:0")]);
    let report = examine(&settings, Place::Beside).await;
    says(&report, Check::Server, Verdict::Ok, "no viva runs");
    says(&report, Check::Web, Verdict::Ok, "can be listened on");
    says(&report, Check::Media, Verdict::Ok, &port);
    says(&report, Check::Database, Verdict::Ok, "first start");
    says(&report, Check::Proxies, Verdict::Ok, "this machine alone");
    says(&report, Check::Certificate, Verdict::Ok, "nobody speaks TLS");
    says(&report, Check::Sms, Verdict::Warning, "outbox");
    assert!(!settings.data_dir.exists(), "it is a look");
    assert_eq!((report.verdict, report.exit_code()), (Verdict::Warning, 1));
    let text = report.text();
    assert!(text.contains("warning  sms ") && text.contains("→ set `sms`"), "{text}");
}

#[tokio::test]
async fn ports_that_others_have_are_told_with_what_to_type() {
    let port = free_port();
    let _udp = UdpSocket::bind(("127.0.0.1", port)).unwrap();
    let web = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = web.local_addr().unwrap();
    let settings = settings(&[("media_port", &port.to_string()), ("listen", &listen.to_string())]);
    let report = examine(&settings, Place::Beside).await;
    says(&report, Check::Web, Verdict::Wrong, &listen.to_string());
    says(&report, Check::Media, Verdict::Wrong, "UDP");
    assert!(of(&report, Check::Web)[0].remedy.as_ref().unwrap().contains("ss -tlpn"));
    assert_eq!(report.exit_code(), 2);
}

#[tokio::test]
async fn the_doors_of_turn_are_asked_where_a_server_runs_and_looked_at_where_none_does() {
    let port = free_port().to_string();
    let silent = settings(&[]);
    says(&examine(&silent, Place::Beside).await, Check::Turn, Verdict::Warning, "not spoken");
    let wished = settings(&[("turn_port", &port), ("listen", "127.0.0.1:0")]);
    says(&examine(&wished, Place::Beside).await, Check::Turn, Verdict::Ok, &port);
    let server = server(&[("turn_port", &port)]).await;
    let through = format!("TURN leads to the media by UDP at {port}, TCP at {port}");
    says(&examine(&wished, Place::Beside).await, Check::Turn, Verdict::Wrong, &port);
    says(&server.app.doctor.report(Vec::new()).await, Check::Turn, Verdict::Ok, &through);
    let own = crate::settings::Settings { listen: server.address, ..(*server.app.settings).clone() };
    says(&examine(&own, Place::Beside).await, Check::Turn, Verdict::Ok, &through);
    assert_eq!(server.app.rooms.count().1, 0, "the seat is given back");
    // Somebody else has the port that the server was to have.
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = crate::settings::Settings { turn_port: other.local_addr().unwrap().port(), ..own.clone() };
    says(&examine(&taken, Place::Server).await, Check::Turn, Verdict::Wrong, "TURN by UDP");
    // Other settings than the server's: nothing is made for the look.
    let strange = crate::settings::Settings {
        data_dir: silent.data_dir.clone(),
        secret: crate::settings::Secret(String::new()),
        ..own
    };
    says(&examine(&strange, Place::Server).await, Check::Turn, Verdict::Warning, "cannot be tried");
    assert!(!silent.data_dir.exists());
}

#[tokio::test]
async fn turn_within_tls_is_gone_through_beside_the_pages_and_at_its_own_port() {
    let folder = crate::tls::tests::Folder::new();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    folder.write(&made.cert.pem(), &made.signing_key.serialize_pem());
    let (certificate, key) = (folder.path("certificate.pem"), folder.path("key.pem"));
    let port = free_port().to_string();
    let server = server(&[
        ("tls_certificate", &certificate),
        ("tls_key", &key),
        ("public_url", "https://localhost"),
        ("turn_tls_port", &port),
    ])
    .await;
    let through = format!("by TLS at {}, TLS at {port}", server.address.port());
    says(&server.app.doctor.report(Vec::new()).await, Check::Turn, Verdict::Ok, &through);
}

#[tokio::test]
async fn beside_a_running_server_its_own_word_counts() {
    let server = server(&[("disk_low", "1000000000")]).await;
    let own = crate::settings::Settings {
        listen: server.address,
        media_port: free_port(),
        ..(*server.app.settings).clone()
    };
    let report = examine(&own, Place::Beside).await;
    says(&report, Check::Server, Verdict::Warning, "disk_low");
    says(&report, Check::Web, Verdict::Ok, "viva listens");
    says(&report, Check::Media, Verdict::Ok, "media has the ports");
    says(&report, Check::Database, Verdict::Ok, "SQLite answers");
    says(&report, Check::Disk, Verdict::Warning, "free");

    // Within the server the same, and what it says of itself only once.
    let report = server.app.doctor.report(server.app.health.concerns().await).await;
    says(&report, Check::Web, Verdict::Ok, "viva listens");
    assert!(of(&report, Check::Server).iter().all(|finding| !finding.detail.contains("disk_low")));
    assert_eq!(of(&report, Check::Disk).len(), 1);
}

#[tokio::test]
async fn certificates_that_end_are_of_others_or_are_none_are_told() {
    let folder = crate::tls::tests::Folder::new();
    let certificate = |ends: i32, name: &str| {
        let mut params = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(ends, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let made = params.self_signed(&key).unwrap();
        folder.write(&made.pem(), &key.serialize_pem());
    };
    let paths = (folder.path("certificate.pem"), folder.path("key.pem"));
    let settings = settings(&[
        ("tls_certificate", &paths.0),
        ("tls_key", &paths.1),
        ("public_url", "https://localhost"),
        ("listen", "127.0.0.1:0"),
    ]);
    certificate(2100, "localhost");
    says(&examine(&settings, Place::Beside).await, Check::Certificate, Verdict::Ok, "days yet");
    certificate(2021, "localhost");
    says(&examine(&settings, Place::Beside).await, Check::Certificate, Verdict::Wrong, "ended");
    certificate(2100, "other.example.org");
    says(&examine(&settings, Place::Beside).await, Check::Certificate, Verdict::Wrong, "not for localhost");
    std::fs::write(&paths.0, "nonsense").unwrap();
    says(&examine(&settings, Place::Beside).await, Check::Certificate, Verdict::Wrong, "no certificate");
}

#[tokio::test]
async fn a_database_that_does_not_answer_and_plain_http_for_everybody_are_wrong() {
    let settings = settings(&[
        ("database", "postgres://viva:hidden@127.0.0.1:9/viva"),
        ("listen", "0.0.0.0:0"),
        ("sms", "twilio"),
        ("doctor_stun", "127.0.0.1:9"),
    ]);
    let report = examine(&settings, Place::Beside).await;
    says(&report, Check::Database, Verdict::Wrong, "PostgreSQL does not answer");
    says(&report, Check::Proxies, Verdict::Wrong, "no camera");
    says(&report, Check::Sms, Verdict::Wrong, "twilio");
    says(&report, Check::Addresses, Verdict::Warning, "STUN");
    assert!(!report.text().contains("hidden"), "no password is told");
    let faults = Report::of_faults("`listen` is nonsense\n`domain` too");
    assert_eq!((faults.findings.len(), faults.exit_code()), (2, 2));
}
