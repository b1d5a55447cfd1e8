//! Everything that comes over HTTP.

mod address;
mod admin;
mod api;
mod body;
mod candidate;
mod connection_test;
mod cookie;
mod downloads;
mod draws;
pub mod elsewhere;
mod face;
mod guard;
mod headers;
mod health;
pub mod openapi;
mod operator;
mod origin;
mod page;
mod papers;
mod patience;
mod seats;
mod second_camera;
mod session;
mod socket;
mod unseated;
mod upgrade;
pub mod waiting;
mod whip;
mod writing;

use address::ClientAddress;
pub use address::Proxies;
pub use admin::hand_in_paper;
pub use origin::Origins;
pub use unseated::Unseated;

use upgrade::Upgrade;

use crate::{
    account::Accounts,
    attempts::{Attempts, Visits},
    digest::Digests,
    doctor::Doctor,
    downloads::Downloads,
    face::Faces,
    health::Health,
    metrics::Metrics,
    plane::MediaPlane,
    problem::Problem,
    room::Rooms,
    settings::Settings,
    sitting::Sittings,
    spool::Spool,
    stop::Stop,
    store::Store,
    tls::Tls,
    tokens::Tokens,
    writes::Writes,
};
use axum::{Router, extract::State, http::HeaderMap, middleware, response::Response, routing::get};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracing::Instrument;
use viva_signaling::message::ErrorCode;

/// What every request may need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub settings: Arc<Settings>,
    /// The proxies in front.
    pub proxies: Arc<Proxies>,
    /// Whose pages may open the WebSocket.
    pub origins: Arc<Origins>,
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
    /// Compares faces.
    pub faces: Faces,
    /// The apps that people install.
    pub downloads: Downloads,
    /// Wrong invitation codes.
    pub attempts: Arc<Attempts>,
    /// How often what may be changed.
    pub writes: Arc<Writes>,
    /// Connection tests.
    pub tests: Arc<Visits>,
    /// The media plane, for its health and counters.
    pub plane: MediaPlane,
    /// What is wrong now.
    pub health: Health,
    /// The certificate, where the server speaks TLS itself.
    pub tls: Option<Tls>,
    /// Looks at the deployment for the administrators.
    pub doctor: Doctor,
    /// What is counted.
    pub metrics: Metrics,
    /// Opens the metrics.
    pub metrics_token: Arc<str>,
    /// Tells when the program stops.
    pub stop: Stop,
    /// One permit for each WebSocket.
    pub sockets: Arc<Semaphore>,
    /// WebSockets whose client has no seat yet.
    pub unseated: Unseated,
}

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/ws", get(socket))
        .route("/api/candidate/identity/face/check", get(face::socket))
        .route("/downloads/{file}", get(downloads::file))
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(whip::routes(&app))
        .merge(api::routes(&app))
        .method_not_allowed_fallback(|| async { Problem::from(ErrorCode::MethodNotAllowed) })
        .fallback(page::page)
        .layer(middleware::from_fn_with_state(app.clone(), patience::in_time))
        .layer(middleware::from_fn_with_state(app.settings.is_secure(), headers::secure))
        .layer(middleware::from_fn(headers::identify))
        .with_state(app)
}

/// Opens a WebSocket for a page of an allowed origin.
async fn socket(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Result<Response, Problem> {
    app.origins.admit(&headers)?;
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
    let run = move |socket, opener| {
        async move {
            app.metrics.socket_opened();
            socket::run(app, socket, opener, address).await;
            drop(permit);
        }
        .instrument(span)
    };
    Ok(upgrade.answer(longest, run))
}
