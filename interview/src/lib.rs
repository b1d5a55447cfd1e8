//! The interview as a state machine: `handle(command, now)` gives events and effects, the state is the fold of the events.
//!
//! Pure: no clock, no randomness, no media. The one table of permissions is [`permission`].
//!
//! One contract of driving: [`Interview::handle`] decides and changes nothing; the driver stores the decision's records,
//! hands each to [`Interview::apply`], does the effects, and answers who asked with [`Decision::refused`]. After a
//! restart [`Interview::fold`] over the stored records is the same interview.

mod admission;
mod asked;
mod audit;
mod candidate;
mod chat;
mod code;
mod command;
mod device_kind;
mod device_problem;
mod device_trouble;
mod draw;
mod draw_sheet;
mod draws;
mod effect;
mod erasure;
mod event;
mod face;
mod face_talk;
mod faces;
mod floor;
mod gate;
mod id;
mod imports;
mod interview;
mod language;
pub mod limit;
mod mean;
mod memory;
mod minutes;
#[cfg(test)]
mod model;
mod notes;
mod obstacle;
mod paper;
mod password;
mod permission;
mod picture_codec;
mod pledge;
mod presence;
mod question;
mod queue;
mod record;
mod refused;
mod rehearsal;
mod reminder;
mod result;
mod result_table;
mod score;
mod score_table;
mod scorebook;
mod seat;
mod second_camera;
mod setup;
mod sms_codes;
pub mod spreadsheet;
mod staff_check;
mod stage;
mod step;
mod table;
mod text;
mod trouble;
mod turn;
#[cfg(test)]
mod typescript;
mod view;
mod wording;
pub mod writing;

pub use audit::AuditLine;
pub use chat::ChatPart;
pub use code::Code;
pub use command::{
    Action, AdministratorAction, Audience, Command, DraftSeen, DrawAction, ListedCandidate, NewCandidate,
    PasswordChange, PathAction, SeatAction, ServerAction,
};
pub use device_kind::DeviceKind;
pub use device_problem::{DeviceProblem, DeviceTrouble};
pub use draw::{DRAW_FORMAT, DrawKind, Seed};
pub use draw_sheet::{DrawFile, DrawSheet, DrawState, DrawVerdict, DrawView};
pub use effect::{CloseReason, Effect, SmsKind};
pub use erasure::{ERASED, erased_seats, redact};
pub use event::{
    DrawEntry, DrawEvent, ErasureEvent, Event, HelmEvent, MessageEvent, NetworkEvent, PaperEvent,
    QuestionEvent, RehearsalEvent, StaffCheckEvent, TurnEvent,
};
pub use face::{
    Consent, ConsentTerms, FaceOffer, FaceOutcome, FaceTrial, FaceTrialView, FaceUse, FaceView, IdentityRules,
};
pub use face_talk::{FaceAsk, FaceClientMessage, FaceHint, FaceServerMessage};
pub use gate::Gate;
pub use id::{Actor, CommandId, InterviewId, InvalidText, LocalTime, SeatId, Time};
pub use interview::{Decision, Interview, Unfoldable};
pub use language::Language;
pub use mean::{Mean, ShowsMean};
pub use minutes::{
    Minutes, MinutesCandidate, MinutesEvent, MinutesLine, MinutesResult, MinutesScore, MinutesStaff,
    MinutesStage,
};
pub use obstacle::Obstacle;
pub use paper::{PaperFile, PaperKind, PaperView, SlidesView};
pub use password::Password;
pub use permission::{Receives, Rights, Sends, Source, Standing, permission};
pub use picture_codec::PictureCodec;
pub use pledge::Pledge;
pub use presence::Presence;
pub use question::{Question, QuestionSet};
pub use record::Record;
pub use refused::{Column, Problem, Refused, RowProblem, SetupFault};
pub use rehearsal::{Rehearsed, RehearsedCheck, RehearsedChecks, RehearsedTrouble, rehearsal_table};
pub use reminder::NotReminded;
pub use result::{Draft, Verdict, Withdrawal};
pub use score::{Criterion, CriterionId, Points, total};
pub use score_table::ScoreRow;
pub use seat::Role;
pub use second_camera::SecondCamera;
pub use setup::{LetsGo, Setup, USUAL_TIME_ZONE};
pub use staff_check::{StaffCheckFailure, StaffCheckView};
pub use stage::{Scope, Stage, StageKind, StageMark, Stages};
pub use step::{Check, Method, Step};
pub use table::{Cell, Table};
pub use trouble::Trouble;
pub use view::{
    Basics, CandidateCard, CandidateRow, CandidateView, ChatLine, CheckView, ChecksView, ClockView, FaceCard,
    HelmView, IdentityView, ImportRow, IncidentView, InterviewRow, PanelMember, PanelView, PrivateNote,
    ResultView, SeatView, SecondCameraState, SecondCameraView, Sheet, SmsView, StaffRow, Waiver, WayStep,
};
pub use wording::Wording;
