//! What is served while the program has started and its database does not answer yet.

use super::{headers, health};
use crate::problem::Problem;
use axum::{Router, extract::State, middleware, routing::get};
use std::time::Duration;
use tokio::sync::watch;
use viva_signaling::message::ErrorCode;

/// When it is worth asking again.
const RETRY: Duration = Duration::from_secs(2);

/// Alive, and ready for nothing: `reason` says why.
pub fn router(reason: watch::Receiver<String>) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .fallback(not_yet)
        .layer(middleware::from_fn_with_state(false, headers::secure))
        .layer(middleware::from_fn(headers::identify))
        .with_state(reason)
}

async fn not_yet(State(reason): State<watch::Receiver<String>>) -> Problem {
    let reason = reason.borrow().clone();
    Problem::new(ErrorCode::Unavailable, reason).after(RETRY)
}
