//! What a port that is for media says to a browser.

use axum::{Router, http::StatusCode};

/// Says where the pages are.
pub fn router(base: String) -> Router {
    let said = format!("This port is for media (TURN). The pages are at {base}/\n");
    Router::new().fallback(move || async move { (StatusCode::NOT_FOUND, said) })
}
