//! The order of the candidates, as the reference has it.

use super::{
    Outcome::{self, Done, Nothing, Refused as No},
    Reference,
};
use crate::*;
use std::collections::BTreeMap;

/// All candidates, the next one first, with those who were put at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) order: Vec<SeatId>,
    deferred: Vec<SeatId>,
    /// Before whom the deferred ones stood.
    stood: BTreeMap<SeatId, Option<SeatId>>,
    by_hand: bool,
}

impl Line {
    /// Numbers are in the order of the seats here.
    pub(super) fn new(seats: &[SeatId]) -> Self {
        Self { order: seats.to_vec(), ..Self::default() }
    }

    /// All of them, the deferred ones too.
    pub(super) fn arrange(&mut self, order: Vec<SeatId>) {
        *self = Self { order, by_hand: true, ..Self::default() };
    }

    fn after(&self, seat: SeatId) -> Option<SeatId> {
        self.order.iter().copied().skip_while(|other| *other != seat).nth(1)
    }

    fn put(&mut self, seat: SeatId, before: Option<SeatId>) {
        self.order.retain(|other| *other != seat);
        let place = self.order.iter().position(|other| Some(*other) == before);
        self.order.insert(place.unwrap_or(self.order.len()), seat);
    }
}

impl Reference {
    pub(super) fn queue(&mut self, action: &SeatAction) -> Outcome {
        match action {
            SeatAction::Defer { candidate } => {
                if self.is_out(*candidate) || self.current == Some(*candidate) {
                    return No;
                }
                if !self.line.deferred.contains(candidate) {
                    self.line.stood.insert(*candidate, self.line.after(*candidate));
                    self.line.deferred.push(*candidate);
                }
                self.line.put(*candidate, None);
                Done
            }
            SeatAction::Return { candidate } => {
                if !self.line.deferred.contains(candidate) {
                    return No;
                }
                self.line.deferred.retain(|other| other != candidate);
                let calm = |seat: &SeatId| !self.line.deferred.contains(seat);
                let stood = self.line.stood[candidate].filter(calm).filter(|_| self.line.by_hand);
                let larger = |seat: &SeatId| !self.line.by_hand && seat > candidate;
                let later = |seat: &SeatId| seat != candidate && (!calm(seat) || larger(seat));
                let before = stood.or_else(|| self.line.order.iter().copied().find(later));
                self.line.put(*candidate, before);
                Done
            }
            SeatAction::MoveCandidate { candidate, before } => {
                let moves = !self.is_out(*candidate) && self.current != Some(*candidate);
                if !moves || *before == Some(*candidate) {
                    return No;
                }
                if self.line.after(*candidate) == *before && !self.line.deferred.contains(candidate) {
                    return Nothing;
                }
                self.line.by_hand = true;
                self.line.deferred.retain(|other| other != candidate);
                self.line.put(*candidate, *before);
                Done
            }
            _ => No,
        }
    }
}
