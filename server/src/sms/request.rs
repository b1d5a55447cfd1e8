//! One HTTP request to a provider: bounded in time and size, without redirects, and without secrets in its errors.

use super::NotSent;
use crate::{client, settings::Secret, text::chain};
use reqwest::{Client, RequestBuilder, StatusCode};
use std::time::Duration;

/// The longest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;

/// Makes requests to one provider. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Requests {
    pub client: Client,
    hidden: Vec<Secret>,
}

/// What a provider answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub body: String,
}

impl Requests {
    /// Requests that may take this long, in whose errors these texts do not show.
    pub fn new(patience: Duration, hidden: Vec<Secret>) -> reqwest::Result<Self> {
        let client = client::builder(patience, patience.min(Duration::from_secs(5))).build()?;
        Ok(Self { client, hidden })
    }

    /// Sends a request. An answer that asks for patience (429) or that tells of a fault of the provider (5xx) is `Later`.
    pub async fn answer(&self, request: RequestBuilder) -> Result<Answer, NotSent> {
        // The URL may hold the number, the text and keys.
        let later = |error: reqwest::Error| {
            let never = error.is_builder();
            let reason = self.hide(&chain(&error.without_url()));
            if never { NotSent::Never(reason) } else { NotSent::Later(reason) }
        };
        let mut response = request.send().await.map_err(later)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(later)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                body.truncate(MAX_ANSWER);
                break;
            }
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            return Err(NotSent::Later(self.told(status, &body)));
        }
        Ok(Answer { status, body })
    }

    /// What a provider said, short and without secrets.
    pub fn told(&self, status: StatusCode, body: &str) -> String {
        let short: String = body.chars().filter(|c| !c.is_control()).take(300).collect();
        self.hide(format!("{status} {short}").trim_end())
    }

    /// A text without secrets, whoever wrote it.
    pub fn hide(&self, text: &str) -> String {
        self.hidden
            .iter()
            .filter(|secret| !secret.0.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(&secret.0, "…"))
    }
}
