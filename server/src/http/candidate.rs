//! The candidate's path over HTTP, from the invitation to the waiting room.

mod device;
mod reach;
mod staff;

use super::{
    App,
    address::ClientAddress,
    body::{At, Json},
    cookie,
    openapi::refusals,
    seats::{Token, seat_token},
    writing::writes,
};
use crate::{
    clock::{now, unix_time},
    problem::Problem,
    random,
    sitting::{Visit, fresh_command, not_here, refusal, seat_command},
};
use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use device::device_kind;
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, CandidateView, Check, Code, Command, Interview, InterviewId, PathAction, Presence, SeatAction,
    SeatId, SeatView, Step,
};
use viva_signaling::message::ErrorCode;

/// The name of the cookie, and what its seal is for.
pub const COOKIE: &str = "viva_candidate";
/// How long a browser keeps it; whether it opens anything is the interview's to say.
const COOKIE_LASTS: Duration = Duration::from_secs(30 * 24 * 3600);
/// The longest password or code that is looked at, in characters.
const LONGEST: usize = 400;

refusals! {
    EntryRefused: InvitationUnknown, InvitationEarly, InvitationExpired, InvitationUsed, SeatFull;
    PasswordRefused: PasswordWrong, Locked, AnotherStep, InterviewDeleted, TextTooLong, InvitationExpired, SeatFull;
    SendRefused: SmsTooSoon, SmsLimit, Locked, AnotherStep, PhoneMissing, InterviewDeleted, InvitationExpired, SeatFull;
    CodeRefused: SmsWrong, SmsExpired, Locked, AnotherStep, InterviewDeleted, TextTooLong, InvitationExpired, SeatFull;
    CheckRefused: AnotherStep, InterviewDeleted, InvitationExpired, SeatFull;
    SeatRefused: InvitationUsed, NotInRoom, InvitationExpired;
    ConfirmRefused: ResultMissing, NotInRoom, ConfirmClosed, InterviewDeleted;
    LeaveRefused: NotInRoom, InterviewDeleted;
    ReturnRefused: InvitationUsed, InterviewDeleted, InvitationExpired, SeatFull;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(view))
        .routes(routes!(invitation))
        .routes(routes!(password))
        .routes(routes!(send_sms))
        .routes(routes!(verify_sms))
        .routes(routes!(check))
        .routes(routes!(seat))
        .routes(routes!(confirm))
        .routes(routes!(leave))
        .routes(routes!(come_back))
        .merge(reach::routes())
        .merge(staff::routes())
}

/// A candidate by the cookie of a seat. Whether it is the newest of that seat, the interview says with whatever is asked.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    interview: InterviewId,
    seat: SeatId,
    /// Which entry with the code it is.
    entry: u32,
}

impl FromRequestParts<App> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let sealed = cookie::read(&parts.headers, COOKIE);
        let text = sealed.and_then(|sealed| app.digests.open(COOKIE, sealed));
        let holder = text.and_then(|text| {
            let mut parts = text.split('.');
            let interview = parts.next()?.parse().ok()?;
            let seat = parts.next()?.parse().ok()?;
            let entry: u32 = parts.next()?.parse().ok()?;
            Some(Self { interview, seat, entry })
        });
        let holder = holder.ok_or_else(nobody)?;
        if writes(&parts.method) {
            counted(app, holder.interview, holder.seat)?;
        }
        Ok(holder)
    }
}

impl Holder {
    /// The seat in its interview.
    pub const fn place(self) -> (InterviewId, SeatId) {
        (self.interview, self.seat)
    }

    /// The seat, and which entry with its code this is.
    const fn seat_and_entry(self) -> (SeatId, u32) {
        (self.seat, self.entry)
    }

    /// A visit of this entry, refused once a newer one has its place.
    pub fn entry(self) -> Visit {
        Visit { entry: Some((self.seat, self.entry)), ..Visit::default() }
    }

    /// Asks for something in the candidate's name; what the candidate may know then.
    ///
    /// # Errors
    /// It is refused, another device has entered, or the store fails.
    pub async fn command(
        self,
        app: &App,
        action: Action,
        sms_code: Option<String>,
    ) -> Result<Json<SeatView>, Problem> {
        self.view(app, Some(action), sms_code).await
    }

    /// What the candidate may know now, or once what is asked for is done.
    async fn view(
        self,
        app: &App,
        action: Option<Action>,
        sms_code: Option<String>,
    ) -> Result<Json<SeatView>, Problem> {
        let Self { seat, .. } = self;
        let view = self.visit(app, action, sms_code, move |known, who| known.view(seat, now(), who));
        view.await?.map(Json).ok_or_else(not_here)
    }

    /// Asks for something, if for anything, in the candidate's name, and looks at the interview as it is then.
    ///
    /// # Errors
    /// As [`Holder::command`].
    pub async fn visit<T: Send + 'static>(
        self,
        app: &App,
        action: Option<Action>,
        sms_code: Option<String>,
        look: impl Fn(&Interview, &Presence) -> T + Clone + Send + 'static,
    ) -> Result<T, Problem> {
        let command = action.map(|action| seat_command(fresh_command(), self.seat, action));
        self.run(app, command, sms_code, look).await
    }

    /// The same, by a command that may have come before.
    async fn run<T: Send + 'static>(
        self,
        app: &App,
        command: Option<Command>,
        sms_code: Option<String>,
        look: impl Fn(&Interview, &Presence) -> T + Clone + Send + 'static,
    ) -> Result<T, Problem> {
        let Self { interview, seat, entry } = self;
        let visit = Visit { entry: Some((seat, entry)), command, sms_code };
        match app.sittings.visit(interview, visit, look).await {
            Err(problem) if problem.code == ErrorCode::NotFound => {
                let rehearsed = app.sittings.was_rehearsal(interview).await?;
                Err(if rehearsed { ErrorCode::RehearsalOver.into() } else { nobody() })
            }
            seen => seen,
        }
    }
}

/// The seat changes something.
fn counted(app: &App, interview: InterviewId, seat: SeatId) -> Result<(), Problem> {
    app.writes.by_seat(interview, seat, unix_time()).map_err(Problem::too_fast)
}

fn nobody() -> Problem {
    Problem::new(ErrorCode::Unauthorized, "enter with the invitation code")
}

/// The code of an invitation, as a person writes it.
#[derive(Debug, Deserialize, ToSchema)]
struct Invitation {
    #[schema(max_length = 200)]
    code: String,
}

/// The password of an invitation.
#[derive(Debug, Deserialize, ToSchema)]
struct Password {
    #[schema(max_length = 400)]
    password: String,
}

/// The code of an SMS.
#[derive(Debug, Deserialize, ToSchema)]
struct SmsCode {
    #[schema(max_length = 400)]
    code: String,
}

/// How a check of a device went.
#[derive(Debug, Deserialize, ToSchema)]
struct Checked {
    passed: bool,
    /// Its name; what is longer than 200 characters is cut off.
    device: String,
}

/// What the candidate of the cookie may know now.
#[utoipa::path(get, path = "/api/candidate", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView)))]
async fn view(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    holder.view(&app, None, None).await
}

/// Enters with an invitation's code: sets the cookie.
#[utoipa::path(post, path = "/api/candidate/invitation", tag = "candidate", request_body = Invitation, responses(
    (status = 200, description = "entered; sets the cookie", body = CandidateView), EntryRefused))]
async fn invitation(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(Invitation { code }): Json<Invitation>,
) -> Result<Response, Problem> {
    // A code has 50 bits: whoever tries all day finds none. So wrong ones only tell who guesses to wait, and a right one
    // is looked for first, whoever has guessed behind the same address.
    let wrong = |detail: &str| match app.attempts.wrong(address, unix_time()) {
        Ok(()) => Problem::new(ErrorCode::InvitationUnknown, detail),
        Err(wait) => Problem::new(ErrorCode::RateLimited, "too many codes were tried").after(wait),
    };
    let unknown = || wrong("no invitation has this code");
    let code = code.parse::<Code>().map_err(|_| unknown())?;
    let found = app.sittings.seat_of_code(&code.to_string()).await?;
    let (interview, seat) = found.ok_or_else(unknown)?;
    let invited = interview;
    let (interview, code) = app.sittings.door(interview, seat, code).await?;
    counted(&app, interview, seat)?;
    let command = seat_command(fresh_command(), seat, Action::Path(PathAction::Enter { code }));
    let visit = Visit { command: Some(command), ..Visit::default() };
    // The entry has its number when it is done.
    let look = move |known: &Interview, who: &Presence| known.view(seat, now(), who).zip(known.entries(seat));
    let entered = app.sittings.visit(interview, visit, look).await.map_err(|problem| match problem.code {
        ErrorCode::InvitationUnknown | ErrorCode::NotFound => wrong(&problem.detail),
        _ => problem,
    })?;
    let (view, entry) = entered.ok_or_else(not_here)?;
    if let (true, Some(kind)) = (interview != invited, device_kind(&headers)) {
        app.sittings.note_device(interview, seat, kind).await;
    }
    let sealed = app.digests.seal(COOKIE, &format!("{interview}.{seat}.{entry}"));
    let mut response = Json(view).into_response();
    if let Some(cookie) = cookie::set(COOKIE, &sealed, COOKIE_LASTS, app.settings.is_secure()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The password of the invitation.
#[utoipa::path(post, path = "/api/candidate/password", tag = "candidate", security(("candidate" = [])), request_body = Password, responses(
    (status = 200, body = CandidateView), PasswordRefused))]
async fn password(
    State(app): State<App>,
    holder: Holder,
    Json(Password { password }): Json<Password>,
) -> Result<Json<SeatView>, Problem> {
    short(&password)?;
    let digest = app.digests.password(holder.seat, &password);
    holder.command(&app, Action::Path(PathAction::Password { digest }), None).await
}

/// Sends a code to the registered phone.
#[utoipa::path(post, path = "/api/candidate/identity/send", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView), SendRefused))]
async fn send_sms(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    // 64 random bits: no code is likelier than another by more than one in 10^13.
    let code = format!("{:06}", random::id() % 1_000_000);
    let digest = app.digests.sms(holder.seat, &code);
    holder.command(&app, Action::Path(PathAction::SendSms { digest }), Some(code)).await
}

/// Shows the code that was sent.
#[utoipa::path(post, path = "/api/candidate/identity/verify", tag = "candidate", security(("candidate" = [])), request_body = SmsCode, responses(
    (status = 200, body = CandidateView), CodeRefused))]
async fn verify_sms(
    State(app): State<App>,
    holder: Holder,
    Json(SmsCode { code }): Json<SmsCode>,
) -> Result<Json<SeatView>, Problem> {
    short(&code)?;
    let digest = app.digests.sms(holder.seat, &code);
    holder.command(&app, Action::Path(PathAction::VerifySms { digest }), None).await
}

/// How a check of a device went.
#[utoipa::path(post, path = "/api/candidate/checks/{check}", tag = "candidate", security(("candidate" = [])), request_body = Checked,
    params(("check" = Check, Path)), responses(
    (status = 200, body = CandidateView), CheckRefused))]
async fn check(
    State(app): State<App>,
    holder: Holder,
    At(check): At<Check>,
    Json(Checked { passed, device }): Json<Checked>,
) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::Check { check, passed, device }), None).await
}

/// A token for the WebSocket, from the waiting room on.
#[utoipa::path(post, path = "/api/candidate/seat", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = Token), SeatRefused))]
async fn seat(State(app): State<App>, holder: Holder) -> Result<Json<Token>, Problem> {
    let (interview, seat) = holder.place();
    let look = move |known: &Interview, who: &Presence| {
        (known.view(seat, now(), who), known.admits_candidates(now()))
    };
    let (view, open) = holder.visit(&app, None, None, look).await?;
    let SeatView::Candidate(view) = view.ok_or_else(not_here)? else {
        return Err(ErrorCode::NotYourSeat.into());
    };
    match view.step {
        _ if view.let_go_at.is_some() => {
            return Err(Problem::new(ErrorCode::NotInRoom, "the candidate may go; come back first"));
        }
        Step::Waiting | Step::Admitted => {}
        Step::Left | Step::Removed => return Err(ErrorCode::InvitationUsed.into()),
        _ => return Err(Problem::new(ErrorCode::NotInRoom, "the steps before the waiting room come first")),
    }
    open.map_err(refusal)?;
    let mark = holder.entry.to_string();
    seat_token(&app, interview, seat, &view.common.person, mark).await.map(Json)
}

/// The result that is confirmed.
#[derive(Debug, Deserialize, ToSchema)]
struct ConfirmBody {
    /// The `revision` of the result that the person has seen: another one is not confirmed.
    revision: u32,
}

/// Confirms the own result, as `confirm` does over the WebSocket: a correction may come when that is closed already.
#[utoipa::path(post, path = "/api/candidate/confirm", tag = "candidate", security(("candidate" = [])),
    request_body = ConfirmBody, responses((status = 200, body = CandidateView), ConfirmRefused))]
async fn confirm(
    State(app): State<App>,
    holder: Holder,
    Json(ConfirmBody { revision }): Json<ConfirmBody>,
) -> Result<Json<SeatView>, Problem> {
    counted(&app, holder.interview, holder.seat)?;
    let action = SeatAction::Confirm { published_at: None, revision: Some(revision) };
    holder.command(&app, Action::Seat(action), None).await
}

/// Comes back after leaving, or after being let go, until the interview ends.
#[utoipa::path(post, path = "/api/candidate/return", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView), ReturnRefused))]
async fn come_back(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::ComeBack {}), None).await
}

/// Leaves; who has left may come back until the interview ends.
#[utoipa::path(post, path = "/api/candidate/leave", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = CandidateView), LeaveRefused))]
async fn leave(State(app): State<App>, holder: Holder) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Seat(SeatAction::Leave {}), None).await
}

/// What is longer is no password and no code of ours, and is not digested.
fn short(text: &str) -> Result<(), Problem> {
    if text.chars().count() > LONGEST {
        Err(Problem::from(ErrorCode::TextTooLong).limited(LONGEST))
    } else {
        Ok(())
    }
}
