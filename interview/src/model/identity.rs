//! Told by the records alone: how people were let in.

use super::{EXAMINERS, HOST, World};
use crate::*;
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// Nobody is let in by a face that the server did not itself compare, with the person's consent; nor by the word of a host
    /// to whom they did not show themselves.
    pub(super) fn check_identities(&self) {
        let mut consents = BTreeMap::new();
        let mut shown = BTreeSet::new();
        for (at, record) in self.records.iter().enumerate() {
            match &record.event {
                Event::ConsentTold { seat, given, .. } => drop(consents.insert(*seat, *given)),
                Event::FaceCompared { seat, .. } => assert_eq!(consents.get(seat), Some(&true)),
                Event::IdentityPassed { seat, method: Method::Face, .. } => {
                    let before = &self.records[at - 1];
                    assert_eq!((&before.by, &before.command), (&Actor::System, &record.command));
                    assert!(
                        matches!(&before.event, Event::FaceCompared { seat: compared, trial }
                            if compared == seat && trial.outcome == FaceOutcome::Passed),
                        "{before:?}"
                    );
                }
                Event::IdentityPassed { seat, method: Method::Staff, .. } => {
                    assert!(shown.remove(seat), "let in by a look at nobody");
                    assert!(matches!(record.by, Actor::Seat(by) if by == HOST || by == EXAMINERS[0]));
                }
                Event::StaffCheck(StaffCheckEvent::StaffCheckAsked { seat }) => drop(shown.insert(*seat)),
                Event::StaffCheck(_)
                | Event::Entered { .. }
                | Event::VerificationAsked { .. }
                | Event::IdentityPassed { .. }
                | Event::Removed { .. }
                | Event::Left { .. } => {
                    shown.retain(|seat| record.event.seat() != Some(*seat));
                }
                _ => {}
            }
        }
    }
}
