//! The minutes of an interview, for a page that is printed.

use crate::{
    http::{
        App,
        body::{At, Json},
        session::Administrator,
    },
    problem::Problem,
};
use axum::extract::State;
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{InterviewId, Minutes};

/// The one address of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(minutes))
}

/// Who sat in the interview, and what became of each candidate.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/minutes", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Minutes)))]
async fn minutes(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<Minutes>, Problem> {
    let records = Arc::new(app.sittings.records(id).await?);
    app.sittings.look(id, move |interview, _| interview.minutes(&records)).await.map(Json)
}
