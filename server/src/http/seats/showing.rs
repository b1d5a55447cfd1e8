//! The picture that a candidate sends before the room, for a host who is to say who it is.

use super::{App, SignedIn, faces::asker};
use crate::{
    http::{
        body::{Asked, At},
        openapi::{Picture, refusals},
    },
    problem::Problem,
    sitting::next_shown,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::time::Duration;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::SeatId;

/// How long a page waits for the next picture.
const PATIENCE: Duration = Duration::from_secs(8);
/// The number of the picture, in its answer.
const NUMBER: HeaderName = HeaderName::from_static("viva-picture");

refusals! {
    ShownRefused: StaffCheckNotAsked, CandidateUnknown, Forbidden, NotYourSeat;
}

/// All of them.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(shown))
}

/// What the page has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Has {
    /// The number of the newest picture that it has.
    #[serde(default)]
    #[param(value_type = u64, required = false)]
    after: u64,
}

/// The next picture of a candidate who has asked the staff for a look: comes as soon as there is one.
#[utoipa::path(get, path = "/api/candidates/{seat}/showing", tag = "staff", security(("staff" = []), ("seat" = [])),
    params(("seat" = SeatId, Path), Has), responses(
    (status = 200, description = "the picture; the header `Viva-Picture` has its number", content((Picture = "image/jpeg"))),
    (status = 204, description = "none came for some seconds"), ShownRefused))]
async fn shown(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    At(candidate): At<SeatId>,
    Asked(Has { after }): Asked<Has>,
) -> Result<Response, Problem> {
    let (interview, by) = asker(&app, &headers, signed_in, candidate).await?;
    let pictures = app.sittings.look_at(interview, candidate, by, after).await?;
    let mut stop = app.stop.clone();
    let next = tokio::select! {
        next = next_shown(pictures, after, PATIENCE) => next?,
        () = stop.stopped() => None,
    };
    let Some(shown) = next else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (NUMBER, HeaderValue::from(shown.number)),
    ];
    Ok((headers, shown.jpeg).into_response())
}
