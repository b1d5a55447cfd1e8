//! The web pages, embedded in the program, as they are and compressed: the build of the pages writes both.

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
    match find(path, &headers) {
        Some(form) => serve(path, form, &headers),
        None if path != "index.html" && is_person(&headers) => nowhere(&headers),
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

/// A file as it leaves: the bytes of one of its forms.
struct Form {
    file: EmbeddedFile,
    /// How it is compressed.
    coding: Option<Coding>,
    content_type: String,
    /// Are there other forms?
    varies: bool,
}

/// A content coding (RFC 9110 §8.4.1), and how the build names what is compressed by it.
#[derive(Clone, Copy)]
struct Coding {
    name: &'static str,
    extension: &'static str,
}

/// The smaller first.
const CODINGS: [Coding; 2] =
    [Coding { name: "br", extension: ".br" }, Coding { name: "gzip", extension: ".gz" }];

/// The file in the form that the client likes best. A compressed form has no address of its own.
fn find(path: &str, request: &HeaderMap) -> Option<Form> {
    if CODINGS.iter().any(|coding| path.ends_with(coding.extension)) {
        return None;
    }
    let plain = Web::get(path)?;
    let content_type = content_type(path, &plain);
    let wishes = Wishes::of(request);
    let forms: Vec<(Coding, EmbeddedFile)> = CODINGS
        .into_iter()
        .filter_map(|coding| Some((coding, Web::get(&format!("{path}{}", coding.extension))?)))
        .collect();
    let varies = !forms.is_empty();
    let mut best: Option<(f32, Coding, EmbeddedFile)> = None;
    for (coding, file) in forms {
        let weight = wishes.weight(coding.name);
        if weight > best.as_ref().map_or(wishes.plain(), |(weight, ..)| *weight) {
            best = Some((weight, coding, file));
        }
    }
    let (coding, file) = best.map_or((None, plain), |(_, coding, file)| (Some(coding), file));
    Some(Form { file, coding, content_type, varies })
}

/// What a client says of codings that it takes (RFC 9110 §12.5.3).
struct Wishes(Vec<(String, f32)>);

impl Wishes {
    fn of(request: &HeaderMap) -> Self {
        let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let wish = |wish: &str| {
            let mut parts = wish.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let weight = weight.map_or(Ok(1.0), str::parse).unwrap_or(0.0);
            (name, if weight > 0.0 { weight } else { 0.0 })
        };
        Self(values.flat_map(|value| value.split(',')).map(wish).collect())
    }

    /// 0 where the client does not take it.
    fn weight(&self, name: &str) -> f32 {
        let said = |name: &str| self.0.iter().find(|(said, _)| said == name).map(|(_, weight)| *weight);
        said(name).or_else(|| said("*")).unwrap_or(0.0)
    }

    /// How much it likes what is not compressed, where it says so.
    fn plain(&self) -> f32 {
        self.0.iter().find(|(said, _)| said == "identity").map_or(0.0, |(_, weight)| *weight)
    }
}

/// The one page, which says for itself that nothing stands at its address.
fn nowhere(request: &HeaderMap) -> Response {
    let Some(form) = find("index.html", request) else {
        return Problem::new(ErrorCode::NotFound, "no such page").into_response();
    };
    let mut response = (StatusCode::NOT_FOUND, form.file.data.clone()).into_response();
    describe(response.headers_mut(), &form);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A file with its validator: assets carry a hash in their name and never change, all else is asked for again.
fn serve(path: &str, form: Form, request: &HeaderMap) -> Response {
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    // Of these bytes, so that each form has its own.
    let hash = form.file.metadata.sha256_hash();
    let tag = format!("\"{}\"", hex(&hash[..12]));
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    // A proxy that compresses makes a tag weak; for this question it is the same (RFC 9110 §13.1.2).
    let fresh = known
        .flat_map(|tags| tags.split(','))
        .map(str::trim)
        .any(|known| known.trim_start_matches("W/") == tag || known == "*");
    let mut response =
        if fresh { StatusCode::NOT_MODIFIED.into_response() } else { form.file.data.clone().into_response() };
    let headers = response.headers_mut();
    describe(headers, &form);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// What the bytes are.
fn describe(headers: &mut HeaderMap, form: &Form) {
    if let Ok(kind) = HeaderValue::from_str(&form.content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(coding) = form.coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name));
    }
    if form.varies {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
}

fn content_type(path: &str, file: &EmbeddedFile) -> String {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("webmanifest") => "application/manifest+json".to_owned(),
        Some("html") => "text/html; charset=utf-8".to_owned(),
        _ => file.metadata.mimetype().to_owned(),
    }
}
