//! Import of candidates from a file, with photos beside it: all of them, or the rows that are wrong and none.

use super::{
    candidates::CandidateBody,
    photo::picture,
    spreadsheet::{self, MAX_FILE, Row, Unreadable},
};
use crate::{
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
        problem::Problem,
        session::Administrator,
    },
    sitting::{fresh_command, now, store_problem},
    store::{MAX_PHOTO_BYTES, Photo},
};
use axum::{
    extract::{
        DefaultBodyLimit, Multipart, State,
        multipart::{Field, MultipartRejection},
    },
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{Action, AdministratorAction, Command, InterviewId, NewCandidate, Refused, RowProblem};
use viva_signaling::message::ErrorCode;
use zip::ZipArchive;

/// The largest archive of photos, in bytes.
const MAX_PHOTOS: usize = 512 * 1024 * 1024;
/// The columns by their headings, in the order of [`Columns`].
const HEADINGS: [[&str; 2]; 4] =
    [["姓名", "name"], ["考号", "number"], ["手机", "phone"], ["密码", "password"]];

refusals! {
    ImportRefused: ImportRefused, TextTooLong, TooMany;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import))
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

/// How many candidates were, or would be, added.
#[derive(Debug, Serialize, ToSchema)]
struct Added {
    added: usize,
}

/// Two files.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form to the readers of the API")]
struct Form {
    /// CSV or XLSX, at most 5 MiB, with the columns 姓名/name, 考号/number, 手机/phone, 密码/password.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
    /// A ZIP of photos named by number: `007.jpg`.
    #[schema(format = Binary, value_type = Option<String>)]
    photos: Option<Vec<u8>>,
}

/// Imports candidates.
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
    let mut form = form.map_err(|error| Problem::new(ErrorCode::UnsupportedMediaType, error.body_text()))?;
    let (mut file, mut archive) = (None, None);
    while let Some(field) = form.next_field().await.map_err(broken_form)? {
        match field.name() {
            Some("file") => file = Some(table(field).await?),
            Some("photos") => archive = Some(spooled(&app, field).await?),
            // A field whose name was mistyped shall not be left out in silence.
            _ => {
                return Err(Problem::new(
                    ErrorCode::Malformed,
                    "the fields of the form are `file` and `photos`",
                ));
            }
        }
    }
    let file = file.ok_or_else(|| Problem::new(ErrorCode::Malformed, "the form has no field `file`"))?;
    let rows = blocking(move || spreadsheet::rows(&file)).await?.map_err(unreadable)?;
    let (lines, bodies) = people(rows)?;
    let candidates: Vec<NewCandidate> =
        bodies.into_iter().map(|body| body.admitted(&app)).collect::<Result<_, _>>()?;
    let action = Action::Administrator(AdministratorAction::AddCandidates(candidates.clone()));
    let command = Command { id: fresh_command(), by: administrator.actor(), action };
    let checked = {
        let command = command.clone();
        app.sittings.look(id, move |interview, _| interview.handle(command.clone(), now())).await?
    };
    checked.map_err(|refused| refused_rows(refused, &lines))?;
    let photos = match archive {
        Some(archive) => {
            let numbers = candidates.iter().map(|c| c.number.clone()).zip(lines.iter().copied()).collect();
            blocking(move || photos(archive, &numbers)).await??
        }
        None => BTreeMap::new(),
    };
    let added = candidates.len();
    if !dry_run {
        keep(&app, &administrator, id, command, &candidates, photos).await?;
    }
    Ok(Json(Added { added }))
}

/// Photos first: a candidate whose photo could not be kept is not there.
async fn keep(
    app: &App,
    administrator: &Administrator,
    id: InterviewId,
    command: Command,
    candidates: &[NewCandidate],
    photos: BTreeMap<String, (&'static str, Vec<u8>)>,
) -> Result<(), Problem> {
    let mut pictured = Vec::new();
    for (number, (kind, bytes)) in photos {
        let Some(candidate) = candidates.iter().find(|candidate| candidate.number == number) else {
            continue;
        };
        let photo = Photo::new(kind, bytes, now().0);
        app.store.put_photo(id.0, candidate.seat.0, &photo).await.map_err(store_problem)?;
        pictured.push(candidate.seat);
    }
    app.sittings.command(id, command, None).await?;
    for seat in pictured {
        administrator.act(app, id, AdministratorAction::SetPhoto { seat, present: true }).await?;
    }
    Ok(())
}

/// The people of a table, each with the number of its row.
fn people(rows: Vec<Row>) -> Result<(Vec<u32>, Vec<CandidateBody>), Problem> {
    let mut rows = rows.into_iter();
    let Some((head, headings)) = rows.next() else {
        return Err(faults(vec![fault(1, "file", "empty")]));
    };
    let place = |names: &[&str; 2]| {
        headings.iter().position(|heading| names.iter().any(|name| heading.eq_ignore_ascii_case(name)))
    };
    let places = HEADINGS.each_ref().map(place);
    let missing = HEADINGS.iter().zip(places).take(2).filter(|(_, place)| place.is_none());
    let missing: Vec<Value> = missing.map(|(names, _)| fault(head, names[1], "column_missing")).collect();
    if !missing.is_empty() {
        return Err(faults(missing));
    }
    let mut lines = Vec::new();
    let mut people = Vec::new();
    for (line, mut cells) in rows {
        let mut cell = |place: Option<usize>| {
            place.and_then(|place| cells.get_mut(place)).map(std::mem::take).unwrap_or_default()
        };
        let [name, number, phone, password] = places.map(&mut cell);
        let password = Some(password).filter(|password| !password.is_empty());
        lines.push(line);
        people.push(CandidateBody { name, number, phone, password });
    }
    if people.is_empty() { Err(faults(vec![fault(head, "file", "empty")])) } else { Ok((lines, people)) }
}

/// The photos of an archive by the number that each is named by.
fn photos(
    archive: File,
    numbers: &BTreeMap<String, u32>,
) -> Result<BTreeMap<String, (&'static str, Vec<u8>)>, Problem> {
    let broken = || faults(vec![fault(0, "photos", "broken")]);
    let mut zip = ZipArchive::new(archive).map_err(|_| broken())?;
    let (mut found, mut wrong) = (BTreeMap::new(), Vec::new());
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|_| broken())?;
        let path = entry.name().map_err(|_| broken())?.into_owned();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if entry.is_dir() || name.starts_with('.') || path.starts_with("__MACOSX") {
            continue;
        }
        let shown: String = name.chars().take(100).collect();
        let number = name.rsplit_once('.').map_or(name.as_str(), |(number, _)| number).trim();
        let Some(line) = numbers.get(number) else {
            wrong.push(fault(0, &shown, "photo_of_nobody"));
            continue;
        };
        let mut bytes = Vec::new();
        let read = entry.take(MAX_PHOTO_BYTES as u64 + 1).read_to_end(&mut bytes);
        match picture(&bytes) {
            _ if read.is_err() => wrong.push(fault(*line, &shown, "broken")),
            _ if bytes.len() > MAX_PHOTO_BYTES => wrong.push(fault(*line, &shown, "too_large")),
            None => wrong.push(fault(*line, &shown, "not_a_photo")),
            Some(kind) => {
                if found.insert(number.to_owned(), (kind, bytes)).is_some() {
                    wrong.push(fault(*line, &shown, "duplicate"));
                }
            }
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(faults(wrong)) }
}

async fn table(mut field: Field<'_>) -> Result<Vec<u8>, Problem> {
    let mut file = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken_form)? {
        file.extend_from_slice(&chunk);
        if file.len() > MAX_FILE {
            return Err(Problem::new(ErrorCode::TooLarge, "the file has at most 5 MiB"));
        }
    }
    Ok(file)
}

/// Photos may be many: they wait on the disk.
async fn spooled(app: &App, mut field: Field<'_>) -> Result<File, Problem> {
    let failed = |error: std::io::Error| Problem::new(ErrorCode::Internal, error.to_string());
    let mut file = app.spool.file().map_err(failed)?;
    let mut length = 0;
    while let Some(chunk) = field.chunk().await.map_err(broken_form)? {
        length += chunk.len();
        if length > MAX_PHOTOS {
            return Err(Problem::new(ErrorCode::TooLarge, "the photos have at most 512 MiB"));
        }
        file.write_all(&chunk).map_err(failed)?;
    }
    Ok(file)
}

/// Reading files is work that must not hold up others; a reader that fails on a hostile file fails alone.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| unreadable(Unreadable::Broken))
}

fn unreadable(error: Unreadable) -> Problem {
    let problem = match error {
        Unreadable::Broken => "broken",
        Unreadable::TooLarge => "too_large",
    };
    faults(vec![fault(0, "file", problem)])
}

fn broken_form(error: axum::extract::multipart::MultipartError) -> Problem {
    let code = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        _ => ErrorCode::Malformed,
    };
    Problem::new(code, error.body_text())
}

/// The interview counts people, the person counts rows.
fn refused_rows(refused: Refused, lines: &[u32]) -> Problem {
    let Refused::ImportRefused(rows) = refused else { return crate::sitting::refusal(refused) };
    let row = |RowProblem { row, column, problem }: RowProblem| {
        let line = (row as usize).checked_sub(1).and_then(|index| lines.get(index)).copied();
        json!({ "row": line.unwrap_or(row), "column": column, "problem": problem })
    };
    faults(rows.into_iter().map(row).collect())
}

fn fault(row: u32, column: &str, problem: &str) -> Value {
    json!({ "row": row, "column": column, "problem": problem })
}

fn faults(rows: Vec<Value>) -> Problem {
    let detail = format!("{} faults, nothing was added", rows.len());
    Problem { rows: Some(rows.into()), ..Problem::new(ErrorCode::ImportRefused, detail) }
}
