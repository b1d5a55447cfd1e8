//! The interview's rights as the room obeys them.

use super::Sitting;
use crate::room::{Device, Policy};
use std::{collections::BTreeSet, sync::Arc};
use viva_interview::{Role, SeatId, Source};

impl Sitting {
    /// What the seats in the room may receive of each other now, and whom they have on their list.
    pub(super) fn policy(&self) -> Arc<Policy> {
        let role = |seat| self.interview.role(seat);
        let mut policy = Policy::default();
        // A phone may be there before its candidate's own page, and stay when that is opened elsewhere.
        let senders: BTreeSet<SeatId> = self.occupants.keys().map(|(seat, _)| *seat).collect();
        let pages = self.occupants.keys().filter(|(_, device)| *device == Device::Page);
        let receivers: Vec<SeatId> = pages.map(|(seat, _)| *seat).collect();
        for sender in &senders {
            if self.interview.comes_first(*sender) {
                policy.put_first(*sender);
            }
            for receiver in receivers.iter().filter(|receiver| *receiver != sender) {
                for source in Source::ALL {
                    if self.interview.may_receive(*receiver, *sender, source) {
                        policy.allow(*sender, source, *receiver);
                    }
                }
                // No candidate learns of another, and nobody of a patrol.
                let (Some(theirs), Some(own)) = (role(*sender), role(*receiver)) else { continue };
                if theirs.is_listed() && (theirs, own) != (Role::Candidate, Role::Candidate) {
                    policy.show(*receiver, *sender);
                }
            }
        }
        Arc::new(policy)
    }

    /// Hands the rights to the room; they hold when this returns.
    pub(super) async fn enforce(&self) {
        self.around.rooms.enforce(self.id, self.policy()).await;
    }
}
