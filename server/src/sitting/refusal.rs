//! What the interview or the store refuses, as a client is told.

use crate::{clock::now, problem::Problem};
use std::time::Duration;
use viva_interview::{Refused, SetupFault, Time, limit};
use viva_signaling::message::ErrorCode;

/// A refusal of the interview.
pub fn refusal(refused: Refused) -> Problem {
    let known = ErrorCode::ALL.iter().find(|code| code.code() == refused.code());
    let problem = Problem::new(known.copied().unwrap_or(ErrorCode::Internal), refused.to_string());
    match refused {
        Refused::TooMany(limit) | Refused::TextTooLong(limit) => problem.limited(limit),
        Refused::SmsLimit => problem.limited(limit::SMS_SENDS),
        Refused::SetupInvalid(fault) => match fault {
            SetupFault::Stages => problem.limited(limit::STAGES),
            SetupFault::Minutes => problem.limited(limit::STAGE_MINUTES),
            SetupFault::Criteria => problem.limited(limit::CRITERIA),
            _ => problem,
        },
        Refused::Locked { until } => problem.after(wait(until)),
        Refused::SmsTooSoon { again_at } | Refused::TooFast { again_at } => problem.after(wait(again_at)),
        Refused::ImportRefused(rows) => Problem { rows: serde_json::to_value(rows).ok(), ..problem },
        _ => problem,
    }
}

fn wait(until: Time) -> Duration {
    Duration::from_millis(until.0.saturating_sub(now().0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_line_in_the_one_table() {
        let at = Time(0);
        let all = [
            Refused::InvitationUnknown,
            Refused::InvitationEarly { opens_at: at },
            Refused::InvitationExpired { closed_at: at },
            Refused::InvitationUsed,
            Refused::PasswordWrong,
            Refused::Locked { until: at },
            Refused::SmsWrong,
            Refused::SmsExpired,
            Refused::SmsTooSoon { again_at: at },
            Refused::TooFast { again_at: at },
            Refused::SmsLimit,
            Refused::NotNow(""),
            Refused::PairingOver,
            Refused::NotYourSeat,
            Refused::Forbidden,
            Refused::CandidateUnknown,
            Refused::NotFound("seat"),
            Refused::ScoresIncomplete,
            Refused::ScoresSubmitted,
            Refused::ScoresLocked,
            Refused::ResultMissing,
            Refused::TextEmpty,
            Refused::TextTooLong(1),
            Refused::TooMany(1),
            Refused::ImportRefused(Vec::new()),
            Refused::SetupInvalid(SetupFault::Window),
        ];
        for refused in all {
            let code = refused.code();
            assert_eq!(refusal(refused).code.code(), code);
        }
    }

    #[test]
    fn a_limit_that_was_passed_is_told() {
        for (refused, limit) in [
            (Refused::TooMany(500), "500"),
            (Refused::TextTooLong(2000), "2000"),
            (Refused::SmsLimit, "10"),
            (Refused::SetupInvalid(SetupFault::Stages), "20"),
            (Refused::SetupInvalid(SetupFault::Minutes), "1440"),
            (Refused::SetupInvalid(SetupFault::Criteria), "50"),
        ] {
            assert_eq!(refusal(refused).limit.as_deref(), Some(limit));
        }
    }
}
