//! Personal data: found, handed out and erased on request, and what was done to them.

use crate::{
    clock::now,
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
        session::Administrator,
    },
    person::{self, Wanted},
    problem::Problem,
    sitting::finish_erasures,
    store::{Deed, NewDeed},
};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::io::{self, Seek};
use tokio::{fs::File, io::AsyncReadExt};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, InterviewId, SeatId};
use viva_signaling::message::ErrorCode;

/// Deeds in one answer.
const PAGE: u32 = 200;
/// Bytes of a file that are read at once.
const PIECE: usize = 64 * 1024;

refusals! {
    ExportRefused: CandidateUnknown;
    EraseRefused: CandidateUnknown, CandidateEntered, InterviewDeleted, NotConfirmed, RehearsalOpen;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(people))
        .routes(routes!(export))
        .routes(routes!(erase))
        .routes(routes!(audit))
}

/// Who is looked for: by the one or by the other.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// The number of the exam card, as a whole.
    #[param(required = false)]
    number: Option<String>,
    /// The registered phone, as a whole.
    #[param(required = false)]
    phone: Option<String>,
}

/// Somebody who was found.
#[derive(Debug, Serialize, ToSchema)]
struct PersonRow {
    interview: InterviewId,
    /// The interview's name.
    interview_name: String,
    /// Nobody is examined there any more.
    closed: bool,
    seat: SeatId,
    name: String,
    number: String,
    phone: String,
    /// Was taken out of the list of candidates, and still stands in the records.
    removed: bool,
}

/// The people of all interviews with this number or this phone.
#[utoipa::path(get, path = "/api/admin/people", tag = "administration", params(Search), responses(
    (status = 200, body = Vec<PersonRow>)))]
async fn people(
    State(app): State<App>,
    _: Administrator,
    Asked(Search { number, phone }): Asked<Search>,
) -> Result<Json<Vec<PersonRow>>, Problem> {
    let wanted = Wanted { interview: None, number, phone };
    let found = person::find(&*app.store, &wanted, &app.settings.sms_country, now()).await?;
    let row = |one: person::Found| PersonRow {
        interview: one.interview,
        interview_name: one.interview_name,
        closed: one.closed,
        seat: one.seat,
        name: one.name,
        number: one.number,
        phone: one.phone,
        removed: one.removed,
    };
    Ok(Json(found.into_iter().map(row).collect()))
}

/// A ZIP.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the answer to the readers of the API")]
struct Archive(Vec<u8>);

/// Everything that is kept of one candidate, as a ZIP of JSON, CSV and pictures.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates/{seat}/person.zip", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 200, description = "the archive", body = Archive, content_type = "application/zip"), ExportRefused))]
async fn export(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
) -> Result<Response, Problem> {
    let person = person::read(&*app.store, id, seat, now()).await?;
    note(&app, &administrator, "person_exported", id, seat, String::new()).await?;
    let failed = |error: io::Error| Problem::new(ErrorCode::Internal, error.to_string());
    let spooled = app.spool.file().map_err(failed)?;
    let mut file = person.archive(&*app.store, spooled).await?;
    file.rewind().map_err(failed)?;
    let pieces = futures_util::stream::try_unfold(File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), file)))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"person-{seat}.zip\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// How a person is erased.
#[derive(Debug, Deserialize, ToSchema)]
struct Erased {
    /// The number of the exam card, typed as a sign that this one is meant.
    number: String,
    /// The number, the points and the result stay.
    keep_result: bool,
}

/// Erases everything that tells of one candidate: who has entered an open interview has to be put out before.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/{seat}/erase", tag = "administration",
    request_body = Erased, params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 204, description = "it is erased"), EraseRefused))]
async fn erase(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
    Json(Erased { number, keep_result }): Json<Erased>,
) -> Result<StatusCode, Problem> {
    app.sittings.refuse_while_rehearsed(id).await?;
    let action = AdministratorAction::ErasePerson { seat, number, keep_result };
    administrator.command(&app, id, action).await?;
    note(&app, &administrator, "person_erased", id, seat, person::kept(keep_result)).await?;
    finish_erasures(&*app.store).await?;
    // Opened at the same moment, perhaps with this person.
    if let Some(rehearsal) = app.store.open_rehearsal(id.0).await? {
        app.sittings.end_rehearsal(InterviewId(rehearsal), administrator.actor()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn note(
    app: &App,
    administrator: &Administrator,
    deed: &str,
    interview: InterviewId,
    seat: SeatId,
    detail: String,
) -> Result<(), Problem> {
    let actor = administrator.actor().to_string();
    let (interview, seat, deed) = (Some(interview.0), Some(seat.0), deed.to_owned());
    Ok(app.store.note_deed(&NewDeed { at: now().0, actor, deed, interview, seat, detail }).await?)
}

/// Which part of the audit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// The id of the first line that is known: those before it.
    #[param(value_type = u64, required = false, maximum = 9223372036854775807_u64)]
    before: Option<u64>,
}

/// Something that was done to personal data.
#[derive(Debug, Serialize, ToSchema)]
struct DeedRow {
    /// Grows.
    id: u64,
    at: u64,
    /// `administrator:…`, `command line` or `system`.
    actor: String,
    /// `interview_deleted`, `person_exported`, `person_erased`, `photos_erased`, `papers_erased`, `sms_texts_erased`,
    /// `invitations_exported`, `staff_link_made`, `sms_tried`, `rehearsal_opened`, `rehearsal_ended`.
    deed: String,
    #[schema(required)]
    interview: Option<InterviewId>,
    #[schema(required)]
    seat: Option<SeatId>,
    detail: String,
}

/// What was deleted, erased and handed out, the newest first: at most 200 lines.
#[utoipa::path(get, path = "/api/admin/audit", tag = "administration", params(Part), responses(
    (status = 200, body = Vec<DeedRow>)))]
async fn audit(
    State(app): State<App>,
    _: Administrator,
    Asked(Part { before }): Asked<Part>,
) -> Result<Json<Vec<DeedRow>>, Problem> {
    if before.is_some_and(|id| i64::try_from(id).is_err()) {
        return Err(Problem::new(ErrorCode::Malformed, "no line has so high an id"));
    }
    let row = |Deed { position, content }: Deed| DeedRow {
        id: position,
        at: content.at,
        actor: content.actor,
        deed: content.deed,
        interview: content.interview.map(InterviewId),
        seat: content.seat.map(SeatId),
        detail: content.detail,
    };
    Ok(Json(app.store.deeds(before, PAGE).await?.into_iter().map(row).collect()))
}
