//! Actions of who sits in a seat: the `action` of the WebSocket's `act`.

use crate::{CriterionId, Points, SeatId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// What a seat may want, told apart by `do`; the role says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatAction {
    /// Says something in writing. Candidates, examiners, hosts.
    Say {
        /// To whom.
        audience: Audience,
        /// At most 2,000 characters.
        text: String,
    },
    /// Raises the hand, or takes it down. Candidates.
    RaiseHand {
        /// Up?
        raised: bool,
    },
    /// Confirms the own result. Candidates.
    Confirm {
        /// The `published_at` of the result that the person has seen: another one is not confirmed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        published_at: Option<Time>,
    },
    /// Leaves for good. Candidates.
    Leave {},
    /// Keeps an unfinished score sheet. Examiners.
    SaveScores {
        /// Of whom.
        candidate: SeatId,
        /// Hundredths by criterion; some may be missing.
        #[ts(type = "Record<string, number>")]
        points: BTreeMap<CriterionId, Points>,
        /// At most 2,000 characters.
        remark: String,
    },
    /// Hands the own score sheet in, complete and for good. Examiners.
    SubmitScores {
        /// Of whom.
        candidate: SeatId,
    },
    /// Leads a waiting candidate in. Hosts, as all that follow but the last.
    Call {
        /// Whom.
        candidate: SeatId,
    },
    /// Leads the next one of the queue in.
    CallNext {},
    /// Sends the current candidate back to wait.
    SendBack {},
    /// Puts a waiting candidate at the end of the queue.
    Defer {
        /// Whom.
        candidate: SeatId,
    },
    /// Takes a deferral back.
    Return {
        /// Whom.
        candidate: SeatId,
    },
    /// The current candidate is done in this stage.
    FinishCandidate {},
    /// Puts somebody out.
    Remove {
        /// Whom: a candidate, an examiner or a patrol.
        seat: SeatId,
        /// For the record.
        reason: String,
    },
    /// Lets somebody in again who was put out or left.
    Readmit {
        /// Whom.
        seat: SeatId,
    },
    /// Goes to a stage.
    GoToStage {
        /// Its index, from 0.
        stage: u32,
    },
    /// Talks to one waiting candidate, or to none.
    Address {
        /// Whom.
        candidate: Option<SeatId>,
    },
    /// Gives a candidate the word in a briefing, or takes it.
    GiveWord {
        /// Whom.
        candidate: SeatId,
        /// Given?
        given: bool,
    },
    /// Invites the current candidate to share the screen, or takes the invitation back.
    InviteScreen {
        /// Whom.
        candidate: SeatId,
        /// Invited?
        invited: bool,
    },
    /// Mutes somebody for all, or lets them be heard again.
    Mute {
        /// Whom.
        seat: SeatId,
        /// Muted?
        muted: bool,
    },
    /// Lets a candidate pass the identity step.
    OverrideIdentity {
        /// Whom.
        candidate: SeatId,
        /// For the record.
        reason: String,
    },
    /// Closes the scores of a candidate whom all examiners have scored.
    LockScores {
        /// Of whom.
        candidate: SeatId,
    },
    /// Tells a candidate the result; again, until it is confirmed.
    PublishResult {
        /// Whom.
        candidate: SeatId,
        /// Free text, e.g. 拟录取.
        outcome: String,
        /// Hundredths.
        points: Option<Points>,
        /// At most 2,000 characters; may be empty.
        remark: String,
    },
    /// Notes that something happened. Hosts, examiners, patrols.
    MarkIncident {
        /// With whom, if with one.
        candidate: Option<SeatId>,
        /// What.
        note: String,
    },
}

/// Who reads a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Audience {
    /// The panel, and the candidates who are with it at this moment; of a host, all candidates.
    All,
    /// The panel alone.
    Panel,
    /// One candidate with the hosts.
    Candidate {
        /// Which.
        candidate: SeatId,
    },
}
