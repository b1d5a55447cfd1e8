//! What keeps a candidate's browser from using a device, as the page tells it while it happens.

use crate::{Check, DeviceProblem, DeviceTrouble, Event, Time, limit};
use std::collections::BTreeMap;

/// What a candidate's page has told of its devices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DeviceTroubles {
    newest: BTreeMap<Check, (DeviceProblem, Time)>,
    /// How often one began.
    begun: u32,
}

impl DeviceTroubles {
    /// Does this tell something that is not known? Nobody tells without end.
    pub(crate) fn is_news(&self, check: Check, problem: Option<DeviceProblem>) -> bool {
        let known = self.newest.get(&check).map(|(problem, _)| *problem);
        known != problem && (problem.is_none() || self.begun < limit::DEVICE_TROUBLES)
    }

    /// Takes in what happened: a trouble ends with the page's word, with a check that passed, and with another device.
    pub(crate) fn note(&mut self, event: &Event, at: Time) {
        match event {
            Event::DeviceTroubled { check, problem: Some(problem), .. } => {
                self.begun = self.begun.saturating_add(1);
                self.newest.insert(*check, (*problem, at));
            }
            Event::DeviceTroubled { check, problem: None, .. }
            | Event::Checked { check, passed: true, .. } => {
                self.newest.remove(check);
            }
            Event::Entered { .. } => self.newest.clear(),
            _ => {}
        }
    }

    /// Those of this moment, in the order of the checks.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DeviceTrouble> {
        self.newest.iter().map(|(check, (problem, since))| DeviceTrouble {
            check: *check,
            problem: *problem,
            since: *since,
        })
    }
}
