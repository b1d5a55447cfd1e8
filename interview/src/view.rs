//! What a seat may know, in the shape that its page gets.

mod administrator;
mod candidate;

pub use administrator::{CandidateRow, ImportRow, InterviewRow, StaffRow};
pub use candidate::{CandidateView, WayStep};

use crate::{
    Audience, Criterion, CriterionId, DeviceTrouble, Draft, DrawView, FaceTrialView, FaceView, Gate,
    InterviewId, Mean, Method, PaperView, Points, QuestionSet, Role, SeatId, SecondCamera, ShowsMean,
    SlidesView, StaffCheckView, Stage, StageMark, Step, Time, Withdrawal,
};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// All that a seat may know of its interview at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum SeatView {
    /// For the page of a candidate.
    Candidate(Box<CandidateView>),
    /// An examiner's, a host's, a patrol's.
    Panel(Box<PanelView>),
}

/// What every seat knows.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct Basics {
    /// The interview's id.
    pub interview: InterviewId,
    /// A rehearsal: nothing of it counts, and all of it is erased.
    pub rehearsal: bool,
    /// The interview's name.
    pub name: String,
    /// All stages of the interview, in their order.
    pub stages: Vec<Stage>,
    /// The index of the one that is true for this seat: of the panel that of the current candidate, of a candidate the own one.
    pub stage: u32,
    /// When it was entered.
    pub stage_since: Time,
    /// The index of the one in which all are together, or in which a call begins.
    pub stage_of_all: u32,
    /// Where this seat stands with each of them.
    pub marks: Vec<StageMark>,
    /// The clock of the stage that the candidate is in alone; null where all are together, and for who waits.
    #[schema(required)]
    pub clock: Option<ClockView>,
    /// Who leads, while the hosts are away.
    pub helm: HelmView,
    /// The server's time.
    pub now: Time,
    /// The IANA name of the time zone in which times of this interview are told.
    pub time_zone: String,
    /// The own seat.
    pub seat: SeatId,
    /// The own name.
    pub person: String,
}

/// How long a candidate was in a stage. What has passed is `spent` and, where it runs, the time since `running_since`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ClockView {
    /// Until it was stopped last, in milliseconds.
    #[ts(type = "number")]
    pub spent: u64,
    /// Null while it stands.
    #[schema(required)]
    pub running_since: Option<Time>,
    /// The planned time of the stage, in milliseconds; null without a plan.
    #[schema(required)]
    #[ts(type = "number | null")]
    pub planned: Option<u64>,
    /// What was added to it, in milliseconds.
    #[ts(type = "number")]
    pub extended: u64,
    /// Stopped by a host.
    pub paused: bool,
}

/// Who leads, while the hosts are away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct HelmView {
    /// The examiner who leads.
    #[schema(required)]
    pub taken_by: Option<SeatId>,
    /// Since when nobody who may lead has a connection; a connection that is lost for some seconds comes back.
    #[schema(required)]
    pub empty_since: Option<Time>,
}

/// A line of chat: told by itself, never as a part of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ChatLine {
    /// Unique in the interview: a whole number in decimal, larger than that of any line before it.
    pub id: String,
    /// When it was written.
    pub at: Time,
    /// The seat that wrote it.
    pub from: SeatId,
    /// Who, by name.
    pub from_name: String,
    /// Who, by role.
    pub from_role: Role,
    /// Who may read it.
    pub audience: Audience,
    /// As it was written: text, never markup.
    pub text: String,
}

/// The newest try of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct CheckView {
    /// Did it work?
    pub passed: bool,
    /// The device's name.
    pub device: String,
    /// When it was tried.
    pub at: Time,
}

/// The newest try of each device.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS, ToSchema)]
pub struct ChecksView {
    /// 扬声器检测; null before the first try.
    #[schema(required)]
    pub speaker: Option<CheckView>,
    /// 麦克风检测; null before the first try.
    #[schema(required)]
    pub microphone: Option<CheckView>,
    /// 视频检测; null before the first try.
    #[schema(required)]
    pub camera: Option<CheckView>,
}

/// How the identity step was passed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS, ToSchema)]
pub struct IdentityView {
    /// How; null while it is not passed.
    #[schema(required)]
    pub method: Option<Method>,
    /// Null while it is not passed.
    #[schema(required)]
    pub passed_at: Option<Time>,
    /// The reason of an override; for the panel alone.
    #[schema(required)]
    pub reason: Option<String>,
}

/// The SMS code that was sent last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct SmsView {
    /// The next one may be sent then.
    pub resend_at: Time,
    /// It holds until.
    pub expires_at: Time,
    /// Wrong codes until the step is locked.
    pub tries_left: u8,
}

/// A published result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ResultView {
    /// Free text, e.g. 拟录取.
    pub outcome: String,
    /// In hundredths; null where the result is in words alone.
    #[schema(required)]
    pub points: Option<Points>,
    /// From the host; may be empty.
    pub remark: String,
    /// What `confirm` repeats, so that a result changed meanwhile is not confirmed unseen.
    pub published_at: Time,
    /// What `confirm` repeats as well: the how many-th telling of a result it is, from 1.
    pub revision: u32,
    /// Why it is another than the one that was confirmed before; null where none was.
    #[schema(required)]
    pub correction: Option<String>,
}

/// How it stands with a candidate's second camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct SecondCameraState {
    /// Whether this interview has second cameras.
    pub wish: SecondCamera,
    /// A phone is paired.
    pub paired: bool,
    /// It has a connection now.
    pub online: bool,
}

/// What a paired phone knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct SecondCameraView {
    /// Always `second_camera`: tells this view from a candidate's.
    #[ts(type = "\"second_camera\"")]
    pub role: &'static str,
    /// A rehearsal: nothing of it counts.
    pub rehearsal: bool,
    /// The interview's name.
    pub name: String,
    /// The candidate's name.
    pub person: String,
    /// The panel may see its picture now.
    pub seen: bool,
    /// The server's time.
    pub now: Time,
}

/// What the staff sees of a candidate's face check and pledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FaceCard {
    /// As the candidate sees it.
    #[serde(flatten)]
    pub view: FaceView,
    /// The newest comparisons, the oldest first.
    pub trials: Vec<FaceTrialView>,
    /// How many of them a person should look at: another face than on the photo, or two faces in one check.
    pub suspects: u32,
    /// When the pledge was accepted.
    pub pledged_at: Option<Time>,
}

/// A host's word that lets a candidate pass the checks of devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Waiver {
    /// When.
    pub at: Time,
    /// The host's reason.
    pub reason: String,
}

/// A candidate, as the panel sees it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CandidateCard {
    /// What hosts name in their actions.
    pub seat: SeatId,
    /// The person's name.
    pub name: String,
    /// The number of the exam card.
    pub number: String,
    /// Where on the path.
    #[ts(type = "Step | \"invited\"")]
    pub step: Step,
    /// Has a connection now.
    pub online: bool,
    /// Is on the pages before the room, and not in it yet.
    pub arriving: bool,
    /// When the pages before the room last asked; null for who is there, or was not since.
    pub last_seen: Option<Time>,
    /// Since when the connection is lost; null for who is online, or never was.
    pub offline_since: Option<Time>,
    /// How the identity step was passed.
    pub identity: IdentityView,
    /// The newest try of each device.
    pub checks: ChecksView,
    /// The first device whose newest try failed.
    pub failed_check: Option<crate::Check>,
    /// The devices that the page cannot use at this moment.
    pub device_troubles: Vec<DeviceTrouble>,
    /// A host let this candidate pass the checks.
    pub waiver: Option<Waiver>,
    /// The step that is locked for a while, after too many wrong passwords or codes.
    #[ts(type = "\"password\" | \"identity\" | null")]
    pub locked_at: Option<Step>,
    /// How it stands with the face check.
    pub face: FaceCard,
    /// How it stands with the check by the staff.
    pub staff_check: StaffCheckView,
    /// Is there a reference photo?
    pub photo: bool,
    /// The papers; none for a patrol.
    pub papers: Vec<PaperView>,
    /// The own time; null: when the interview opens.
    pub starts_at: Option<Time>,
    /// The place among those who wait to be called, from 1; null for all others.
    pub position: Option<u32>,
    /// Put at the end of the queue.
    pub deferred: bool,
    /// Done in this stage: `call_next` passes by.
    pub done: bool,
    /// It is this candidate's turn.
    pub current: bool,
    /// The host talks to this candidate.
    pub addressed: bool,
    /// Has the word in a briefing.
    pub has_word: bool,
    /// Is invited to share the screen.
    pub may_share: bool,
    /// The second camera.
    pub second_camera: SecondCameraState,
    /// The hand is up.
    pub hand: bool,
    /// Muted by the host.
    pub muted: bool,
    /// The published result.
    pub result: Option<ResultView>,
    /// When it was confirmed.
    pub confirmed_at: Option<Time>,
    /// That it was taken back, while none is told; for hosts alone.
    pub withdrawn: Option<Withdrawal>,
    /// Since when this candidate may go; a call brings them back.
    pub let_go_at: Option<Time>,
    /// When this candidate left; null for who has not, or came back.
    pub left_at: Option<Time>,
    /// When an interview with this candidate first came to its end.
    pub interviewed_at: Option<Time>,
    /// What still stands in the way of a result; a chair may go past it.
    pub gates: Vec<Gate>,
    /// The prepared result; for hosts alone.
    pub draft: Option<Draft>,
    /// How many examiners have handed their sheet in.
    pub submitted: u32,
    /// The mean of the sheets that are handed in; for examiners alone, as the interview's setup allows.
    pub mean: Option<Mean>,
    /// The `id` of the set of questions that was drawn; not for patrols.
    pub question_set: Option<u32>,
    /// The questions that were asked; not for patrols.
    pub asked: Vec<u32>,
}

/// A member of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PanelMember {
    /// The id that `from` of a line of chat names.
    pub seat: SeatId,
    /// The person's name.
    pub name: String,
    /// Examiner or host.
    pub role: Role,
    /// Marked as chair.
    pub chair: bool,
    /// Has a connection now.
    pub online: bool,
    /// Muted by the host.
    pub muted: bool,
    /// Put out by the host.
    pub removed: bool,
}

/// A score sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Sheet {
    /// The examiner whose sheet it is.
    pub examiner: SeatId,
    /// The candidate who is scored.
    pub candidate: SeatId,
    /// Hundredths by criterion.
    #[ts(type = "Record<string, number>")]
    pub points: BTreeMap<CriterionId, Points>,
    /// For the panel; may be empty.
    pub remark: String,
    /// When it was last kept.
    pub saved_at: Option<Time>,
    /// When it was handed in.
    pub submitted_at: Option<Time>,
    /// The weighted mean, once all points are there.
    pub total: Option<Points>,
}

/// What an examiner has written of a candidate for the own eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PrivateNote {
    /// The candidate of whom it tells.
    pub candidate: SeatId,
    /// Not empty.
    pub text: String,
    /// When it was last kept.
    pub kept_at: Time,
}

/// A noted incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct IncidentView {
    /// Unique in the interview.
    pub id: String,
    /// When it was noted.
    pub at: Time,
    /// Who noted it, by role.
    pub by_role: Role,
    /// Who noted it, by name; empty of a patrol, who stands on no list.
    pub by_name: String,
    /// The candidate whom it concerns, if it is one.
    pub candidate: Option<SeatId>,
    /// What was seen, in the words of who noted it.
    pub note: String,
}

/// What an examiner, a host or a patrol knows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PanelView {
    /// The own role.
    #[ts(type = "\"examiner\" | \"host\" | \"patrol\"")]
    pub role: Role,
    /// What every seat knows.
    #[serde(flatten)]
    pub common: Basics,
    /// Leads: a host, or the examiner who has the helm.
    pub leads: bool,
    /// May tell a result although something stands in the way: marked as chair, or a host where nobody is.
    pub is_chair: bool,
    /// Examiners and hosts; patrols stand on no list.
    pub panel: Vec<PanelMember>,
    /// All candidates, in the order of the queue.
    pub candidates: Vec<CandidateCard>,
    /// Whose turn it is.
    pub current: Option<SeatId>,
    /// The current candidate's slides, while they are shown; none for a patrol.
    pub slides: Option<SlidesView>,
    /// What is scored.
    pub criteria: Vec<Criterion>,
    /// The own sheets; of others only those of candidates whom all examiners have scored. None for a patrol.
    pub sheets: Vec<Sheet>,
    /// Who has handed a sheet in, by candidate.
    #[ts(type = "Record<string, string[]>")]
    pub submitted: BTreeMap<SeatId, Vec<SeatId>>,
    /// Candidates whose scores are closed.
    pub locked: Vec<SeatId>,
    /// What may be asked, in sets; not for patrols.
    pub questions: Vec<QuestionSet>,
    /// The own private notes; nobody else's, ever.
    pub notes: Vec<PrivateNote>,
    /// When examiners see the panel's mean.
    pub shows_mean: ShowsMean,
    /// What was noted, the oldest first.
    pub incidents: Vec<IncidentView>,
    /// Random draws, the oldest first.
    pub draws: Vec<DrawView>,
}
