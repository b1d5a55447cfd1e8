//! Who may read what concerns operators alone: the metrics, and the description of the API.
//!
//! A proxy in front passes on everything, so an address of this machine proves nothing where people come by https.

use super::{App, session::Administrator};
use crate::problem::Problem;
use aws_lc_rs::constant_time;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use std::net::SocketAddr;
use viva_signaling::message::ErrorCode;

/// Headers by which a proxy says for whom it asks.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Somebody who watches over the program: shows the token of the metrics, or asks on the machine itself, by no proxy.
#[derive(Debug)]
pub struct Operator;

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let shown = shown(&parts.headers).unwrap_or_default().as_bytes();
        let is_right = constant_time::verify_slices_are_equal(shown, app.metrics_token.as_bytes()).is_ok();
        if is_right || is_local(parts, app) {
            return Ok(Self);
        }
        let detail =
            "show the token of the setting `metrics_token`, or of the file metrics_token in `data_dir`";
        Err(Problem::new(ErrorCode::Unauthorized, detail))
    }
}

/// Somebody who may read how the API is made: an operator, or an administrator who is signed in.
#[derive(Debug)]
pub struct Reader;

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if Operator::from_request_parts(parts, app).await.is_ok() {
            return Ok(Self);
        }
        let administrator = Administrator::from_request_parts(parts, app).await;
        administrator.map(|_| Self).map_err(|problem| match problem.code {
            ErrorCode::Forbidden => Problem::new(ErrorCode::Unauthorized, problem.detail),
            _ => problem,
        })
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1).
fn shown(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_local(parts: &Parts, app: &App) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let is_here = peer.is_some_and(|ConnectInfo(address)| address.ip().to_canonical().is_loopback());
    let is_passed_on = FORWARDED.iter().any(|name| parts.headers.contains_key(*name));
    is_here && !is_passed_on && !app.settings.is_secure()
}
