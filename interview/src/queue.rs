//! The order in which candidates are called: by number, the deferred ones behind.

use crate::{SeatId, candidate::by_number};
use std::collections::{BTreeMap, BTreeSet};

/// The candidates' order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Queue {
    order: Vec<SeatId>,
    deferred: BTreeSet<SeatId>,
    numbers: BTreeMap<SeatId, String>,
}

impl Queue {
    /// A candidate by its number; one that is here already gets another number, and its place by it unless deferred.
    pub(crate) fn enter(&mut self, seat: SeatId, number: &str) {
        self.numbers.insert(seat, number.to_owned());
        if !self.deferred.contains(&seat) {
            self.place(seat);
        }
    }

    /// Takes a candidate out.
    pub(crate) fn leave(&mut self, seat: SeatId) {
        self.order.retain(|other| *other != seat);
        self.deferred.remove(&seat);
        self.numbers.remove(&seat);
    }

    /// To the end.
    pub(crate) fn defer(&mut self, seat: SeatId) {
        if self.numbers.contains_key(&seat) {
            self.order.retain(|other| *other != seat);
            self.order.push(seat);
            self.deferred.insert(seat);
        }
    }

    /// Back to the place of its number.
    pub(crate) fn give_back(&mut self, seat: SeatId) {
        if self.deferred.remove(&seat) {
            self.place(seat);
        }
    }

    /// Was the candidate put at the end?
    pub(crate) fn is_deferred(&self, seat: SeatId) -> bool {
        self.deferred.contains(&seat)
    }

    /// All, the next one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = SeatId> {
        self.order.iter().copied()
    }

    fn place(&mut self, seat: SeatId) {
        self.order.retain(|other| *other != seat);
        let number = |seat: SeatId| self.numbers.get(&seat).map_or("", String::as_str);
        let comes_later =
            |other: &SeatId| self.deferred.contains(other) || by_number(number(*other), number(seat)).is_gt();
        let at = self.order.iter().position(comes_later).unwrap_or(self.order.len());
        self.order.insert(at, seat);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(numbers: &[&str]) -> Queue {
        let mut queue = Queue::default();
        for (number, seat) in numbers.iter().zip(1..) {
            queue.enter(SeatId(seat), number);
        }
        queue
    }

    fn order(queue: &Queue) -> Vec<u64> {
        queue.iter().map(|seat| seat.0).collect()
    }

    #[test]
    fn candidates_stand_by_number_whenever_they_come() {
        assert_eq!(order(&queue(&["10", "2", "1"])), [3, 2, 1]);
    }

    #[test]
    fn the_deferred_come_last_and_return_to_their_place() {
        let mut queue = queue(&["1", "2", "3"]);
        queue.defer(SeatId(1));
        queue.defer(SeatId(2));
        assert_eq!(order(&queue), [3, 1, 2]);
        queue.enter(SeatId(4), "9");
        assert_eq!(order(&queue), [3, 4, 1, 2]);
        queue.give_back(SeatId(2));
        assert_eq!(order(&queue), [2, 3, 4, 1]);
        assert!(queue.is_deferred(SeatId(1)) && !queue.is_deferred(SeatId(2)));
    }

    #[test]
    fn another_number_is_another_place_and_strangers_do_not_matter() {
        let mut queue = queue(&["1", "2"]);
        queue.enter(SeatId(1), "3");
        queue.defer(SeatId(9));
        queue.give_back(SeatId(9));
        assert_eq!(order(&queue), [2, 1]);
        queue.leave(SeatId(2));
        assert_eq!(order(&queue), [1]);
    }
}
