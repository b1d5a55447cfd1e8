//! What a candidate sees.

use super::{Basics, ChecksView, IdentityView, ResultView, SecondCameraState, SmsView};
use crate::{DeviceTrouble, FaceView, PaperView, Pledge, Role, SlidesView, StaffCheckView, Step, Time};
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

/// A step of the way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct WayStep {
    /// Which.
    pub step: Step,
    /// It is behind.
    pub done: bool,
}

/// What a candidate knows.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct CandidateView {
    /// Always `candidate`: tells this view from the panel's.
    #[ts(type = "\"candidate\"")]
    pub role: Role,
    /// What every seat knows.
    #[serde(flatten)]
    pub common: Basics,
    /// Where on the path.
    pub step: Step,
    /// The steps that lead this candidate in, from the identity to the waiting room: those behind, this one, those that are
    /// still to come. Whoever is asked once more who they are goes from there to the waiting room; empty for who is out.
    pub way: Vec<WayStep>,
    /// The number of the exam card.
    pub number: String,
    /// The registered phone with its middle hidden: `138****5678`; null without a phone.
    #[schema(required)]
    pub phone_hint: Option<String>,
    /// The SMS code that was sent last, in the identity step.
    #[schema(required)]
    pub sms: Option<SmsView>,
    /// Too many wrong passwords or codes, for a while.
    pub locked: bool,
    /// Until when; null when not locked.
    #[schema(required)]
    pub locked_until: Option<Time>,
    /// Is there a reference photo?
    pub photo: bool,
    /// The face check.
    pub face: FaceView,
    /// The check by the staff.
    pub staff_check: StaffCheckView,
    /// What is to be promised, at this step.
    #[schema(required)]
    pub pledge: Option<Pledge>,
    /// How the identity step was passed.
    pub identity: IdentityView,
    /// The newest try of each device.
    pub checks: ChecksView,
    /// The devices that the page has said it cannot use.
    pub device_troubles: Vec<DeviceTrouble>,
    /// The own time; null: when the interview opens.
    #[schema(required)]
    pub starts_at: Option<Time>,
    /// How many of those who wait are called before; null when not in the queue.
    #[schema(required)]
    pub ahead: Option<u32>,
    /// Put at the end of the queue.
    pub deferred: bool,
    /// It is this candidate's turn.
    pub current: bool,
    /// The host talks to this candidate.
    pub addressed: bool,
    /// Has the word in a briefing.
    pub has_word: bool,
    /// Is invited to share the screen.
    pub may_share: bool,
    /// The own papers; none before it is known who this is.
    pub papers: Vec<PaperView>,
    /// Papers may be added and taken away.
    pub may_add_papers: bool,
    /// The own slides, while somebody of the panel has asked for them.
    #[schema(required)]
    pub slides: Option<SlidesView>,
    /// The second camera.
    pub second_camera: SecondCameraState,
    /// The own hand is up.
    pub hand: bool,
    /// Muted by the host.
    pub muted: bool,
    /// The own result.
    #[schema(required)]
    pub result: Option<ResultView>,
    /// When a result was taken back; null where none was, or one was told since.
    #[schema(required)]
    pub result_withdrawn_at: Option<Time>,
    /// When it was confirmed.
    #[schema(required)]
    pub confirmed_at: Option<Time>,
    /// 确认面谈结果 would be accepted now.
    pub may_confirm: bool,
    /// Since when this candidate may go; null for who waits or is led in.
    #[schema(required)]
    pub let_go_at: Option<Time>,
    /// For a page without a connection, the newest line of chat that may be read: when it is another, there is something to
    /// read.
    #[schema(required)]
    pub newest_line: Option<String>,
}
