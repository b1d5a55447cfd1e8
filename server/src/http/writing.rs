//! Whoever changes something does so only so often: the limits by address of all requests that write.

use super::{App, address::ClientAddress};
use crate::{clock::unix_time, problem::Problem};
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Does a request of this method change something?
pub fn writes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what comes too often from one address.
pub async fn by_address(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    if writes(request.method())
        && let Err(wait) = app.writes.by_address(address, unix_time())
    {
        return Problem::too_fast(wait).into_response();
    }
    next.run(request).await
}
