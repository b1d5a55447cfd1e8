//! What happened in an interview, its scores, results, people and invitations, as files: for people by `?lang=zh` or `en`, with
//! labels in that language and times by the clocks of the interview.

mod workbook;

use crate::{
    clock::now,
    http::{
        App,
        body::{Asked, At},
        session::Administrator,
    },
    problem::Problem,
    store::NewDeed,
    time_zone::TimeZone,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    AuditLine, CandidateRow, Cell, Interview, InterviewId, Language, Presence, Table, Wording,
};
use viva_signaling::message::ErrorCode;
use workbook::workbook;

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
        .routes(routes!(results))
        .routes(routes!(results_book))
        .routes(routes!(people))
        .routes(routes!(people_book))
        .routes(routes!(invitations))
        .routes(routes!(invitations_book))
}

/// For whom a file is written.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Told {
    /// The language of labels and words. Where none is asked for, tables that programs read have heads in both languages and
    /// times in UTC; all others are in Chinese.
    #[param(required = false, inline)]
    lang: Option<Language>,
}

/// What is written of an interview in a language, by its clocks.
async fn written<T: Send + 'static>(
    app: &App,
    id: InterviewId,
    language: Language,
    write: impl Fn(&Interview, &Wording<'_>) -> T + Clone + Send + 'static,
) -> Result<T, Problem> {
    let look = move |interview: &Interview, _: &Presence| {
        let zone = TimeZone::of(interview.time_zone());
        let offset = |at| zone.offset(at);
        write(interview, &Wording { language, zone: zone.title(language), offset: &offset })
    };
    app.sittings.look(id, look).await
}

async fn audit(app: &App, id: InterviewId) -> Result<Vec<AuditLine>, Problem> {
    let records = Arc::new(app.sittings.records(id).await?);
    let look = app.sittings.look(id, move |interview, _| {
        let lines = records.iter().zip(1..).map(|(record, seq)| interview.audit(seq, record));
        lines.collect::<Vec<_>>()
    });
    look.await
}

async fn audit_rows(app: &App, id: InterviewId, language: Option<Language>) -> Result<Table, Problem> {
    let lines = audit(app, id).await?;
    let Some(language) = language else { return Ok(AuditLine::table(lines, None)) };
    written(app, id, language, move |_, wording| AuditLine::table(lines.clone(), Some(wording))).await
}

async fn score_rows(app: &App, id: InterviewId, language: Option<Language>) -> Result<Table, Problem> {
    match language {
        None => app.sittings.look(id, |interview, _| interview.score_table(None)).await,
        Some(language) => {
            written(app, id, language, |interview, wording| interview.score_table(Some(wording))).await
        }
    }
}

async fn result_rows(app: &App, id: InterviewId, language: Option<Language>) -> Result<Table, Problem> {
    written(app, id, language.unwrap_or_default(), Interview::result_table).await
}

async fn candidate_rows(app: &App, id: InterviewId, language: Option<Language>) -> Result<Table, Problem> {
    let told = language.unwrap_or_default();
    written(app, id, told, move |interview, wording| interview.candidate_table(language, wording)).await
}

/// The invitations, with a line in the audit of personal data first: who has a code is let in.
async fn invitation_rows(
    app: &App,
    administrator: &Administrator,
    id: InterviewId,
    language: Option<Language>,
) -> Result<Table, Problem> {
    let rows = app.sittings.look(id, |interview, _| interview.candidate_rows()).await?;
    let (at, actor) = (now().0, administrator.actor().to_string());
    let (deed, detail) = ("invitations_exported".to_owned(), format!("{} codes", rows.len()));
    app.store.note_deed(&NewDeed { at, actor, deed, interview: Some(id.0), seat: None, detail }).await?;
    let base = app.settings.base_url();
    written(app, id, language.unwrap_or_default(), move |_, wording| {
        invitation_table(rows.clone(), &base, wording)
    })
    .await
}

fn invitation_table(rows: Vec<CandidateRow>, base: &str, wording: &Wording<'_>) -> Table {
    let language = wording.language;
    let heads = match language {
        Language::Zh => ["考号", "姓名", "手机", "邀请码", "链接", "密码"],
        Language::En => ["Number", "Name", "Phone", "Code", "Link", "Password"],
    };
    let time = wording.time_head("面谈时间", "Time");
    let cells = |row: CandidateRow| {
        let (code, is_set) = (row.code.to_string(), row.password_set);
        let link = format!("{base}/i#{code}");
        let password = if is_set { language.of("已设置", "set") } else { language.of("无", "none") };
        let time = wording.time(row.starts_at);
        let texts = [row.number, row.name, row.phone, code, link, password.to_owned()].map(Cell::Text);
        texts.into_iter().chain([time]).collect()
    };
    let headings = heads.map(str::to_owned).into_iter().chain([time]).collect();
    Table { headings, rows: rows.into_iter().map(cells).collect() }
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
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "who did what when", body = String, content_type = "text/csv")))]
async fn audit_table(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = audit_rows(&app, id, lang).await?;
    Ok(file(table.csv(), CSV, &format!("audit-{id}.csv")))
}

/// Everything that happened, as a workbook.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/audit.xlsx", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "who did what when", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn audit_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = audit_rows(&app, id, lang).await?;
    Ok(file(book(table).await?, XLSX, &format!("audit-{id}.xlsx")))
}

/// Every score sheet and result.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/scores.csv", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a sheet", body = String, content_type = "text/csv")))]
async fn scores(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = score_rows(&app, id, lang).await?;
    Ok(file(table.csv(), CSV, &format!("scores-{id}.csv")))
}

/// Every score sheet and result, as a workbook.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/scores.xlsx", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a sheet", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn scores_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = score_rows(&app, id, lang).await?;
    Ok(file(book(table).await?, XLSX, &format!("scores-{id}.xlsx")))
}

/// The results, with means and ranks.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/results.csv", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = String, content_type = "text/csv")))]
async fn results(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = result_rows(&app, id, lang).await?;
    Ok(file(table.csv(), CSV, &format!("results-{id}.csv")))
}

/// The results, with means and ranks, as a workbook.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/results.xlsx", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn results_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = result_rows(&app, id, lang).await?;
    Ok(file(book(table).await?, XLSX, &format!("results-{id}.xlsx")))
}

/// The candidates as they can be imported again, without their passwords.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates.csv", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = String, content_type = "text/csv")))]
async fn people(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = candidate_rows(&app, id, lang).await?;
    Ok(file(table.csv(), CSV, &format!("candidates-{id}.csv")))
}

/// The candidates as they can be imported again, without their passwords, as a workbook.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates.xlsx", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn people_book(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = candidate_rows(&app, id, lang).await?;
    Ok(file(book(table).await?, XLSX, &format!("candidates-{id}.xlsx")))
}

/// The invitations with codes and links; it is noted who had them.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/invitations.csv", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = String, content_type = "text/csv")))]
async fn invitations(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = invitation_rows(&app, &administrator, id, lang).await?;
    Ok(file(table.csv(), CSV, &format!("invitations-{id}.csv")))
}

/// The invitations as a workbook, with codes and links; it is noted who had them.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/invitations.xlsx", tag = "administration",
    params(("id" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn invitations_book(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let table = invitation_rows(&app, &administrator, id, lang).await?;
    Ok(file(book(table).await?, XLSX, &format!("invitations-{id}.xlsx")))
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

fn file(content: impl Into<Body>, kind: &'static str, name: &str) -> Response {
    let body: Body = content.into();
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
