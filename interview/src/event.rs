//! What has happened: the list of these is the interview.

mod draw;
mod erasure;
mod helm;
mod message;
mod name;
mod network;
mod paper;
mod question;
mod rehearsal;
mod staff_check;
mod turn;

pub use self::{
    draw::{DrawEntry, DrawEvent},
    erasure::ErasureEvent,
    helm::HelmEvent,
    message::MessageEvent,
    network::NetworkEvent,
    paper::PaperEvent,
    question::QuestionEvent,
    rehearsal::RehearsalEvent,
    staff_check::StaffCheckEvent,
    turn::TurnEvent,
};

use crate::{
    Audience, Check, Code, ConsentTerms, CriterionId, DeviceProblem, FaceTrial, Gate, InterviewId, Method,
    Password, Points, Role, SeatId, Setup, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that happened. In JSON told apart by `event`; a name or field once written never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The interview was created: always the first, and only the first.
    Created {
        /// The id under which the store keeps these records.
        interview: InterviewId,
        /// Names, times, stages and criteria as they were at first.
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
        /// The id of the new seat.
        seat: SeatId,
        /// The account that it belongs to; may be empty.
        account: String,
        /// The person's name.
        name: String,
        /// Any role but candidate.
        role: Role,
    },
    /// A seat of the staff was taken away.
    StaffRemoved {
        /// A seat of the staff that is no more.
        seat: SeatId,
    },
    /// A candidate was entered, with an invitation.
    CandidateAdded {
        /// The id of the new seat.
        seat: SeatId,
        /// The person's name.
        name: String,
        /// The number of the exam card.
        number: String,
        /// The registered phone; may be empty.
        phone: String,
        /// The invitation's code: it stands here because sheets and messages must be printable again.
        code: Code,
        /// Its password.
        password: Option<Password>,
    },
    /// A list of candidates was imported; the records behind this one, of the same command, say of whom.
    CandidatesImported {
        /// How many were new.
        added: u32,
        /// How many were known, and got other data.
        changed: u32,
    },
    /// A candidate's data were changed.
    CandidateChanged {
        /// The candidate whose data these are.
        seat: SeatId,
        /// The person's name.
        name: String,
        /// The number of the exam card.
        number: String,
        /// The registered phone.
        phone: String,
        /// The invitation's password, as it is now.
        password: Option<Password>,
    },
    /// A candidate was taken out of the list.
    CandidateRemoved {
        /// A candidate who had not entered.
        seat: SeatId,
    },
    /// The invitation has another code.
    CodeIssued {
        /// The candidate whose old code is void.
        seat: SeatId,
        /// The new one.
        code: Code,
    },
    /// A photo was stored or deleted.
    PhotoSet {
        /// The candidate on the photo.
        seat: SeatId,
        /// Is there one now?
        present: bool,
    },
    /// The candidate entered with the code.
    Entered {
        /// The candidate whose code it was.
        seat: SeatId,
        /// Not for the first time: another device has the seat now.
        again: bool,
        /// Is a password asked for next?
        asks_password: bool,
    },
    /// The password was right.
    PasswordPassed {
        /// The candidate who goes on along the path.
        seat: SeatId,
    },
    /// The password was wrong.
    PasswordWrong {
        /// The candidate whose tries are counted.
        seat: SeatId,
        /// Set when this one was too many.
        locked_until: Option<Time>,
    },
    /// A code was sent.
    SmsSent {
        /// The candidate with the registered phone.
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
        /// The candidate whose tries are counted.
        seat: SeatId,
        /// Set when this one was too many.
        locked_until: Option<Time>,
    },
    /// The identity step was passed.
    IdentityPassed {
        /// The candidate who has passed.
        seat: SeatId,
        /// By a code, by the face, or by the host's word.
        method: Method,
        /// The host's reason, of an override.
        reason: Option<String>,
        /// Is the pledge asked for next?
        #[serde(default)]
        asks_pledge: bool,
    },
    /// The candidate said yes or no to the comparison of faces.
    ConsentTold {
        /// The candidate who was asked.
        seat: SeatId,
        /// The text that was shown, and how long pictures are kept by it.
        terms: ConsentTerms,
        /// False: the candidate goes by SMS.
        given: bool,
    },
    /// The server compared the candidate's face with the reference photo.
    FaceCompared {
        /// The candidate before the camera.
        seat: SeatId,
        /// What came of it.
        trial: FaceTrial,
    },
    /// The server compared the face in the picture that a candidate was sending, for the staff.
    FaceLookedAt {
        /// The candidate in the picture.
        seat: SeatId,
        /// The seat of the staff that asked for it.
        asked_by: SeatId,
        /// What came of it.
        trial: FaceTrial,
    },
    /// The candidate must show once more who they are, and waits afterwards.
    VerificationAsked {
        /// The candidate who is asked again.
        seat: SeatId,
    },
    /// The candidate accepted the pledge.
    PledgeAccepted {
        /// The candidate who promised.
        seat: SeatId,
        /// The version of the text.
        version: u32,
    },
    /// A device was tried.
    Checked {
        /// The candidate who tried it.
        seat: SeatId,
        /// The device that was tried.
        check: Check,
        /// Did it work?
        passed: bool,
        /// The device's name.
        device: String,
    },
    /// The candidate's page told that a device cannot be used, or can again.
    DeviceTroubled {
        /// The candidate whose device it is.
        seat: SeatId,
        /// Which device.
        check: Check,
        /// Why not; none: it can be used again.
        problem: Option<DeviceProblem>,
    },
    /// A host let the candidate pass the checks of devices.
    ChecksPassed {
        /// The candidate who waits from now on.
        seat: SeatId,
        /// The host's reason.
        reason: String,
    },
    /// The host led a candidate in, who is the current one now.
    Called {
        /// The new current candidate.
        candidate: SeatId,
        /// Those before in the queue who were offline.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        passed: Vec<SeatId>,
    },
    /// The current candidate waits again.
    SentBack {
        /// Who was the current candidate.
        candidate: SeatId,
    },
    /// A candidate went to the end of the queue.
    Deferred {
        /// Who is called after all who stand in the queue now.
        candidate: SeatId,
    },
    /// A deferral was taken back.
    Returned {
        /// Who stands in the queue by their number again.
        candidate: SeatId,
    },
    /// The current candidate is done in this stage and waits again.
    Finished {
        /// Who was the current candidate.
        candidate: SeatId,
    },
    /// Somebody was put out.
    Removed {
        /// The candidate, examiner or patrol who was put out.
        seat: SeatId,
        /// What the host wrote, for the audit.
        reason: String,
    },
    /// Somebody may come in again.
    Readmitted {
        /// Who had been put out or had left.
        seat: SeatId,
    },
    /// A candidate left for good.
    Left {
        /// The candidate who left.
        seat: SeatId,
    },
    /// The interview went to a stage.
    StageEntered {
        /// Its index among the stages, from 0.
        stage: u32,
    },
    /// The host talks to this waiting candidate, or to none.
    Addressed {
        /// The one who hears the host; `None` ends the talk.
        candidate: Option<SeatId>,
    },
    /// A candidate got the word, or no longer has it.
    WordGiven {
        /// The candidate who may be heard by all.
        candidate: SeatId,
        /// False: the word was taken back.
        given: bool,
    },
    /// A candidate was invited to share the screen, or no longer is.
    ScreenInvited {
        /// The candidate who may show the screen.
        candidate: SeatId,
        /// False: the invitation was taken back.
        invited: bool,
    },
    /// A candidate was invited to show slides, or no longer is.
    SlidesInvited {
        /// The candidate who may turn their pages.
        candidate: SeatId,
        /// False: the invitation was taken back.
        invited: bool,
    },
    /// A hand went up or down.
    HandRaised {
        /// The candidate whose hand it is.
        candidate: SeatId,
        /// False: the hand went down.
        raised: bool,
    },
    /// A link for a second camera was made for a candidate.
    SecondCameraOffered {
        /// The candidate who asked for it.
        seat: SeatId,
        /// It holds until then, once.
        until: Time,
    },
    /// A phone came by a link: it is the candidate's second camera, in the place of one before.
    SecondCameraPaired {
        /// The candidate whom the phone shows.
        seat: SeatId,
        /// The number of the link, counted from 1.
        link: u32,
    },
    /// A second camera is no longer paired, and its link no longer holds.
    SecondCameraDropped {
        /// The candidate whom the phone has shown.
        seat: SeatId,
    },
    /// Somebody was muted for all, or is heard again.
    Muted {
        /// The seat that is muted or heard again.
        seat: SeatId,
        /// False: it is heard again.
        muted: bool,
    },
    /// Somebody said something in writing.
    Said {
        /// The seat that wrote it.
        seat: SeatId,
        /// Who may read it.
        audience: Audience,
        /// As it was written, without characters that nobody sees.
        text: String,
    },
    /// A score sheet was kept.
    ScoresSaved {
        /// The examiner whose sheet it is.
        examiner: SeatId,
        /// The candidate who is scored.
        candidate: SeatId,
        /// All that stand on the sheet now, by criterion.
        points: BTreeMap<CriterionId, Points>,
        /// For the panel; may be empty.
        remark: String,
    },
    /// A score sheet was handed in.
    ScoresSubmitted {
        /// The examiner whose sheet it is.
        examiner: SeatId,
        /// The candidate who is scored.
        candidate: SeatId,
    },
    /// The scores of a candidate were closed.
    ScoresLocked {
        /// The candidate whose sheets keep still from now on.
        candidate: SeatId,
    },
    /// An examiner kept a private note.
    NoteKept {
        /// Who alone reads it.
        examiner: SeatId,
        /// The candidate of whom it tells.
        candidate: SeatId,
        /// All of it as it is now; empty for none.
        text: String,
    },
    /// A result was prepared.
    ResultDrafted {
        /// The candidate whose result it may become.
        candidate: SeatId,
        /// In the institution's words, e.g. 拟录取.
        outcome: String,
        /// In hundredths; `None` where the result is in words alone.
        points: Option<Points>,
        /// For the candidate; may be empty.
        remark: String,
    },
    /// A prepared result was thrown away.
    ResultDraftDropped {
        /// The candidate of whom it told.
        candidate: SeatId,
    },
    /// A result was told.
    ResultPublished {
        /// The candidate who may read it.
        candidate: SeatId,
        /// In the institution's words, e.g. 拟录取.
        outcome: String,
        /// In hundredths; `None` where the result is in words alone.
        points: Option<Points>,
        /// For the candidate; may be empty.
        remark: String,
        /// Why a chair told it although something stood in the way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beyond: Option<String>,
        /// What stood in the way.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gates: Vec<Gate>,
    },
    /// A result that was not confirmed was taken back.
    ResultWithdrawn {
        /// The candidate who can read it no more.
        candidate: SeatId,
        /// For the record.
        reason: String,
    },
    /// Another result was told after one was confirmed.
    ResultCorrected {
        /// The candidate who may read it.
        candidate: SeatId,
        /// In the institution's words, e.g. 拟录取.
        outcome: String,
        /// In hundredths; `None` where the result is in words alone.
        points: Option<Points>,
        /// For the candidate; may be empty.
        remark: String,
        /// For the candidate and for the record.
        reason: String,
    },
    /// A result was confirmed.
    ResultConfirmed {
        /// The candidate whose result it is.
        candidate: SeatId,
    },
    /// Somebody noted that something went wrong or was odd.
    IncidentMarked {
        /// Who marked it.
        seat: SeatId,
        /// The candidate whom it concerns, if it is one.
        candidate: Option<SeatId>,
        /// What was seen, in the words of who marked it.
        note: String,
    },
    /// Of the records before.
    #[serde(untagged)]
    Erasure(ErasureEvent),
    /// With a random draw.
    #[serde(untagged)]
    Draw(DrawEvent),
    /// With somebody's network.
    #[serde(untagged)]
    Network(NetworkEvent),
    /// Who leads, and who may.
    #[serde(untagged)]
    Helm(HelmEvent),
    /// With the questions to a candidate.
    #[serde(untagged)]
    Question(QuestionEvent),
    /// Something went to the outbox.
    #[serde(untagged)]
    Message(MessageEvent),
    /// That this is a rehearsal, and what is noted for its report.
    #[serde(untagged)]
    Rehearsal(RehearsalEvent),
    /// With the check of an identity by the staff.
    #[serde(untagged)]
    StaffCheck(StaffCheckEvent),
    /// With a candidate's papers.
    #[serde(untagged)]
    Paper(PaperEvent),
    /// In a candidate's turn. What belongs together stands in a file of its own; in JSON it is an event as any other.
    #[serde(untagged)]
    Turn(TurnEvent),
}
