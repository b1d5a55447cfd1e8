//! The interview as a state machine: `handle(command, now)` gives events and effects, the state is the fold of the events.
//!
//! Pure: no clock, no randomness, no media. The one table of permissions is [`permission`].

mod admission;
mod code;
mod command;
mod effect;
mod event;
mod id;
mod interview;
mod limit;
mod permission;
mod refused;
mod score;
mod seat;
mod setup;
mod stage;
mod text;
mod view;

pub use admission::{Check, Method, Step};
pub use code::Code;
pub use command::{
    Action, AdministratorAction, Audience, Command, NewCandidate, PasswordChange, PathAction, SeatAction,
};
pub use effect::{CloseReason, Effect, SmsKind};
pub use event::{Event, Record};
pub use id::{Actor, CommandId, InterviewId, InvalidText, SeatId, Time};
pub use interview::{Decision, Interview, Presence, Unfoldable};
pub use permission::{Receives, Rights, Sends, Source, Standing, permission};
pub use refused::{Column, Problem, Refused, RowProblem, SetupFault};
pub use score::{Criterion, CriterionId, Points, total};
pub use seat::Role;
pub use setup::Setup;
pub use stage::{Stage, StageKind, Stages};
pub use view::{
    CandidateCard, CandidateRow, CandidateView, ChatLine, CheckView, ChecksView, Common, IdentityView,
    IncidentView, InterviewRow, PanelMember, PanelView, ResultView, SeatView, Sheet, SmsView, StaffRow,
};
