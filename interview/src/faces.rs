//! What is known of one candidate's face: what they said to the terms, and what came of each comparison.

use crate::{Consent, ConsentTerms, Event, FaceTrial, FaceTrialView, Time, limit};

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
                self.consent = Some(Consent { terms: terms.clone(), given: *given, at });
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

    /// What the person has said to these very terms.
    pub(crate) fn told(&self, terms: &ConsentTerms) -> Option<bool> {
        self.consent.as_ref().filter(|consent| consent.terms == *terms).map(|consent| consent.given)
    }

    /// May the staff have the face compared under these terms? Not that of somebody who has said no to it, or yes to others.
    pub(crate) fn may_be_looked_at(&self, terms: &ConsentTerms) -> bool {
        self.consent.is_none() || self.told(terms) == Some(true)
    }
}
