//! Papers of candidates over HTTP: what is uploaded, and by whom it is read.

use super::{
    App,
    body::{Asked, At, Json},
    candidate::Holder,
    openapi::{PaperBytes, refusals},
    seats::bearer,
    session::SignedIn,
};
use crate::{
    clock::{now, unix_time},
    problem::Problem,
    sitting::refusal,
    store::StoreError,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use serde::Deserialize;
use std::{
    fs::File,
    io::{self, Read, Seek, Write},
};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, CandidateView, Interview, InterviewId, PaperFile, PaperKind, PathAction, Presence, Refused,
    SeatId, SeatView, limit,
};
use viva_signaling::message::ErrorCode;

/// So many first bytes tell what a file is.
const BEGINNING: usize = 12;
/// How often a number is drawn anew when another paper of the candidate came at the same moment.
const TRIES: usize = 3;

refusals! {
    AddRefused: PapersClosed, PapersTooLarge, PaperKind, LimitReached, SlidesNotPdf, IdTaken,
        InterviewDeleted, TextEmpty, TooMany, SeatFull,
        InvitationExpired, RequestTimeout;
    RemoveRefused: PapersClosed, Forbidden, SeatFull, InvitationExpired;
    ReadRefused: NotYourSeat;
}

/// A candidate's own, and for the panel. Those that take files have limits of their own.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add)).routes(routes!(own, remove)).routes(routes!(read))
}

/// What an upload is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct About {
    /// As the file is called; what is longer than 100 characters is cut off.
    name: String,
    /// The pages are turned before the panel: a PDF, in the place of older slides.
    #[serde(default)]
    slides: bool,
}

/// A file that is on the disk.
pub(super) struct Received {
    file: File,
    kind: PaperKind,
    bytes: u64,
}

/// The candidate puts a paper there: PDF, JPEG, PNG or WebP, at most 20 MiB, until they are first led in.
#[utoipa::path(post, path = "/api/candidate/papers", tag = "candidate", security(("candidate" = [])), params(About),
    request_body(content((PaperBytes = "application/pdf"), (PaperBytes = "image/jpeg"), (PaperBytes = "image/png"),
        (PaperBytes = "image/webp"))),
    responses((status = 200, body = CandidateView), AddRefused))]
async fn add(
    State(app): State<App>,
    holder: Holder,
    Asked(about): Asked<About>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SeatView>, Problem> {
    let (interview, seat) = holder.place();
    app.writes.paper(interview, seat, unix_time()).map_err(Problem::too_fast)?;
    let busy = || Problem::new(ErrorCode::TooMany, "another upload of this candidate is under way");
    let _alone = app.spool.alone((interview.0, seat.0)).ok_or_else(busy)?;
    let size = announced(&headers);
    let look = move |known: &Interview, _: &Presence| known.next_paper(seat, true, size, now());
    let from = holder.visit(&app, None, None, look).await?.map_err(refusal)?;
    let received = received(&app, body).await?;
    let paper = about.paper(&received);
    let number = keep(&app, interview, seat, from, received).await?;
    let action = Action::Path(PathAction::AddPaper { number, paper });
    let added = holder.command(&app, action, None).await;
    if added.is_err() {
        app.store.drop_paper(interview.0, seat.0, number).await?;
    }
    added
}

/// The candidate takes an own paper away.
#[utoipa::path(delete, path = "/api/candidate/papers/{number}", tag = "candidate", security(("candidate" = [])),
    params(("number" = u32, Path)), responses((status = 200, body = CandidateView), RemoveRefused))]
async fn remove(
    State(app): State<App>,
    holder: Holder,
    At(number): At<u32>,
) -> Result<Json<SeatView>, Problem> {
    let number = known_number(number)?;
    holder.command(&app, Action::Path(PathAction::RemovePaper { number }), None).await
}

/// A paper of the candidate's own.
#[utoipa::path(get, path = "/api/candidate/papers/{number}", tag = "candidate", security(("candidate" = [])),
    params(("number" = u32, Path)), responses(
    (status = 200, description = "the file", content((PaperBytes = "application/pdf"), (PaperBytes = "image/jpeg"),
        (PaperBytes = "image/png"), (PaperBytes = "image/webp")))))]
async fn own(State(app): State<App>, holder: Holder, At(number): At<u32>) -> Result<Response, Problem> {
    let (interview, seat) = holder.place();
    let look = move |known: &Interview, _: &Presence| known.own_paper(seat, number).map(|paper| paper.kind);
    let kind = holder.visit(&app, None, None, look).await?.ok_or_else(gone)?;
    file(&app, interview, seat, number, kind).await
}

/// A paper of a candidate, for the panel of the interview and for administrators.
#[utoipa::path(get, path = "/api/candidates/{seat}/papers/{number}", tag = "staff", security(("staff" = []), ("seat" = [])),
    params(("seat" = SeatId, Path), ("number" = u32, Path)), responses(
    (status = 200, description = "the file", content((PaperBytes = "application/pdf"), (PaperBytes = "image/jpeg"),
        (PaperBytes = "image/png"), (PaperBytes = "image/webp"))), ReadRefused))]
async fn read(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    At((candidate, number)): At<(SeatId, u32)>,
) -> Result<Response, Problem> {
    for (interview, reader) in readers(&app, &headers, signed_in).await? {
        let look = move |known: &Interview, _: &Presence| {
            let reads = reader.is_none_or(|seat| known.reads_papers(seat));
            // The office reads those of the interview itself.
            let papers =
                known.papers(candidate).filter(|_| reader.is_some() || known.rehearsal_of().is_none())?;
            let kind = papers.iter().find(|paper| paper.number == number).map(|paper| paper.kind);
            Some((reads, kind))
        };
        match app.sittings.look(interview, look).await? {
            // Of an interview and its rehearsal one may have a paper that the other has not.
            None | Some((true, None)) => {}
            Some((false, _)) => {
                return Err(Problem::new(ErrorCode::NotYourSeat, "papers are for examiners and hosts"));
            }
            Some((true, Some(kind))) => return file(&app, interview, candidate, number, kind).await,
        }
    }
    Err(gone())
}

/// The interviews whose papers somebody may read, with the seat as which; none of an administrator.
async fn readers(
    app: &App,
    headers: &HeaderMap,
    signed_in: Option<SignedIn>,
) -> Result<Vec<(InterviewId, Option<SeatId>)>, Problem> {
    Ok(match (bearer(app, headers).await?, signed_in) {
        (Some((interview, seat)), _) => vec![(interview, Some(seat))],
        (None, Some(SignedIn { administrator: true, .. })) => {
            let rows = app.store.interviews().await?;
            rows.into_iter().map(|row| (InterviewId(row.id), None)).collect()
        }
        (None, Some(SignedIn { account, .. })) => {
            let rows = app.store.seats_of_account(&account).await?;
            rows.into_iter().map(|row| (InterviewId(row.interview), Some(SeatId(row.seat)))).collect()
        }
        (None, None) => return Err(ErrorCode::Unauthorized.into()),
    })
}

/// The file itself: shown in place, kept by nobody, and nothing in it can act.
async fn file(
    app: &App,
    interview: InterviewId,
    seat: SeatId,
    number: u32,
    kind: PaperKind,
) -> Result<Response, Problem> {
    let bytes = app.store.paper(interview.0, seat.0, number).await?.ok_or_else(gone)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind.content_type())),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    Ok((headers, bytes).into_response())
}

/// What a file may do that is opened by itself.
const NOTHING: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// The number as the description has it: nothing larger was ever given.
pub fn known_number(number: u32) -> Result<u32, Problem> {
    i32::try_from(number).map(|_| number).map_err(|_| gone())
}

fn gone() -> Problem {
    Problem::new(ErrorCode::NotFound, "there is no such paper, or it was erased")
}

impl About {
    /// What this program says of a file of its own.
    pub(super) fn of(name: &str, slides: bool) -> Self {
        Self { name: name.to_owned(), slides }
    }

    /// What the record says of it.
    pub(super) fn paper(self, &Received { kind, bytes, .. }: &Received) -> PaperFile {
        PaperFile { name: self.name, kind, bytes, slides: self.slides }
    }
}

/// How large a client says that its file is; at least something.
pub(super) fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(1).max(1)
}

/// Takes a file in, which waits on the disk however slowly it comes.
///
/// # Errors
/// It is none of the kinds that papers have, too large, or does not come to its end.
pub(super) async fn received(app: &App, body: Body) -> Result<Received, Problem> {
    let mut file = app.spool.file().map_err(failed)?;
    let (mut bytes, mut beginning) = (0_u64, Vec::with_capacity(BEGINNING));
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Problem::new(ErrorCode::RequestTimeout, error.to_string()))?;
        bytes += chunk.len() as u64;
        beginning.extend(chunk.iter().take(BEGINNING - beginning.len()));
        if beginning.len() == BEGINNING && PaperKind::of(&beginning).is_none() {
            return Err(ErrorCode::PaperKind.into());
        }
        if bytes > limit::PAPER_BYTES {
            return Err(refusal(Refused::PapersTooLarge { most: limit::PAPER_BYTES }));
        }
        file.write_all(&chunk).map_err(failed)?;
    }
    let kind = PaperKind::of(&beginning).ok_or(ErrorCode::PaperKind)?;
    Ok(Received { file, kind, bytes })
}

/// Puts a file into the store; its number there. In turn with others: while it is encrypted it is in memory.
///
/// # Errors
/// The store fails.
pub(super) async fn keep(
    app: &App,
    interview: InterviewId,
    seat: SeatId,
    from: u32,
    Received { mut file, .. }: Received,
) -> Result<u32, Problem> {
    let _turn = app.spool.turn().await;
    let reading = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    });
    let bytes = reading.await.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)?;
    for _ in 0..TRIES {
        match app.store.put_paper(interview.0, seat.0, from, &bytes, now().0).await {
            Err(StoreError::Exists(_)) => {}
            kept => return Ok(kept?),
        }
    }
    Err(Problem::new(ErrorCode::Unavailable, "other papers of this candidate came at the same moment"))
}

fn failed(error: io::Error) -> Problem {
    Problem::new(ErrorCode::Internal, error.to_string())
}
