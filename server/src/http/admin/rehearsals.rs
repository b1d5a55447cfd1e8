//! Rehearsals of an interview: opened, ended, and what is told of each.

use crate::{
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    store::{EndedRehearsal, StoredRehearsal},
    time_zone::TimeZone,
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{Actor, InterviewId, Language, Rehearsed, SeatId, Time, Wording, rehearsal_table};
use viva_signaling::message::ErrorCode;

refusals! {
    OpenRefused: RehearsalLate, RehearsalOpen, InterviewDeleted, SetupInvalid;
    EndRefused: RehearsalOver;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(report))
        .routes(routes!(end))
        .routes(routes!(table))
}

/// A rehearsal in the list of an interview's.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsalRow {
    /// Stands in the addresses of what concerns it.
    rehearsal: InterviewId,
    opened_at: Time,
    /// The administrator's account.
    opened_by: String,
    /// Null while it is open.
    #[schema(required)]
    ended_at: Option<Time>,
    /// The administrator's account; empty where it ended because the interview opened, null while it is open.
    #[schema(required)]
    ended_by: Option<String>,
    /// How many candidates could come.
    people: usize,
    /// How many of them came.
    came: usize,
    /// For how many of them all checks of devices went well.
    passed: usize,
}

/// A candidate in the report of a rehearsal. Number and name are the interview's, and empty where it has them no more.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsedPerson {
    number: String,
    name: String,
    #[serde(flatten)]
    rehearsed: Rehearsed,
}

/// What is told of a rehearsal: as it stands while it is open, and as it ended.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsalReport {
    #[serde(flatten)]
    row: RehearsalRow,
    /// In the order in which they are called.
    candidates: Vec<RehearsedPerson>,
}

/// For whom a file is written.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Told {
    /// The language of labels and words; Chinese where none is asked for.
    #[param(required = false, inline)]
    lang: Option<Language>,
}

/// The rehearsals of an interview, the newest first; of those that are over the newest ten.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/rehearsals", operation_id = "rehearsals", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Vec<RehearsalRow>)))]
async fn list(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<Vec<RehearsalRow>>, Problem> {
    app.sittings.look(id, |_, _| ()).await?;
    let mut rows = Vec::new();
    for known in app.store.rehearsals(id.0).await? {
        match rehearsed(&app, &known).await {
            Ok(people) => rows.push(row(known, &people)),
            // Ended meanwhile; the next look has its report.
            Err(problem) if problem.code == ErrorCode::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Json(rows))
}

/// Opens a rehearsal: until it is ended, or the interview opens, the invitations lead into it.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/rehearsals", operation_id = "open_rehearsal", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 201, body = RehearsalRow), OpenRefused))]
async fn open(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
) -> Result<(StatusCode, Json<RehearsalRow>), Problem> {
    let rehearsal = app.sittings.open_rehearsal(id, administrator.actor()).await?;
    let known = stored(&app, id, rehearsal).await?;
    let people = rehearsed(&app, &known).await?;
    Ok((StatusCode::CREATED, Json(row(known, &people))))
}

/// Who has come to a rehearsal, with what, and which checks went well.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/rehearsals/{rehearsal}", operation_id = "rehearsal", tag = "administration",
    params(("id" = InterviewId, Path), ("rehearsal" = InterviewId, Path)), responses(
    (status = 200, body = RehearsalReport)))]
async fn report(
    State(app): State<App>,
    _: Administrator,
    At((id, rehearsal)): At<(InterviewId, InterviewId)>,
) -> Result<Json<RehearsalReport>, Problem> {
    let known = stored(&app, id, rehearsal).await?;
    let people = rehearsed(&app, &known).await?;
    let row = row(known, &people);
    Ok(Json(RehearsalReport { row, candidates: named(&app, id, people).await? }))
}

/// Ends a rehearsal: all that was in it is erased, but for its report.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/rehearsals/{rehearsal}/end", operation_id = "end_rehearsal", tag = "administration",
    params(("id" = InterviewId, Path), ("rehearsal" = InterviewId, Path)), responses(
    (status = 200, body = RehearsalRow), EndRefused))]
async fn end(
    State(app): State<App>,
    administrator: Administrator,
    At((id, rehearsal)): At<(InterviewId, InterviewId)>,
) -> Result<Json<RehearsalRow>, Problem> {
    if stored(&app, id, rehearsal).await?.ended.is_some() {
        return Err(ErrorCode::RehearsalOver.into());
    }
    match app.sittings.end_rehearsal(rehearsal, administrator.actor()).await {
        Err(problem) if problem.code == ErrorCode::NotFound => return Err(ErrorCode::RehearsalOver.into()),
        ended => ended?,
    }
    let known = stored(&app, id, rehearsal).await?;
    let people = rehearsed(&app, &known).await?;
    Ok(Json(row(known, &people)))
}

/// The report of a rehearsal as a table.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/rehearsals/{rehearsal}/report.csv", operation_id = "rehearsal_table", tag = "administration",
    params(("id" = InterviewId, Path), ("rehearsal" = InterviewId, Path), Told), responses(
    (status = 200, description = "one row a candidate", body = String, content_type = "text/csv")))]
async fn table(
    State(app): State<App>,
    _: Administrator,
    At((id, rehearsal)): At<(InterviewId, InterviewId)>,
    Asked(Told { lang }): Asked<Told>,
) -> Result<Response, Problem> {
    let known = stored(&app, id, rehearsal).await?;
    let people = named(&app, id, rehearsed(&app, &known).await?).await?;
    let zone = app.sittings.look(id, |interview, _| TimeZone::of(interview.time_zone())).await?;
    let language = lang.unwrap_or_default();
    let offset = |at| zone.offset(at);
    let wording = Wording { language, zone: zone.title(language), offset: &offset };
    let rows = people.iter().map(|one| (one.number.as_str(), one.name.as_str(), &one.rehearsed));
    let csv = rehearsal_table(rows, &wording).csv();
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response();
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"rehearsal-{rehearsal}.csv\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}

/// The rehearsal of this interview.
async fn stored(app: &App, of: InterviewId, rehearsal: InterviewId) -> Result<StoredRehearsal, Problem> {
    let known = app.store.rehearsal(rehearsal.0).await?.filter(|known| known.of == of.0);
    known.ok_or_else(|| Problem::new(ErrorCode::NotFound, "the interview has no such rehearsal"))
}

/// What its candidates have done: as it stands, or as it was at the end.
async fn rehearsed(app: &App, known: &StoredRehearsal) -> Result<Vec<Rehearsed>, Problem> {
    match &known.ended {
        None => app.sittings.look(InterviewId(known.rehearsal), |rehearsal, _| rehearsal.rehearsed()).await,
        Some(EndedRehearsal { report, .. }) => {
            let unreadable = |error: serde_json::Error| Problem::new(ErrorCode::Internal, error.to_string());
            serde_json::from_str(report).map_err(unreadable)
        }
    }
}

fn row(known: StoredRehearsal, people: &[Rehearsed]) -> RehearsalRow {
    let account = |actor: &str| match actor.parse() {
        Ok(Actor::Administrator { account }) => account,
        _ => String::new(),
    };
    let StoredRehearsal { rehearsal, opened_at, opened_by, ended, .. } = known;
    RehearsalRow {
        rehearsal: InterviewId(rehearsal),
        opened_at: Time(opened_at),
        opened_by: account(&opened_by),
        ended_at: ended.as_ref().map(|ended| Time(ended.at)),
        ended_by: ended.map(|ended| account(&ended.by)),
        people: people.len(),
        came: people.iter().filter(|one| one.entered_at.is_some()).count(),
        passed: people.iter().filter(|one| one.checks.all_passed()).count(),
    }
}

/// With what the interview says of who they are.
async fn named(app: &App, of: InterviewId, people: Vec<Rehearsed>) -> Result<Vec<RehearsedPerson>, Problem> {
    let rows = app.sittings.look(of, |interview, _| interview.candidate_rows()).await?;
    let mut names: BTreeMap<SeatId, _> =
        rows.into_iter().map(|row| (row.seat, (row.number, row.name))).collect();
    let named = |rehearsed: Rehearsed| {
        let (number, name) = names.remove(&rehearsed.seat).unwrap_or_default();
        RehearsedPerson { number, name, rehearsed }
    };
    Ok(people.into_iter().map(named).collect())
}
