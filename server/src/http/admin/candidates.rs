//! Candidates and their invitations.

use crate::{
    digest::Digests,
    http::{
        App,
        body::{At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    random,
    sms::PhoneNumber,
    store::{Message, MessageState},
};
use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    AdministratorAction, CandidateRow, Code, InterviewId, NewCandidate, Password, PasswordChange, SeatId,
    Time,
};
use viva_signaling::message::ErrorCode;

/// The longest password of an invitation, in characters.
pub(super) const LONGEST_PASSWORD: usize = 64;
/// Messages are looked through in pages of so many, at most so many pages.
const PAGE: u32 = 1000;
const PAGES: usize = 10;

refusals! {
    AddRefused: ImportRefused, TextTooLong, LimitReached;
    ChangeRefused: ImportRefused, TextTooLong, CandidateUnknown;
    RemoveRefused: CandidateUnknown, CandidateEntered, InterviewDeleted;
    InviteRefused: CandidateUnknown, PhoneMissing, InterviewDeleted;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change, remove))
        .routes(routes!(remove_many))
        .routes(routes!(invite))
        .routes(routes!(invite_all))
}

/// A candidate as an administrator enters it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct CandidateBody {
    /// The person's name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The number of the exam card, unique in the interview.
    #[schema(min_length = 1, max_length = 40)]
    pub number: String,
    /// The registered phone: 5 to 20 digits, perhaps with a plus before and blanks, hyphens and brackets between; may be empty.
    #[schema(max_length = 40)]
    pub phone: String,
    /// The password of the invitation; null leaves the old one, or none; empty takes it away.
    #[schema(max_length = 64)]
    pub password: Option<String>,
    /// The own time, within that of the interview; null or left out: when the interview opens.
    #[serde(default)]
    pub starts_at: Option<Time>,
}

/// A candidate with what leads to it.
#[derive(Debug, Serialize, ToSchema)]
struct Candidate {
    #[serde(flatten)]
    row: CandidateRow,
    /// The invitation's link.
    link: String,
    /// What has become of the newest invitation by SMS.
    sms: Invited,
}

/// What has become of an invitation by SMS.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Invited {
    /// There was none.
    None,
    /// It is kept here: no provider is set.
    Kept,
    /// It waits, or is being sent.
    Queued,
    /// The provider has accepted it.
    Sent,
    /// It will not be sent.
    Failed,
}

/// What came of invitations by SMS.
#[derive(Debug, Serialize, ToSchema)]
struct Queued {
    /// How many were put into the outbox.
    queued: usize,
    /// They stay there: no provider is set.
    kept: bool,
    /// How many candidates got none because no phone is registered for them.
    without_phone: usize,
    /// How many got none because they were sent one before, or have entered.
    invited_before: usize,
}

/// Candidates who are meant together.
#[derive(Debug, Deserialize, ToSchema)]
struct Seats {
    /// None of them twice.
    #[schema(value_type = Vec<SeatId>, max_items = 500)]
    seats: BTreeSet<SeatId>,
}

/// How many were taken away.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Removed {
    pub removed: usize,
}

impl CandidateBody {
    /// The candidate for an interview, in this seat, with a new code.
    pub(super) fn into_candidate(self, app: &App, seat: SeatId) -> Result<NewCandidate, Problem> {
        let code = Code::from_random(u128::from_le_bytes(random::bytes()));
        let Self { name, number, phone, password, starts_at } = self;
        let phone = with_country(phone, &app.settings.sms_country);
        let password = password.filter(|password| !password.is_empty());
        let password = password.map(|password| kept(&app.digests, seat, &password)).transpose()?;
        Ok(NewCandidate { seat, name, number, phone, code, password, starts_at })
    }
}

/// A phone number with its country's prefix, which the settings supply where the number has none. Chinese numbers stay as
/// people write them. What is no number stays as it is, and is refused with its row.
fn with_country(phone: String, country: &str) -> String {
    if country == "86" {
        return phone;
    }
    PhoneNumber::parse(&phone, country).map_or(phone, |phone| phone.as_str().to_owned())
}

fn kept(digests: &Digests, seat: SeatId, password: &str) -> Result<Password, Problem> {
    if password.chars().count() > LONGEST_PASSWORD {
        return Err(
            Problem::new(ErrorCode::TextTooLong, "the password is too long").limited(LONGEST_PASSWORD)
        );
    }
    Ok(digests.invitation(seat, password))
}

async fn candidates(app: &App, id: InterviewId) -> Result<Vec<Candidate>, Problem> {
    let rows = app.sittings.look(id, |interview, _| interview.candidate_rows()).await?;
    let sms = deliveries(app, id).await?;
    let base = app.settings.base_url();
    let candidate = |row: CandidateRow| Candidate {
        link: format!("{base}/i#{}", row.code),
        sms: sms.get(&row.seat.0).copied().unwrap_or(Invited::None),
        row,
    };
    Ok(rows.into_iter().map(candidate).collect())
}

/// What has become of the newest invitation of each seat.
async fn deliveries(app: &App, interview: InterviewId) -> Result<BTreeMap<u64, Invited>, Problem> {
    let mut states = BTreeMap::new();
    let mut before = None;
    for _ in 0..PAGES {
        let page = app.store.messages(Some(interview.0), before, PAGE).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.position);
        for Message { content, state, .. } in page {
            let (Some(seat), "invitation") = (content.seat, content.kind.as_str()) else { continue };
            states.entry(seat).or_insert(match state {
                state if app.settings.sms.keeps(state) => Invited::Kept,
                MessageState::Queued | MessageState::Sending => Invited::Queued,
                MessageState::Sent => Invited::Sent,
                MessageState::Failed => Invited::Failed,
            });
        }
    }
    Ok(states)
}

async fn one(app: &App, id: InterviewId, seat: SeatId) -> Result<Json<Candidate>, Problem> {
    let found = candidates(app, id).await?.into_iter().find(|candidate| candidate.row.seat == seat);
    found.map(Json).ok_or_else(|| ErrorCode::CandidateUnknown.into())
}

/// The candidates, with codes and links.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Vec<Candidate>)))]
async fn list(
    State(app): State<App>,
    _: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<Vec<Candidate>>, Problem> {
    candidates(&app, id).await.map(Json)
}

/// Adds a candidate.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates", tag = "administration", request_body = CandidateBody,
    params(("id" = InterviewId, Path)), responses(
    (status = 201, body = Candidate), AddRefused))]
async fn add(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(body): Json<CandidateBody>,
) -> Result<(StatusCode, Json<Candidate>), Problem> {
    let seat = SeatId(random::id());
    let candidate = body.into_candidate(&app, seat)?;
    administrator.command(&app, id, AdministratorAction::AddCandidates(vec![candidate])).await?;
    Ok((StatusCode::CREATED, one(&app, id, seat).await?))
}

/// Changes a candidate's name, number, phone, password or time.
#[utoipa::path(put, path = "/api/admin/interviews/{id}/candidates/{seat}", tag = "administration", request_body = CandidateBody,
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 200, body = Candidate), ChangeRefused))]
async fn change(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
    Json(CandidateBody { name, number, phone, password, starts_at }): Json<CandidateBody>,
) -> Result<Json<Candidate>, Problem> {
    let password = match password {
        None => PasswordChange::Keep,
        Some(password) if password.is_empty() => PasswordChange::Clear,
        Some(password) => PasswordChange::Set(kept(&app.digests, seat, &password)?),
    };
    let phone = with_country(phone, &app.settings.sms_country);
    let action = AdministratorAction::ChangeCandidate { seat, name, number, phone, password, starts_at };
    administrator.command(&app, id, action).await?;
    one(&app, id, seat).await
}

/// Removes a candidate who has not entered.
#[utoipa::path(delete, path = "/api/admin/interviews/{id}/candidates/{seat}", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 204, description = "it is gone"), RemoveRefused))]
async fn remove(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
) -> Result<StatusCode, Problem> {
    administrator.command(&app, id, AdministratorAction::RemoveCandidates([seat].into())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes candidates who have not entered: all of these, or none.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/remove", tag = "administration", request_body = Seats,
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Removed), RemoveRefused))]
async fn remove_many(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Json(Seats { seats }): Json<Seats>,
) -> Result<Json<Removed>, Problem> {
    let removed = seats.len();
    administrator.command(&app, id, AdministratorAction::RemoveCandidates(seats)).await?;
    Ok(Json(Removed { removed }))
}

/// Sends one candidate the invitation by SMS.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/candidates/{seat}/invite", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path)), responses(
    (status = 200, body = Queued), InviteRefused))]
async fn invite(
    State(app): State<App>,
    administrator: Administrator,
    At((id, seat)): At<(InterviewId, SeatId)>,
) -> Result<Json<Queued>, Problem> {
    administrator.command(&app, id, AdministratorAction::Invite { seat }).await?;
    Ok(Json(Queued { queued: 1, kept: keeps(&app), without_phone: 0, invited_before: 0 }))
}

/// Sends the invitation to all who have a phone and were not sent it yet.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/invite", tag = "administration",
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = Queued)))]
async fn invite_all(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
) -> Result<Json<Queued>, Problem> {
    let rows = app.sittings.look(id, |interview, _| interview.candidate_rows()).await?;
    let waiting: Vec<SeatId> =
        rows.iter().filter(|row| row.invited_at.is_none()).map(|row| row.seat).collect();
    administrator.command(&app, id, AdministratorAction::InviteAll).await?;
    let rows = app.sittings.look(id, |interview, _| interview.candidate_rows()).await?;
    let invited = rows.iter().filter(|row| row.invited_at.is_some() && waiting.contains(&row.seat));
    let queued = invited.count();
    let without_phone = rows.iter().filter(|row| row.invited_at.is_none() && row.phone.is_empty()).count();
    let invited_before = rows.len() - queued - without_phone;
    Ok(Json(Queued { queued, kept: keeps(&app), without_phone, invited_before }))
}

/// Do messages stay in the outbox?
fn keeps(app: &App) -> bool {
    app.settings.sms.keeps(MessageState::Queued)
}
