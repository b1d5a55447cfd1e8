//! Has shown who it is, and reads the pledge.

use super::{Admission, Proof, Speaker};
use crate::Event;

/// Reads the pledge.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub(super) proof: Proof,
}

impl Reading {
    pub(super) fn handle(self, event: &Event) -> Admission {
        match event {
            Event::PledgeAccepted { .. } => Admission::Speaker(Speaker::first(self.proof)),
            Event::VerificationAsked { .. } => Admission::Identity(super::Identity),
            _ => Admission::Pledge(self),
        }
    }
}
