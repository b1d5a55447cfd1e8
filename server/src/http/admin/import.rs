//! Import of candidates from a file, with photos beside it: looked at first, then all of them, or none and the reasons.

mod archive;
mod fault;
pub(super) mod form;
pub(super) mod outcome;
pub(super) mod people;
mod photos;
pub(super) mod plan;
mod preview;

pub use fault::Fault;
pub(super) use fault::{refused, unreadable};

use crate::{
    clock::now,
    http::{
        App,
        admin::candidates::CandidateBody,
        body::{Asked, At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    random,
    sitting::fresh_command,
    store::Photo,
    table::{self, MAX_FILE, Meaning, Unreadable},
    time_zone::Clocks,
};
use archive::{Found, MAX_PHOTOS, Person, Photos};
use axum::extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection};
use form::Uploaded;
use outcome::Imported;
use people::{People, people};
use photos::Looked;
use plan::{Choices, Plan};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, AdministratorAction, CandidateRow, Column, Command, Interview, InterviewId, InterviewRow,
    ListedCandidate, Presence, Refused, RowProblem, SeatId, writing,
};

refusals! {
    ImportRefused: ImportRefused, TextTooLong, LimitReached, CandidatesChanged, IdTaken, InterviewDeleted;
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
    /// Whoever has a number of the list already gets what the list says; what it leaves empty stays, and nobody is
    /// removed. Otherwise a number that is taken is a fault.
    #[serde(default)]
    update: bool,
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

/// Imports candidates, or updates those who are there: all of them, or none.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/import", tag = "administration",
    request_body(content = Form, content_type = "multipart/form-data"),
    params(("id" = InterviewId, Path), How), responses(
    (status = 200, body = Imported), ImportRefused))]
async fn import(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Asked(How { dry_run, update }): Asked<How>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Imported>, Problem> {
    let mut uploaded = form::uploaded(&app, form, true).await?;
    let (sources, unfit) = (photos::sources(&mut uploaded), uploaded.choices.unfit_photos);
    let Uploaded { file, choices, .. } = uploaded;
    let (before, clocks) =
        app.sittings.look(id, |interview, _| (interview.candidate_rows(), clocks(interview))).await?;
    let (table, plan, people, pictures) = blocking(move || {
        let table = table::read(&file, &choices.reading()).map_err(|error| unreadable(&error))?;
        let plan = Plan::of(&table, &choices);
        let people = people(&table, &plan, &choices, &clocks).map_err(refused)?;
        let pictures = photos::Rows::of(&file, &table, &plan, &people.lines);
        Ok::<_, Problem>((table, plan, people, pictures))
    })
    .await??;
    let People { lines, bodies } = people;
    let listed = listed(&app, bodies, if update { &before } else { &[] })?;
    let action = Action::Administrator(AdministratorAction::ImportCandidates(listed.clone()));
    let command = Command { id: fresh_command(), by: administrator.actor(), action };
    let checked = {
        let command = command.clone();
        app.sittings
            .look(id, move |interview, _| interview.handle(command.clone(), now(), &Presence::new()))
            .await?
    };
    let decision = checked.map_err(|refused| refused_rows(refused, &lines, &plan))?;
    let person = |(row, line): (&ListedCandidate, &u32)| Person {
        number: row.candidate.number.clone(),
        name: row.candidate.name.clone(),
        line: *line,
    };
    let people: Vec<Person> = listed.iter().zip(&lines).map(person).collect();
    let Looked { photos, warnings } = photos::looked(&app, sources, pictures, people, unfit).await?;
    let photos = photos::unknown(&app, id, photos, &listed, &before).await?;
    let pictured = photos.found.iter().map(|one| one.person).collect();
    let mut imported = Imported::of(&before, &decision.records, &listed, &pictured);
    if update {
        imported.missing = before.len() - listed.iter().filter(|row| row.known).count();
    }
    if !dry_run {
        imported.import = Some(command.id.clone()).filter(|_| imported.added > 0);
        keep(&app, &administrator, id, command, &listed, photos).await?;
    }
    Ok(Json(imported.with_source(table, &plan, warnings)))
}

/// By which clocks times in a list are read.
fn clocks(interview: &Interview) -> Clocks {
    let InterviewRow { time_zone, opens_at, closes_at, .. } = interview.row();
    Clocks::of(&time_zone, opens_at, closes_at)
}

/// Who each row is: a new candidate, or whoever has the number already.
fn listed(
    app: &App,
    bodies: Vec<CandidateBody>,
    before: &[CandidateRow],
) -> Result<Vec<ListedCandidate>, Problem> {
    let seats: BTreeMap<String, SeatId> =
        before.iter().map(|row| (writing::number_key(&row.number), row.seat)).collect();
    let row = |body: CandidateBody| {
        let known = seats.get(&writing::number_key(&body.number)).copied();
        let candidate = body.into_candidate(app, known.unwrap_or_else(|| SeatId(random::id())))?;
        Ok(ListedCandidate { candidate, known: known.is_some() })
    };
    bodies.into_iter().map(row).collect()
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

/// Photos of who is new come first, one at a time: a candidate whose photo could not be kept is not there. Those of who is
/// known replace the older ones once the list is in.
async fn keep(
    app: &App,
    administrator: &Administrator,
    id: InterviewId,
    command: Command,
    listed: &[ListedCandidate],
    mut photos: Photos,
) -> Result<(), Problem> {
    let of = |one: &Found| listed.get(one.person).map(|row| (row.candidate.seat, row.known));
    let all: Vec<(Found, (SeatId, bool))> =
        photos.found.iter().filter_map(|one| Some((one.clone(), of(one)?))).collect();
    let (known, new): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, (_, known))| *known);
    let mut pictured = Vec::new();
    let kept = async {
        for (one, (seat, _)) in new {
            pictured.push(seat);
            photos = put(app, id, seat, photos, one).await?;
        }
        app.sittings.command(id, command).await?;
        Ok::<_, Problem>(photos)
    };
    let mut photos = match kept.await {
        Ok(photos) => photos,
        Err(problem) => {
            // Of people who are not there nothing stays.
            for seat in pictured {
                let _ = app.store.remove_photo(id.0, seat.0).await;
            }
            return Err(problem);
        }
    };
    for (one, (seat, _)) in known {
        photos = put(app, id, seat, photos, one).await?;
        pictured.push(seat);
    }
    for seat in pictured {
        administrator.command(app, id, AdministratorAction::SetPhoto { seat, present: true }).await?;
    }
    Ok(())
}

/// Keeps a photo, and gives the archives back.
async fn put(
    app: &App,
    id: InterviewId,
    seat: SeatId,
    photos: Photos,
    one: Found,
) -> Result<Photos, Problem> {
    let kind = one.kind;
    let (photos, bytes) = photos::read(photos, one).await?;
    app.store.put_photo(id.0, seat.0, &Photo::new(kind, bytes, now().0)).await?;
    Ok(photos)
}

/// Reading files is work that must not hold up others; a reader that fails on a hostile file fails alone.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| unreadable(&Unreadable::Broken))
}

fn refused_rows(problem: Refused, lines: &[u32], plan: &Plan) -> Problem {
    match problem {
        Refused::ImportRefused(rows) => refused(row_faults(rows, lines, plan)),
        other => crate::sitting::refusal(other),
    }
}

/// The interview counts people, the person counts rows.
pub(super) fn row_faults(rows: Vec<RowProblem>, lines: &[u32], plan: &Plan) -> Vec<Fault> {
    let fault = |RowProblem { row, column, problem }: RowProblem| {
        let meaning = match column {
            Column::Name => Meaning::Name,
            Column::Number => Meaning::Number,
            Column::Phone => Meaning::Phone,
            Column::Password => Meaning::Password,
            Column::Time => Meaning::Time,
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
    rows.into_iter().map(fault).collect()
}
