//! A candidate, as the reference remembers one.

use super::Outcome::{self, Done, RecordedAndRefused};
use crate::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) step: Option<Step>,
    pub(super) before_out: Option<Step>,
    /// Wrong secrets in a row, at this step.
    pub(super) wrong: u8,
    pub(super) locked: Time,
    pub(super) resend: Time,
    /// A code holds until.
    pub(super) holds: Time,
    pub(super) sends: u32,
    /// Tries with the face that failed, at this step.
    pub(super) failed: u8,
    /// To whose comparison, and yes or no.
    pub(super) consent: Option<(String, bool)>,
    /// Waits to be looked at by the staff.
    pub(super) asks_staff: bool,
    /// Was inside before, and is asked once more.
    pub(super) returns: bool,
    /// The devices that the page cannot use.
    pub(super) device_troubles: BTreeMap<Check, DeviceProblem>,
    pub(super) tried: BTreeMap<Check, ((bool, String), Time)>,
    /// Papers by number, and which of them are slides.
    pub(super) papers: Vec<(u32, bool)>,
    pub(super) last_paper: u32,
    pub(super) was_called: bool,
    /// What was told of it since they entered last, in a rehearsal.
    pub(super) device: Option<DeviceKind>,
    pub(super) finished: BTreeSet<StageKind>,
    pub(super) interviewed: bool,
    /// May go: the model's interview lets those go who have confirmed.
    pub(super) let_go: bool,
    /// May confirm the result, though not with the panel.
    pub(super) confirms: bool,
    pub(super) result: Option<String>,
    /// How often a result was told.
    pub(super) tellings: u32,
    pub(super) corrected: bool,
    pub(super) confirmed: Option<Time>,
    pub(super) draft: Option<String>,
    /// How often a draft was written.
    pub(super) drafts: u32,
}

impl Person {
    pub(super) fn go(&mut self, step: Step) -> Outcome {
        (self.step, self.wrong) = (Some(step), 0);
        if step == Step::Identity {
            self.locked = Time(0);
        }
        Done
    }

    pub(super) fn fail(&mut self, now: Time) -> Outcome {
        self.wrong += 1;
        if self.wrong == 5 {
            (self.wrong, self.locked, self.holds) = (0, now.plus(15 * 60_000), Time(0));
        }
        RecordedAndRefused
    }
}
