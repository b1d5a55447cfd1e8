//! What `/download` offers: the list of builds, and their bytes, whole or in ranges.

use super::{
    App,
    body::{At, Json},
};
use crate::{
    downloads::{Build, System},
    problem::Problem,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_range_header::parse_range_header;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_signaling::message::ErrorCode;

/// The list; the bytes stand outside of `/api`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The apps that people can install.
#[derive(Debug, Serialize, ToSchema)]
struct Offered {
    /// Of the release; null where none is there.
    #[schema(required)]
    version: Option<String>,
    /// When its commit was made (RFC 3339); null where none is there.
    #[schema(required, format = DateTime)]
    released_at: Option<String>,
    builds: Vec<OfferedBuild>,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
struct OfferedBuild {
    system: System,
    /// It stands at `/downloads/` and this.
    file: String,
    /// In bytes.
    size: usize,
    /// Of the bytes that are sent, in hexadecimal.
    sha256: String,
}

/// The apps that people can install, each for one system; none where no release was built for this server.
#[utoipa::path(get, path = "/api/downloads", tag = "downloads", responses((status = 200, body = Offered)))]
async fn list(State(app): State<App>) -> Json<Offered> {
    let offer = app.downloads.offer().await;
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let builds = offer.builds.iter().map(|Build { system, file, sha256, data }| OfferedBuild {
        system: *system,
        file: file.clone(),
        size: data.len(),
        sha256: sha256.clone(),
    });
    Json(Offered {
        version: told(&offer.version),
        released_at: told(&offer.released_at),
        builds: builds.collect(),
    })
}

/// The bytes of one build.
#[utoipa::path(get, path = "/downloads/{file}", tag = "downloads",
    params(("file" = String, Path, description = "its name in the list")),
    responses(
        (status = 200, description = "all of it", body = super::openapi::Picture, content_type = "application/octet-stream"),
        (status = 206, description = "the range of the header `Range`", body = super::openapi::Picture,
         content_type = "application/octet-stream"),
        (status = 304, description = "the build of `If-None-Match` is still the one"),
        (status = 404, description = "no such build", body = super::openapi::ProblemBody),
        (status = 416, description = "a range that the build does not have")))]
pub async fn file(
    State(app): State<App>,
    At(file): At<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let offer = app.downloads.offer().await;
    let build = offer.builds.iter().find(|build| build.file == file);
    let build = build.ok_or_else(|| Problem::new(ErrorCode::NotFound, "no such build"))?;
    // Names of builds are plain: letters, digits and a few signs.
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", build.file));
    let tag = HeaderValue::from_str(&format!("\"{}\"", build.sha256));
    let (Ok(name), Ok(tag)) = (name, tag) else {
        return Err(Problem::new(ErrorCode::Internal, "a build's name or hash cannot stand in a header"));
    };
    let mut response = asked(&build.data, tag.as_bytes(), &headers);
    let to_send = response.headers_mut();
    to_send.insert(header::ETAG, tag);
    to_send.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    to_send.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if response.status().is_success() {
        if begins(&response) {
            app.metrics.download_begun(build.system.name());
        }
        let to_send = response.headers_mut();
        to_send.insert(header::CONTENT_DISPOSITION, name);
        to_send.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(build.system)));
    }
    Ok(response)
}

/// From the first byte on; who takes the rest of it after a break is counted already.
fn begins(response: &Response) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE);
    range.is_none_or(|range| range.as_bytes().starts_with(b"bytes 0-"))
}

const fn media_type(system: System) -> &'static str {
    match system {
        System::Windows | System::Macos => "application/zip",
        System::LinuxDeb => "application/vnd.debian.binary-package",
        System::LinuxRpm => "application/x-rpm",
    }
}

/// All of the bytes, one range of them, or nothing where the client has them (RFC 9110 §13.2.2, §14.2).
fn asked(data: &Bytes, tag: &[u8], headers: &HeaderMap) -> Response {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .flat_map(|value| value.as_bytes().split(|b| *b == b','));
    let mut known =
        known.map(|known| known.trim_ascii()).map(|known| known.strip_prefix(b"W/").unwrap_or(known));
    if known.any(|known| known == tag || known == b"*") {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    // A range of another version than this one would be put together with it.
    let is_same = headers.get(header::IF_RANGE).is_none_or(|value| value.as_bytes() == tag);
    let range = headers.get(header::RANGE).filter(|_| is_same).and_then(|value| value.to_str().ok());
    let Some(Ok(range)) = range.map(parse_range_header) else {
        // A header that is no range counts for nothing.
        return data.clone().into_response();
    };
    let length = data.len() as u64;
    let Ok(ranges) = range.validate(length) else {
        let whole = format!("bytes */{length}");
        return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)]).into_response();
    };
    // Several at once are of use to nobody who downloads an app: those get all of it, which is always allowed.
    let [range] = ranges.as_slice() else { return data.clone().into_response() };
    let (Ok(start), Ok(end)) = (usize::try_from(*range.start()), usize::try_from(*range.end())) else {
        return data.clone().into_response();
    };
    let told = format!("bytes {start}-{end}/{length}");
    (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, told)], data.slice(start..=end)).into_response()
}
