//! The order in which candidates are called: by time and number until a host moves somebody, the deferred ones behind.

use crate::{SeatId, Time, candidate::by_number};
use std::collections::{BTreeMap, BTreeSet};

/// The candidates' order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Queue {
    order: Vec<SeatId>,
    deferred: BTreeSet<SeatId>,
    numbers: BTreeMap<SeatId, String>,
    /// The times of those who have one of their own; all others come first, when the interview opens.
    times: BTreeMap<SeatId, Time>,
    /// Somebody was moved by hand: times and numbers place nobody any more who has a place.
    arranged: bool,
    /// Before whom the deferred ones stood.
    stood: BTreeMap<SeatId, Option<SeatId>>,
}

impl Queue {
    /// A candidate by its number; one that is here already gets another number, and its place by it unless deferred.
    pub(crate) fn enter(&mut self, seat: SeatId, number: &str) {
        let is_new = self.numbers.insert(seat, number.to_owned()).is_none();
        if is_new || !(self.arranged || self.deferred.contains(&seat)) {
            self.place(seat);
        }
    }

    /// A candidate gets a time, or none any more, and its place by it unless deferred.
    pub(crate) fn schedule(&mut self, seat: SeatId, starts_at: Option<Time>) {
        match starts_at {
            Some(at) => self.times.insert(seat, at),
            None => self.times.remove(&seat),
        };
        let is_here = self.numbers.contains_key(&seat);
        if is_here && !(self.arranged || self.deferred.contains(&seat)) {
            self.place(seat);
        }
    }

    /// Takes a candidate out.
    pub(crate) fn leave(&mut self, seat: SeatId) {
        self.order.retain(|other| *other != seat);
        self.deferred.remove(&seat);
        self.numbers.remove(&seat);
        self.times.remove(&seat);
        self.stood.remove(&seat);
    }

    /// To the end.
    pub(crate) fn defer(&mut self, seat: SeatId) {
        if self.numbers.contains_key(&seat) {
            if !self.deferred.contains(&seat) {
                self.stood.insert(seat, self.next_after(seat));
            }
            self.order.retain(|other| *other != seat);
            self.order.push(seat);
            self.deferred.insert(seat);
        }
    }

    /// Back to the place of its time and number; where somebody was moved by hand, to where it stood.
    pub(crate) fn give_back(&mut self, seat: SeatId) {
        if !self.deferred.remove(&seat) {
            return;
        }
        let stood = self.stood.remove(&seat).flatten().filter(|next| !self.deferred.contains(next));
        match stood.filter(|next| self.arranged && self.numbers.contains_key(next)) {
            Some(next) => {
                self.order.retain(|other| *other != seat);
                let place = self.order.iter().position(|other| *other == next);
                self.order.insert(place.unwrap_or(self.order.len()), seat);
            }
            None => self.place(seat),
        }
    }

    /// Was the candidate put at the end?
    pub(crate) fn is_deferred(&self, seat: SeatId) -> bool {
        self.deferred.contains(&seat)
    }

    /// Who comes after this one.
    pub(crate) fn next_after(&self, seat: SeatId) -> Option<SeatId> {
        let place = self.order.iter().position(|other| *other == seat)?;
        self.order.get(place + 1).copied()
    }

    /// To the place before another one, or to the end; from then on times and numbers place nobody who has a place.
    pub(crate) fn move_before(&mut self, seat: SeatId, before: Option<SeatId>) {
        if !self.numbers.contains_key(&seat) {
            return;
        }
        self.arranged = true;
        self.deferred.remove(&seat);
        self.order.retain(|other| *other != seat);
        let place = before.and_then(|before| self.order.iter().position(|other| *other == before));
        self.order.insert(place.unwrap_or(self.order.len()), seat);
    }

    /// To this order, the deferred ones too; who is not in it stands behind. From then on numbers place nobody.
    pub(crate) fn arrange(&mut self, order: &[SeatId]) {
        self.arranged = true;
        self.deferred.clear();
        self.stood.clear();
        let place = |seat: &SeatId| order.iter().position(|other| other == seat).unwrap_or(order.len());
        let places: BTreeMap<SeatId, usize> = self.order.iter().map(|seat| (*seat, place(seat))).collect();
        self.order.sort_by_key(|seat| places.get(seat).copied());
    }

    /// Was somebody moved by hand?
    pub(crate) const fn is_arranged(&self) -> bool {
        self.arranged
    }

    /// All, the next one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = SeatId> {
        self.order.iter().copied()
    }

    fn place(&mut self, seat: SeatId) {
        self.order.retain(|other| *other != seat);
        let (time, number) = (|seat| self.times.get(&seat), |seat| self.numbers.get(&seat));
        let number = |seat: SeatId| number(seat).map_or("", String::as_str);
        let later = |other: SeatId| {
            time(other).cmp(&time(seat)).then_with(|| by_number(number(other), number(seat))).is_gt()
        };
        let comes_later = |other: &SeatId| self.deferred.contains(other) || (!self.arranged && later(*other));
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
    fn candidates_stand_by_time_and_then_by_number() {
        let mut queue = queue(&["1", "2", "3", "4"]);
        queue.schedule(SeatId(1), Some(Time(20)));
        queue.schedule(SeatId(4), Some(Time(10)));
        queue.schedule(SeatId(2), Some(Time(10)));
        assert_eq!(order(&queue), [3, 2, 4, 1], "who has no time comes when the interview opens");
        queue.schedule(SeatId(1), None);
        queue.schedule(SeatId(9), Some(Time(0)));
        assert_eq!(order(&queue), [1, 3, 2, 4]);
        queue.defer(SeatId(3));
        queue.schedule(SeatId(3), Some(Time(5)));
        assert_eq!(order(&queue), [1, 2, 4, 3]);
        queue.give_back(SeatId(3));
        assert_eq!(order(&queue), [1, 3, 2, 4]);
        queue.move_before(SeatId(4), Some(SeatId(1)));
        queue.schedule(SeatId(4), Some(Time(30)));
        assert_eq!(order(&queue), [4, 1, 3, 2], "the host's word holds");
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
    fn who_was_moved_stays_and_newcomers_come_last() {
        let mut queue = queue(&["1", "2", "3"]);
        queue.move_before(SeatId(3), Some(SeatId(1)));
        assert_eq!(order(&queue), [3, 1, 2]);
        queue.enter(SeatId(4), "0");
        queue.enter(SeatId(1), "9");
        assert_eq!(order(&queue), [3, 1, 2, 4]);
        queue.defer(SeatId(1));
        queue.defer(SeatId(1));
        assert_eq!(order(&queue), [3, 2, 4, 1]);
        queue.give_back(SeatId(1));
        assert_eq!(order(&queue), [3, 1, 2, 4], "where it stood");
        queue.defer(SeatId(3));
        queue.move_before(SeatId(3), Some(SeatId(2)));
        assert!(!queue.is_deferred(SeatId(3)));
        queue.move_before(SeatId(1), None);
        queue.move_before(SeatId(9), None);
        assert_eq!(order(&queue), [3, 2, 4, 1]);
        // Before whom one stood may have been moved behind.
        queue.defer(SeatId(4));
        queue.move_before(SeatId(1), None);
        assert_eq!(order(&queue), [3, 2, 4, 1]);
        queue.give_back(SeatId(4));
        assert_eq!(order(&queue), [3, 2, 4, 1]);
        // Or be gone, or deferred.
        queue.defer(SeatId(2));
        queue.leave(SeatId(4));
        queue.give_back(SeatId(2));
        assert_eq!(order(&queue), [3, 1, 2]);
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
