//! Another comparer of faces in place of the built-in one: asked over HTTP, with a time and a size that bound each question.
//!
//! Only a whole answer to this very question that says `same` lets somebody in; docs/protocol.md has the shapes.

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

use crate::{
    client,
    problem::Problem,
    random,
    settings::{Secret, Settings},
    store::Photo,
    text::chain,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::timeout};
use url::Url;
use viva_interview::FaceOutcome;
use viva_signaling::message::ErrorCode;

/// The longest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;
/// Questions at once; more wait, as long as one may take.
const AT_ONCE: usize = 16;
/// The version of the question.
const VERSION: u32 = 1;

/// Asks the verifier of the settings. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Verifier {
    url: Url,
    secret: Secret,
    client: Client,
    patience: Duration,
    asking: Arc<Semaphore>,
}

/// What a verifier has found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// `Passed`, `Different` or `Unclear`.
    pub outcome: FaceOutcome,
    /// How alike, from 0 to 1, where it says so.
    pub score: Option<f32>,
}

/// Why there is no verdict. The text holds neither secret nor picture.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoVerdict {
    /// No whole answer came within the time.
    #[error("no answer within {} s", .0.as_secs_f32())]
    Late(Duration),
    /// It cannot be reached, or its certificate is not trusted.
    #[error("{0}")]
    Unreachable(String),
    /// It answers with another status than 200.
    #[error("the answer has status {0}")]
    Status(StatusCode),
    /// The answer is longer than it may be.
    #[error("the answer is longer than {MAX_ANSWER} bytes")]
    TooLong,
    /// The answer is not what it has to be.
    #[error("the answer cannot be used: {0}")]
    Malformed(String),
}

#[derive(Serialize)]
struct Question<'a> {
    version: u32,
    request: &'a str,
    reference: File,
    pictures: Vec<File>,
}

#[derive(Serialize)]
struct File {
    content_type: String,
    data: String,
}

#[derive(Deserialize)]
struct Answer {
    request: String,
    decision: Decision,
    #[serde(default)]
    score: Option<f32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Same,
    Different,
    Unclear,
}

impl Verifier {
    /// The verifier of the settings; none where the built-in one is meant.
    ///
    /// # Errors
    /// The URL is none, or the file of certificates cannot be read.
    pub fn of(settings: &Settings) -> Result<Option<Self>, String> {
        if settings.face_verifier.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(&settings.face_verifier).map_err(|error| error.to_string())?;
        let patience = settings.face_verifier_timeout.0;
        let client = client::builder(patience, patience.min(Duration::from_secs(5))).no_proxy();
        let client = client::trusting(client, &settings.face_verifier_ca)?;
        let client = client.build().map_err(|error| error.to_string())?;
        let (secret, asking) = (settings.face_verifier_secret.clone(), Arc::new(Semaphore::new(AT_ONCE)));
        Ok(Some(Self { url, secret, client, patience, asking }))
    }

    /// Who it is, as candidates and the audit are told: the host alone.
    pub fn name(&self) -> String {
        self.url.host_str().unwrap_or_default().to_owned()
    }

    /// Is the person on these pictures (JPEG) the one on the photo?
    ///
    /// # Errors
    /// There is no verdict: nobody is let in, and the SMS is the way. The log says why.
    pub async fn ask(&self, photo: &Photo, pictures: &[Vec<u8>]) -> Result<Verdict, Problem> {
        self.verdict(photo, pictures).await.map_err(|reason| {
            tracing::warn!(verifier = self.name(), %reason, "the verifier of faces gives no verdict");
            Problem::new(
                ErrorCode::FaceUnavailable,
                format!("the verifier of faces gives no verdict: {reason}"),
            )
        })
    }

    async fn verdict(&self, photo: &Photo, pictures: &[Vec<u8>]) -> Result<Verdict, NoVerdict> {
        // One time for all of it: waiting, sending, reading drop by drop.
        let asked = async {
            let _permit = self.asking.acquire().await;
            let request = random::hex::<16>();
            let body = self.exchange(&request, photo, pictures).await?;
            read(&body, &request)
        };
        timeout(self.patience, asked).await.unwrap_or(Err(NoVerdict::Late(self.patience)))
    }

    async fn exchange(
        &self,
        request: &str,
        photo: &Photo,
        pictures: &[Vec<u8>],
    ) -> Result<Vec<u8>, NoVerdict> {
        let file = |content_type: &str, bytes: &[u8]| File {
            content_type: content_type.to_owned(),
            data: STANDARD.encode(bytes),
        };
        let question = Question {
            version: VERSION,
            request,
            reference: file(&photo.content_type, &photo.bytes),
            pictures: pictures.iter().map(|picture| file("image/jpeg", picture)).collect(),
        };
        let asked = self.client.post(self.url.clone()).bearer_auth(&self.secret.0).json(&question);
        let mut response = asked.send().await.map_err(unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(NoVerdict::Status(response.status()));
        }
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
            return Err(NoVerdict::Malformed("it is not application/json".to_owned()));
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(unreachable)? {
            if body.len() + piece.len() > MAX_ANSWER {
                return Err(NoVerdict::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

/// The verdict of an answer to this request.
fn read(body: &[u8], request: &str) -> Result<Verdict, NoVerdict> {
    let malformed = |reason: String| NoVerdict::Malformed(reason);
    let answer: Answer = serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
    if answer.request != request {
        return Err(malformed("it answers another request".to_owned()));
    }
    if answer.score.is_some_and(|score| !(0.0..=1.0).contains(&score)) {
        return Err(malformed("the score is not from 0 to 1".to_owned()));
    }
    let outcome = match answer.decision {
        Decision::Same => FaceOutcome::Passed,
        Decision::Different => FaceOutcome::Different,
        Decision::Unclear => FaceOutcome::Unclear,
    };
    Ok(Verdict { outcome, score: answer.score })
}

/// The causes tell of names, certificates and connections; the address may hold what is secret.
fn unreachable(error: reqwest::Error) -> NoVerdict {
    NoVerdict::Unreachable(chain(&error.without_url()))
}
