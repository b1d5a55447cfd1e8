//! Behind all checks: waiting, led in, and out again.

use super::{Admission, Proof, Returning, device::Tried};
use crate::{Check, Event, Time, Waiver};

/// All that was shown on the way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ready {
    pub(super) proof: Proof,
    pub(super) speaker: Option<Tried>,
    pub(super) microphone: Option<Tried>,
    pub(super) camera: Option<Tried>,
    /// A host let the candidate pass the checks.
    pub(super) waiver: Option<Waiver>,
}

impl Ready {
    /// The same with another proof.
    pub(super) fn proved(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    pub(super) const fn tried(&self, check: Check) -> Option<&Tried> {
        match check {
            Check::Speaker => self.speaker.as_ref(),
            Check::Microphone => self.microphone.as_ref(),
            Check::Camera => self.camera.as_ref(),
        }
    }

    /// A device was tried again: noted for the panel, and nobody is sent back for it.
    fn noting(mut self, event: &Event, at: Time) -> Self {
        match Tried::of(event, at) {
            Some((Check::Speaker, tried)) => self.speaker = Some(tried),
            Some((Check::Microphone, tried)) => self.microphone = Some(tried),
            Some((Check::Camera, tried)) => self.camera = Some(tried),
            None => {}
        }
        self
    }
}

/// Waits to be led in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waiting(pub(super) Ready);

impl Waiting {
    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match event {
            Event::Called { .. } => Admission::Admitted(Admitted(self.0)),
            Event::VerificationAsked { .. } => Admission::Returning(Returning(self.0)),
            _ => Admission::Waiting(Self(self.0.noting(event, at))),
        }
    }
}

/// Was led in: it is this candidate's turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Admitted(pub(super) Ready);

impl Admitted {
    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match event {
            Event::SentBack { .. } | Event::Finished { .. } | Event::StageEntered { .. } => {
                Admission::Waiting(Waiting(self.0))
            }
            Event::VerificationAsked { .. } => Admission::Returning(Returning(self.0)),
            _ => Admission::Admitted(Self(self.0.noting(event, at))),
        }
    }
}

/// Is out, and what was before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Out(Box<Admission>);

impl Out {
    /// Out of this state.
    pub(super) fn of(state: Admission) -> Self {
        Self(Box::new(state))
    }

    /// The state before.
    pub(super) const fn was(&self) -> &Admission {
        &self.0
    }

    /// Back where one was; who had been led in waits.
    pub(super) fn readmitted(self) -> Admission {
        match *self.0 {
            Admission::Admitted(Admitted(ready)) => Admission::Waiting(Waiting(ready)),
            state => state,
        }
    }
}
