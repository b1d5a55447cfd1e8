//! What happened in an interview, and its scores, as files.

use crate::http::{App, body::At, problem::Problem, session::Administrator};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AuditLine, InterviewId};
use viva_signaling::message::ErrorCode;

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(audit_lines)).routes(routes!(audit_table)).routes(routes!(scores))
}

async fn audit(app: &App, id: InterviewId) -> Result<Vec<AuditLine>, Problem> {
    let records = Arc::new(app.sittings.records(id).await?);
    let look = app.sittings.look(id, move |interview, _| {
        let lines = records.iter().zip(1..).map(|(record, seq)| interview.audit(seq, record));
        lines.collect::<Vec<_>>()
    });
    look.await
}

/// Everything that happened, one JSON object a line.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/audit.jsonl", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "who did what when, one a line", body = AuditLine, content_type = "application/x-ndjson")))]
async fn audit_lines(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let mut text = String::new();
    for line in audit(&app, id).await? {
        let json = serde_json::to_string(&line);
        text.push_str(&json.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?);
        text.push('\n');
    }
    Ok(file(text, "application/x-ndjson", &format!("audit-{id}.jsonl")))
}

/// Everything that happened, as a table.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/audit.csv", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "who did what when", body = String, content_type = "text/csv")))]
async fn audit_table(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let text = AuditLine::csv(audit(&app, id).await?);
    Ok(file(text, "text/csv; charset=utf-8", &format!("audit-{id}.csv")))
}

/// Every score sheet and result.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/scores.csv", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "one row a sheet", body = String, content_type = "text/csv")))]
async fn scores(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let text = app.sittings.look(id, |interview, _| interview.scores_csv()).await?;
    Ok(file(text, "text/csv; charset=utf-8", &format!("scores-{id}.csv")))
}

fn file(text: String, kind: &'static str, name: &str) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
