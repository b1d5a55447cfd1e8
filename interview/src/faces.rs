//! What is known of one candidate's face: what they said to the terms, and what came of each comparison.

use crate::{Consent, Event, FaceTrial, FaceTrialView, Time, limit};

/// What is known of a candidate's face.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Faces {
    pub(crate) consent: Option<Consent>,
    /// Tries that failed since the identity step began.
    pub(crate) failed: u8,
    /// The newest tries, the oldest first.
    pub(crate) trials: Vec<FaceTrialView>,
    /// Comparisons so far.
    pub(crate) compared: u32,
    /// Pictures that were kept so far: the next has this number.
    pub(crate) pictures: u32,
}

impl Faces {
    /// Takes in what happened.
    pub(crate) fn note(&mut self, event: &Event, at: Time) {
        match event {
            Event::ConsentTold { terms, given, .. } => {
                self.consent = Some(Consent { terms: *terms, given: *given, at });
            }
            Event::FaceCompared { trial, .. } => self.take(trial, at, false),
            Event::FaceLookedAt { trial, .. } => self.take(trial, at, true),
            Event::IdentityPassed { .. } | Event::VerificationAsked { .. } => self.failed = 0,
            _ => {}
        }
    }

    fn take(&mut self, trial: &FaceTrial, at: Time, in_room: bool) {
        if trial.outcome.counts() && !in_room {
            self.failed = self.failed.saturating_add(1);
        }
        self.compared = self.compared.saturating_add(1);
        if let Some(picture) = trial.picture {
            self.pictures = self.pictures.max(picture.saturating_add(1));
        }
        if self.trials.len() >= limit::FACE_TRIALS_SHOWN {
            self.trials.remove(0);
        }
        self.trials.push(FaceTrialView { trial: trial.clone(), at, in_room });
    }

    /// Has the person said yes to these comparisons?
    pub(crate) fn consented(&self) -> bool {
        self.consent.is_some_and(|consent| consent.given)
    }
}
