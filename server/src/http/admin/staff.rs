//! Seats of the staff.

use crate::{
    account::normalised,
    http::{
        App,
        body::{At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    random,
};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, InterviewId, Role, SeatId, StaffRow};
use viva_signaling::message::ErrorCode;

refusals! {
    AddRefused: TextEmpty, TextTooLong, LimitReached;
    RemoveRefused: ExaminerScored, InterviewDeleted;
    MarkRefused: InterviewDeleted;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove)).routes(routes!(mark))
}

/// A new seat of the staff.
#[derive(Debug, Deserialize, ToSchema)]
struct StaffBody {
    /// The account that it belongs to; empty for a seat that opens by a link alone.
    #[serde(default)]
    #[schema(max_length = 64)]
    account: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `examiner`, `host` or `patrol`.
    #[schema(value_type = StaffRole)]
    role: Role,
}

/// The roles that a seat of the staff may have.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes a part of `Role` to the readers of the API")]
enum StaffRole {
    Examiner,
    Host,
    Patrol,
}

/// The seats of the staff.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/staff", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Vec<StaffRow>)))]
async fn list(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<Vec<StaffRow>>, Problem> {
    app.sittings.look(id, |interview, _| interview.staff_rows()).await.map(Json)
}

/// A new seat.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/staff", tag = "administration", request_body = StaffBody,
    params(("id" = InterviewId, Path)), responses(
    (status = 201, body = StaffRow), AddRefused))]
async fn add(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(StaffBody { account, name, role }): Json<StaffBody>,
) -> Result<(StatusCode, Json<StaffRow>), Problem> {
    let account = if account.is_empty() { account } else { known(&app, &account).await? };
    let seat = SeatId(random::id());
    administrator.command(&app, id, AdministratorAction::AddStaff { seat, account, name, role }).await?;
    let rows = app.sittings.look(id, |interview, _| interview.staff_rows()).await?;
    let row = rows.into_iter().find(|row| row.seat == seat).ok_or(ErrorCode::NotFound)?;
    Ok((StatusCode::CREATED, Json(row)))
}

/// The account as it is kept.
async fn known(app: &App, account: &str) -> Result<String, Problem> {
    let unknown = || Problem::new(ErrorCode::NotFound, "there is no such account");
    let account = normalised(account).map_err(|_| unknown())?;
    let kept = app.store.account(&account).await?.ok_or_else(unknown)?;
    Ok(kept.account)
}

/// Whether a host is a chair.
#[derive(Debug, Deserialize, ToSchema)]
struct ChairBody {
    /// False: no chair any more.
    chair: bool,
}

/// Marks a host as chair, who may publish a result although something stands in the way, or takes the mark away. Where nobody
/// is marked, every host is a chair.
#[utoipa::path(put, path = "/api/admin/interviews/{id}/staff/{seat}/chair", tag = "administration",
    request_body = ChairBody, params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 204, description = "it is so"), MarkRefused))]
async fn mark(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
    Json(ChairBody { chair }): Json<ChairBody>,
) -> Result<StatusCode, Problem> {
    administrator.command(&app, id, AdministratorAction::SetChair { seat, chair }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a seat away.
#[utoipa::path(delete, path = "/api/admin/interviews/{id}/staff/{seat}", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 204, description = "it is gone"), RemoveRefused))]
async fn remove(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
) -> Result<StatusCode, Problem> {
    administrator.command(&app, id, AdministratorAction::RemoveStaff { seat }).await?;
    Ok(StatusCode::NO_CONTENT)
}
