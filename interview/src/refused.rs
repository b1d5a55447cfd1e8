//! Why a command is refused: a closed list, each of which the server puts into a line of its table of errors.

use crate::{Obstacle, Time, limit};
use serde::Serialize;
use ts_rs::TS;

/// A command that is not done. The `Display` is the detail for the developer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No invitation has this code.
    #[error("no invitation has this code")]
    InvitationUnknown,
    /// The window opens later.
    #[error("{opens_at}[{time_zone}]")]
    InvitationEarly {
        /// The start of the window, for the person.
        opens_at: Time,
        /// In which it is told.
        time_zone: String,
    },
    /// The window has closed.
    #[error("the invitation held until {closed_at}")]
    InvitationExpired {
        /// The end of the window, for the person.
        closed_at: Time,
    },
    /// The candidate has left or was put out, or the interview is over.
    #[error("the candidate has left or was put out, or the interview is over")]
    InvitationUsed,
    /// Not this password.
    #[error("another password was set")]
    PasswordWrong,
    /// Too many wrong passwords or codes.
    #[error("locked until {until}")]
    Locked {
        /// The end of the lock; a host may lift it before.
        until: Time,
    },
    /// Not this code.
    #[error("another code was sent")]
    SmsWrong,
    /// The code no longer holds, or none was sent.
    #[error("no code holds at this time")]
    SmsExpired,
    /// The next SMS may be sent later.
    #[error("the next one may be sent at {again_at}")]
    SmsTooSoon {
        /// When the next code may be asked for.
        again_at: Time,
    },
    /// The seat has written as many lines in this minute as it may.
    #[error("the next line may be written at {again_at}")]
    TooFast {
        /// When the next line may be written.
        again_at: Time,
    },
    /// What was typed to confirm is not what had to be typed.
    #[error("what was typed does not match")]
    NotConfirmed,
    /// No more SMS for this candidate.
    #[error("no more codes are sent to this candidate")]
    SmsLimit,
    /// The face is not compared here: the interview does not want it, there is no photo, or all tries have failed.
    #[error("the face check is not offered: {0}")]
    FaceNotOffered(&'static str),
    /// The person has not consented to the comparison of faces.
    #[error("the candidate has not consented to the comparison of faces")]
    ConsentMissing,
    /// The text of the pledge has changed meanwhile.
    #[error("the pledge has another text now")]
    PledgeChanged,
    /// Not in this state of the interview or of the candidate.
    #[error("{0}")]
    NotNow(Obstacle),
    /// The link for a second camera was used, is too old, or has made room for a newer one.
    #[error("this link was used, or holds no longer")]
    PairingOver,
    /// The actor has no seat in this interview.
    #[error("the actor has no seat in this interview")]
    NotYourSeat,
    /// The actor's role may not.
    #[error("this role may not do this")]
    Forbidden,
    /// No such candidate.
    #[error("no such candidate")]
    CandidateUnknown,
    /// No such seat, stage or criterion.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// A criterion has no points yet, or an examiner has not submitted yet.
    #[error("scores are missing")]
    ScoresIncomplete,
    /// Points beyond the bounds of a criterion or a result.
    #[error("the points are out of bounds: {of}")]
    ScoresOutOfBounds {
        /// The criterion, or `result`.
        of: String,
    },
    /// The sheet has been handed in.
    #[error("the sheet has been handed in")]
    ScoresSubmitted,
    /// The host has closed the scores of this candidate.
    #[error("the scores of this candidate are closed")]
    ScoresLocked,
    /// There is no such result to confirm.
    #[error("no such result has been published")]
    ResultMissing,
    /// Those who wait to be called are all offline.
    #[error("nobody who waits is online")]
    NobodyHere,
    /// Another candidate is led in, or none.
    #[error("this candidate is not led in")]
    NotCurrent,
    /// In this stage no candidate's clock runs.
    #[error("no candidate's clock runs in this stage")]
    NoClock,
    /// No interview with this candidate has come to its end.
    #[error("this candidate has not been interviewed")]
    ResultNotInterviewed,
    /// An examiner has not handed the sheet of this candidate in.
    #[error("sheets of this candidate are missing")]
    ResultSheetsMissing,
    /// The candidate is with the panel, or the panel still deliberates.
    #[error("the candidate's interview is not over")]
    ResultInSession,
    /// The candidate has confirmed the result.
    #[error("the candidate has confirmed the result; correct it")]
    ResultConfirmed,
    /// The candidate has not confirmed the result.
    #[error("the candidate has not confirmed the result; change it or withdraw it")]
    ResultNotConfirmed,
    /// A draft is another, or gone, or its candidate has confirmed: nothing was published.
    #[error("a draft has changed meanwhile; nothing was published")]
    ResultsChanged,
    /// Only a chair goes past what stands in the way.
    #[error("only a chair may do this")]
    ChairOnly,
    /// The candidate was led in already, has not yet shown who they are, or the interview is over.
    #[error("papers can be added and taken away until the candidate is led in")]
    PapersClosed,
    /// A paper, or all of them together, would be larger than that.
    #[error("at most {most} bytes")]
    PapersTooLarge {
        /// In bytes.
        most: u64,
    },
    /// The candidate has no paper that is marked as slides.
    #[error("the candidate has no slides")]
    SlidesMissing,
    /// A text that must say something says nothing.
    #[error("a text is empty")]
    TextEmpty,
    /// A text is longer than the limit, in characters.
    #[error("a text has at most {0} characters")]
    TextTooLong(usize),
    /// More than the limits allow.
    #[error("at most {0}")]
    TooMany(usize),
    /// Data of candidates that cannot be taken; none was.
    #[error("{} faults", .0.len())]
    ImportRefused(Vec<RowProblem>),
    /// A setup that does not hold together.
    #[error("{0}")]
    SetupInvalid(SetupFault),
}

/// What does not hold in a setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetupFault {
    /// It closes before it opens, or after the year 9999.
    #[error("the window closes before it opens, or after the year 9999")]
    Window,
    /// None, or too many.
    #[error("an interview has 1 to 20 stages")]
    Stages,
    /// The planned time of a stage.
    #[error("the planned time of a stage is 1 to 1440 minutes, or none")]
    Minutes,
    /// More criteria than [`limit::CRITERIA`].
    #[error("an interview has at most 50 criteria")]
    Criteria,
    /// Two of one id.
    #[error("two criteria have the same id")]
    CriterionTwice,
    /// A criterion's bounds or weight.
    #[error(
        "a criterion's least points are at most its most, these at most 10,000.00, its weight at most 10,000"
    )]
    Bounds,
    /// No criterion counts.
    #[error("at least one criterion has a weight")]
    Weights,
    /// Too many questions or sets, or a set without any.
    #[error("an interview has at most 60 sets with 200 questions in all, each with at least one")]
    Questions,
    /// Two questions or two sets of one id.
    #[error("two questions or two sets of them have the same id")]
    QuestionTwice,
    /// A hint at a criterion that is none.
    #[error("a question names a criterion that the interview does not have")]
    QuestionCriterion,
    /// Tries with the face beyond [`limit::FACE_ATTEMPTS`].
    #[error("the face may be shown 1 to 10 times")]
    Attempts,
    /// A time zone that is not known by this name.
    #[error("a time zone has its IANA name, such as Asia/Shanghai")]
    TimeZone,
}

/// One fault in data of candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
pub struct RowProblem {
    /// The row, from 1, headings aside.
    pub row: u32,
    /// Where in it.
    pub column: Column,
    /// What is wrong.
    pub problem: Problem,
}

/// A column of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 姓名: the person's name.
    Name,
    /// 考号: the number of the exam card.
    Number,
    /// 手机: the registered phone.
    Phone,
    /// 密码: the password of the invitation.
    Password,
    /// 时间: when it begins for this candidate.
    Time,
}

impl Column {
    /// How many characters it may have.
    pub const fn longest(self) -> usize {
        match self {
            Self::Name => limit::NAME,
            Self::Number => limit::NUMBER,
            Self::Phone => limit::PHONE,
            Self::Password => limit::DIGEST,
            Self::Time => limit::NAME,
        }
    }
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// It must not be empty.
    Empty,
    /// It is longer than the limit.
    TooLong,
    /// It has characters that do not belong there.
    Invalid,
    /// Another candidate has the same.
    Duplicate,
    /// Who this is, is settled: the candidate has entered.
    Entered,
    /// A time at which the interview is not open.
    Outside,
}

impl Problem {
    /// As in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Invalid => "invalid",
            Self::Duplicate => "duplicate",
            Self::Entered => "entered",
            Self::Outside => "outside",
        }
    }
}
