//! Errors as a client is told of them: a line of the one table, one JSON shape over HTTP.

use crate::store::StoreError;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, time::Duration};
use viva_signaling::message::ErrorCode;

/// An error for a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From the one table of errors.
    pub code: ErrorCode,
    /// What went wrong, in English, for the developer.
    pub detail: String,
    /// When it may be tried again.
    pub retry_after: Option<Duration>,
    /// The rows of an import that cannot be taken.
    pub rows: Option<Value>,
    /// How much there may be, where there was too much: told to the person behind the text.
    pub limit: Option<String>,
}

impl Problem {
    /// An error with its detail.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after: None, rows: None, limit: None }
    }

    /// The same, with the limit that was passed.
    pub fn limited(self, limit: impl std::fmt::Display) -> Self {
        Self { limit: Some(limit.to_string()), ..self }
    }

    /// Too much from there: again after this time.
    pub fn too_fast(wait: Duration) -> Self {
        let detail = format!("this comes too often: again in {} ms", wait.as_millis());
        Self::new(ErrorCode::RateLimited, detail).after(wait)
    }

    /// The same, with the time after which it may be tried again.
    pub fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.en())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Unavailable(_) | StoreError::Refused(_) => {
                tracing::error!(%error, "the store does not answer");
                ErrorCode::StoreUnavailable
            }
            StoreError::Conflict => ErrorCode::StoreUnavailable,
            StoreError::Exists(_) => ErrorCode::AccountExists,
            StoreError::NotFound(_) => ErrorCode::NotFound,
            StoreError::Invalid(_) => ErrorCode::TextTooLong,
            StoreError::Corrupt(_) => {
                tracing::error!(%error, "the store cannot be read");
                ErrorCode::Internal
            }
        };
        Self::new(code, error.to_string())
    }
}

#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    detail: &'a str,
    text: Texts<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'a str>,
}

#[derive(Serialize)]
struct Texts<'a> {
    zh: Cow<'a, str>,
    en: Cow<'a, str>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { code, detail, retry_after, rows, limit } = &self;
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut text = Texts { zh: code.zh().into(), en: code.en().into() };
        if let Some(limit) = limit {
            text.zh.to_mut().push_str(&format!("上限：{limit}。"));
            text.en.to_mut().push_str(&format!(" The limit is {limit}."));
        }
        let body = Body { code: code.code(), detail, text, rows: rows.as_ref(), limit: limit.as_deref() };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §11.6.1: a 401 names the scheme.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
