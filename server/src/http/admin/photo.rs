//! Reference photos of candidates.

use crate::{
    clock::now,
    http::{
        App,
        body::At,
        openapi::{Picture, refusals},
        session::Administrator,
    },
    problem::Problem,
    store::{MAX_PHOTO_BYTES, Photo},
};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::StatusCode,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, InterviewId, SeatId};
use viva_signaling::message::ErrorCode;

refusals! {
    PutRefused: UnsupportedMediaType, CandidateUnknown;
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

/// A photo in the place of the older one: JPEG or PNG, at most 5 MiB.
#[utoipa::path(put, path = "/api/admin/interviews/{id}/candidates/{seat}/photo", tag = "administration",
    request_body(content((Picture = "image/jpeg"), (Picture = "image/png"))),
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 204, description = "it is kept"), PutRefused))]
async fn put(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let bytes =
        body.map_err(|_| Problem::new(ErrorCode::TooLarge, "a photo has at most 5 MiB").limited("5 MiB"))?;
    let kind = picture(&bytes)
        .ok_or_else(|| Problem::new(ErrorCode::UnsupportedMediaType, "a photo is a JPEG or PNG file"))?;
    let known = app.sittings.look(id, move |interview, _| interview.candidate_row(seat)).await?;
    if known.is_none() {
        return Err(ErrorCode::CandidateUnknown.into());
    }
    let photo = Photo::new(kind, bytes.into(), now().0);
    app.store.put_photo(id.0, seat.0, &photo).await?;
    let known = administrator.command(&app, id, AdministratorAction::SetPhoto { seat, present: true }).await;
    if let Err(Problem { code: ErrorCode::CandidateUnknown, .. }) = &known {
        // Removed meanwhile: the photo goes too.
        app.store.remove_photo(id.0, seat.0).await?;
    }
    known?;
    Ok(StatusCode::NO_CONTENT)
}
