//! The codes by SMS of one candidate: what was sent, what was wrong. It outlives the identity step, so that whoever is
//! asked again who they are has no more codes and no more tries for it.

use crate::{Event, Refused, Time, admission::Attempt, admission::open, limit};

/// What was sent to a candidate's phone, and the tries with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SmsCodes {
    /// The code that was sent last, while it may be shown.
    sent: Option<Sent>,
    /// The next code may be sent then.
    resend_at: Time,
    /// Codes sent so far.
    sends: u32,
    /// Wrong ones since the last lock.
    wrong: u8,
    pub(crate) locked_until: Option<Time>,
}

#[derive(Debug, Clone, PartialEq)]
struct Sent {
    digest: String,
    expires_at: Time,
}

impl SmsCodes {
    /// May another code be sent?
    pub(crate) fn may_send(&self, now: Time) -> Result<(), Refused> {
        open(self.locked_until, now)?;
        if self.sends >= limit::SMS_SENDS {
            return Err(Refused::SmsLimit);
        }
        if now < self.resend_at {
            return Err(Refused::SmsTooSoon { again_at: self.resend_at });
        }
        Ok(())
    }

    /// What comes of a code that the person shows.
    pub(crate) fn attempt(&self, digest: &str, now: Time) -> Result<Attempt, Refused> {
        open(self.locked_until, now)?;
        let sent = self.sent.as_ref().filter(|sent| now < sent.expires_at).ok_or(Refused::SmsExpired)?;
        Ok(Attempt::of(sent.digest == digest, self.wrong, limit::WRONG_SMS, now))
    }

    /// The newest code: when the next may be sent, until when it holds, how many wrong ones lock.
    pub(crate) fn newest(&self) -> Option<(Time, Time, u8)> {
        let tries_left = limit::WRONG_SMS.saturating_sub(self.wrong);
        self.sent.as_ref().map(|sent| (self.resend_at, sent.expires_at, tries_left))
    }

    /// Takes in what happened.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::SmsSent { digest, resend_at, expires_at, .. } => {
                self.sent = Some(Sent { digest: digest.clone(), expires_at: *expires_at });
                self.resend_at = *resend_at;
                self.sends = self.sends.saturating_add(1);
            }
            Event::SmsWrong { locked_until: Some(until), .. } => {
                // The code is void: after the lock another one is sent.
                (self.sent, self.wrong, self.locked_until) = (None, 0, Some(*until));
            }
            Event::SmsWrong { .. } => self.wrong = self.wrong.saturating_add(1),
            // One code lets in once; who is known is locked no longer.
            Event::IdentityPassed { .. } => (self.sent, self.wrong, self.locked_until) = (None, 0, None),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeatId;

    const SEAT: SeatId = SeatId(1);

    fn after(events: &[Event]) -> SmsCodes {
        let mut codes = SmsCodes::default();
        events.iter().for_each(|event| codes.note(event));
        codes
    }

    #[test]
    fn a_code_holds_for_its_time_and_five_wrong_ones_void_it() {
        let sent = Event::SmsSent {
            seat: SEAT,
            digest: "right".to_owned(),
            resend_at: Time(60),
            expires_at: Time(300),
        };
        let codes = after(std::slice::from_ref(&sent));
        assert_eq!(codes.attempt("right", Time(299)), Ok(Attempt::Right));
        assert_eq!(codes.attempt("right", Time(300)), Err(Refused::SmsExpired));
        assert_eq!(codes.may_send(Time(59)), Err(Refused::SmsTooSoon { again_at: Time(60) }));
        assert_eq!(codes.may_send(Time(60)), Ok(()));
        let codes = after(&[sent, Event::SmsWrong { seat: SEAT, locked_until: Some(Time(900)) }]);
        assert_eq!(codes.newest(), None);
        assert_eq!(codes.attempt("right", Time(100)), Err(Refused::Locked { until: Time(900) }));
        assert_eq!(codes.attempt("right", Time(900)), Err(Refused::SmsExpired));
    }
}
