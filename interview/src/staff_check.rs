//! The check of an identity by the staff, over a picture that goes one way: what is known of one candidate's.

use crate::{Event, StaffCheckEvent, Time};
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

/// Why a host did not find that it is the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct StaffCheckFailure {
    /// When.
    pub at: Time,
    /// In the host's words.
    pub reason: String,
}

/// How it stands with the check by the staff.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS, ToSchema)]
pub struct StaffCheckView {
    /// The interview offers it.
    pub offered: bool,
    /// Since when the candidate waits to be looked at; null for who does not.
    #[schema(required)]
    pub asked_at: Option<Time>,
    /// What a host said to the newest one that failed; null where none did.
    #[schema(required)]
    pub failure: Option<StaffCheckFailure>,
}

/// What happened of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StaffCheck {
    pub(crate) asked_at: Option<Time>,
    pub(crate) failure: Option<StaffCheckFailure>,
    /// How often it was asked for.
    pub(crate) asked: u32,
}

impl StaffCheck {
    /// Takes in what happened. Who comes with another device, or goes, does not wait any more.
    pub(crate) fn note(&mut self, event: &Event, at: Time) {
        match event {
            Event::StaffCheck(StaffCheckEvent::StaffCheckAsked { .. }) => {
                self.asked_at = Some(at);
                self.asked = self.asked.saturating_add(1);
            }
            Event::StaffCheck(StaffCheckEvent::StaffCheckFailed { reason, .. }) => {
                self.asked_at = None;
                self.failure = Some(StaffCheckFailure { at, reason: reason.clone() });
            }
            Event::StaffCheck(StaffCheckEvent::StaffCheckDropped { .. })
            | Event::Entered { .. }
            | Event::Removed { .. }
            | Event::Left { .. } => self.asked_at = None,
            Event::IdentityPassed { .. } | Event::VerificationAsked { .. } => {
                (self.asked_at, self.failure) = (None, None);
            }
            _ => {}
        }
    }
}
