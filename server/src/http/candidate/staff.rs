//! A candidate who shows themselves to the staff before the room, over a picture that goes one way.

use super::Holder;
use crate::{
    http::{
        App,
        body::Json,
        openapi::{Picture, refusals},
    },
    problem::Problem,
};
use axum::{body::Bytes, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_face::{LONGEST_SIDE, jpeg_size};
use viva_interview::{Action, CandidateView, PathAction, SeatView};
use viva_signaling::message::ErrorCode;

/// The longest picture, in bytes: a JPEG of 640 × 480 has a third of it.
const LONGEST: usize = 128 * 1024;
/// Until the next picture, in milliseconds: while somebody looks, and while nobody does. A page may change something five
/// times a second for long, so that there is room for what else it wants.
const PAUSE: u32 = 400;
const IDLE_PAUSE: u32 = 4000;

refusals! {
    AskRefused: AnotherStep, StaffCheckOff, LimitReached, InterviewDeleted, InvitationExpired, SeatFull;
    DropRefused: InterviewDeleted, InvitationExpired, SeatFull;
    ShowRefused: AnotherStep, PictureInvalid, TooLarge;
}

/// All of them.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ask, withdraw)).routes(routes!(show))
}

/// What became of a picture.
#[derive(Debug, Serialize, ToSchema)]
struct Showing {
    /// Somebody of the staff looks just now.
    watched: bool,
    /// When the next one should come, in milliseconds.
    pause: u32,
}

/// Asks the staff for a look, instead of the face check and the SMS.
#[utoipa::path(post, path = "/api/candidate/identity/staff", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView), AskRefused))]
async fn ask(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::AskStaff {}), None).await
}

/// Does not want it any more.
#[utoipa::path(delete, path = "/api/candidate/identity/staff", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView), DropRefused))]
async fn withdraw(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::DropStaff {}), None).await
}

/// The picture of this moment, for the staff that was asked for a look. It is kept until the next one comes, and nowhere else.
#[utoipa::path(post, path = "/api/candidate/identity/picture", tag = "candidate", security(("candidate" = [])),
    request_body(content((Picture = "image/jpeg"))), responses((status = 200, body = Showing), ShowRefused))]
async fn show(State(app): State<App>, holder: Holder, body: Bytes) -> Result<Json<Showing>, Problem> {
    if body.len() > LONGEST {
        return Err(Problem::from(ErrorCode::TooLarge).limited(LONGEST));
    }
    // The browser of a host decodes it: what claims to be a wall of pixels does not get there.
    let fits = jpeg_size(&body).is_some_and(|(width, height)| width.max(height) <= LONGEST_SIDE);
    if !fits {
        return Err(Problem::new(
            ErrorCode::PictureInvalid,
            "a picture is a whole JPEG of at most 1280 pixels a side",
        ));
    }
    let (interview, _) = holder.place();
    let watched = app.sittings.show(interview, holder.seat_and_entry(), body).await?;
    Ok(Json(Showing { watched, pause: if watched { PAUSE } else { IDLE_PAUSE } }))
}
