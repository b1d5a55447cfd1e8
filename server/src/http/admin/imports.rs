//! Lists of candidates that were imported, and how one is taken back.

use super::candidates::Removed;
use crate::{
    http::{
        App,
        body::{At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, CommandId, ImportRow, InterviewId};
use viva_signaling::message::ErrorCode;

refusals! {
    UndoRefused: CandidateEntered, ImportOld, InterviewDeleted;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(undo))
}

/// The newest imports of candidates, the newest first.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/imports", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Vec<ImportRow>)))]
async fn list(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<Vec<ImportRow>>, Problem> {
    app.sittings.look(id, |interview, _| interview.import_rows()).await.map(Json)
}

/// Takes everybody away whom an import has added, as long as none of them has entered, for a day. Who was known before it
/// keeps what it said of them.
#[utoipa::path(delete, path = "/api/admin/interviews/{id}/imports/{import}", tag = "administration",
    params(("id" = InterviewId, Path), ("import" = String, Path)), responses(
    (status = 200, body = Removed), UndoRefused))]
async fn undo(
    State(app): State<App>,
    administrator: Administrator,
    At((id, import)): At<(InterviewId, String)>,
) -> Result<Json<Removed>, Problem> {
    let import: CommandId =
        import.parse().map_err(|_| Problem::new(ErrorCode::NotFound, "no such import"))?;
    let known = import.clone();
    let rows = app.sittings.look(id, move |interview, _| interview.import_rows()).await?;
    let removed = rows.iter().find(|row| row.import == known).map_or(0, |row| row.left as usize);
    administrator.command(&app, id, AdministratorAction::UndoImport { import }).await?;
    Ok(Json(Removed { removed }))
}
