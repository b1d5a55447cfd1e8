//! Import of candidates from a file, with photos beside it: looked at first, then all of them, or none and the reasons.

mod archive;
mod fault;
mod form;
mod people;
mod photos;
mod plan;
mod preview;

pub use fault::Fault;

use crate::{
    clock::now,
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    sitting::fresh_command,
    store::Photo,
    table::{self, Charset, MAX_FILE, Meaning, Table, Unreadable},
};
use archive::{MAX_PHOTOS, Person, Photos};
use axum::extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection};
use fault::{refused, unreadable};
use form::Uploaded;
use people::{People, people};
use photos::Looked;
use plan::{Choices, Ignored, Plan};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, AdministratorAction, Column, Command, InterviewId, NewCandidate, Presence, Refused, RowProblem,
};

refusals! {
    ImportRefused: ImportRefused, TextTooLong, LimitReached;
    PreviewRefused: ImportRefused;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import))
        .routes(routes!(preview))
        .layer(DefaultBodyLimit::max(MAX_FILE + MAX_PHOTOS + 1024 * 1024))
}

/// How it is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct How {
    /// Only checks.
    #[serde(default)]
    dry_run: bool,
}

/// What was, or would be, added, and from where.
#[derive(Debug, Serialize, ToSchema)]
struct Added {
    /// How many candidates.
    added: usize,
    /// How the text was read, where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    encoding: Option<Charset>,
    /// From which sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    sheet: Option<String>,
    /// Columns in which something stands that was not taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    ignored: Vec<Ignored>,
    /// Photos that were not looked at, with which no face can be compared, or that are nobody's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    warnings: Vec<Fault>,
}

/// A table, photos, and how it is to be read.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form to the readers of the API")]
struct Form {
    /// CSV or XLSX, at most 5 MiB without pictures, with columns for name, number, phone and password in any of their usual
    /// words. Pictures in the rows of a workbook, over cells or in them, are the photos of the people there.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
    /// A ZIP of photos named by number: `007.jpg`, or by number and name.
    #[schema(format = Binary, value_type = Option<String>)]
    photos: Option<Vec<u8>>,
    /// JSON: how the file is to be read, where that is not as it would be found out.
    #[schema(value_type = Option<String>)]
    choices: Option<Choices>,
}

/// A table and how it is to be read.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form to the readers of the API")]
struct TableForm {
    /// CSV or XLSX, at most 5 MiB without pictures.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
    /// JSON: how the file is to be read, where that is not as it would be found out.
    #[schema(value_type = Option<String>)]
    choices: Option<Choices>,
}

/// Imports candidates: all of them, or none.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/import", tag = "administration",
    request_body(content = Form, content_type = "multipart/form-data"),
    params(("id" = InterviewId, Path), How), responses(
    (status = 200, body = Added), ImportRefused))]
async fn import(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Asked(How { dry_run }): Asked<How>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Added>, Problem> {
    let mut uploaded = form::uploaded(&app, form, true).await?;
    let (sources, unfit) = (photos::sources(&mut uploaded), uploaded.choices.unfit_photos);
    let Uploaded { file, choices, .. } = uploaded;
    let (table, plan, people, pictures) = blocking(move || {
        let table = table::read(&file, &choices.reading()).map_err(|error| unreadable(&error))?;
        let plan = Plan::of(&table, &choices);
        let people = people(&table, &plan, &choices).map_err(refused)?;
        let pictures = photos::Rows::of(&file, &table, &plan, &people.lines);
        Ok::<_, Problem>((table, plan, people, pictures))
    })
    .await??;
    let People { lines, bodies } = people;
    let candidates: Vec<NewCandidate> =
        bodies.into_iter().map(|body| body.into_candidate(&app)).collect::<Result<_, _>>()?;
    let action = Action::Administrator(AdministratorAction::AddCandidates(candidates.clone()));
    let command = Command { id: fresh_command(), by: administrator.actor(), action };
    let checked = {
        let command = command.clone();
        app.sittings
            .look(id, move |interview, _| interview.handle(command.clone(), now(), &Presence::new()))
            .await?
    };
    checked.map_err(|refused| refused_rows(refused, &lines, &plan))?;
    let person = |(candidate, line): (&NewCandidate, &u32)| Person {
        number: candidate.number.clone(),
        name: candidate.name.clone(),
        line: *line,
    };
    let people: Vec<Person> = candidates.iter().zip(&lines).map(person).collect();
    let Looked { photos, warnings } = photos::looked(&app, sources, pictures, people, unfit).await?;
    if !dry_run {
        keep(&app, &administrator, id, command, &candidates, photos).await?;
    }
    Ok(Json(added(candidates.len(), table, &plan, warnings)))
}

/// How an import would read a file: its columns and what each is taken for, its first rows, what else it holds.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/import/preview", tag = "administration",
    request_body(content = TableForm, content_type = "multipart/form-data"),
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = preview::Preview), PreviewRefused))]
async fn preview(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<preview::Preview>, Problem> {
    app.sittings.look(id, |_, _| ()).await?;
    let Uploaded { file, choices, .. } = form::uploaded(&app, form, false).await?;
    let looked = blocking(move || preview::Preview::of(&file, &choices)).await?;
    looked.map(Json).map_err(|error| unreadable(&error))
}

fn added(added: usize, table: Table, plan: &Plan, warnings: Vec<Fault>) -> Added {
    let encoding = table.charset.filter(|charset| *charset != Charset::Utf8);
    Added { added, encoding, sheet: table.sheet, ignored: plan.ignored(), warnings }
}

/// Photos first, one at a time: a candidate whose photo could not be kept is not there.
async fn keep(
    app: &App,
    administrator: &Administrator,
    id: InterviewId,
    command: Command,
    candidates: &[NewCandidate],
    photos: Photos,
) -> Result<(), Problem> {
    let mut pictured = Vec::new();
    let kept = async {
        let mut photos = photos;
        for one in photos.found.clone() {
            let Some(candidate) = candidates.get(one.person) else { break };
            let kind = one.kind;
            let bytes;
            (photos, bytes) = photos::read(photos, one).await?;
            let photo = Photo::new(kind, bytes, now().0);
            pictured.push(candidate.seat);
            app.store.put_photo(id.0, candidate.seat.0, &photo).await?;
        }
        app.sittings.command(id, command).await
    };
    if let Err(problem) = kept.await {
        // Of people who are not there nothing stays.
        for seat in pictured {
            let _ = app.store.remove_photo(id.0, seat.0).await;
        }
        return Err(problem);
    }
    for seat in pictured {
        administrator.command(app, id, AdministratorAction::SetPhoto { seat, present: true }).await?;
    }
    Ok(())
}

/// Reading files is work that must not hold up others; a reader that fails on a hostile file fails alone.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| unreadable(&Unreadable::Broken))
}

/// The interview counts people, the person counts rows.
fn refused_rows(problem: Refused, lines: &[u32], plan: &Plan) -> Problem {
    let Refused::ImportRefused(rows) = problem else { return crate::sitting::refusal(problem) };
    let fault = |RowProblem { row, column, problem }: RowProblem| {
        let meaning = match column {
            Column::Name => Meaning::Name,
            Column::Number => Meaning::Number,
            Column::Phone => Meaning::Phone,
            Column::Password => Meaning::Password,
        };
        let line = (row as usize).checked_sub(1).and_then(|index| lines.get(index)).copied();
        let fault = Fault::new(line.unwrap_or(row), meaning.code(), problem.code());
        let fault = match problem {
            viva_interview::Problem::TooLong => fault.most(column.longest()),
            _ => fault,
        };
        match plan.column(meaning) {
            Some(column) => fault.at(column),
            None => fault,
        }
    };
    refused(rows.into_iter().map(fault).collect())
}
