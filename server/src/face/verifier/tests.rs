//! Verifiers that answer as they should, late, wrongly, in pieces and by other certificates, over real connections.

use super::*;
use crate::settings::Sources;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

pub(super) const SECRET: &str = "a secret of the verifier, long enough";

fn photo() -> Photo {
    Photo::new("image/png", b"reference".to_vec(), 1)
}

pub(super) fn verifier(url: &str, changes: &[(&str, &str)]) -> Verifier {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let usual =
        [("face_verifier", url), ("face_verifier_secret", SECRET), ("face_verifier_timeout", "700ms")];
    let flags = usual.iter().chain(changes).map(own).collect();
    Verifier::of(&Sources { flags, ..Sources::default() }.load().unwrap()).unwrap().unwrap()
}

/// The head and the JSON body of a request.
pub(super) async fn question(stream: &mut (impl AsyncRead + Unpin)) -> (String, Value) {
    let mut bytes = Vec::new();
    loop {
        let read = stream.read_buf(&mut bytes).await.unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() >= length.parse::<usize>().unwrap() {
            return (head, serde_json::from_str(body).unwrap());
        }
        assert!(read > 0, "the request breaks off");
    }
}

pub(super) fn answer(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// What comes of a server that answers like this to what it is asked.
async fn answered(with: impl Fn(&Value) -> String + Send + 'static) -> Result<Verdict, NoVerdict> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/verify", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (head, asked) = question(&mut stream).await;
        assert!(
            head.starts_with("post /verify http/1.1") && head.contains(&format!("bearer {SECRET}")),
            "{head}"
        );
        assert_eq!(asked["version"], 1);
        assert_eq!(asked["reference"]["content_type"], "image/png");
        assert_eq!(STANDARD.decode(asked["reference"]["data"].as_str().unwrap()).unwrap(), b"reference");
        assert_eq!(STANDARD.decode(asked["pictures"][1]["data"].as_str().unwrap()).unwrap(), b"two");
        stream.write_all(with(&asked).as_bytes()).await.unwrap();
        // What comes after it waits for the client, who may have gone.
        let _ = stream.read(&mut [0]).await;
    });
    let verdict = verifier(&url, &[]).verdict(&photo(), &[b"one".to_vec(), b"two".to_vec()]).await;
    server.await.unwrap();
    verdict
}

pub(super) fn json_answer(asked: &Value, decision: &str, score: &Value) -> String {
    let body =
        json!({ "request": asked["request"], "decision": decision, "score": score, "model": "theirs" });
    answer("200 OK", "application/json; charset=utf-8", &body.to_string())
}

#[tokio::test]
async fn each_decision_is_taken_as_it_is_said() {
    for (decision, score, outcome) in [
        ("same", json!(0.5), FaceOutcome::Passed),
        ("different", json!(0), FaceOutcome::Different),
        ("unclear", Value::Null, FaceOutcome::Unclear),
    ] {
        let wanted = score.as_f64().map(|score| score as f32);
        let verdict = answered(move |asked| json_answer(asked, decision, &score)).await;
        assert_eq!(verdict, Ok(Verdict { outcome, score: wanted }));
    }
}

#[tokio::test]
async fn whatever_is_not_a_whole_answer_to_this_question_is_no_verdict() {
    type With = fn(&Value) -> String;
    let bad: [(&str, With); 9] = [
        ("status 500", |asked| json_answer(asked, "same", &json!(1)).replace("200 OK", "500 Oops")),
        ("status 302", |asked| {
            json_answer(asked, "same", &json!(1)).replace("200 OK", "302 Found\r\nlocation: /other")
        }),
        ("another request", |_| json_answer(&json!({ "request": "0".repeat(32) }), "same", &json!(1))),
        ("not application/json", |asked| {
            json_answer(asked, "same", &json!(1)).replace("application/json", "text/html")
        }),
        ("unknown variant", |asked| json_answer(asked, "SAME", &json!(1))),
        ("from 0 to 1", |asked| json_answer(asked, "same", &json!(1.5))),
        ("missing field `decision`", |asked| {
            answer("200 OK", "application/json", &json!({ "request": asked["request"] }).to_string())
        }),
        ("duplicate field", |asked| {
            answer(
                "200 OK",
                "application/json",
                &format!(
                    "{{\"request\":{},\"decision\":\"different\",\"decision\":\"same\"}}",
                    asked["request"]
                ),
            )
        }),
        ("longer than", |asked| {
            answer(
                "200 OK",
                "application/json",
                &format!(
                    "{{\"request\":{},\"decision\":\"same\",\"x\":\"{}\"}}",
                    asked["request"],
                    "x".repeat(MAX_ANSWER)
                ),
            )
        }),
    ];
    for (reason, with) in bad {
        let none = answered(with).await.unwrap_err().to_string();
        assert!(none.contains(reason), "{reason}: {none}");
        assert!(!none.contains(SECRET), "{none}");
    }
    // It breaks off, and it comes too late.
    let cut = answered(|asked| {
        json_answer(asked, "same", &json!(1)).replace("content-length: ", "content-length: 9")
    })
    .await;
    assert!(matches!(cut, Err(NoVerdict::Late(_) | NoVerdict::Unreachable(_))), "{cut:?}");
    let silent = answered(|_| String::new()).await;
    assert!(matches!(silent, Err(NoVerdict::Late(_) | NoVerdict::Unreachable(_))), "{silent:?}");
}

#[tokio::test]
async fn nobody_there_and_another_protocol_are_no_verdict() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = verifier(&format!("https://{address}/"), &[]);
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    });
    let plain = tls.verdict(&photo(), &[]).await;
    assert!(matches!(plain, Err(NoVerdict::Unreachable(_))), "{plain:?}");
    server.await.unwrap();
    let gone = verifier(&format!("http://{address}/"), &[]).verdict(&photo(), &[]).await;
    assert!(matches!(gone, Err(NoVerdict::Unreachable(_))), "{gone:?}");
    let problem = verifier(&format!("http://{address}/"), &[]).ask(&photo(), &[]).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::FaceUnavailable);
}

proptest! {
    /// No bytes but a whole answer to this request that says so let anybody in.
    #[test]
    fn nothing_but_the_word_for_this_request_passes(
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            (any::<bool>(), "[a-z]{0,9}|same|different|unclear", prop::option::of(-1.0f32..2.0), any::<bool>())
                .prop_map(|(ours, decision, score, whole)| {
                    let request = if ours { "ours" } else { "theirs" };
                    let text = json!({ "request": request, "decision": decision, "score": score }).to_string();
                    let end = if whole { text.len() } else { text.len() / 2 };
                    text.into_bytes()[..end].to_vec()
                }),
        ],
    ) {
        let said = serde_json::from_slice::<Value>(&body).ok();
        let says_so = said.is_some_and(|said| {
            said["request"] == "ours" && said["decision"] == "same"
                && said["score"].as_f64().is_none_or(|score| (0.0..=1.0).contains(&score))
        });
        let passes = matches!(read(&body, "ours"), Ok(Verdict { outcome: FaceOutcome::Passed, .. }));
        prop_assert_eq!(passes, says_so);
    }
}

/// A server that speaks TLS under the name `localhost` and always says `same`; its certificate in PEM.
async fn encrypted() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let der = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![der], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let (_, asked) = question(&mut stream).await;
            let _ = stream.write_all(json_answer(&asked, "same", &json!(1)).as_bytes()).await;
        }
    });
    (port, made.cert.pem())
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_or_of_another_name_is_no_verdict() {
    let (port, pem) = encrypted().await;
    let path = std::env::temp_dir().join(format!("viva-verifier-{}.pem", random::hex::<8>()));
    fs::write(&path, pem).unwrap();
    let known = [("face_verifier_ca", path.to_str().unwrap())];
    for (host, changes) in [("localhost", &[][..]), ("127.0.0.1", &known)] {
        let none = verifier(&format!("https://{host}:{port}/"), changes).verdict(&photo(), &[]).await;
        assert!(
            matches!(&none, Err(NoVerdict::Unreachable(why)) if why.contains("certificate")),
            "{host}: {none:?}"
        );
    }
    let found = verifier(&format!("https://localhost:{port}/"), &known).verdict(&photo(), &[]).await;
    assert_eq!(found.map(|verdict| verdict.outcome), Ok(FaceOutcome::Passed));
    let wrong = Sources {
        flags: [
            ("face_verifier", "https://localhost"),
            ("face_verifier_secret", SECRET),
            ("face_verifier_ca", "/nowhere"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        ..Sources::default()
    };
    assert!(Verifier::of(&wrong.load().unwrap()).unwrap_err().contains("/nowhere"));
    fs::remove_file(path).unwrap();
}
