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
        /// Who is to read it.
        audience: Audience,
        /// At most 2,000 characters.
        text: String,
    },
    /// Raises the hand, or takes it down. Candidates.
    RaiseHand {
        /// False takes the hand down.
        raised: bool,
    },
    /// Confirms the own result. Candidates.
    Confirm {
        /// The `published_at` of the result that the person has seen: another one is not confirmed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        published_at: Option<Time>,
        /// The `revision` of it. A correction is confirmed by its revision alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        revision: Option<u32>,
    },
    /// Leaves; who has left may come back until the interview ends. Candidates.
    Leave {},
    /// Keeps an unfinished score sheet. Examiners.
    SaveScores {
        /// The candidate who is scored.
        candidate: SeatId,
        /// Hundredths by criterion; some may be missing.
        #[ts(type = "Record<string, number>")]
        points: BTreeMap<CriterionId, Points>,
        /// At most 2,000 characters.
        remark: String,
    },
    /// Hands the own score sheet in, complete and for good. Examiners.
    SubmitScores {
        /// The candidate who is scored.
        candidate: SeatId,
    },
    /// Keeps what an examiner writes of a candidate for the own eyes, in the place of what was there. Examiners.
    KeepNote {
        /// The candidate of whom it tells.
        candidate: SeatId,
        /// At most 2,000 characters; empty for none.
        text: String,
    },
    /// Leads a waiting candidate in. Hosts, as all that follow but the last.
    Call {
        /// The waiting candidate to be the current one.
        candidate: SeatId,
    },
    /// Leads the next one of the queue in.
    CallNext {},
    /// The current candidate is done, and the next one of the queue who is here is led in.
    NextCandidate {
        /// The current candidate: a second click finishes nobody else.
        finish: SeatId,
    },
    /// Leads while no host is there: examiners who are chairs. A host takes the helm back.
    TakeHelm {},
    /// Gives the helm back: the examiner who leads.
    GiveHelm {},
    /// Moves a candidate in the queue.
    MoveCandidate {
        /// Any candidate but the current one and those who are out.
        candidate: SeatId,
        /// Whom they are to stand before; `null` moves to the end.
        before: Option<SeatId>,
    },
    /// Lets a candidate who waits go: media are closed, the result and its confirmation stay. A call brings them back.
    LetGo {
        /// Who is in the waiting room.
        candidate: SeatId,
    },
    /// Stops the current candidate's clock.
    PauseClock {},
    /// Lets the current candidate's clock go on.
    ResumeClock {},
    /// Gives the current candidate more time in this stage.
    ExtendClock {
        /// 1 to 240.
        minutes: u32,
        /// For the record.
        reason: String,
    },
    /// Sends the current candidate back to wait.
    SendBack {},
    /// Puts a waiting candidate at the end of the queue.
    Defer {
        /// Any candidate but the current one and those who are out.
        candidate: SeatId,
    },
    /// Takes a deferral back.
    Return {
        /// A candidate who was deferred.
        candidate: SeatId,
    },
    /// The current candidate is done in this stage, and waits.
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
        /// A seat that was put out, or whose person left.
        seat: SeatId,
    },
    /// Goes to a stage: with the current candidate alone to one that candidates go through alone, with all to any other.
    GoToStage {
        /// Its index, from 0.
        stage: u32,
    },
    /// Talks to one waiting candidate, or to none.
    Address {
        /// The one to talk to; `null` ends the talk.
        candidate: Option<SeatId>,
    },
    /// Gives a candidate the word in a briefing, or takes it.
    GiveWord {
        /// Who is in the waiting room or led in, in a stage for all candidates.
        candidate: SeatId,
        /// False takes the word back.
        given: bool,
    },
    /// Invites the current candidate to share the screen, or takes the invitation back.
    InviteScreen {
        /// The current candidate's seat.
        candidate: SeatId,
        /// False takes the invitation back.
        invited: bool,
    },
    /// Invites the current candidate to show the slides, or takes the invitation back. Hosts and examiners.
    InviteSlides {
        /// The current candidate's seat.
        candidate: SeatId,
        /// False takes the invitation back.
        invited: bool,
    },
    /// Turns the own slides to another page, which is not recorded. Candidates who were invited to.
    TurnPage {
        /// From 1.
        page: u32,
    },
    /// Mutes somebody for all, or lets them be heard again.
    Mute {
        /// Any seat but a patrol's, which sends nothing.
        seat: SeatId,
        /// False lets them be heard again.
        muted: bool,
    },
    /// Lets a candidate pass the identity step.
    OverrideIdentity {
        /// A candidate at the password or the identity step.
        candidate: SeatId,
        /// For the record.
        reason: String,
    },
    /// Says that a candidate is who they are, after a look at the picture that they send. Hosts.
    ConfirmIdentity {
        /// A candidate who has asked to be looked at.
        candidate: SeatId,
    },
    /// Says that it was not found; the candidate may ask once more, or go another way.
    RefuseIdentity {
        /// A candidate who has asked to be looked at.
        candidate: SeatId,
        /// For the candidate and for the record.
        reason: String,
    },
    /// Lets a candidate pass the checks of devices: they wait from then on.
    PassChecks {
        /// A candidate at one of the checks.
        candidate: SeatId,
        /// For the record.
        reason: String,
    },
    /// Asks a candidate once more who they are; they wait afterwards.
    VerifyAgain {
        /// A candidate who waits or is led in.
        candidate: SeatId,
    },
    /// Closes the scores of a candidate whom all examiners have scored.
    LockScores {
        /// A candidate whom every examiner has scored.
        candidate: SeatId,
    },
    /// Prepares a result, or prepares it anew; no candidate sees it.
    DraftResult {
        /// The candidate whose result it may become.
        candidate: SeatId,
        /// Free text, e.g. 拟录取.
        outcome: String,
        /// In hundredths; `null` where the result is in words alone.
        points: Option<Points>,
        /// At most 2,000 characters; may be empty.
        remark: String,
    },
    /// Throws a prepared result away.
    DropDraft {
        /// The candidate of whom it tells.
        candidate: SeatId,
    },
    /// Tells a candidate the result; again, until it is confirmed. Only after the interview, with all sheets handed in.
    PublishResult {
        /// The candidate whose result it is.
        candidate: SeatId,
        /// Free text, e.g. 拟录取.
        outcome: String,
        /// In hundredths; `null` where the result is in words alone.
        points: Option<Points>,
        /// At most 2,000 characters; may be empty.
        remark: String,
        /// Why a chair tells it although something stands in the way, for the record; at most 500 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        beyond: Option<String>,
    },
    /// Tells prepared results together: all of these, or none.
    PublishDrafts {
        /// At most one a candidate, each as it was seen.
        drafts: Vec<DraftSeen>,
    },
    /// Takes a result back that is not confirmed; it goes on as a draft.
    WithdrawResult {
        /// The candidate whose result it was.
        candidate: SeatId,
        /// For the record.
        reason: String,
    },
    /// Tells another result after one was confirmed; the candidate confirms anew.
    CorrectResult {
        /// The candidate whose result it is.
        candidate: SeatId,
        /// Free text, e.g. 拟录取.
        outcome: String,
        /// In hundredths; `null` where the result is in words alone.
        points: Option<Points>,
        /// At most 2,000 characters; may be empty.
        remark: String,
        /// For the candidate and for the record.
        reason: String,
    },
    /// Says which set of questions a candidate has drawn. Hosts.
    AssignQuestions {
        /// The candidate who has drawn it.
        candidate: SeatId,
        /// The `id` of the set; `null` for none.
        set: Option<u32>,
    },
    /// Marks a question as asked, or takes the mark back. Examiners, hosts.
    MarkAsked {
        /// The candidate who was asked.
        candidate: SeatId,
        /// The `id` of the question, of whatever set.
        question: u32,
        /// False takes the mark back.
        asked: bool,
    },
    /// Notes that something happened. Hosts, examiners, patrols.
    MarkIncident {
        /// With whom, if with one.
        candidate: Option<SeatId>,
        /// At most 2,000 characters, not empty.
        note: String,
    },
}

/// A prepared result as somebody has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftSeen {
    /// The candidate of whom it tells.
    pub candidate: SeatId,
    /// Its `revision`: another one is not published.
    pub revision: u32,
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
        /// The candidate who reads it, or has written it.
        candidate: SeatId,
    },
}
