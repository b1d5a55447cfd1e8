//! Papers that the office puts into a candidate's file.

use crate::{
    clock::now,
    http::{
        App,
        body::{Asked, At, Json},
        openapi::{PaperBytes, refusals},
        papers::{About, announced, keep, known_number, received},
        session::Administrator,
    },
    problem::Problem,
    sitting::refusal,
};
use axum::{body::Body, extract::State, http::HeaderMap};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, Interview, InterviewId, PaperView, Presence, SeatId};
use viva_signaling::message::ErrorCode;

refusals! {
    AddRefused: CandidateUnknown, PapersClosed, PapersTooLarge, PaperKind, LimitReached, SlidesNotPdf, IdTaken,
        InterviewDeleted, TextEmpty, RequestTimeout;
    ListRefused: CandidateUnknown;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove))
}

/// The papers of a candidate, the oldest first.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates/{seat}/papers", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 200, body = [PaperView]), ListRefused))]
async fn list(
    State(app): State<App>,
    _: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
) -> Result<Json<Vec<PaperView>>, Problem> {
    let papers = app.sittings.look(id, move |known, _| known.papers(seat).map(<[PaperView]>::to_vec)).await?;
    papers.map(Json).ok_or_else(|| ErrorCode::CandidateUnknown.into())
}

/// Puts a paper there: PDF, JPEG, PNG or WebP, at most 20 MiB, until the interview is over. Answers all that there are then.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/{seat}/papers", tag = "administration",
    request_body(content((PaperBytes = "application/pdf"), (PaperBytes = "image/jpeg"), (PaperBytes = "image/png"),
        (PaperBytes = "image/webp"))),
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path), About), responses(
    (status = 200, body = [PaperView]), AddRefused))]
async fn add(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
    Asked(about): Asked<About>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<PaperView>>, Problem> {
    put(&app, &administrator, (id, seat), about, announced(&headers), body).await?;
    list(State(app), administrator, At((id, seat))).await
}

/// A file of this program's own becomes a paper as any that is uploaded: looked at, kept and noted alike.
///
/// # Errors
/// What a paper that is uploaded is refused for.
pub async fn hand_in_paper(
    app: &App,
    account: &str,
    place: (InterviewId, SeatId),
    (name, slides): (&str, bool),
    file: Vec<u8>,
) -> Result<(), Problem> {
    let administrator = Administrator { account: account.to_owned() };
    let about = About::of(name, slides);
    put(app, &administrator, place, about, file.len() as u64, file.into()).await
}

async fn put(
    app: &App,
    administrator: &Administrator,
    (id, seat): (InterviewId, SeatId),
    about: About,
    size: u64,
    body: Body,
) -> Result<(), Problem> {
    let look = move |known: &Interview, _: &Presence| known.next_paper(seat, false, size, now());
    let from = app.sittings.look(id, look).await?.map_err(refusal)?;
    let received = received(app, body).await?;
    let paper = about.paper(&received);
    let number = keep(app, id, seat, from, received).await?;
    let added = administrator.command(app, id, AdministratorAction::AddPaper { seat, number, paper }).await;
    if added.is_err() {
        app.store.drop_paper(id.0, seat.0, number).await?;
    }
    added
}

/// Takes a paper away.
#[utoipa::path(delete, path = "/api/admin/interviews/{id}/candidates/{seat}/papers/{number}", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path), ("number" = u32, Path)), responses(
    (status = 200, body = [PaperView]), ListRefused))]
async fn remove(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat, number)): At<(InterviewId, SeatId, u32)>,
) -> Result<Json<Vec<PaperView>>, Problem> {
    let number = known_number(number)?;
    administrator.command(&app, id, AdministratorAction::RemovePaper { seat, number }).await?;
    list(State(app), administrator, At((id, seat))).await
}
