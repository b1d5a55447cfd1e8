//! The smallest value of a moving window, in two halves.

use std::time::Duration;
use viva_wire::Micros;

/// Remembers the smallest value of the last one to two half windows.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Smallest {
    /// Smallest of the half window that runs, and when that began.
    current: Option<(i64, Micros)>,
    /// Smallest of the one before.
    before: Option<i64>,
}

/// Long enough to meet an empty queue, short enough that clocks drift by no more than a millisecond or two.
const HALF: Duration = Duration::from_secs(10);

impl Smallest {
    pub fn add(&mut self, value: i64, now: Micros) {
        self.current = match self.current {
            Some((smallest, began)) if now.since(began) < HALF => Some((smallest.min(value), began)),
            Some((smallest, began)) => {
                self.before = (now.since(began) < HALF * 2).then_some(smallest);
                Some((value, now))
            }
            None => Some((value, now)),
        };
    }

    /// `None` before the first value.
    pub fn value(&self) -> Option<i64> {
        let (current, _) = self.current?;
        Some(self.before.map_or(current, |before| before.min(current)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_forgotten_after_one_to_two_half_windows() {
        let mut smallest = Smallest::default();
        assert_eq!(smallest.value(), None);
        for (second, value, due) in
            [(0, 5, 5), (9, -7, -7), (10, 8, -7), (19, 9, -7), (20, 6, 6), (31, 9, 6), (60, 12, 12)]
        {
            smallest.add(value, Micros(second * 1_000_000));
            assert_eq!(smallest.value(), Some(due), "{second}");
        }
    }
}
