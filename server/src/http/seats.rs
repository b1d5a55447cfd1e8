//! Seats of the staff before they are taken: what they are, their tokens; and the photos that the staff may see.

mod faces;
mod showing;

use super::{
    App,
    body::{At, Json},
    openapi::{Picture, refusals},
    session::{self, SignedIn},
};
use crate::{
    account::{grounds, mark},
    problem::Problem,
    tokens::{codec_claim, seat_claims},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{Interview, InterviewId, Presence, SeatId, SeatView};
use viva_signaling::{message::ErrorCode, token::Claims};

/// How long a token that a page asks for opens its seat: a long day.
const LASTS: Duration = Duration::from_secs(16 * 3600);

refusals! {
    AboutRefused: NotYourSeat;
    TokenRefused: NotYourSeat;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(about))
        .routes(routes!(token))
        .routes(routes!(photo))
        .merge(faces::routes())
        .merge(showing::routes())
}

/// Opens one seat in one interview by the WebSocket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Token {
    /// For `join`.
    pub token: String,
}

/// A token for this seat, as long as its holder is known by this mark.
///
/// # Errors
/// The name cannot stand in a token, or there is no such interview any more.
pub async fn seat_token(
    app: &App,
    interview: InterviewId,
    seat: SeatId,
    name: &str,
    mark: String,
) -> Result<Token, Problem> {
    let claims = Claims { mark: Some(mark), ..seat_claims(interview, seat, name, LASTS) };
    sign(app, interview, claims).await
}

/// A token for the phone that is paired with this seat by this link.
///
/// # Errors
/// As [`seat_token`].
pub async fn second_camera_token(
    app: &App,
    interview: InterviewId,
    seat: SeatId,
    link: u32,
    name: &str,
) -> Result<Token, Problem> {
    let claims = Claims { second_camera: Some(link), ..seat_claims(interview, seat, name, LASTS) };
    sign(app, interview, claims).await
}

async fn sign(app: &App, interview: InterviewId, claims: Claims) -> Result<Token, Problem> {
    let codec = app.sittings.look(interview, |interview, _| interview.picture_codec()).await?;
    let token = app.tokens.sign(&Claims { codec: Some(codec_claim(codec)), ..claims });
    token.map(|token| Token { token }).map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))
}

/// What a seat is, for whoever may take it: by the seat's own token, or by the account that is signed in.
#[utoipa::path(get, path = "/api/seats/{seat}", tag = "staff", security(("staff" = []), ("seat" = [])),
    params(("seat" = SeatId, Path)), responses(
    (status = 200, body = session::StaffSeat), AboutRefused))]
async fn about(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    At(seat): At<SeatId>,
) -> Result<Json<session::StaffSeat>, Problem> {
    let interview = match (bearer(&app, &headers).await?, signed_in) {
        (Some((interview, own)), _) => (own == seat).then_some(interview),
        (None, Some(signed_in)) => interview_of(&app, &signed_in, seat).await?,
        (None, None) => return Err(ErrorCode::Unauthorized.into()),
    };
    let known = match interview {
        Some(interview) => session::seat(&app, interview, seat).await?,
        None => None,
    };
    known.map(Json).ok_or_else(not_yours)
}

/// The interview in which the account has this seat.
async fn interview_of(app: &App, signed_in: &SignedIn, seat: SeatId) -> Result<Option<InterviewId>, Problem> {
    let seats = app.store.seats_of_account(&signed_in.account).await?;
    Ok(seats.into_iter().find(|row| row.seat == seat.0).map(|row| InterviewId(row.interview)))
}

pub(super) fn not_yours() -> Problem {
    Problem::new(ErrorCode::NotYourSeat, "the account has no such seat")
}

/// A token for a seat of the account that is signed in.
#[utoipa::path(post, path = "/api/seats/{seat}/token", tag = "staff", security(("staff" = [])),
    params(("seat" = SeatId, Path)), responses(
    (status = 200, body = Token), TokenRefused))]
async fn token(
    State(app): State<App>,
    signed_in: SignedIn,
    At(seat): At<SeatId>,
) -> Result<Json<Token>, Problem> {
    let interview = interview_of(&app, &signed_in, seat).await?.ok_or_else(not_yours)?;
    let SeatView::Panel(view) = app.sittings.view(interview, seat).await? else {
        return Err(ErrorCode::NotYourSeat.into());
    };
    let account = app.store.account(&signed_in.account).await?;
    let mark = mark(&account.ok_or(ErrorCode::Unauthorized)?);
    seat_token(&app, interview, seat, &view.common.person, mark).await.map(Json)
}

/// The reference photo of a candidate, for the staff of the interview and for administrators.
#[utoipa::path(get, path = "/api/candidates/{seat}/photo", tag = "staff", security(("staff" = []), ("seat" = [])),
    params(("seat" = SeatId, Path)), responses(
    (status = 200, description = "the picture", content((Picture = "image/jpeg"), (Picture = "image/png")))))]
async fn photo(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    At(candidate): At<SeatId>,
) -> Result<Response, Problem> {
    for interview in interviews(&app, &headers, signed_in).await? {
        if let Some(photo) = app.store.photo(interview, candidate.0).await? {
            let kind = HeaderValue::from_str(&photo.content_type)
                .unwrap_or(HeaderValue::from_static("application/octet-stream"));
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
                (HeaderName::from_static("content-disposition"), HeaderValue::from_static("inline")),
            ];
            return Ok((headers, photo.bytes).into_response());
        }
    }
    Err(Problem::new(ErrorCode::NotFound, "there is no photo of this candidate"))
}

/// The interviews whose candidates' pictures somebody may see.
async fn interviews(
    app: &App,
    headers: &HeaderMap,
    signed_in: Option<SignedIn>,
) -> Result<Vec<u64>, Problem> {
    Ok(match (bearer(app, headers).await?, signed_in) {
        (Some((interview, _)), _) => vec![interview.0],
        (None, Some(SignedIn { administrator: true, .. })) => {
            let rows = app.store.interviews().await?;
            rows.into_iter().map(|row| row.id).collect()
        }
        (None, Some(SignedIn { account, .. })) => {
            let rows = app.store.seats_of_account(&account).await?;
            rows.into_iter().map(|row| row.interview).collect()
        }
        (None, None) => return Err(ErrorCode::Unauthorized.into()),
    })
}

/// The staff's seat whose token comes along, and its interview.
pub(super) async fn bearer(app: &App, headers: &HeaderMap) -> Result<Option<(InterviewId, SeatId)>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
        return Ok(None);
    };
    let refused = || Problem::new(ErrorCode::Unauthorized, "this token opens no seat of the staff");
    let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or_else(refused)?;
    let claims = app.tokens.verify(token.trim()).map_err(|_| refused())?;
    let interview: InterviewId = claims.room.parse().map_err(|_| refused())?;
    let seat: SeatId = claims.seat.as_deref().and_then(|seat| seat.parse().ok()).ok_or_else(refused)?;
    let account = move |known: &Interview, _: &Presence| {
        let staff = known.staff_rows().into_iter().find(|row| row.seat == seat);
        staff.map(|row| row.account)
    };
    let account = app.sittings.look(interview, account).await?.ok_or_else(refused)?;
    let grounds = grounds(&*app.store, &account, claims.mark.as_deref()).await?;
    grounds.map(|_| Some((interview, seat))).ok_or_else(refused)
}
