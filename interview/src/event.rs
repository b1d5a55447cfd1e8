//! What has happened: the list of these is the interview.

mod name;

use crate::{
    Actor, Audience, Check, Code, CommandId, CriterionId, InterviewId, Method, Points, Refused, Role, SeatId,
    Setup, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An event with who did it when by which command. The store keeps it; the interview is the fold of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When, never before the record before it.
    pub at: Time,
    /// Who.
    pub by: Actor,
    /// By which command.
    pub command: CommandId,
    /// What.
    pub event: Event,
}

/// Something that happened. In JSON told apart by `event`; a name or field once written never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The interview was created: always the first, and only the first.
    Created {
        /// Its id.
        interview: InterviewId,
        /// Its setup.
        setup: Setup,
    },
    /// The setup was changed.
    Changed {
        /// All of the new one.
        setup: Setup,
    },
    /// The interview was given up.
    Deleted,
    /// A seat of the staff was made.
    StaffAdded {
        /// Its id.
        seat: SeatId,
        /// The account that it belongs to; may be empty.
        account: String,
        /// The person's name.
        name: String,
        /// Its role.
        role: Role,
    },
    /// A seat of the staff was taken away.
    StaffRemoved {
        /// Whose.
        seat: SeatId,
    },
    /// A candidate was entered, with an invitation.
    CandidateAdded {
        /// The seat.
        seat: SeatId,
        /// The person's name.
        name: String,
        /// The number of the exam card.
        number: String,
        /// The registered phone; may be empty.
        phone: String,
        /// The invitation's code: it stands here because sheets and messages must be printable again.
        code: Code,
        /// The digest of its password.
        password: Option<String>,
    },
    /// A candidate's data were changed.
    CandidateChanged {
        /// Whose.
        seat: SeatId,
        /// The person's name.
        name: String,
        /// The number of the exam card.
        number: String,
        /// The registered phone.
        phone: String,
        /// The digest of the invitation's password, as it is now.
        password: Option<String>,
    },
    /// A candidate was taken out of the list.
    CandidateRemoved {
        /// Whose.
        seat: SeatId,
    },
    /// The invitation has another code.
    CodeIssued {
        /// Whose.
        seat: SeatId,
        /// The new one.
        code: Code,
    },
    /// A photo was stored or deleted.
    PhotoSet {
        /// Whose.
        seat: SeatId,
        /// Is there one now?
        present: bool,
    },
    /// The invitation went to the outbox.
    Invited {
        /// Whose.
        seat: SeatId,
    },
    /// The candidate entered with the code.
    Entered {
        /// Who.
        seat: SeatId,
        /// Not for the first time: another device has the seat now.
        again: bool,
        /// Is a password asked for next?
        asks_password: bool,
    },
    /// The password was right.
    PasswordPassed {
        /// Whose.
        seat: SeatId,
    },
    /// The password was wrong.
    PasswordWrong {
        /// Whose.
        seat: SeatId,
        /// Set when this one was too many.
        locked_until: Option<Time>,
    },
    /// A code was sent.
    SmsSent {
        /// To whom.
        seat: SeatId,
        /// The digest of the code.
        digest: String,
        /// The next one not before.
        resend_at: Time,
        /// It holds until.
        expires_at: Time,
    },
    /// The code was wrong.
    SmsWrong {
        /// Whose.
        seat: SeatId,
        /// Set when this one was too many.
        locked_until: Option<Time>,
    },
    /// The identity step was passed.
    IdentityPassed {
        /// Who.
        seat: SeatId,
        /// How.
        method: Method,
        /// The host's reason, of an override.
        reason: Option<String>,
    },
    /// A device was tried.
    Checked {
        /// Who.
        seat: SeatId,
        /// Which.
        check: Check,
        /// Did it work?
        passed: bool,
        /// The device's name.
        device: String,
    },
    /// The host led a candidate in, who is the current one now.
    Called {
        /// Whom.
        candidate: SeatId,
    },
    /// The current candidate waits again.
    SentBack {
        /// Whom.
        candidate: SeatId,
    },
    /// A candidate went to the end of the queue.
    Deferred {
        /// Whom.
        candidate: SeatId,
    },
    /// A deferral was taken back.
    Returned {
        /// Whom.
        candidate: SeatId,
    },
    /// The current candidate is done in this stage and waits again.
    Finished {
        /// Who.
        candidate: SeatId,
    },
    /// Somebody was put out.
    Removed {
        /// Whom.
        seat: SeatId,
        /// Why.
        reason: String,
    },
    /// Somebody may come in again.
    Readmitted {
        /// Whom.
        seat: SeatId,
    },
    /// A candidate left for good.
    Left {
        /// Who.
        seat: SeatId,
    },
    /// The interview went to a stage.
    StageEntered {
        /// Its index.
        stage: u32,
    },
    /// The host talks to this waiting candidate, or to none.
    Addressed {
        /// Whom.
        candidate: Option<SeatId>,
    },
    /// A candidate got the word, or no longer has it.
    WordGiven {
        /// Whom.
        candidate: SeatId,
        /// Given?
        given: bool,
    },
    /// A candidate was invited to share the screen, or no longer is.
    ScreenInvited {
        /// Whom.
        candidate: SeatId,
        /// Invited?
        invited: bool,
    },
    /// A hand went up or down.
    HandRaised {
        /// Whose.
        candidate: SeatId,
        /// Up?
        raised: bool,
    },
    /// A link for a second camera was made for a candidate.
    SecondCameraOffered {
        /// Whose.
        seat: SeatId,
        /// It holds until then, once.
        until: Time,
    },
    /// A phone came by a link: it is the candidate's second camera, in the place of one before.
    SecondCameraPaired {
        /// Whose.
        seat: SeatId,
        /// The number of the link, counted from 1.
        link: u32,
    },
    /// A second camera is no longer paired, and its link no longer holds.
    SecondCameraDropped {
        /// Whose.
        seat: SeatId,
    },
    /// Somebody was muted for all, or is heard again.
    Muted {
        /// Whom.
        seat: SeatId,
        /// Muted?
        muted: bool,
    },
    /// Somebody said something in writing.
    Said {
        /// Who.
        seat: SeatId,
        /// To whom.
        audience: Audience,
        /// What.
        text: String,
    },
    /// A score sheet was kept.
    ScoresSaved {
        /// Whose.
        examiner: SeatId,
        /// Of whom.
        candidate: SeatId,
        /// By criterion.
        points: BTreeMap<CriterionId, Points>,
        /// Free text.
        remark: String,
    },
    /// A score sheet was handed in.
    ScoresSubmitted {
        /// Whose.
        examiner: SeatId,
        /// Of whom.
        candidate: SeatId,
    },
    /// The scores of a candidate were closed.
    ScoresLocked {
        /// Of whom.
        candidate: SeatId,
    },
    /// A result was told.
    ResultPublished {
        /// Whom.
        candidate: SeatId,
        /// Free text.
        outcome: String,
        /// Hundredths.
        points: Option<Points>,
        /// Free text.
        remark: String,
    },
    /// A result was confirmed.
    ResultConfirmed {
        /// By whom.
        candidate: SeatId,
    },
    /// Something happened.
    IncidentMarked {
        /// Who marked it.
        seat: SeatId,
        /// With whom.
        candidate: Option<SeatId>,
        /// What.
        note: String,
    },
}

impl Event {
    /// The refusal that goes with what is recorded although it failed.
    pub(crate) const fn refusal(&self) -> Option<Refused> {
        match self {
            Self::PasswordWrong { locked_until: Some(until), .. }
            | Self::SmsWrong { locked_until: Some(until), .. } => Some(Refused::Locked { until: *until }),
            Self::PasswordWrong { .. } => Some(Refused::PasswordWrong),
            Self::SmsWrong { .. } => Some(Refused::SmsWrong),
            _ => None,
        }
    }
}
