//! Errors over HTTP: one JSON shape, from the one table.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use viva_signaling::message::ErrorCode;

/// An error for an HTTP client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From the one table of errors.
    pub code: ErrorCode,
    /// What went wrong, in English, for the developer.
    pub detail: String,
}

impl Problem {
    /// An error with its detail.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.en())
    }
}

#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    detail: &'a str,
    zh: &'a str,
    en: &'a str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body =
            Body { code: self.code.code(), detail: &self.detail, zh: self.code.zh(), en: self.code.en() };
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §11.6.1: a 401 names the scheme.
            response
                .headers_mut()
                .insert(axum::http::header::WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Bearer"));
        }
        response
    }
}
