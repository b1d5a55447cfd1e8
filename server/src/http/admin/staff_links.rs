//! Links for those of the staff who have no account: each opens one seat, of an interview or of its rehearsal.

use crate::{
    clock::now,
    http::{
        App,
        body::{At, Json},
        session::Administrator,
    },
    links,
    problem::Problem,
    store::NewDeed,
    tokens::seat_claims,
};
use axum::extract::State;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{InterviewId, SeatId, StaffRow, Time};
use viva_signaling::message::ErrorCode;

/// How long after the end of an interview the link still leads there: results are told then.
const AFTERWARDS: u64 = 24 * 3_600_000;

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rehearsing)).routes(routes!(link)).routes(routes!(link_to_rehearsal))
}

/// A link that opens a seat of the staff.
#[derive(Debug, Serialize, ToSchema)]
struct StaffLink {
    /// The page of the seat with its token. Whoever has it sits there.
    link: String,
    /// Until when it holds.
    expires_at: Time,
}

/// The seats of the staff in a rehearsal that is open.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/rehearsals/{rehearsal}/staff", operation_id = "rehearsal_staff",
    tag = "administration", params(("id" = InterviewId, Path), ("rehearsal" = InterviewId, Path)), responses(
    (status = 200, body = Vec<StaffRow>)))]
async fn rehearsing(
    State(app): State<App>,
    _: Administrator,
    At((id, rehearsal)): At<(InterviewId, InterviewId)>,
) -> Result<Json<Vec<StaffRow>>, Problem> {
    open(&app, id, rehearsal).await?;
    app.sittings.look(rehearsal, |known, _| known.staff_rows()).await.map(Json)
}

/// Makes a link for a seat of the staff that belongs to no account. It opens the seat until a day after the interview closes, or
/// until the seat is removed. The audit notes who made it.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/staff/{seat}/link", operation_id = "staff_link",
    tag = "administration", params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 200, body = StaffLink)))]
async fn link(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
) -> Result<Json<StaffLink>, Problem> {
    made(&app, &administrator, (id, id), seat).await
}

/// Makes a link for a seat of the staff in a rehearsal that is open, which belongs to no account. It opens the seat until the
/// rehearsal ends. The audit notes who made it.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/rehearsals/{rehearsal}/staff/{seat}/link",
    operation_id = "rehearsal_staff_link", tag = "administration",
    params(("id" = InterviewId, Path), ("rehearsal" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 200, body = StaffLink)))]
async fn link_to_rehearsal(
    State(app): State<App>,
    administrator: Administrator,
    At((id, rehearsal, seat)): At<(InterviewId, InterviewId, SeatId)>,
) -> Result<Json<StaffLink>, Problem> {
    open(&app, id, rehearsal).await?;
    made(&app, &administrator, (id, rehearsal), seat).await
}

/// Refuses what is no rehearsal of this interview, or over.
async fn open(app: &App, of: InterviewId, rehearsal: InterviewId) -> Result<(), Problem> {
    let known = app.store.rehearsal(rehearsal.0).await?;
    let open = known.is_some_and(|known| known.of == of.0 && known.ended.is_none());
    if open { Ok(()) } else { Err(nothing("the interview has no such rehearsal that is open")) }
}

async fn made(
    app: &App,
    administrator: &Administrator,
    (interview, place): (InterviewId, InterviewId),
    seat: SeatId,
) -> Result<Json<StaffLink>, Problem> {
    let look = app.sittings.look(place, move |known, _| {
        let row = known.staff_rows().into_iter().find(|row| row.seat == seat && row.account.is_empty());
        (row, known.row().closes_at)
    });
    let (row, closes_at) = look.await?;
    let row = row.ok_or_else(|| nothing("no such seat belongs to nobody's account"))?;
    let at = now();
    let afterwards = if interview == place { AFTERWARDS } else { 0 };
    let expires_at = closes_at.max(at).plus(afterwards);
    let lasts = Duration::from_millis(expires_at.0.saturating_sub(at.0));
    let token = app.tokens.sign(&seat_claims(place, seat, &row.name, lasts));
    let token = token.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
    let link = links::of_staff(&app.settings.base_url(), row.role, seat, &token);
    let link = link.ok_or_else(|| nothing("the seat is none of the staff's"))?;
    let deed = NewDeed {
        at: at.0,
        actor: administrator.actor().to_string(),
        deed: "staff_link_made".to_owned(),
        interview: Some(interview.0),
        seat: Some(seat.0),
        detail: if interview == place { String::new() } else { "rehearsal".to_owned() },
    };
    // The deed first: no link goes out that stands nowhere.
    app.store.note_deed(&deed).await?;
    Ok(Json(StaffLink { link, expires_at }))
}

fn nothing(detail: &str) -> Problem {
    Problem::new(ErrorCode::NotFound, detail)
}
