//! Before and at the door: invited, and asked for the password.

use super::{Admission, Identity};
use crate::{Event, Refused, Time, limit};

/// Has an invitation and has not used it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Invited;

impl Invited {
    pub(super) const fn handle(self, event: &Event) -> Admission {
        match event {
            Event::Entered { asks_password: true, .. } => {
                Admission::Password(Password { wrong: 0, locked_until: None })
            }
            Event::Entered { .. } => Admission::Identity(Identity),
            _ => Admission::Invited(self),
        }
    }
}

/// Has shown the code and is asked for the password.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Password {
    /// Wrong ones since the last lock.
    wrong: u8,
    pub(super) locked_until: Option<Time>,
}

impl Password {
    /// What comes of a password: whether it is right, or another wrong one and perhaps a lock.
    pub(crate) fn attempt(&self, right: bool, now: Time) -> Result<Attempt, Refused> {
        open(self.locked_until, now)?;
        Ok(Attempt::of(right, self.wrong, limit::WRONG_PASSWORDS, now))
    }

    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match event {
            Event::PasswordPassed { .. } => Admission::Identity(Identity),
            Event::PasswordWrong { locked_until, .. } => {
                let wrong = if locked_until.is_some() { 0 } else { self.wrong.saturating_add(1) };
                Admission::Password(Self { wrong, locked_until: *locked_until })
            }
            // The host knows who it is, by other means than the password.
            _ => Admission::proved(event, at).unwrap_or(Admission::Password(self)),
        }
    }
}

/// What comes of a secret that somebody shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    Right,
    Wrong { locked_until: Option<Time> },
}

impl Attempt {
    /// The try after `wrong` wrong ones, of which `most` lock.
    pub(crate) fn of(right: bool, wrong: u8, most: u8, now: Time) -> Self {
        if right {
            return Self::Right;
        }
        let locked = wrong.saturating_add(1) >= most;
        Self::Wrong { locked_until: locked.then(|| now.plus(limit::LOCK)) }
    }
}

/// Refuses while a lock holds.
pub(crate) fn open(locked_until: Option<Time>, now: Time) -> Result<(), Refused> {
    match locked_until {
        Some(until) if until > now => Err(Refused::Locked { until }),
        _ => Ok(()),
    }
}
