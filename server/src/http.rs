//! Everything that comes over HTTP.

mod admin;
mod api;
mod body;
mod candidate;
mod connection_test;
mod cookie;
mod guard;
mod headers;
mod health;
pub mod openapi;
mod operator;
mod outside;
mod page;
mod problem;
mod seats;
mod second_camera;
mod session;
mod socket;
pub mod waiting;

pub use problem::Problem;
pub use seats::sign;

use crate::{
    account::Accounts,
    attempts::{Attempts, Visits},
    digest::Digests,
    metrics::Metrics,
    plane::MediaPlane,
    room::Rooms,
    settings::Settings,
    sitting::Sittings,
    spool::Spool,
    stop::Stop,
    store::Store,
    tokens::Tokens,
};
use axum::{
    Router,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;
use viva_signaling::message::ErrorCode;

/// What every request may need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Verifies tokens.
    pub tokens: Tokens,
    /// All rooms.
    pub rooms: Rooms,
    /// All running interviews.
    pub sittings: Sittings,
    /// What outlives a restart.
    pub store: Arc<dyn Store>,
    /// Uploads that wait on the disk.
    pub spool: Spool,
    /// Accounts of the staff.
    pub accounts: Accounts,
    /// Stand for passwords and codes.
    pub digests: Digests,
    /// Wrong invitation codes.
    pub attempts: Arc<Attempts>,
    /// Connection tests.
    pub tests: Arc<Visits>,
    /// The media plane, for its health and counters.
    pub plane: MediaPlane,
    /// What is counted.
    pub metrics: Metrics,
    /// Opens the metrics.
    pub metrics_token: Arc<str>,
    /// Tells when the program stops.
    pub stop: Stop,
    /// One permit for each WebSocket.
    pub sockets: Arc<Semaphore>,
}

/// All routes.
pub fn router(app: App) -> Router {
    let pages = Router::new().fallback(page::page).layer(CompressionLayer::new());
    Router::new()
        .route("/ws", get(socket))
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(outside::routes(&app))
        .merge(api::routes())
        .method_not_allowed_fallback(|| async { Problem::from(ErrorCode::MethodNotAllowed) })
        .fallback_service(pages)
        .layer(middleware::from_fn_with_state(app.settings.is_secure(), headers::secure))
        .layer(middleware::from_fn(headers::identify))
        .with_state(app)
}

/// Opens a WebSocket for a page of an allowed origin.
async fn socket(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|error| Problem::new(ErrorCode::Malformed, error.to_string()))?;
    if !origin_allowed(&headers, &app.settings.allowed_origins.0) {
        return Err(Problem::new(ErrorCode::Forbidden, "pages of this origin may not connect"));
    }
    if app.stop.is_stopping() {
        return Err(Problem::new(ErrorCode::Unavailable, "the server stops"));
    }
    let Ok(permit) = app.sockets.clone().try_acquire_owned() else {
        return Err(Problem::new(
            ErrorCode::Unavailable,
            "the server has all the connections that it may have",
        ));
    };
    // Beyond twice the limit the frame is not even read to the end; up to that the client gets its error.
    let longest = app.settings.message_bytes.saturating_mul(2);
    let span = tracing::Span::current();
    let run = move |socket| {
        async move {
            app.metrics.socket_opened();
            socket::run(app, socket).await;
            drop(permit);
        }
        .instrument(span)
    };
    Ok(upgrade
        .max_message_size(longest)
        .max_frame_size(longest)
        // Clients say little; a longer message makes the buffer grow while it is read.
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .on_upgrade(run)
        .into_response())
}

/// May a page of this origin connect? What is no page sends no origin.
fn origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    if allowed.is_empty() {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let own = origin.split_once("://").map(|(_, host)| host);
        return own.is_some() && own == host;
    }
    allowed.iter().any(|allowed| allowed == "*" || allowed.eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_the_own_or_a_named_origin_may_connect() {
        let headers = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("viva.example:8080"));
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            headers
        };
        assert!(origin_allowed(&HeaderMap::new(), &[]));
        assert!(origin_allowed(&headers("https://viva.example:8080"), &[]));
        for foreign in ["https://viva.example", "https://evil.example", "null", ""] {
            assert!(!origin_allowed(&headers(foreign), &[]), "{foreign}");
        }
        let named = ["https://a.example".to_owned()];
        assert!(origin_allowed(&headers("https://A.example"), &named));
        assert!(!origin_allowed(&headers("https://viva.example:8080"), &named));
        assert!(origin_allowed(&headers("null"), &["*".to_owned()]));
    }
}
