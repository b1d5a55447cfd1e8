//! WHIP (RFC 9725) at `/whip/{room}` and WHEP (draft-ietf-wish-whep) at `/whep/{room}`.

use super::{App, body::At, openapi::refusals, writing};
use crate::{
    clock::unix_time,
    problem::Problem,
    room::{HttpOffer, IceFragment, Key, Patch},
};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{patch, post},
};
use viva_signaling::token::Claims;
use viva_signaling::{
    message::{ErrorCode, IceServer},
    sdp::Fragment,
};

const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";
/// The header of RFC 5789 §3.1; the constant is missing in `http`.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

/// Which way media goes.
#[derive(Debug, Clone, Copy)]
pub struct Publishes(bool);

/// The routes of both. Their clients send no cookies, so that pages of any origin may use them.
pub fn routes(app: &App) -> Router<App> {
    let both = |publishes: Publishes| {
        Router::new()
            .route(
                "/{room}",
                post(move |app, room, headers, body| offer(publishes, app, room, headers, body))
                    .options(options),
            )
            .route(
                "/{room}/{session}",
                patch(move |app, session, headers, body| trickle(publishes, app, session, headers, body))
                    .delete(move |app, session, headers| delete(publishes, app, session, headers))
                    .options(options),
            )
    };
    Router::new()
        .nest("/whip", both(Publishes(true)))
        .nest("/whep", both(Publishes(false)))
        .layer(DefaultBodyLimit::max(app.settings.message_bytes))
        .layer(middleware::from_fn_with_state(app.clone(), writing::by_address))
        .layer(middleware::from_fn(cross_origin))
}

refusals! {
    OfferRefused: Malformed, Unauthorized, Forbidden, SessionGone, TooLarge, UnsupportedMediaType, CodecUnsupported,
        BadOffer, TooMany, RateLimited, Internal, Unavailable;
    TrickleRefused: Malformed, Unauthorized, Forbidden, NotFound, SessionGone, PreconditionFailed, TooLarge,
        UnsupportedMediaType, BadOffer, PreconditionRequired, RateLimited, Internal, Unavailable;
    DeleteRefused: Unauthorized, Forbidden, NotFound, RateLimited, Internal, Unavailable;
}

/// Begins a session (RFC 9725 §4.2).
#[utoipa::path(post, path = "/whip/{room}", tag = "WHIP and WHEP",
    security(("seat" = [])), params(("room" = String, Path)),
    request_body(content = String, content_type = "application/sdp"), responses(
    (status = 201, description = "the answer", body = String, content_type = "application/sdp", headers(
        ("Location" = String, description = "the session"), ("ETag" = String, description = "its ICE session"),
        ("Accept-Patch" = String), ("Link" = String, description = "a way through TURN, where the server speaks it")
    )), OfferRefused))]
pub async fn offer(
    Publishes(publishes): Publishes,
    State(app): State<App>,
    At(room): At<String>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Problem> {
    let claims = authorize(&app, &headers, &room, publishes)?;
    let sdp = text(&headers, body, SDP)?;
    app.writes.join(&claims.room, &claims.identity, unix_time()).map_err(Problem::too_fast)?;
    let answer = app.rooms.offer_by_whip(HttpOffer { claims, publishes, sdp }).await?;
    let way = if publishes { "whip" } else { "whep" };
    let location = format!("/{way}/{}/{}", escape(&room), answer.session);
    let headers = [
        (header::CONTENT_TYPE, SDP.to_owned()),
        (header::LOCATION, location),
        (header::ETAG, format!("\"{}\"", answer.tag)),
        (ACCEPT_PATCH, FRAGMENT.to_owned()),
    ];
    let mut response = (StatusCode::CREATED, headers, answer.sdp).into_response();
    for link in answer.ice_servers.iter().flat_map(links) {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(header::LINK, link);
        }
    }
    Ok(response)
}

/// A server of TURN as clients of WHIP are told (RFC 9725 §4.6): a link for each way to it.
fn links(server: &IceServer) -> impl Iterator<Item = String> + '_ {
    let IceServer { urls, username, credential, .. } = server;
    urls.iter().map(move |url| {
        format!(
            "<{url}>; rel=\"ice-server\"; username=\"{username}\"; credential=\"{credential}\"; credential-type=\"password\""
        )
    })
}

/// Adds candidates, or restarts ICE (RFC 9725 §4.3).
#[utoipa::path(patch, path = "/whip/{room}/{session}", tag = "WHIP and WHEP",
    security(("seat" = [])), params(("room" = String, Path), ("session" = String, Path),
        ("If-Match" = String, Header, description = "the ETag of the ICE session; `*` restarts")),
    request_body(content = String, content_type = "application/trickle-ice-sdpfrag"), responses(
    (status = 200, description = "restarted", body = String, content_type = "application/trickle-ice-sdpfrag",
        headers(("ETag" = String, description = "the new ICE session"))),
    (status = 204, description = "added"), TrickleRefused))]
pub async fn trickle(
    Publishes(publishes): Publishes,
    State(app): State<App>,
    At((room, session)): At<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Problem> {
    let claims = authorize(&app, &headers, &room, publishes)?;
    let fragment = text(&headers, body, FRAGMENT)?;
    let fragment =
        Fragment::parse(&fragment).map_err(|error| Problem::new(ErrorCode::BadOffer, error.to_string()))?;
    let tag = headers
        .get(header::IF_MATCH)
        .and_then(|tag| tag.to_str().ok())
        .map(|tag| tag.trim().trim_matches('"'));
    let tag = tag.ok_or_else(|| Problem::new(ErrorCode::PreconditionRequired, "no If-Match"))?.to_owned();
    let key = Key { session, identity: claims.identity, publishes };
    Ok(match app.rooms.patch_by_whip(Patch { key, tag, fragment }).await? {
        IceFragment::Taken => StatusCode::NO_CONTENT.into_response(),
        IceFragment::Restarted { fragment, tag } => {
            let headers = [(header::CONTENT_TYPE, FRAGMENT.to_owned()), (header::ETAG, format!("\"{tag}\""))];
            (StatusCode::OK, headers, fragment).into_response()
        }
    })
}

/// Ends a session (RFC 9725 §4.2).
#[utoipa::path(delete, path = "/whip/{room}/{session}", tag = "WHIP and WHEP",
    security(("seat" = [])), params(("room" = String, Path), ("session" = String, Path)), responses(
    (status = 200, description = "ended"), DeleteRefused))]
pub async fn delete(
    Publishes(publishes): Publishes,
    State(app): State<App>,
    At((room, session)): At<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let claims = authorize(&app, &headers, &room, publishes)?;
    app.rooms.delete_by_whip(Key { session, identity: claims.identity, publishes }).await?;
    Ok(StatusCode::OK)
}

/// RFC 9725 §4.2: what may be posted.
async fn options() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(ACCEPT_POST, SDP), (ACCEPT_PATCH, FRAGMENT)])
}

/// The token's claims, when it opens this room this way. A missing, forged, expired or foreign one looks the same.
fn authorize(app: &App, headers: &HeaderMap, room: &str, publishes: bool) -> Result<Claims, Problem> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let claims = token
        .and_then(|(_, token)| app.tokens.verify(token.trim()).ok())
        .filter(|claims| claims.room == room);
    let Some(claims) = claims else {
        app.metrics.token_refused();
        return Err(ErrorCode::Unauthorized.into());
    };
    if if publishes { claims.publish } else { claims.subscribe } {
        Ok(claims)
    } else {
        Err(ErrorCode::Forbidden.into())
    }
}

/// The body as text of the one type that is taken.
fn text(
    headers: &HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
    wanted: &'static str,
) -> Result<String, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(wanted) {
        return Err(Problem::new(ErrorCode::UnsupportedMediaType, format!("the content must be {wanted}")));
    }
    let body = body.map_err(|error| Problem::new(ErrorCode::TooLarge, error.to_string()))?;
    String::from_utf8(body.into()).map_err(|_| Problem::new(ErrorCode::Malformed, "the content is not UTF-8"))
}

/// A room's name as one segment of a path (RFC 3986 §3.3).
fn escape(room: &str) -> String {
    let mut escaped = String::with_capacity(room.len());
    for byte in room.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// Lets pages of any origin in (RFC 9725 §4.8 wants CORS), and answers preflights.
async fn cross_origin(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Location, ETag, Link, Accept-Patch"),
    );
    if preflight {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("POST, PATCH, DELETE, OPTIONS"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("Authorization, Content-Type, If-Match"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    response
}
