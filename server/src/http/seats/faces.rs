//! Faces for the staff: the pictures of checks, and a comparison of the picture that a candidate sends.

use super::{App, SignedIn, bearer};
use crate::{
    clock::now,
    face::score,
    http::{
        body::{At, Json},
        openapi::{Picture, refusals},
    },
    problem::Problem,
    sitting::{Visit, fresh_command, refusal},
    store::FacePicture,
};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_face::Thresholds;
use viva_interview::{
    Action, Actor, Command, FaceOutcome, FaceTrial, FaceTrialView, Interview, InterviewId, Presence, SeatId,
    ServerAction,
};
use viva_signaling::message::ErrorCode;

refusals! {
    LookRefused: CandidateNotWaiting, ConsentMissing, FaceUnavailable, FaceNotOffered, PictureInvalid, CandidateUnknown, LimitReached, Forbidden, NotYourSeat;
}

/// All of them.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(thresholds)).routes(routes!(picture)).routes(routes!(look))
}

/// From how alike on, as a cosine from -1 to 1, two faces are one person's.
#[derive(Debug, Serialize, ToSchema)]
struct FaceThresholds {
    /// From here on one picture says that it is the person.
    same: f32,
    /// Below this it is somebody else.
    different: f32,
}

/// What scores mean on this server, for whoever reads them.
#[utoipa::path(get, path = "/api/face-thresholds", tag = "staff", security(("staff" = []), ("seat" = [])), responses(
    (status = 200, body = FaceThresholds)))]
async fn thresholds(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
) -> Result<Json<FaceThresholds>, Problem> {
    if bearer(&app, &headers).await?.is_none() && signed_in.is_none() {
        return Err(ErrorCode::Unauthorized.into());
    }
    let Thresholds { single, unclear, .. } = app.faces.rules().thresholds;
    Ok(Json(FaceThresholds { same: single, different: unclear }))
}

/// The picture that was kept of a candidate's face check, for the staff of the interview and for administrators.
#[utoipa::path(get, path = "/api/candidates/{seat}/face-pictures/{number}", tag = "staff",
    security(("staff" = []), ("seat" = [])), params(("seat" = SeatId, Path), ("number" = u32, Path)), responses(
    (status = 200, description = "the picture", content((Picture = "image/jpeg")))))]
async fn picture(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    At((candidate, number)): At<(SeatId, u32)>,
) -> Result<Response, Problem> {
    for interview in super::interviews(&app, &headers, signed_in).await? {
        if let Some(picture) = app.store.face_picture(interview, candidate.0, number).await? {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
                (HeaderName::from_static("content-disposition"), HeaderValue::from_static("inline")),
            ];
            return Ok((headers, picture.bytes).into_response());
        }
    }
    Err(Problem::new(ErrorCode::NotFound, "there is no such picture, or it was erased"))
}

/// Compares the picture that a candidate sends, as the page of the staff has received it, with the reference photo. It
/// changes nothing for the candidate; the record shows who looked, and what was found.
#[utoipa::path(post, path = "/api/candidates/{seat}/face-look", tag = "staff", security(("staff" = []), ("seat" = [])),
    request_body(content((Picture = "image/jpeg"), (Picture = "image/png"))),
    params(("seat" = SeatId, Path)), responses((status = 200, body = FaceTrialView), LookRefused))]
async fn look(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    At(candidate): At<SeatId>,
    body: Bytes,
) -> Result<Json<FaceTrialView>, Problem> {
    let (interview, by) = asker(&app, &headers, signed_in, candidate).await?;
    let terms = app.faces.terms();
    let asked = terms.clone();
    let look = move |known: &Interview, _: &Presence| {
        (known.next_picture(candidate), known.look_may_begin(candidate, by, &asked))
    };
    let (number, may) = app.sittings.look(interview, look).await?;
    let number = number.ok_or(ErrorCode::CandidateUnknown)?;
    may.map_err(refusal)?;
    if ![b"\xff\xd8\xff".as_slice(), b"\x89PNG"].iter().any(|magic| body.starts_with(magic)) {
        return Err(Problem::new(ErrorCode::PictureInvalid, "a picture is a JPEG or PNG file"));
    }
    let photo = app.store.photo(interview.0, candidate.0).await?;
    let photo =
        photo.ok_or_else(|| Problem::new(ErrorCode::FaceNotOffered, "there is no photo to compare with"))?;
    let (analysis, jpeg, print) = app.faces.seen(body).await?;
    let (outcome, alike) = match app.faces.verifier() {
        _ if analysis.embedding.is_none() => (FaceOutcome::NotSeen, None),
        Some(verifier) => {
            let verdict = verifier.ask(&photo, std::slice::from_ref(&jpeg)).await?;
            (verdict.outcome, verdict.score)
        }
        None => {
            let reference = app.faces.reference(photo).await?;
            let alike = analysis.embedding.as_ref().map(|embedding| reference.cosine(embedding));
            (found(&app.faces.rules().thresholds, alike), alike)
        }
    };
    let at = now();
    let kept = FacePicture { at: at.0, bytes: jpeg };
    app.store.put_face_picture(interview.0, candidate.0, number, &kept).await?;
    let trial = FaceTrial {
        outcome,
        score: alike.map(score),
        verifier: app.faces.compared_by(),
        picture: Some(number),
        print,
    };
    let action = Action::Server(ServerAction::NoteLook { seat: candidate, by, terms, trial: trial.clone() });
    let command = Command { id: fresh_command(), by: Actor::System, action };
    app.sittings.visit(interview, Visit { command: Some(command), ..Visit::default() }, |_, _| ()).await?;
    Ok(Json(FaceTrialView { trial, at, in_room: true }))
}

/// One picture of whatever moment: it says that it is the person, that it is not, or nothing.
fn found(thresholds: &Thresholds, alike: Option<f32>) -> FaceOutcome {
    match alike {
        None => FaceOutcome::NotSeen,
        Some(alike) if alike >= thresholds.single => FaceOutcome::Passed,
        Some(alike) if alike < thresholds.unclear => FaceOutcome::Different,
        Some(_) => FaceOutcome::Unclear,
    }
}

/// The seat of the staff that asks, and its interview: the token's, or the account's in the candidate's interview.
pub(super) async fn asker(
    app: &App,
    headers: &HeaderMap,
    signed_in: Option<SignedIn>,
    candidate: SeatId,
) -> Result<(InterviewId, SeatId), Problem> {
    if let Some(own) = bearer(app, headers).await? {
        return Ok(own);
    }
    let SignedIn { account, .. } = signed_in.ok_or(ErrorCode::Unauthorized)?;
    for row in app.store.seats_of_account(&account).await? {
        let interview = InterviewId(row.interview);
        let look = move |known: &Interview, _: &Presence| known.candidate_row(candidate).is_some();
        if app.sittings.look(interview, look).await? {
            return Ok((interview, SeatId(row.seat)));
        }
    }
    Err(super::not_yours())
}
