//! Asked who it is: the code by SMS. The check of the face has its place beside it: any way ends in a [`Proof`].

use super::{Admission, Speaker, invited::Attempt, invited::open};
use crate::{Event, Method, Refused, Time, limit};

/// Is asked who it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Identity {
    /// The code that was sent last, while it may be shown.
    sent: Option<Sent>,
    /// The next code may be sent then.
    resend_at: Time,
    /// Codes sent so far.
    sends: u32,
    /// Wrong ones since the last lock.
    wrong: u8,
    pub(super) locked_until: Option<Time>,
}

#[derive(Debug, Clone, PartialEq)]
struct Sent {
    digest: String,
    expires_at: Time,
}

/// That, how and when the identity was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) method: Method,
    pub(crate) at: Time,
    pub(crate) reason: Option<String>,
}

impl Identity {
    pub(super) const BEGIN: Self =
        Self { sent: None, resend_at: Time(0), sends: 0, wrong: 0, locked_until: None };

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
    pub(crate) fn sms(&self) -> Option<(Time, Time, u8)> {
        let tries_left = limit::WRONG_SMS.saturating_sub(self.wrong);
        self.sent.as_ref().map(|sent| (self.resend_at, sent.expires_at, tries_left))
    }

    pub(super) fn handle(mut self, event: &Event, at: Time) -> Admission {
        match event {
            Event::SmsSent { digest, resend_at, expires_at, .. } => {
                self.sent = Some(Sent { digest: digest.clone(), expires_at: *expires_at });
                self.resend_at = *resend_at;
                self.sends = self.sends.saturating_add(1);
                Admission::Identity(self)
            }
            Event::SmsWrong { locked_until: Some(until), .. } => {
                // The code is void: after the lock another one is sent.
                let (sent, locked_until) = (None, Some(*until));
                Admission::Identity(Self { sent, wrong: 0, locked_until, ..self })
            }
            Event::SmsWrong { .. } => {
                self.wrong = self.wrong.saturating_add(1);
                Admission::Identity(self)
            }
            Event::IdentityPassed { .. } => Speaker::after(event, at).unwrap_or(Admission::Identity(self)),
            _ => Admission::Identity(self),
        }
    }
}
