//! Asked who it is: by the face, by a code by SMS, or by a host's word. Any way ends in a [`Proof`].

use super::{Admission, Reading, Speaker};
use crate::{Event, Method, Time};

/// Is asked who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity;

impl Identity {
    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        Admission::proved(event, at).unwrap_or(Admission::Identity(self))
    }
}

/// That, how and when the identity was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) method: Method,
    pub(crate) at: Time,
    pub(crate) reason: Option<String>,
}

impl Proof {
    /// The proof that this event is, if it is one.
    pub(super) fn of(event: &Event, at: Time) -> Option<Self> {
        let Event::IdentityPassed { method, reason, .. } = event else { return None };
        Some(Self { method: *method, at, reason: reason.clone() })
    }
}

impl Admission {
    /// The state after the identity step, if this event passes it.
    pub(super) fn proved(event: &Event, at: Time) -> Option<Self> {
        let proof = Proof::of(event, at)?;
        let asks_pledge = matches!(event, Event::IdentityPassed { asks_pledge: true, .. });
        Some(if asks_pledge { Self::Pledge(Reading { proof }) } else { Self::Speaker(Speaker::first(proof)) })
    }
}
