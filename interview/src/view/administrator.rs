//! What an administrator sees: everything but scores.

use crate::{
    Code, CommandId, Criterion, IdentityRules, InterviewId, LetsGo, PictureCodec, Pledge, QuestionSet, Role,
    SeatId, SecondCamera, ShowsMean, Stage, Step, Time,
};
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

/// An interview in a list of interviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct InterviewRow {
    /// Stands in the addresses of what concerns this interview.
    pub id: InterviewId,
    /// As candidates and panel read it.
    pub name: String,
    /// Invitations hold from.
    pub opens_at: Time,
    /// Invitations hold until.
    pub closes_at: Time,
    /// All stages of the interview, in their order.
    pub stages: Vec<Stage>,
    /// The index of the current one.
    pub stage: u32,
    /// What is scored.
    pub criteria: Vec<Criterion>,
    /// Whether candidates have a second camera.
    pub second_camera: SecondCamera,
    /// How candidates show who they are.
    pub identity: IdentityRules,
    /// What candidates promise before they go on; null for nothing.
    #[schema(required)]
    pub pledge: Option<Pledge>,
    /// What pictures are encoded with.
    pub picture_codec: PictureCodec,
    /// When a candidate may go.
    pub lets_go: LetsGo,
    /// The IANA name of the time zone in which its times are told.
    pub time_zone: String,
    /// When examiners see the panel's mean.
    pub shows_mean: ShowsMean,
    /// The panel's questions, in sets; left out, that is empty, where interviews are listed.
    pub questions: Vec<QuestionSet>,
    /// When it was created.
    pub created_at: Time,
    /// How many candidates it has.
    pub candidates: u32,
    /// How many seats of the staff it has.
    pub staff: u32,
}

/// A seat of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct StaffRow {
    /// Stands in the addresses of what concerns this seat.
    pub seat: SeatId,
    /// The account that it belongs to; may be empty.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Any role but candidate.
    pub role: Role,
    /// A host who was marked as chair.
    pub chair: bool,
}

/// A list of candidates that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ImportRow {
    /// Stands in the address by which it is undone.
    #[ts(type = "string")]
    #[schema(value_type = String)]
    pub import: CommandId,
    /// When it was.
    pub at: Time,
    /// The administrator's account; empty where it was the server.
    pub by: String,
    /// How many it added.
    pub added: u32,
    /// How many were known, and got other data; undoing does not touch these.
    pub changed: u32,
    /// How many of those added are still in the list.
    pub left: u32,
    /// How many of those added have entered: then it cannot be undone.
    pub entered: u32,
    /// How many of those added were sent the invitation, whose codes would be void.
    pub invited: u32,
    /// Until when it can be undone.
    pub until: Time,
}

/// A candidate as administrators see it: the invitation, not the scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct CandidateRow {
    /// Stands in the addresses of what concerns this candidate.
    pub seat: SeatId,
    /// The person's name.
    pub name: String,
    /// The number of the exam card.
    pub number: String,
    /// The registered phone; may be empty.
    pub phone: String,
    /// The invitation's code.
    pub code: Code,
    /// Has the invitation a password?
    pub password_set: bool,
    /// Is there a reference photo?
    pub photo: bool,
    /// How many papers there are.
    pub papers: u32,
    /// The own time; null: when the interview opens.
    #[schema(required)]
    pub starts_at: Option<Time>,
    /// Where on the path.
    #[ts(type = "Step | \"invited\"")]
    pub step: Step,
    /// When the invitation last went to the outbox.
    #[schema(required)]
    pub invited_at: Option<Time>,
    /// When a reminder last went to the outbox.
    #[schema(required)]
    pub reminded_at: Option<Time>,
}
