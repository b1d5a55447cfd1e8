//! The three device checks: each comes when the one before it has passed, and may be done again.

use super::{Admission, Proof, Ready, Waiting};
use crate::{Check, Event, Time};

/// A device was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tried {
    pub(crate) passed: bool,
    pub(crate) device: String,
    pub(crate) at: Time,
}

impl Tried {
    /// Which device was tried, when this event tells so.
    pub(super) fn of(event: &Event, at: Time) -> Option<(Check, Self)> {
        let Event::Checked { check, passed, device, .. } = event else { return None };
        Some((*check, Self { passed: *passed, device: device.clone(), at }))
    }
}

/// Tries the speaker.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Speaker {
    pub(super) proof: Proof,
    pub(super) failed: Option<Tried>,
}

impl Speaker {
    /// The first of the checks, by this proof.
    pub(super) const fn first(proof: Proof) -> Self {
        Self { proof, failed: None }
    }

    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match Tried::of(event, at) {
            Some((Check::Speaker, tried)) => self.tried(tried),
            _ => Admission::Speaker(self),
        }
    }

    fn tried(self, speaker: Tried) -> Admission {
        let proof = self.proof;
        if speaker.passed {
            Admission::Microphone(Microphone { proof, speaker, failed: None })
        } else {
            Admission::Speaker(Self { proof, failed: Some(speaker) })
        }
    }
}

/// Tries the microphone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Microphone {
    pub(super) proof: Proof,
    pub(super) speaker: Tried,
    pub(super) failed: Option<Tried>,
}

impl Microphone {
    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match Tried::of(event, at) {
            Some((Check::Speaker, speaker)) if speaker.passed => {
                Admission::Microphone(Self { speaker, ..self })
            }
            Some((Check::Speaker, speaker)) => Speaker { proof: self.proof, failed: None }.tried(speaker),
            Some((Check::Microphone, tried)) => self.tried(tried),
            _ => Admission::Microphone(self),
        }
    }

    fn tried(self, microphone: Tried) -> Admission {
        let Self { proof, speaker, .. } = self;
        if microphone.passed {
            Admission::Camera(Camera { proof, speaker, microphone, failed: None })
        } else {
            Admission::Microphone(Self { proof, speaker, failed: Some(microphone) })
        }
    }
}

/// Tries the camera.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Camera {
    pub(super) proof: Proof,
    pub(super) speaker: Tried,
    pub(super) microphone: Tried,
    pub(super) failed: Option<Tried>,
}

impl Camera {
    pub(super) fn handle(self, event: &Event, at: Time) -> Admission {
        match Tried::of(event, at) {
            Some((Check::Speaker, speaker)) if speaker.passed => Admission::Camera(Self { speaker, ..self }),
            Some((Check::Microphone, microphone)) if microphone.passed => {
                Admission::Camera(Self { microphone, ..self })
            }
            // What worked before and no longer does is to be mended first.
            Some((Check::Speaker, speaker)) => Speaker { proof: self.proof, failed: None }.tried(speaker),
            Some((Check::Microphone, microphone)) => {
                Microphone { proof: self.proof, speaker: self.speaker, failed: None }.tried(microphone)
            }
            Some((Check::Camera, camera)) => self.tried(camera),
            None => Admission::Camera(self),
        }
    }

    fn tried(self, camera: Tried) -> Admission {
        let Self { proof, speaker, microphone, .. } = self;
        if camera.passed {
            let [speaker, microphone, camera] = [speaker, microphone, camera].map(Some);
            Admission::Waiting(Waiting(Ready { proof, speaker, microphone, camera, waiver: None }))
        } else {
            Admission::Camera(Self { proof, speaker, microphone, failed: Some(camera) })
        }
    }
}
