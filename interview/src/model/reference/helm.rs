//! Who leads, as the reference has it: the host, and the one chair among the examiners while no host is there.

use super::{
    super::{EXAMINERS, HOST},
    Outcome::{self, Done, Nothing, Refused as No},
    Reference,
};
use crate::*;

/// The examiner who is marked as chair.
pub(in super::super) const CHAIR: SeatId = EXAMINERS[0];

impl Reference {
    pub(in super::super) fn leads(&self, seat: SeatId) -> bool {
        seat == HOST || self.helm == Some(seat)
    }

    /// In the model no host is ever online.
    pub(super) fn helm(&mut self, by: SeatId, action: &SeatAction) -> Outcome {
        let before = self.helm;
        match (action, by) {
            (SeatAction::TakeHelm {}, HOST) => self.helm = None,
            (SeatAction::TakeHelm {}, CHAIR) => self.helm = Some(CHAIR),
            (SeatAction::GiveHelm {}, _) => self.helm = self.helm.filter(|other| *other != by),
            _ => return No,
        }
        if self.helm == before { Nothing } else { Done }
    }
}
