//! What happened in an interview, its scores and its people, as files.

use crate::{
    http::{App, body::At, session::Administrator},
    problem::Problem,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use rust_xlsxwriter::{Format, XlsxError};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AuditLine, Cell, InterviewId, Table, spreadsheet::is_formula};
use viva_signaling::message::ErrorCode;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(audit_lines))
        .routes(routes!(audit_table))
        .routes(routes!(audit_book))
        .routes(routes!(scores))
        .routes(routes!(scores_book))
        .routes(routes!(people))
        .routes(routes!(people_book))
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
    let table = AuditLine::table(audit(&app, id).await?);
    Ok(file(table.csv(), CSV, &format!("audit-{id}.csv")))
}

/// Everything that happened, as a workbook.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/audit.xlsx", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "who did what when", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn audit_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let table = AuditLine::table(audit(&app, id).await?);
    Ok(file(book(table).await?, XLSX, &format!("audit-{id}.xlsx")))
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
    let table = app.sittings.look(id, |interview, _| interview.score_table()).await?;
    Ok(file(table.csv(), CSV, &format!("scores-{id}.csv")))
}

/// Every score sheet and result, as a workbook.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/scores.xlsx", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "one row a sheet", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn scores_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let table = app.sittings.look(id, |interview, _| interview.score_table()).await?;
    Ok(file(book(table).await?, XLSX, &format!("scores-{id}.xlsx")))
}

/// The candidates as they can be imported again, without their passwords.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates.csv", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "one row a candidate", body = String, content_type = "text/csv")))]
async fn people(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let table = app.sittings.look(id, |interview, _| interview.candidate_table()).await?;
    Ok(file(table.csv(), CSV, &format!("candidates-{id}.csv")))
}

/// The candidates as a workbook that can be imported again, without their passwords.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates.xlsx", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, description = "one row a candidate", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn people_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Response, Problem> {
    let table = app.sittings.look(id, |interview, _| interview.candidate_table()).await?;
    Ok(file(book(table).await?, XLSX, &format!("candidates-{id}.xlsx")))
}

/// The bytes of a workbook.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the answer to the readers of the API")]
struct Workbook(Vec<u8>);

async fn book(table: Table) -> Result<Vec<u8>, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(ErrorCode::Internal, error.to_string());
    let written =
        tokio::task::spawn_blocking(move || workbook(&table)).await.map_err(|error| failed(&error))?;
    written.map_err(|error| failed(&error))
}

/// Texts as texts, so that a table program neither computes nor rewrites them; figures as numbers.
fn workbook(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let (text, head) = (Format::new().set_num_format("@"), Format::new().set_num_format("@").set_bold());
    // What begins like a formula stays a text when somebody edits its cell, too.
    let quoted = Format::new().set_num_format("@").set_quote_prefix();
    let (whole, hundredths) = (Format::new().set_num_format("0"), Format::new().set_num_format("0.00"));
    for (heading, column) in table.headings.iter().zip(0..) {
        sheet.write_string_with_format(0, column, heading, &head)?;
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (cells, row) in table.rows.iter().zip(1..) {
        for (cell, column) in cells.iter().zip(0..) {
            match cell {
                Cell::Text(value) if value.is_empty() => {}
                Cell::Text(value) if is_formula(value) => {
                    sheet.write_string_with_format(row, column, value, &quoted)?;
                }
                Cell::Text(value) => {
                    sheet.write_string_with_format(row, column, value, &text)?;
                }
                Cell::Figure(value) => {
                    if let Ok(number) = value.parse::<f64>() {
                        let format = if value.contains('.') { &hundredths } else { &whole };
                        sheet.write_number_with_format(row, column, number, format)?;
                    }
                }
            }
        }
    }
    book.save_to_buffer()
}

fn file(content: impl Into<Body>, kind: &'static str, name: &str) -> Response {
    let body: Body = content.into();
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
