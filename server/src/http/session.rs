//! Sessions of the staff over HTTP: signing in and out, the first administrator, the own password.

use super::{App, address::ClientAddress, body::Json, cookie, openapi::refusals, writing::writes};
use crate::{
    account::{ABSOLUTE, AccountError, KnownDevice, NewAccount, Visitor},
    clock::{now, unix_time},
    problem::Problem,
    random,
    store::Account,
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{InterviewId, Role, SeatId, Time};
use viva_signaling::message::ErrorCode;

/// The name of the cookie.
pub const COOKIE: &str = "viva_session";
/// The name of the cookie by which a device is known again, and what its seal is for. It opens nothing: wrong passwords
/// of the device count apart from those of strangers.
const DEVICE: &str = "viva_device";
/// How long a browser keeps it.
const DEVICE_LASTS: Duration = Duration::from_secs(400 * 24 * 3600);
/// The longest text that is looked at, in characters.
const LONGEST: usize = 1024;

refusals! {
    SignInRefused: SignInFailed, Locked, RateLimited, TextTooLong;
    FirstRefused: SignInFailed, Locked, RateLimited, NameInvalid, PasswordWeak, AccountExists, TextTooLong;
    PasswordRefused: SignInFailed, Locked, RateLimited, PasswordWeak, TextTooLong;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read, sign_in, sign_out))
        .routes(routes!(first_needed, first))
        .routes(routes!(password))
}

/// Somebody of the staff whose session goes on.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account.
    pub account: String,
    /// May everything in the administration.
    pub administrator: bool,
}

/// Somebody whose session goes on and who may administer.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// The account.
    pub account: String,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let nobody = || Problem::new(ErrorCode::Unauthorized, "sign in");
        let token = cookie::read(&parts.headers, COOKIE).ok_or_else(nobody)?;
        let account = app.accounts.session(token, now().0).await?;
        let Account { account, administrator, .. } = account.ok_or_else(nobody)?;
        if writes(&parts.method) {
            app.writes.by_account(&account, unix_time()).map_err(Problem::too_fast)?;
        }
        Ok(Self { account, administrator })
    }
}

impl OptionalFromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(signed_in) => Ok(Some(signed_in)),
            Err(problem) if problem.code == ErrorCode::Unauthorized => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let signed_in = <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if !signed_in.administrator {
            return Err(Problem::new(ErrorCode::Forbidden, "only administrators may do this"));
        }
        if let Some(interview) = named_interview(parts, app).await
            && app.sittings.was_rehearsal(interview).await?
        {
            let detail = "a rehearsal is administered with its interview, and nothing of it is exported";
            return Err(Problem::new(ErrorCode::NotFound, detail));
        }
        Ok(Self { account: signed_in.account })
    }
}

/// The interview that the address names.
async fn named_interview(parts: &mut Parts, app: &App) -> Option<InterviewId> {
    let named = RawPathParams::from_request_parts(parts, app).await.ok()?;
    named.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.parse().ok())
}

/// What accounts refuse, as a client is told.
pub fn account_problem(error: AccountError) -> Problem {
    let detail = error.to_string();
    match error {
        AccountError::SignInFailed => Problem::new(ErrorCode::SignInFailed, detail),
        AccountError::Locked { wait } => {
            Problem::new(ErrorCode::Locked, detail).after(Duration::from_millis(wait))
        }
        AccountError::RateLimited { wait } => {
            Problem::new(ErrorCode::RateLimited, detail).after(Duration::from_millis(wait))
        }
        AccountError::Name(_) => Problem::new(ErrorCode::NameInvalid, detail),
        AccountError::Password(_) => Problem::new(ErrorCode::PasswordWeak, detail),
        AccountError::LastAdministrator => Problem::new(ErrorCode::LastAdministrator, detail),
        AccountError::Store(error) => error.into(),
    }
}

/// Who is signed in, and where they sit.
#[derive(Debug, Serialize, ToSchema)]
struct Session {
    account: String,
    name: String,
    administrator: bool,
    seats: Vec<StaffSeat>,
}

/// A seat of the staff, before it is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSeat {
    interview: InterviewId,
    interview_name: String,
    /// A rehearsal: nothing of it counts.
    rehearsal: bool,
    seat: SeatId,
    /// `examiner`, `host` or `patrol`.
    role: Role,
    starts_at: Time,
    ends_at: Time,
    /// The IANA name of the time zone in which both are told.
    time_zone: String,
}

/// Account and password.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    #[schema(max_length = 1024)]
    account: String,
    #[schema(max_length = 1024)]
    password: String,
}

/// Is the first administrator missing?
#[derive(Debug, Serialize, ToSchema)]
struct FirstNeeded {
    needed: bool,
}

/// The first administrator, with the code of the log.
#[derive(Deserialize, ToSchema)]
struct First {
    #[schema(max_length = 1024)]
    code: String,
    #[schema(min_length = 1, max_length = 64)]
    account: String,
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    #[schema(min_length = 10, max_length = 512)]
    password: String,
}

/// The own password, the old and the new one.
#[derive(Deserialize, ToSchema)]
struct Passwords {
    #[schema(max_length = 1024)]
    old: String,
    #[schema(min_length = 10, max_length = 512)]
    new: String,
}

async fn session(app: &App, account: Account) -> Result<Session, Problem> {
    let mut seats = Vec::new();
    for row in app.store.seats_of_account(&account.account).await? {
        match seat(app, InterviewId(row.interview), SeatId(row.seat)).await {
            Ok(seat) => seats.extend(seat),
            Err(problem) if problem.code == ErrorCode::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    let Account { account, name, administrator, .. } = account;
    Ok(Session { account, name, administrator, seats })
}

/// A seat of the staff in this interview; none where nobody of the staff has it.
///
/// # Errors
/// There is no such interview, or the store fails.
pub async fn seat(app: &App, interview: InterviewId, seat: SeatId) -> Result<Option<StaffSeat>, Problem> {
    let look = move |known: &viva_interview::Interview, _: &viva_interview::Presence| {
        let row = known.row();
        let staff = known.staff_rows().into_iter().find(|staff| staff.seat == seat);
        staff.map(|staff| StaffSeat {
            interview,
            interview_name: row.name,
            rehearsal: known.rehearsal_of().is_some(),
            seat,
            role: staff.role,
            starts_at: row.opens_at,
            ends_at: row.closes_at,
            time_zone: row.time_zone,
        })
    };
    app.sittings.look(interview, look).await
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "staff", security(("staff" = [])), responses(
    (status = 200, body = Session)))]
async fn read(State(app): State<App>, signed_in: SignedIn) -> Result<Json<Session>, Problem> {
    let account = app.store.account(&signed_in.account).await?;
    session(&app, account.ok_or(ErrorCode::Unauthorized)?).await.map(Json)
}

/// Signs in: sets the cookie.
#[utoipa::path(post, path = "/api/session", tag = "staff", request_body = Credentials, responses(
    (status = 200, description = "signed in; sets the cookie", body = Session), SignInRefused))]
async fn sign_in(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(Credentials { account, password }): Json<Credentials>,
) -> Result<Response, Problem> {
    short(&[&account, &password])?;
    let sealed = cookie::read(&headers, DEVICE);
    let device = sealed.and_then(|sealed| app.digests.open(DEVICE, sealed)).and_then(KnownDevice::read);
    let visitor = Visitor { address, device: device.clone() };
    let signed_in = app.accounts.sign_in(&account, &password, visitor, now().0).await;
    let signed_in = signed_in.map_err(account_problem)?;
    let device = device.unwrap_or_else(|| KnownDevice::new(random::id())).with(&signed_in.account.account);
    let mut response = Json(session(&app, signed_in.account).await?).into_response();
    let lasts = Duration::from_millis(ABSOLUTE);
    let secure = app.settings.is_secure();
    let sealed = app.digests.seal(DEVICE, &device.to_string());
    let cookies = [
        cookie::set(COOKIE, signed_in.token.as_str(), lasts, secure),
        cookie::set(DEVICE, &sealed, DEVICE_LASTS, secure),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "staff", responses(
    (status = 204, description = "signed out, or nobody was signed in")))]
async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = cookie::read(&headers, COOKIE) {
        app.accounts.sign_out(token).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookie::set(COOKIE, "", Duration::ZERO, app.settings.is_secure()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Is the first administrator missing?
#[utoipa::path(get, path = "/api/session/first", tag = "staff", responses(
    (status = 200, body = FirstNeeded)))]
async fn first_needed(State(app): State<App>) -> Result<Json<FirstNeeded>, Problem> {
    let needed = app.accounts.first_needed().await?;
    Ok(Json(FirstNeeded { needed }))
}

/// Makes the first administrator, with the code of the log, and signs in.
#[utoipa::path(post, path = "/api/session/first", tag = "staff", request_body = First, responses(
    (status = 200, description = "made and signed in; sets the cookie", body = Session), FirstRefused))]
async fn first(
    state: State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(First { code, account, name, password }): Json<First>,
) -> Result<Response, Problem> {
    short(&[&code, &account, &name, &password])?;
    let new = NewAccount { account, name, password: password.clone(), administrator: true };
    let made = state.accounts.create_first(&code, new, address.0, now().0).await.map_err(account_problem)?;
    sign_in(state, address, headers, Json(Credentials { account: made.account, password })).await
}

/// Changes the own password; all other sessions of the account end, and its seats in running interviews.
#[utoipa::path(post, path = "/api/session/password", tag = "staff", security(("staff" = [])), request_body = Passwords, responses(
    (status = 204, description = "it is changed"), PasswordRefused))]
async fn password(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    signed_in: SignedIn,
    Json(Passwords { old, new }): Json<Passwords>,
) -> Result<StatusCode, Problem> {
    short(&[&old, &new])?;
    let token = cookie::read(&headers, COOKIE).unwrap_or_default();
    let changed = app.accounts.change_own_password(token, &old, &new, address, now().0).await;
    changed.map_err(account_problem)?;
    app.sittings.dismiss(&signed_in.account).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn short(texts: &[&str]) -> Result<(), Problem> {
    if texts.iter().any(|text| text.chars().count() > LONGEST) {
        Err(Problem::from(ErrorCode::TextTooLong).limited(LONGEST))
    } else {
        Ok(())
    }
}
