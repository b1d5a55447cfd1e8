//! Services that answer as they should, late, wrongly, in pieces, and to questions that nobody asked.

use super::super::{
    Verifier,
    tests::{answer, json_answer, question, verifier},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::sleep,
};
use viva_interview::FaceOutcome;

/// How long a service may take. Those that are late take three times as long.
const PATIENCE: Duration = Duration::from_millis(500);
/// The photo that every question is about.
pub(super) const REFERENCE: &[u8] = b"the photo of the owner";

/// What a service does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    Same,
    Different,
    Unclear,
    /// `same`, when the time is over; and the first half of it in time.
    Late,
    Drips,
    /// `same` to a question that nobody asked, and to the one before.
    OfAnother,
    OfBefore,
    Nonsense,
    Broken,
    Fails,
    Redirects,
    /// `same`, once somebody else has taken over.
    TakenOver,
}

impl Says {
    pub(super) const ALL: [Self; 12] = [
        Self::Same,
        Self::Different,
        Self::Unclear,
        Self::Late,
        Self::Drips,
        Self::OfAnother,
        Self::OfBefore,
        Self::Nonsense,
        Self::Broken,
        Self::Fails,
        Self::Redirects,
        Self::TakenOver,
    ];

    /// What is to be recorded.
    pub(super) fn outcome(self) -> FaceOutcome {
        match self {
            Self::Same => FaceOutcome::Passed,
            Self::Different => FaceOutcome::Different,
            Self::Unclear => FaceOutcome::Unclear,
            _ => FaceOutcome::Failed,
        }
    }
}

/// Both services, on one port: they differ by their name alone.
#[derive(Clone, Default)]
pub(super) struct Services(pub(super) Arc<Asked>);

#[derive(Default)]
pub(super) struct Asked {
    pub(super) next: Mutex<Option<Says>>,
    /// Names and requests, in their order.
    pub(super) questions: Mutex<Vec<(String, String)>>,
    /// A question came whose asker is taken over.
    pub(super) came: Notify,
}

impl Services {
    pub(super) async fn serve(&self) -> [Verifier; 2] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let services = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(services.clone().answers(stream));
            }
        });
        let patience = format!("{}ms", PATIENCE.as_millis());
        ["127.0.0.1", "localhost"].map(|host| {
            verifier(&format!("http://{host}:{port}/"), &[("face_verifier_timeout", patience.as_str())])
        })
    }

    async fn answers(self, mut stream: TcpStream) {
        let (head, asked) = question(&mut stream).await;
        assert_eq!(STANDARD.decode(asked["reference"]["data"].as_str().unwrap()).unwrap(), REFERENCE);
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let host = host.split(':').next().unwrap().to_owned();
        let request = asked["request"].as_str().unwrap().to_owned();
        let before = {
            let mut questions = self.0.questions.lock().unwrap();
            let before = questions.last().map_or_else(|| "0".repeat(32), |(_, request)| request.clone());
            questions.push((host, request));
            before
        };
        let says = self.0.next.lock().unwrap().take().expect("nobody was to be asked");
        let same = json_answer(&asked, "same", &json!(1));
        let to = |request: String| json_answer(&json!({ "request": request }), "same", &json!(1));
        let said = match says {
            Says::Same => same,
            Says::Different => json_answer(&asked, "different", &json!(0.1)),
            Says::Unclear => json_answer(&asked, "unclear", &Value::Null),
            Says::Late => {
                sleep(3 * PATIENCE).await;
                same
            }
            Says::Drips => {
                let half = same.len() / 2;
                let _ = stream.write_all(&same.as_bytes()[..half]).await;
                sleep(3 * PATIENCE).await;
                same[half..].to_owned()
            }
            Says::OfAnother => to("f".repeat(32)),
            Says::OfBefore => to(before),
            Says::Nonsense => answer("200 OK", "application/json", "{\"decision\":\"same\"}"),
            Says::Broken => same[..same.len() - 2].to_owned(),
            Says::Fails => same.replace("200 OK", "503 Service Unavailable"),
            Says::Redirects => same.replace("200 OK", "307 Temporary Redirect\r\nlocation: /elsewhere"),
            Says::TakenOver => {
                self.0.came.notify_one();
                sleep(PATIENCE / 10).await;
                same
            }
        };
        let _ = stream.write_all(said.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}
