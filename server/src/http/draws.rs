//! Random draws over HTTP: by hosts and administrators; for everybody of the staff to look at, and to export.

use super::{
    App,
    body::{At, Json},
    openapi::refusals,
    seats::{bearer, not_yours},
    session::SignedIn,
};
use crate::{
    problem::Problem,
    random,
    sitting::{Visit, fresh_command},
};
use axum::{
    extract::{FromRequestParts, RawPathParams, State},
    http::request::Parts,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Action, Actor, Command, DrawAction, DrawFile, DrawKind, Interview, InterviewId, Presence, SeatId,
    SeatView,
};
use viva_signaling::message::ErrorCode;

refusals! {
    LookRefused: NotYourSeat;
    CommitRefused: NotYourSeat, Forbidden, DrawnBefore, DrawOver, DrawTooLate, QuestionsAsked, NothingToDraw, DrawnTwice,
        TextEmpty, TextTooLong, LimitReached, InterviewDeleted, SeatFull;
    DrawRefused: NotYourSeat, Forbidden, DrawOver, DrawTooLate, QuestionsAsked, NothingToDraw, DrawListChanged, DrawSeedLost,
        TextTooLong, InterviewDeleted, SeatFull;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, commit)).routes(routes!(draw))
}

/// Somebody of the staff of the interview that the path names, or an administrator.
struct Watcher {
    interview: InterviewId,
    by: Actor,
}

/// One of them who may begin a draw; a command that comes too late finds that in the interview itself.
struct Drawer(Watcher);

impl FromRequestParts<App> for Watcher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let own = bearer(app, &parts.headers).await?;
        let signed_in = <Option<SignedIn> as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if own.is_none() && signed_in.is_none() {
            return Err(ErrorCode::Unauthorized.into());
        }
        let named = RawPathParams::from_request_parts(parts, app).await.ok();
        let id =
            named.as_ref().and_then(|named| named.iter().find(|(name, _)| *name == "id")?.1.parse().ok());
        let interview: InterviewId = id.ok_or(ErrorCode::NotFound)?;
        let by = match (own, signed_in) {
            (Some((room, seat)), _) => (room == interview).then_some(Actor::Seat(seat)),
            (None, Some(SignedIn { administrator: true, account })) => Some(Actor::Administrator { account }),
            (None, Some(signed_in)) => seat_in(app, &signed_in, interview).await?.map(Actor::Seat),
            (None, None) => None,
        };
        let watcher = Self { interview, by: by.ok_or_else(not_yours)? };
        watcher.leads(app).await.map(|_| watcher)
    }
}

impl FromRequestParts<App> for Drawer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let watcher = Watcher::from_request_parts(parts, app).await?;
        if watcher.leads(app).await? {
            Ok(Self(watcher))
        } else {
            Err(Problem::new(ErrorCode::Forbidden, "only hosts and administrators draw"))
        }
    }
}

impl Watcher {
    /// May it draw? Who was put out may not even look.
    async fn leads(&self, app: &App) -> Result<bool, Problem> {
        let Actor::Seat(seat) = self.by else { return Ok(true) };
        match app.sittings.view(self.interview, seat).await? {
            SeatView::Panel(view) => Ok(view.leads),
            SeatView::Candidate(_) => Err(not_yours()),
        }
    }

    /// Does it, and answers the draws as they are then.
    async fn act(self, app: &App, action: DrawAction) -> Result<Json<DrawFile>, Problem> {
        let command = Command { id: fresh_command(), by: self.by, action: Action::Draw(action) };
        let visit = Visit { command: Some(command), ..Visit::default() };
        app.sittings.visit(self.interview, visit, |known, _| known.draw_file()).await.map(Json)
    }
}

/// The seat of an account in this interview.
async fn seat_in(app: &App, signed_in: &SignedIn, interview: InterviewId) -> Result<Option<SeatId>, Problem> {
    let seats = app.store.seats_of_account(&signed_in.account).await?;
    Ok(seats.into_iter().find(|row| row.interview == interview.0).map(|row| SeatId(row.seat)))
}

/// All random draws of an interview with their lists: what an inspector checks by `viva draw verify`. The seed of a draw stands
/// here once it is over.
#[utoipa::path(get, path = "/api/interviews/{id}/draws", tag = "staff", security(("staff" = []), ("seat" = [])),
    params(("id" = InterviewId, Path)), responses(
    (status = 200, body = DrawFile), LookRefused))]
async fn list(State(app): State<App>, watcher: Watcher) -> Result<Json<DrawFile>, Problem> {
    app.sittings.look(watcher.interview, |known, _| known.draw_file()).await.map(Json)
}

/// A draw that begins.
#[derive(Debug, Deserialize, ToSchema)]
struct CommitBody {
    /// What is drawn.
    kind: DrawKind,
    /// Why it is drawn again; asked for where such a draw was begun before.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// For rooms: who is to get one, at most 2,000.
    #[serde(default)]
    #[schema(max_items = 2000)]
    entries: Vec<String>,
    /// For rooms: the rooms, at most 200.
    #[serde(default)]
    #[schema(max_items = 200)]
    lots: Vec<String>,
}

/// Begins a draw: holds a new seed and the list by a hash that everybody of the staff sees. A draw of the same kind that is begun and
/// not drawn is given up.
#[utoipa::path(post, path = "/api/interviews/{id}/draws", tag = "staff", security(("staff" = []), ("seat" = [])),
    request_body = CommitBody, params(("id" = InterviewId, Path)), responses(
    (status = 200, body = DrawFile), CommitRefused))]
async fn commit(
    State(app): State<App>,
    Drawer(by): Drawer,
    Json(CommitBody { kind, reason, entries, lots }): Json<CommitBody>,
) -> Result<Json<DrawFile>, Problem> {
    let id = by.interview;
    let look = move |known: &Interview, _: &Presence| {
        let open = known.draw_committed(kind).and_then(|number| known.draw_salt(number));
        (known.next_draw(), open.map(str::to_owned))
    };
    let (number, open) = app.sittings.look(id, look).await?;
    let given_up = open.map(|salt| app.digests.draw_seed(id, &salt));
    let salt = random::hex::<32>();
    let seed = app.digests.draw_seed(id, &salt);
    let action = DrawAction::Commit { number, kind, entries, lots, reason, seed, salt, given_up };
    by.act(&app, action).await
}

/// What was said before the draw.
#[derive(Debug, Deserialize, ToSchema)]
struct DrawBody {
    /// Words of witnesses, who do not know the seed; may be empty.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: String,
}

/// Draws, and shows the seed: an order is the queue from now on, sets of questions are the candidates' sets.
#[utoipa::path(post, path = "/api/interviews/{id}/draws/{number}", tag = "staff",
    security(("staff" = []), ("seat" = [])), request_body = DrawBody,
    params(("id" = InterviewId, Path), ("number" = u32, Path)), responses(
    (status = 200, body = DrawFile), DrawRefused))]
async fn draw(
    State(app): State<App>,
    Drawer(by): Drawer,
    At((id, number)): At<(InterviewId, u32)>,
    Json(DrawBody { words }): Json<DrawBody>,
) -> Result<Json<DrawFile>, Problem> {
    let look = move |known: &Interview, _: &Presence| {
        let over = (1..known.next_draw()).contains(&number);
        (known.draw_salt(number).map(str::to_owned), over)
    };
    let seed = match app.sittings.look(id, look).await? {
        (Some(salt), _) => app.digests.draw_seed(id, &salt),
        (None, true) => return Err(ErrorCode::DrawOver.into()),
        (None, false) => return Err(Problem::new(ErrorCode::NotFound, "no such draw")),
    };
    by.act(&app, DrawAction::Draw { number, words, seed }).await
}
