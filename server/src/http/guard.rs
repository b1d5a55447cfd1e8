//! Before a request of the API is looked at: no forged one.

use super::writing::writes;
use crate::problem::Problem;
use axum::{
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use viva_signaling::message::ErrorCode;

/// A header that no form and no image of another site can set: with cookies that stay on this site it is what keeps
/// forged requests out.
const GUARD: &str = "x-viva";
/// Its value.
pub const VALUE: &str = "1";

/// Refuses requests that change something and lack the header; nothing of the API is kept by a cache.
pub async fn guard(request: Request, next: Next) -> Response {
    if writes(request.method()) && request.headers().get(GUARD).is_none_or(|value| value != VALUE) {
        let detail = "a request that changes something needs the header `X-Viva: 1`";
        return Problem::new(ErrorCode::Forbidden, detail).into_response();
    }
    let mut response = next.run(request).await;
    let cache = response.headers_mut().entry(header::CACHE_CONTROL);
    cache.or_insert(HeaderValue::from_static("no-store"));
    response
}
