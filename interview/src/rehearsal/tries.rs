//! What a candidate has tried in a rehearsal, beyond what the path itself remembers.

use super::RehearsedTrouble;
use crate::{Check, DeviceKind, Event, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Noted of every candidate; only a rehearsal tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tries {
    pub(crate) entered_at: Option<Time>,
    pub(crate) waived: bool,
    pub(crate) locked: bool,
    pub(crate) called: bool,
    pub(crate) troubles: BTreeSet<RehearsedTrouble>,
    device: Option<DeviceKind>,
    tried_on: BTreeMap<Check, DeviceKind>,
}

impl Tries {
    /// Takes in what happened.
    pub(crate) fn note(&mut self, event: &Event, at: Time) {
        match event {
            Event::Entered { .. } => {
                self.entered_at.get_or_insert(at);
                self.device = None;
            }
            Event::PasswordWrong { locked_until: Some(_), .. }
            | Event::SmsWrong { locked_until: Some(_), .. } => self.locked = true,
            Event::Checked { check, .. } => match self.device {
                Some(kind) => drop(self.tried_on.insert(*check, kind)),
                None => drop(self.tried_on.remove(check)),
            },
            Event::DeviceTroubled { check, problem: Some(problem), .. } => {
                self.troubles.insert(RehearsedTrouble { check: *check, problem: *problem });
            }
            Event::ChecksPassed { .. } => self.waived = true,
            Event::Called { .. } => self.called = true,
            _ => {}
        }
    }

    /// The newest entry was with such a device.
    pub(crate) fn came_with(&mut self, kind: DeviceKind) {
        self.device = Some(kind);
    }

    /// With what the newest entry was, where it is known.
    pub(crate) const fn device(&self) -> Option<DeviceKind> {
        self.device
    }

    /// On what a check was tried last, where it is known.
    pub(crate) fn device_of(&self, check: Check) -> Option<DeviceKind> {
        self.tried_on.get(&check).copied()
    }
}
