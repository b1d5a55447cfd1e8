//! Interviews: made, changed, given up.

use crate::{
    http::{
        App,
        body::{At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    random,
};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    AdministratorAction, Interview, InterviewId, InterviewRow, Presence, SeatId, Setup, StaffRow, Time,
};
use viva_signaling::message::ErrorCode;

refusals! {
    CreateRefused: SetupInvalid, TextEmpty, TextTooLong;
    CopyRefused: SetupInvalid, TextEmpty, TextTooLong;
    ChangeRefused: SetupInvalid, TextEmpty, TextTooLong, StageBegun, CriteriaUsed, InterviewDeleted;
    RemoveRefused: InterviewEntered, RehearsalOpen;
    EraseRefused: InterviewOpen, NotConfirmed, RehearsalOpen;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change, remove))
        .routes(routes!(copy))
        .routes(routes!(erase))
}

fn row(interview: &Interview, _: &Presence) -> InterviewRow {
    interview.row()
}

/// As it stands in a list: without what is long. Rehearsals stand with their interviews.
fn listed(interview: &Interview, _: &Presence) -> Option<InterviewRow> {
    let own = interview.rehearsal_of().is_none();
    own.then(|| InterviewRow { questions: Vec::new(), ..interview.row() })
}

/// All interviews, the newest first.
#[utoipa::path(get, path = "/api/admin/interviews", tag = "administration", responses(
    (status = 200, body = Vec<InterviewRow>)))]
async fn list(State(app): State<App>, _: Administrator) -> Result<Json<Vec<InterviewRow>>, Problem> {
    let mut rows = Vec::new();
    for known in app.store.interviews().await? {
        match app.sittings.look(InterviewId(known.id), listed).await {
            Ok(row) => rows.extend(row),
            // Deleted meanwhile.
            Err(problem) if problem.code == ErrorCode::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Json(rows))
}

/// A new interview.
#[utoipa::path(post, path = "/api/admin/interviews", tag = "administration", request_body = Setup, responses(
    (status = 201, body = InterviewRow), CreateRefused))]
async fn create(
    State(app): State<App>,
    administrator: Administrator,
    Json(setup): Json<Setup>,
) -> Result<(StatusCode, Json<InterviewRow>), Problem> {
    let id = InterviewId(random::id());
    app.sittings.create(id, setup, administrator.actor()).await?;
    Ok((StatusCode::CREATED, Json(app.sittings.look(id, row).await?)))
}

/// One interview.
#[utoipa::path(get, path = "/api/admin/interviews/{id}", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = InterviewRow)))]
async fn read(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<InterviewRow>, Problem> {
    app.sittings.look(id, row).await.map(Json)
}

/// Other names, times, stages, criteria.
#[utoipa::path(put, path = "/api/admin/interviews/{id}", tag = "administration", request_body = Setup,
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = InterviewRow), ChangeRefused))]
async fn change(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(setup): Json<Setup>,
) -> Result<Json<InterviewRow>, Problem> {
    administrator.command(&app, id, AdministratorAction::Change(setup)).await?;
    app.sittings.look(id, row).await.map(Json)
}

/// What is different in a copy.
#[derive(Debug, Deserialize, ToSchema)]
struct CopyBody {
    /// As candidates and panel read it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Invitations hold from.
    opens_at: Time,
    /// Invitations hold until.
    closes_at: Time,
    /// With the seats of the staff, chairs included.
    #[serde(default)]
    panel: bool,
}

/// Another interview with the same stages, criteria and rules, perhaps with the same staff; never with its candidates.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/copy", tag = "administration", request_body = CopyBody,
    params(("id" = InterviewId, Path)), responses(
    (status = 201, body = InterviewRow), CopyRefused))]
async fn copy(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(CopyBody { name, opens_at, closes_at, panel }): Json<CopyBody>,
) -> Result<(StatusCode, Json<InterviewRow>), Problem> {
    let (setup, staff) =
        app.sittings.look(id, |interview, _| (interview.setup(), interview.staff_rows())).await?;
    let setup = Setup { name, opens_at, closes_at, ..setup };
    let seats = staff.into_iter().filter(|_| panel).flat_map(seated);
    let copy = InterviewId(random::id());
    app.sittings.create_with(copy, setup, administrator.actor(), seats.collect()).await?;
    Ok((StatusCode::CREATED, Json(app.sittings.look(copy, row).await?)))
}

/// How somebody of the staff gets a seat like this one.
fn seated(
    StaffRow { account, name, role, chair, .. }: StaffRow,
) -> impl Iterator<Item = AdministratorAction> {
    let seat = SeatId(random::id());
    let chair = chair.then_some(AdministratorAction::SetChair { seat, chair });
    [AdministratorAction::AddStaff { seat, account, name, role }].into_iter().chain(chair)
}

/// Gives an interview up, before anybody has entered.
#[utoipa::path(delete, path = "/api/admin/interviews/{id}", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 204, description = "it is gone"), RemoveRefused))]
async fn remove(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
) -> Result<StatusCode, Problem> {
    app.sittings.refuse_while_rehearsed(id).await?;
    app.sittings.delete(id, administrator.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name of the interview, typed as a sign that this one is meant.
#[derive(Debug, Deserialize, ToSchema)]
struct Confirmed {
    name: String,
}

/// Deletes a closed interview with everything of it: people, records, scores, pictures, messages. A line in the audit of
/// personal data stays.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/erase", tag = "administration", request_body = Confirmed,
    params(("id" = InterviewId, Path)), responses(
    (status = 204, description = "nothing of it is left"), EraseRefused))]
async fn erase(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(Confirmed { name }): Json<Confirmed>,
) -> Result<StatusCode, Problem> {
    app.sittings.refuse_while_rehearsed(id).await?;
    app.sittings.delete_closed(id, administrator.actor(), name).await?;
    Ok(StatusCode::NO_CONTENT)
}
