//! The description of the HTTP API at `/api/openapi.json`, gathered from the handlers, and the shapes in it that are not
//! types of this crate.

use super::App;
use axum::{Json, extract::State, response::IntoResponse};
use utoipa::{OpenApi, ToSchema, openapi::OpenApi as Document};
use utoipa_axum::router::OpenApiRouter;

/// What is said of the API as a whole.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Viva",
        description = "Interviews over the internet. Cookies carry who asks; a request that changes something needs the \
                       header `X-Viva: 1`. Times are milliseconds since 1970 UTC, points hundredths, ids 16 lower-case \
                       hexadecimal digits. What goes wrong is a problem with a code of the table in docs/protocol.md."
    ),
    components(schemas(ProblemBody, InterviewBody, InterviewRow, StaffRow))
)]
pub struct About;

/// An error.
#[derive(Debug, ToSchema)]
pub struct ProblemBody {
    /// From the one table of errors.
    pub code: String,
    /// In English, for the developer.
    pub detail: String,
    /// For the person.
    pub text: ProblemTexts,
    /// The rows of an import that cannot be taken.
    #[schema(required = false)]
    pub rows: Option<Vec<RowProblem>>,
}

/// The person's texts of an error.
#[derive(Debug, ToSchema)]
pub struct ProblemTexts {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// One fault in a list of candidates.
#[derive(Debug, ToSchema)]
pub struct RowProblem {
    /// The row as a table program counts it.
    pub row: u32,
    /// Which column: `name`, `number`, `phone`, `password`, or a word of the file.
    pub column: String,
    /// `empty`, `too_long`, `invalid`, `duplicate`, …
    pub problem: String,
}

/// What an administrator decides about an interview.
#[derive(Debug, ToSchema)]
pub struct InterviewBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Invitations hold from.
    pub opens_at: u64,
    /// Invitations hold until.
    pub closes_at: u64,
    /// Its stages, 1 to 20.
    #[schema(min_items = 1, max_items = 20)]
    pub stages: Vec<Stage>,
    /// What is scored, at most 50.
    #[schema(max_items = 50)]
    pub criteria: Vec<Criterion>,
    /// Whether candidates have a second camera; none without a word.
    #[schema(required = false)]
    pub second_camera: SecondCamera,
}

/// Whether candidates have a second camera, by a phone that is paired with their seat.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum SecondCamera {
    /// They have none.
    Off,
    /// Who wants one.
    Allowed,
    /// They are asked for one.
    Asked,
}

/// A stage.
#[derive(Debug, ToSchema)]
pub struct Stage {
    /// Its name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// What it means.
    pub kind: StageKind,
    /// Its planned length.
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<u32>,
}

/// What a stage means.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum StageKind {
    /// 候考.
    Waiting,
    /// 宣讲.
    Briefing,
    /// 面谈.
    Interview,
    /// 评议.
    Deliberation,
    /// 公布, one by one.
    Announcement,
    /// 公布, jointly.
    JointAnnouncement,
    /// 成绩确认.
    Confirmation,
    /// 结束.
    End,
}

/// What is scored.
#[derive(Debug, ToSchema)]
pub struct Criterion {
    /// For machines.
    #[schema(min_length = 1, max_length = 32, pattern = "^[!-~]+$")]
    pub id: String,
    /// For people.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// How much it counts beside the others.
    #[schema(maximum = 10000)]
    pub weight: u32,
    /// The most points.
    #[schema(maximum = 1000000)]
    pub max: u32,
    /// The least points.
    pub min: u32,
}

/// An interview in a list.
#[derive(Debug, ToSchema)]
pub struct InterviewRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Invitations hold from.
    pub opens_at: u64,
    /// Invitations hold until.
    pub closes_at: u64,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// The index of the current one.
    pub stage: u32,
    /// What is scored.
    pub criteria: Vec<Criterion>,
    /// Whether candidates have a second camera.
    pub second_camera: SecondCamera,
    /// When it was created.
    pub created_at: u64,
    /// How many candidates it has.
    pub candidates: u32,
    /// How many seats of the staff it has.
    pub staff: u32,
}

/// A seat of the staff.
#[derive(Debug, ToSchema)]
pub struct StaffRow {
    /// The seat.
    pub seat: String,
    /// The account that it belongs to.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// `examiner`, `host` or `patrol`.
    pub role: String,
}

/// The routes with their description beside them.
pub fn described(routes: OpenApiRouter<App>) -> axum::Router<App> {
    let (routes, mut document) =
        OpenApiRouter::with_openapi(About::openapi()).merge(routes).split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let describe = move |State(_): State<App>| {
        let document: Document = document.clone();
        async move { Json(document).into_response() }
    };
    routes.route("/api/openapi.json", axum::routing::get(describe))
}
