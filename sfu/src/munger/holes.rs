//! Outgoing numbers that went unused because their packet was left out too late.

/// A window over the newest numbers, one bit each.
#[derive(Debug, Default)]
pub(super) struct Holes {
    bits: [u64; WORDS],
    /// The highest number marked.
    newest: u64,
}

const WORDS: usize = 8;
const WINDOW: u64 = WORDS as u64 * 64;

impl Holes {
    /// Marks a number; says whether it was not marked before.
    pub fn mark(&mut self, number: u64) -> bool {
        if number > self.newest {
            for passed in self.newest.max(number.saturating_sub(WINDOW)) + 1..=number {
                if let Some(word) = self.bits.get_mut(index(passed)) {
                    *word &= !mask(passed);
                }
            }
            self.newest = number;
        }
        if self.newest - number >= WINDOW || self.contains(number) {
            return false;
        }
        if let Some(word) = self.bits.get_mut(index(number)) {
            *word |= mask(number);
        }
        true
    }

    /// The number was marked, and not so long ago that it is forgotten.
    pub fn contains(&self, number: u64) -> bool {
        number <= self.newest
            && self.newest - number < WINDOW
            && self.bits.get(index(number)).is_some_and(|word| word & mask(number) != 0)
    }
}

const fn index(number: u64) -> usize {
    (number / 64) as usize % WORDS
}

const fn mask(number: u64) -> u64 {
    1 << (number % 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;
    use std::collections::BTreeSet;

    #[test]
    fn the_window_holds_what_was_marked_and_nothing_else() {
        let mut noise = Noise::new(11);
        let (mut holes, mut marked, mut newest) = (Holes::default(), BTreeSet::new(), 70_000u64);
        for _ in 0..5000 {
            let leap = if noise.one_in(50) { noise.below(2000) } else { noise.below(20) };
            let number = (newest + leap).saturating_sub(15);
            assert_eq!(holes.mark(number), marked.insert(number) && number + WINDOW > newest);
            newest = newest.max(number);
            for number in newest - WINDOW - 70..newest + 600 {
                let due = number + WINDOW > newest && marked.contains(&number);
                assert_eq!(holes.contains(number), due, "{number} of {newest}");
            }
        }
    }
}
