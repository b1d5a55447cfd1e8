//! What the reference knows of those on the pages before the waiting room: devices, questions to the hosts, a host's word.

use super::{
    Outcome::{self, Done, Nothing, Refused as No},
    Reference,
};
use crate::*;

impl Reference {
    pub(super) fn report(
        &mut self,
        by: SeatId,
        check: Check,
        problem: Option<DeviceProblem>,
        inside: bool,
    ) -> Outcome {
        let known = match self.step(by) {
            Step::Identity => check == Check::Camera,
            Step::Speaker => check == Check::Speaker,
            Step::Microphone => check != Check::Camera,
            Step::Camera => true,
            _ => inside,
        };
        if !known {
            return No;
        }
        let troubles = &mut self.people.get_mut(&by).unwrap().device_troubles;
        let before = troubles.get(&check).copied();
        if let Some(problem) = problem {
            troubles.insert(check, problem);
        } else {
            troubles.remove(&check);
        }
        if before == problem { Nothing } else { Done }
    }

    /// A host lets somebody pass what is left of the checks.
    pub(super) fn pass_checks(&mut self, seat: SeatId) -> Outcome {
        match self.step(seat) {
            Step::Speaker | Step::Microphone | Step::Camera => {
                self.people.get_mut(&seat).unwrap().go(Step::Waiting)
            }
            _ => No,
        }
    }

    /// May somebody who is not in the room yet write this?
    pub(super) fn asks_before(&self, by: SeatId, action: &SeatAction) -> bool {
        let own = Audience::Candidate { candidate: by };
        let asks = matches!(action, SeatAction::Say { audience, .. } if *audience == own);
        asks && self.people.get(&by).is_some_and(|person| person.step.is_some()) && !self.is_out(by)
    }

    pub(in crate::model) fn device_troubles(&self, seat: SeatId) -> Vec<(Check, DeviceProblem)> {
        self.people[&seat].device_troubles.iter().map(|(check, problem)| (*check, *problem)).collect()
    }

    /// Has shown who they are, and was not asked again since.
    pub(in crate::model) fn is_known(&self, seat: SeatId) -> bool {
        self.people[&seat].is_shown()
    }
}
