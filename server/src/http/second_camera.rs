//! The second camera of a candidate: a link for the phone, the pairing, the phone's seat.

use super::{
    App,
    body::Json,
    candidate::Holder,
    cookie,
    openapi::refusals,
    seats::{Token, second_camera_token},
    writing::writes,
};
use crate::{
    clock::{now, unix_time},
    problem::Problem,
    sitting::{Visit, fresh_command, seat_command},
};
use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, CandidateView, Command, Interview, InterviewId, PathAction, Presence, SeatId, SeatView,
    SecondCameraView,
};
use viva_signaling::message::ErrorCode;

/// The name of the phone's cookie, and what its seal is for.
pub const COOKIE: &str = "viva_second_camera";
/// How long the phone keeps it; whether it opens anything is the interview's to say.
const COOKIE_LASTS: Duration = Duration::from_secs(16 * 3600);
/// What the seal of a link is for.
const LINK: &str = "second camera link";
/// The longest code of a link that is looked at, in bytes.
const LONGEST: usize = 200;

refusals! {
    OfferRefused: NotInRoom, NoSecondCamera, InterviewOver, InterviewDeleted, LimitReached, PairingOver, InvitationExpired, SeatFull;
    PairRefused: NotInRoom, NoSecondCamera, InterviewOver, InterviewDeleted, PairingOver, InvitationExpired, SeatFull;
    /// Also where the phone asks for its seat.
    PhoneRefused: PairingOver;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(offer, forget)).routes(routes!(pair, leave)).routes(routes!(seat))
}

/// A phone that is paired, by its cookie.
#[derive(Debug, Clone, Copy)]
struct Phone {
    interview: InterviewId,
    seat: SeatId,
    link: u32,
}

impl Phone {
    /// What [`Phone::text`] wrote.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let interview = parts.next()?.parse().ok()?;
        let seat = parts.next()?.parse().ok()?;
        let link = parts.next()?.parse().ok()?;
        Some(Self { interview, seat, link })
    }

    fn text(self) -> String {
        format!("{}.{}.{}", self.interview, self.seat, self.link)
    }

    /// It counts together with the seat that it is paired with.
    fn counted(self, app: &App) -> Result<(), Problem> {
        app.writes.by_seat(self.interview, self.seat, unix_time()).map_err(Problem::too_fast)
    }

    async fn command(self, app: &App, action: PathAction) -> Result<(), Problem> {
        app.sittings.command(self.interview, self.as_command(action)).await
    }

    /// What it may know; nothing when it is not, or no longer, the one that is paired.
    async fn view(self, app: &App) -> Result<SecondCameraView, Problem> {
        self.visit(app, None).await
    }

    /// The same, when what it asks for is done.
    async fn visit(self, app: &App, action: Option<PathAction>) -> Result<SecondCameraView, Problem> {
        let Self { interview, seat, link } = self;
        let command = action.map(|action| self.as_command(action));
        let look = move |interview: &Interview, _: &Presence| {
            let own = interview.second_camera(seat) == Some(link);
            own.then(|| interview.second_camera_view(seat, now())).flatten()
        };
        let view = app.sittings.visit(interview, Visit { command, ..Visit::default() }, look);
        match view.await {
            // The rehearsal is over.
            Err(problem) if problem.code == ErrorCode::NotFound => Err(over()),
            view => view?.ok_or_else(over),
        }
    }

    fn as_command(self, action: PathAction) -> Command {
        seat_command(fresh_command(), self.seat, Action::Path(action))
    }
}

impl FromRequestParts<App> for Phone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let sealed = cookie::read(&parts.headers, COOKIE);
        let text = sealed.and_then(|sealed| app.digests.open(COOKIE, sealed));
        let nobody = || Problem::new(ErrorCode::Unauthorized, "scan the QR code of the candidate's page");
        let phone = text.and_then(Self::read).ok_or_else(nobody)?;
        if writes(&parts.method) {
            phone.counted(app)?;
        }
        Ok(phone)
    }
}

fn over() -> Problem {
    Problem::new(ErrorCode::PairingOver, "another phone is paired with this seat, or none")
}

/// A link for a phone: `/second#` and the code on the site of the page that asks.
#[derive(Debug, Serialize, ToSchema)]
struct Link {
    /// Good once.
    code: String,
    /// And until then, in milliseconds since 1970 UTC.
    expires_at: u64,
}

/// The code of a link.
#[derive(Debug, Deserialize, ToSchema)]
struct PairingCode {
    #[schema(max_length = 200)]
    code: String,
}

/// Makes a link for a second camera; one that was made before holds no longer.
#[utoipa::path(post, path = "/api/candidate/second-camera", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = Link), OfferRefused))]
async fn offer(State(app): State<App>, holder: Holder) -> Result<Json<Link>, Problem> {
    let (interview, seat) = holder.place();
    let offer = Action::Path(PathAction::OfferSecondCamera {});
    let open = holder.visit(&app, Some(offer), None, move |known, _| known.second_camera_link(seat)).await?;
    let (link, until) = open.ok_or_else(over)?;
    let code = app.digests.seal(LINK, &Phone { interview, seat, link }.text());
    Ok(Json(Link { code, expires_at: until.0 }))
}

/// The candidate wants no second camera any more.
#[utoipa::path(delete, path = "/api/candidate/second-camera", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView)))]
async fn forget(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::DropSecondCamera { link: None }), None).await
}

/// A phone comes by a link: sets its cookie.
#[utoipa::path(post, path = "/api/second-camera", tag = "second camera", request_body = PairingCode, responses(
    (status = 200, description = "paired; sets the cookie", body = SecondCameraView), PairRefused))]
async fn pair(
    State(app): State<App>,
    Json(PairingCode { code }): Json<PairingCode>,
) -> Result<Response, Problem> {
    // The seal is looked at before anything else is: a made-up code costs nothing and tells nothing.
    let text = (code.len() <= LONGEST).then(|| app.digests.open(LINK, &code)).flatten();
    let phone = text.and_then(Phone::read).ok_or_else(over)?;
    phone.counted(&app)?;
    let paired = phone.visit(&app, Some(PathAction::PairSecondCamera { link: phone.link })).await;
    let view = paired.map_err(|problem| match problem.code {
        ErrorCode::NotFound | ErrorCode::NotYourSeat | ErrorCode::CandidateUnknown => over(),
        _ => problem,
    })?;
    let mut response = Json(view).into_response();
    let sealed = app.digests.seal(COOKIE, &phone.text());
    if let Some(cookie) = cookie::set(COOKIE, &sealed, COOKIE_LASTS, app.settings.is_secure()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A token for the phone's WebSocket: it may send one picture and receives nothing.
#[utoipa::path(post, path = "/api/second-camera/seat", tag = "second camera", security(("second_camera" = [])), responses(
    (status = 200, body = Token), PhoneRefused))]
async fn seat(State(app): State<App>, phone: Phone) -> Result<Json<Token>, Problem> {
    let view = phone.view(&app).await?;
    second_camera_token(&app, phone.interview, phone.seat, phone.link, &view.person).await.map(Json)
}

/// The phone is no longer the second camera.
#[utoipa::path(delete, path = "/api/second-camera", tag = "second camera", security(("second_camera" = [])), responses(
    (status = 204, description = "it is not, or no longer"), PhoneRefused))]
async fn leave(State(app): State<App>, phone: Phone) -> Result<StatusCode, Problem> {
    phone.command(&app, PathAction::DropSecondCamera { link: Some(phone.link) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
