//! A candidate on the pages before the waiting room: what the hosts write to them and they to the hosts, and devices that
//! their page cannot use.

use super::Holder;
use crate::{
    clock::now,
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
    },
    problem::Problem,
    sitting::{not_here, seat_command},
};
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, Audience, CandidateView, ChatPart, Check, CommandId, DeviceProblem, Interview, PathAction,
    Presence, SeatAction, SeatView,
};
use viva_signaling::message::ErrorCode;

refusals! {
    TroubleRefused: AnotherStep, InterviewDeleted, InvitationExpired, SeatFull;
    ReadRefused: Malformed;
    SayRefused: NotInRoom, TextEmpty, TextTooLong, LimitReached, InterviewDeleted, SeatFull;
}

/// All of them.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(trouble)).routes(routes!(lines)).routes(routes!(say))
}

/// What keeps the page from using a device.
#[derive(Debug, Deserialize, ToSchema)]
struct Trouble {
    /// Why it cannot be used; null: it can again.
    problem: Option<DeviceProblem>,
}

/// Digits of the id of a line.
const LONGEST_ID: usize = 20;

/// Where the page has read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Read {
    /// The id of the newest line that it knows.
    #[param(value_type = String, required = false, max_length = 20)]
    after: Option<String>,
}

/// A line to the hosts.
#[derive(Debug, Deserialize, ToSchema)]
struct Line {
    /// Chosen by the page, the same at each try: 1 to 64 visible ASCII characters.
    #[schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[!-~]+$")]
    id: CommandId,
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
}

/// Tells the staff that the page cannot use a device, or can again.
#[utoipa::path(post, path = "/api/candidate/checks/{check}/trouble", tag = "candidate", security(("candidate" = [])),
    request_body = Trouble, params(("check" = Check, Path)), responses((status = 200, body = CandidateView), TroubleRefused))]
async fn trouble(
    State(app): State<App>,
    holder: Holder,
    At(check): At<Check>,
    Json(Trouble { problem }): Json<Trouble>,
) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::ReportDevice { check, problem }), None).await
}

/// The newest lines of chat that the candidate may read. Who has not shown who they are reads what was written to them since
/// they entered.
#[utoipa::path(get, path = "/api/candidate/chat", tag = "candidate", security(("candidate" = [])), params(Read), responses(
    (status = 200, body = ChatPart), ReadRefused))]
async fn lines(
    State(app): State<App>,
    holder: Holder,
    Asked(Read { after }): Asked<Read>,
) -> Result<Json<ChatPart>, Problem> {
    if after.as_ref().is_some_and(|after| after.len() > LONGEST_ID) {
        return Err(Problem::new(ErrorCode::Malformed, "no line has such an id"));
    }
    let (_, seat) = holder.place();
    let look = move |known: &Interview, _: &Presence| known.chat(seat, after.as_deref());
    holder.visit(&app, None, None, look).await.map(Json)
}

/// Writes to the hosts.
#[utoipa::path(post, path = "/api/candidate/say", tag = "candidate", security(("candidate" = [])), request_body = Line, responses(
    (status = 200, body = CandidateView), SayRefused))]
async fn say(
    State(app): State<App>,
    holder: Holder,
    Json(Line { id, text }): Json<Line>,
) -> Result<Json<SeatView>, Problem> {
    let (_, seat) = holder.place();
    let audience = Audience::Candidate { candidate: seat };
    let command = seat_command(id, seat, Action::Seat(SeatAction::Say { audience, text }));
    let look = move |known: &Interview, who: &Presence| known.view(seat, now(), who);
    holder.run(&app, Some(command), None, look).await?.map(Json).ok_or_else(not_here)
}
