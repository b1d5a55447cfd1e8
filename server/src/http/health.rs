//! For those who watch over the program: alive, ready, counters.

use super::{App, operator::Operator};
use crate::{health::Concern, metrics::Readings, problem::Problem, tls::Tls};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use std::{fmt::Write, time::Duration};
use tokio::time::timeout;
use viva_signaling::message::ErrorCode;

/// How long the metrics wait for what the store counts.
const STORE_PATIENCE: Duration = Duration::from_secs(1);

/// The process serves requests.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses(
    (status = 200, description = "it does", body = String, content_type = "text/plain")))]
pub async fn alive() -> &'static str {
    "alive\n"
}

/// It takes new rooms: it is not stopping, every shard of the media plane lives, and the database keeps what it is given.
/// What is wrong besides, or set up wrong, and hurts people without stopping them, stands below, one a line. It answers
/// within seconds whatever the database does.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "it does", body = String, content_type = "text/plain"),
    (status = 503, description = "it does not", body = super::openapi::ProblemBody)))]
pub async fn ready(State(app): State<App>) -> Result<String, Problem> {
    if app.stop.is_stopping() {
        return Err(Problem::new(ErrorCode::Unavailable, "stopping"));
    }
    let dead = app.plane.dead_shards().len();
    if dead > 0 {
        return Err(Problem::new(
            ErrorCode::Unavailable,
            format!("{dead} shards of the media plane are dead"),
        ));
    }
    let mut text = "ready\n".to_owned();
    for Concern { code, detail, stops } in app.health.concerns().await {
        if stops {
            return Err(Problem::new(ErrorCode::Unavailable, format!("{code}: {detail}")));
        }
        let _ = writeln!(text, "{code}: {detail}");
    }
    if let Some(fault) = app.proxies.fault() {
        let _ = writeln!(text, "warning: {fault}");
    }
    Ok(text)
}

/// All counters, as Prometheus reads them. Where people come by https, it shows the token of the setting `metrics_token`.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "one a line", body = String, content_type = "text/plain"),
    (status = 401, description = "no operator asks", body = super::openapi::ProblemBody),
    (status = 500, description = "they cannot be written", body = super::openapi::ProblemBody)))]
pub async fn metrics(State(app): State<App>, _: Operator) -> Response {
    let mut shards = Vec::new();
    for shard in app.plane.shards() {
        // A dead or busy shard is seen by its missing series.
        if let Ok(stats) = shard.stats().await {
            shards.push(stats);
        }
    }
    let (rooms, seats) = app.rooms.count();
    // While the database hangs, everything else is told all the same.
    let waiting = timeout(STORE_PATIENCE, app.store.waiting()).await;
    let waiting = (app.settings.sms, waiting.ok().and_then(Result::ok));
    let (disk, wrote) = (app.health.disk(), app.health.wrote());
    let certificate = app.tls.as_ref().map(Tls::standing);
    match app.metrics.text(&Readings { shards, rooms, seats, waiting, disk, wrote, certificate }) {
        Ok(text) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => Problem::new(ErrorCode::Internal, error.to_string()).into_response(),
    }
}
