//! Was in the waiting room or the room, and is asked once more who it is.

use super::{Admission, Proof, Ready, Waiting};
use crate::{Event, Time};

/// Shows once more who it is; all that was shown before stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Returning(pub(super) Ready);

impl Returning {
    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match Proof::of(event, at) {
            Some(proof) => Admission::Waiting(Waiting(self.0.proved(proof))),
            None => Admission::Returning(self),
        }
    }
}
