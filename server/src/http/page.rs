//! The web pages, embedded in the program.

use crate::{problem::Problem, text::hex};
use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};
use viva_signaling::message::ErrorCode;

/// What `npm run build` wrote.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
struct Web;

/// First parts of the paths that the browser's router answers, all with the one page.
const PAGES: &[&str] = &[
    "",
    "admin",
    "candidate",
    "connection-test",
    "download",
    "download-mobile",
    "examiner",
    "host",
    "i",
    "patrol",
    "room",
    "seats",
    "second",
    "signin",
    "staff",
];

/// Shown while the web pages are not built.
const NOT_BUILT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Viva</title>\
    <h1>The web pages are not built</h1><p>The server runs. Build its pages with <code>make web</code> \
    (or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>), then build and start <code>viva</code> again.\
    <h1 lang=zh>网页尚未构建</h1><p lang=zh>服务器已运行。请执行 <code>make web</code>,再重新构建并启动 <code>viva</code>。";

/// Answers everything that is no other route.
pub async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(ErrorCode::MethodNotAllowed, format!("{method} is not allowed here"))
            .into_response();
    }
    let path = uri.path().trim_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let path = if PAGES.contains(&first) && !path.contains('.') { "index.html" } else { path };
    match Web::get(path) {
        Some(file) => serve(path, file, &headers),
        None if path != "index.html" && is_person(&headers) => nowhere(),
        None if path == "index.html" => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")],
            NOT_BUILT,
        )
            .into_response(),
        None => Problem::new(ErrorCode::NotFound, "no such page").into_response(),
    }
}

/// Does a browser ask that shows what comes, and not a program or a part of a page?
fn is_person(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|kinds| kinds.split(',')).any(|kind| kind.trim().starts_with("text/html"))
}

/// The one page, which says for itself that nothing stands at its address.
fn nowhere() -> Response {
    let Some(file) = Web::get("index.html") else {
        return Problem::new(ErrorCode::NotFound, "no such page").into_response();
    };
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, headers, file.data).into_response()
}

/// A file with its validator: assets carry a hash in their name and never change, all else is asked for again.
fn serve(path: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let hash = file.metadata.sha256_hash();
    let tag = hex(&hash[..12]);
    // Weak: the same file may leave compressed or not (RFC 9110 §8.8.1).
    let tag = format!("W/\"{tag}\"");
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let fresh =
        known.flat_map(|tags| tags.split(',')).any(|known| known.trim() == tag || known.trim() == "*");
    let mut response = if fresh {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, content_type(path, &file))], file.data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn content_type(path: &str, file: &EmbeddedFile) -> String {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("webmanifest") => "application/manifest+json".to_owned(),
        Some("html") => "text/html; charset=utf-8".to_owned(),
        _ => file.metadata.mimetype().to_owned(),
    }
}
