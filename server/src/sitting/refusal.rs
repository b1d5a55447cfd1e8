//! What the interview or the store refuses, as a client is told.

use crate::{clock::now, problem::Problem};
use std::time::Duration;
use viva_interview::{Obstacle, Refused, SetupFault, Time, limit};
use viva_signaling::message::ErrorCode;

/// A refusal of the interview.
pub fn refusal(refused: Refused) -> Problem {
    let problem = Problem::new(code(&refused), refused.to_string());
    match refused {
        Refused::TooMany(limit) | Refused::TextTooLong(limit) => problem.limited(limit),
        Refused::PapersTooLarge { most } => problem.limited(format!("{} MiB", most >> 20)),
        Refused::SmsLimit => problem.limited(limit::SMS_SENDS),
        Refused::SetupInvalid(fault) => match fault {
            SetupFault::Stages => problem.limited(limit::STAGES),
            SetupFault::Minutes => problem.limited(limit::STAGE_MINUTES),
            SetupFault::Criteria => problem.limited(limit::CRITERIA),
            SetupFault::Attempts => problem.limited(limit::FACE_ATTEMPTS),
            SetupFault::Questions => problem.limited(limit::QUESTIONS),
            _ => problem,
        },
        Refused::Locked { until } => problem.after(wait(until)),
        Refused::SmsTooSoon { again_at } | Refused::TooFast { again_at } => problem.after(wait(again_at)),
        Refused::ImportRefused(rows) => Problem { rows: serde_json::to_value(rows).ok(), ..problem },
        _ => problem,
    }
}

/// The line of the one table that says it.
const fn code(refused: &Refused) -> ErrorCode {
    match refused {
        Refused::InvitationUnknown => ErrorCode::InvitationUnknown,
        Refused::InvitationEarly { .. } => ErrorCode::InvitationEarly,
        Refused::InvitationExpired { .. } => ErrorCode::InvitationExpired,
        Refused::InvitationUsed => ErrorCode::InvitationUsed,
        Refused::PasswordWrong => ErrorCode::PasswordWrong,
        Refused::Locked { .. } => ErrorCode::Locked,
        Refused::SmsWrong => ErrorCode::SmsWrong,
        Refused::SmsExpired => ErrorCode::SmsExpired,
        Refused::SmsTooSoon { .. } => ErrorCode::SmsTooSoon,
        Refused::TooFast { .. } => ErrorCode::RateLimited,
        Refused::SmsLimit => ErrorCode::SmsLimit,
        Refused::NotNow(obstacle) => in_the_way(*obstacle),
        Refused::NotConfirmed => ErrorCode::NotConfirmed,
        Refused::PairingOver => ErrorCode::PairingOver,
        Refused::FaceNotOffered(_) => ErrorCode::FaceNotOffered,
        Refused::ConsentMissing => ErrorCode::ConsentMissing,
        Refused::PledgeChanged => ErrorCode::PledgeChanged,
        Refused::NotYourSeat => ErrorCode::NotYourSeat,
        Refused::Forbidden => ErrorCode::Forbidden,
        Refused::CandidateUnknown => ErrorCode::CandidateUnknown,
        Refused::NotFound(_) => ErrorCode::NotFound,
        Refused::ScoresIncomplete => ErrorCode::ScoresIncomplete,
        Refused::ScoresOutOfBounds { .. } => ErrorCode::ScoresOutOfBounds,
        Refused::ScoresSubmitted => ErrorCode::ScoresSubmitted,
        Refused::ScoresLocked => ErrorCode::ScoresLocked,
        Refused::ResultMissing => ErrorCode::ResultMissing,
        Refused::NobodyHere => ErrorCode::NobodyHere,
        Refused::NotCurrent => ErrorCode::NotCurrent,
        Refused::NoClock => ErrorCode::NoClock,
        Refused::ResultNotInterviewed => ErrorCode::ResultNotInterviewed,
        Refused::ResultSheetsMissing => ErrorCode::ResultSheetsMissing,
        Refused::ResultInSession => ErrorCode::ResultInSession,
        Refused::ResultConfirmed => ErrorCode::ResultConfirmed,
        Refused::ResultNotConfirmed => ErrorCode::ResultNotConfirmed,
        Refused::ResultsChanged => ErrorCode::ResultsChanged,
        Refused::ChairOnly => ErrorCode::ChairOnly,
        Refused::PapersClosed => ErrorCode::PapersClosed,
        Refused::PapersTooLarge { .. } => ErrorCode::PapersTooLarge,
        Refused::SlidesMissing => ErrorCode::SlidesMissing,
        Refused::TextEmpty => ErrorCode::TextEmpty,
        Refused::TextTooLong(_) => ErrorCode::TextTooLong,
        Refused::TooMany(_) => ErrorCode::LimitReached,
        Refused::ImportRefused(_) => ErrorCode::ImportRefused,
        Refused::SetupInvalid(_) => ErrorCode::SetupInvalid,
    }
}

/// The line of the table for each of what stands in the way.
const fn in_the_way(obstacle: Obstacle) -> ErrorCode {
    match obstacle {
        Obstacle::AnotherStep => ErrorCode::AnotherStep,
        Obstacle::InterviewDeleted => ErrorCode::InterviewDeleted,
        Obstacle::NotInRoom => ErrorCode::NotInRoom,
        Obstacle::CandidateNotWaiting => ErrorCode::CandidateNotWaiting,
        Obstacle::CandidateOut => ErrorCode::CandidateOut,
        Obstacle::HostsOnly => ErrorCode::HostsOnly,
        Obstacle::CandidateEntered => ErrorCode::CandidateEntered,
        Obstacle::PhoneMissing => ErrorCode::PhoneMissing,
        Obstacle::StageBegun => ErrorCode::StageBegun,
        Obstacle::CriteriaUsed => ErrorCode::CriteriaUsed,
        Obstacle::QuestionsAsked => ErrorCode::QuestionsAsked,
        Obstacle::QuestionsDrawn => ErrorCode::QuestionsDrawn,
        Obstacle::DrawnBefore => ErrorCode::DrawnBefore,
        Obstacle::DrawOver => ErrorCode::DrawOver,
        Obstacle::DrawTooLate => ErrorCode::DrawTooLate,
        Obstacle::DrawListChanged => ErrorCode::DrawListChanged,
        Obstacle::DrawSeedLost => ErrorCode::DrawSeedLost,
        Obstacle::NothingToDraw => ErrorCode::NothingToDraw,
        Obstacle::DrawnTwice => ErrorCode::DrawnTwice,
        Obstacle::InterviewEntered => ErrorCode::InterviewEntered,
        Obstacle::IdTaken => ErrorCode::IdTaken,
        Obstacle::ExaminerScored => ErrorCode::ExaminerScored,
        Obstacle::CandidateCurrent => ErrorCode::CandidateCurrent,
        Obstacle::InterviewOver => ErrorCode::InterviewOver,
        Obstacle::NobodyWaits => ErrorCode::NobodyWaits,
        Obstacle::NobodyCurrent => ErrorCode::NobodyCurrent,
        Obstacle::CannotDefer => ErrorCode::CannotDefer,
        Obstacle::NotDeferred => ErrorCode::NotDeferred,
        Obstacle::NoTalkHere => ErrorCode::NoTalkHere,
        Obstacle::OwnTurn => ErrorCode::OwnTurn,
        Obstacle::NoWordHere => ErrorCode::NoWordHere,
        Obstacle::NoScreenHere => ErrorCode::NoScreenHere,
        Obstacle::SlidesNotPdf => ErrorCode::SlidesNotPdf,
        Obstacle::NoSlidesHere => ErrorCode::NoSlidesHere,
        Obstacle::SlidesNotAsked => ErrorCode::SlidesNotAsked,
        Obstacle::IdentityPassed => ErrorCode::IdentityPassed,
        Obstacle::StaffCheckOff => ErrorCode::StaffCheckOff,
        Obstacle::StaffCheckNotAsked => ErrorCode::StaffCheckNotAsked,
        Obstacle::PictureNotSeen => ErrorCode::PictureNotSeen,
        Obstacle::NotAtChecks => ErrorCode::NotAtChecks,
        Obstacle::NotOut => ErrorCode::NotOut,
        Obstacle::ConfirmClosed => ErrorCode::ConfirmClosed,
        Obstacle::InterviewOpen => ErrorCode::InterviewOpen,
        Obstacle::HelmHeld => ErrorCode::HelmHeld,
        Obstacle::CandidatesChanged => ErrorCode::CandidatesChanged,
        Obstacle::ImportOld => ErrorCode::ImportOld,
        Obstacle::Rehearsal => ErrorCode::Rehearsal,
        Obstacle::RehearsalLate => ErrorCode::RehearsalLate,
        Obstacle::RehearsalOver => ErrorCode::RehearsalOver,
        Obstacle::NoSecondCamera => ErrorCode::NoSecondCamera,
    }
}

fn wait(until: Time) -> Duration {
    Duration::from_millis(until.0.saturating_sub(now().0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_was_passed_is_told() {
        for (refused, limit) in [
            (Refused::TooMany(500), "500"),
            (Refused::TextTooLong(2000), "2000"),
            (Refused::SmsLimit, "10"),
            (Refused::SetupInvalid(SetupFault::Stages), "20"),
            (Refused::SetupInvalid(SetupFault::Minutes), "1440"),
            (Refused::SetupInvalid(SetupFault::Criteria), "50"),
            (Refused::SetupInvalid(SetupFault::Attempts), "10"),
            (Refused::SetupInvalid(SetupFault::Questions), "200"),
        ] {
            assert_eq!(refusal(refused).limit.as_deref(), Some(limit));
        }
    }
}
