//! One candidate's reference photo, looked at before it is kept.

use super::import::Fault;
use crate::{
    clock::now,
    face::Unfit,
    http::{
        App,
        body::{Asked, At, Json},
        openapi::{Picture, refusals},
        session::Administrator,
    },
    problem::Problem,
    store::{MAX_PHOTO_BYTES, Photo},
};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, InterviewId, SeatId};
use viva_signaling::message::ErrorCode;

refusals! {
    PutRefused: UnsupportedMediaType, CandidateUnknown, PhotoUnfit;
}

/// How long a photo waits to be looked at, behind those of lists and the faces of candidates.
const LOOKING: Duration = Duration::from_secs(30);

/// How it is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct How {
    /// What becomes of a photo with which no face can be compared; without a word it is refused.
    #[param(inline)]
    unfit_photo: Option<UnfitPhoto>,
}

/// What becomes of a photo with which no face can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UnfitPhoto {
    /// It is kept for people to look at; the candidate is verified by SMS.
    Take,
}

/// The photo is kept.
#[derive(Debug, Serialize, ToSchema)]
struct Kept {
    /// No face can be compared with it, or that could not be found out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    warnings: Vec<Fault>,
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(put)).layer(DefaultBodyLimit::max(MAX_PHOTO_BYTES))
}

/// The type of a picture by its first bytes; what a client calls it is not asked.
pub(super) fn picture(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else {
        None
    }
}

/// A photo in the place of the older one: JPEG or PNG, at most 5 MiB. It is looked at as those of an import are.
#[utoipa::path(put, path = "/api/admin/interviews/{id}/candidates/{seat}/photo", tag = "administration",
    request_body(content((Picture = "image/jpeg"), (Picture = "image/png"))),
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path), How), responses(
    (status = 200, body = Kept), PutRefused))]
async fn put(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
    Asked(How { unfit_photo }): Asked<How>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Kept>, Problem> {
    let bytes =
        body.map_err(|_| Problem::new(ErrorCode::TooLarge, "a photo has at most 5 MiB").limited("5 MiB"))?;
    let kind = picture(&bytes)
        .ok_or_else(|| Problem::new(ErrorCode::UnsupportedMediaType, "a photo is a JPEG or PNG file"))?;
    let known = app.sittings.look(id, move |interview, _| interview.candidate_row(seat)).await?;
    if known.is_none() {
        return Err(ErrorCode::CandidateUnknown.into());
    }
    let warnings = looked(&app, bytes.clone(), unfit_photo).await?;
    let photo = Photo::new(kind, bytes.into(), now().0);
    app.store.put_photo(id.0, seat.0, &photo).await?;
    let known = administrator.command(&app, id, AdministratorAction::SetPhoto { seat, present: true }).await;
    if let Err(Problem { code: ErrorCode::CandidateUnknown, .. }) = &known {
        // Removed meanwhile: the photo goes too.
        app.store.remove_photo(id.0, seat.0).await?;
    }
    known?;
    Ok(Json(Kept { warnings }))
}

/// What the person should know of a photo that is kept.
///
/// # Errors
/// No face can be compared with it, and nobody said that it is kept all the same.
async fn looked(app: &App, photo: Bytes, unfit: Option<UnfitPhoto>) -> Result<Vec<Fault>, Problem> {
    let found = timeout(LOOKING, app.faces.fits(photo)).await;
    let fault = match found {
        Ok(Ok(Ok(()))) => return Ok(Vec::new()),
        Ok(Ok(Err(why))) => Fault::new(0, "photo", Unfit::code(why)),
        // As at an import: it is not the photo's fault.
        Ok(Err(_)) | Err(_) => return Ok(vec![Fault::new(0, "photo", "photos_unchecked").most(1)]),
    };
    match unfit {
        Some(UnfitPhoto::Take) => Ok(vec![fault]),
        None => Err(Problem {
            rows: serde_json::to_value([&fault]).ok(),
            ..Problem::new(ErrorCode::PhotoUnfit, fault.problem)
        }),
    }
}
