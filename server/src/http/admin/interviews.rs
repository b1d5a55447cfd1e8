//! Interviews: made, changed, given up.

use crate::{
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
use viva_interview::{AdministratorAction, Interview, InterviewId, InterviewRow, Presence, Setup};
use viva_signaling::message::ErrorCode;

refusals! {
    CreateRefused: SetupInvalid, TextEmpty, TextTooLong;
    ChangeRefused: SetupInvalid, TextEmpty, TextTooLong, StageBegun, CriteriaUsed, InterviewDeleted;
    RemoveRefused: InterviewEntered;
    EraseRefused: InterviewOpen, NotConfirmed;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change, remove))
        .routes(routes!(erase))
}

fn row(interview: &Interview, _: &Presence) -> InterviewRow {
    interview.row()
}

/// All interviews, the newest first.
#[utoipa::path(get, path = "/api/admin/interviews", tag = "administration", responses(
    (status = 200, body = Vec<InterviewRow>)))]
async fn list(State(app): State<App>, _: Administrator) -> Result<Json<Vec<InterviewRow>>, Problem> {
    let mut rows = Vec::new();
    for known in app.store.interviews().await? {
        match app.sittings.look(InterviewId(known.id), row).await {
            Ok(row) => rows.push(row),
            // Deleted meanwhile.
            Err(problem) if problem.code == ErrorCode::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Json(rows))
}

/// A new interview.
#[utoipa::path(post, path = "/api/admin/interviews", tag = "administration", request_body = Setup, responses(
    (status = 201, body = InterviewRow), CreateRefused))]
async fn create(
    State(app): State<App>,
    administrator: Administrator,
    Json(setup): Json<Setup>,
) -> Result<(StatusCode, Json<InterviewRow>), Problem> {
    let id = InterviewId(random::id());
    app.sittings.create(id, setup, administrator.actor()).await?;
    Ok((StatusCode::CREATED, Json(app.sittings.look(id, row).await?)))
}

/// One interview.
#[utoipa::path(get, path = "/api/admin/interviews/{id}", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = InterviewRow)))]
async fn read(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<InterviewRow>, Problem> {
    app.sittings.look(id, row).await.map(Json)
}

/// Other names, times, stages, criteria.
#[utoipa::path(put, path = "/api/admin/interviews/{id}", tag = "administration", request_body = Setup,
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = InterviewRow), ChangeRefused))]
async fn change(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(setup): Json<Setup>,
) -> Result<Json<InterviewRow>, Problem> {
    administrator.command(&app, id, AdministratorAction::Change(setup)).await?;
    app.sittings.look(id, row).await.map(Json)
}

/// Gives an interview up, before anybody has entered.
#[utoipa::path(delete, path = "/api/admin/interviews/{id}", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 204, description = "it is gone"), RemoveRefused))]
async fn remove(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
) -> Result<StatusCode, Problem> {
    app.sittings.delete(id, administrator.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name of the interview, typed as a sign that this one is meant.
#[derive(Debug, Deserialize, ToSchema)]
struct Confirmed {
    name: String,
}

/// Deletes a closed interview with everything of it: people, records, scores, pictures, messages. A line in the audit of
/// personal data stays.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/erase", tag = "administration", request_body = Confirmed,
    params(("id" = InterviewId, Path)), responses(
    (status = 204, description = "nothing of it is left"), EraseRefused))]
async fn erase(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(Confirmed { name }): Json<Confirmed>,
) -> Result<StatusCode, Problem> {
    app.sittings.delete_closed(id, administrator.actor(), name).await?;
    Ok(StatusCode::NO_CONTENT)
}
