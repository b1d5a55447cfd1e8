//! Headers that every response carries: what a page may do, and the id of the request.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

/// What pages may load and do. No script but our own; media from the peer connection; the camera for ourselves. The two
/// styles in a page's own text, known by their hashes, are what it looks like until all of it is there (web/index.html), and
/// that of the library's select box.
const SECURITY: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; style-src 'self' 'sha256-UQWKUoH3cSpjIi9aR6Aolt6txsi+v+znlb2pbGjp7Rw=' \
         'sha256-60LHlRjW/B3CtzIoE/Lf1/NEDvko9efWMFaGVhHu/cs='; \
         connect-src 'self' ws: wss:; media-src 'self' blob: mediastream:; img-src 'self' data: blob:; \
         worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), picture-in-picture=(self), \
         screen-wake-lock=(self), geolocation=()",
    ),
];

/// Where people come by https they never come by http again, for a year (RFC 6797 §6.1). Of the neighbours in the same
/// domain nothing is known here.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// Adds the headers of [`SECURITY`], and the one that keeps to https where people come by it.
pub async fn secure(State(by_https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if by_https {
        let value = HeaderValue::from_static(STRICT_TRANSPORT);
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    for (name, value) in SECURITY {
        // A file that somebody has uploaded may do less than a page.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Gives each request an id, in its log lines and in the response.
pub async fn identify(request: Request, next: Next) -> Response {
    let id = crate::random::hex::<8>();
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let started = tokio::time::Instant::now();
    async move {
        let mut response = next.run(request).await;
        let (status, ms) = (response.status().as_u16(), started.elapsed().as_secs_f64() * 1000.0);
        if response.status().is_server_error() {
            tracing::warn!(status, ms, "answered");
        } else {
            tracing::debug!(status, ms, "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        response
    }
    .instrument(span)
    .await
}
