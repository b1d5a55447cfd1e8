//! Requests to the ACME server: by TLS alone, bounded in time and size, nowhere where somebody else points.

use crate::{client, clock::unix_time, settings::Settings, text::chain};
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Request, Response as Whole},
};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use reqwest::{
    Client, Response,
    header::{DATE, RETRY_AFTER},
};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

/// How long one answer may take.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The longest that is read: a chain of certificates.
const MAX_ANSWER: usize = 256 * 1024;
/// The longest that a server may ask to wait.
const MOST_LATER: Duration = Duration::from_secs(86_400);

/// A client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Requests {
    client: Client,
    /// Until when the server asked to be left alone, since 1970.
    later: Arc<Mutex<Option<Duration>>>,
}

impl Requests {
    /// As the settings say, with so long for each answer.
    ///
    /// # Errors
    /// The file of certificates cannot be read.
    pub fn of(settings: &Settings, patience: Duration) -> Result<Self, String> {
        let client = client::builder(patience, patience / 3).https_only(true).no_proxy();
        let client = client::trusting(client, &settings.acme_ca);
        let client = client.map_err(|error| format!("`acme_ca`, {error}"))?;
        let client = client.build().map_err(|error| error.to_string())?;
        Ok(Self { client, later: Arc::default() })
    }

    /// How long the server asks to be left alone from now on, once.
    pub fn later(&self) -> Option<Duration> {
        let until = self.later.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(until.saturating_sub(unix_time()).min(MOST_LATER))
    }

    /// The address of the terms that whoever has an account agrees to.
    pub async fn terms(&self, directory: &str) -> Option<String> {
        let answer = self.client.get(directory).send().await.ok()?;
        let directory: serde_json::Value = serde_json::from_slice(&read(answer).await.ok()?.1).ok()?;
        directory.pointer("/meta/termsOfService")?.as_str().map(str::to_owned)
    }

    /// The time that an answer bears, since 1970.
    pub async fn date(&self, url: &str) -> Option<Duration> {
        let answer = self.client.get(url).send().await.ok()?;
        let date = httpdate::parse_http_date(answer.headers().get(DATE)?.to_str().ok()?).ok()?;
        date.duration_since(UNIX_EPOCH).ok()
    }

    fn note(&self, answer: &Response) {
        if !matches!(answer.status().as_u16(), 429 | 503) {
            return;
        }
        let seconds =
            answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        if let Some(seconds) = seconds {
            let until = unix_time().saturating_add(Duration::from_secs(seconds));
            *self.later.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        }
    }
}

/// Status and headers, and the body as long as it may be.
async fn read(mut answer: Response) -> Result<(Response, Vec<u8>), Error> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(failed)? {
        if body.len() + part.len() > MAX_ANSWER {
            return Err(Error::Other("the answer of the ACME server is too long".into()));
        }
        body.extend_from_slice(&part);
    }
    Ok((answer, body))
}

/// With its causes: the outermost says hardly more than that it failed.
fn failed(error: reqwest::Error) -> Error {
    Error::Other(chain(&error).into())
}

impl HttpClient for Requests {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let this = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(Body::new(body), MAX_ANSWER).await;
            let body = body.map_err(|error| Error::Other(error.into()))?;
            let request = Request::from_parts(parts, body);
            let request = reqwest::Request::try_from(request).map_err(failed)?;
            let answer = this.client.execute(request).await.map_err(failed)?;
            this.note(&answer);
            let (answer, body) = read(answer).await?;
            let mut whole = Whole::new(Bytes::from(body));
            *whole.status_mut() = answer.status();
            *whole.headers_mut() = answer.headers().clone();
            let (parts, body) = whole.into_parts();
            Ok(BytesResponse { parts, body: Box::new(body) })
        })
    }
}
