//! The window that tells a new packet from one seen before (RFC 3711 §3.3.2).

/// Indices that the window remembers. Retransmitted video comes late: at 1,000 packets a second this is one second.
const SIZE: u64 = 1024;

const WORDS: usize = SIZE as usize / 64;

/// Which of the newest 1,024 indices have been seen.
///
/// The bits form a ring: index i stands at i modulo 1,024.
#[derive(Debug, Clone)]
pub struct ReplayWindow {
    newest: u64,
    seen: [u64; WORDS],
}

impl ReplayWindow {
    /// A window that has seen one index.
    pub fn new(first: u64) -> Self {
        let mut window = Self { newest: first, seen: [0; WORDS] };
        window.set(first);
        window
    }

    /// The greatest index seen.
    pub(super) fn newest(&self) -> u64 {
        self.newest
    }

    /// A window that counts everything up to an index as seen.
    pub fn closed(newest: u64) -> Self {
        Self { newest, seen: [u64::MAX; WORDS] }
    }

    /// Whether the index left the window on the old side.
    pub(super) fn is_past(&self, index: u64) -> bool {
        index <= self.newest && self.newest - index >= SIZE
    }

    /// Whether the index is new: neither seen nor too old to tell.
    #[inline]
    pub fn is_new(&self, index: u64) -> bool {
        if index > self.newest {
            return true;
        }
        self.newest - index < SIZE && self.seen[word(index)] & bit(index) == 0
    }

    /// Remembers a new index, moving the window if it is ahead.
    #[inline]
    pub fn mark(&mut self, index: u64) {
        if index > self.newest {
            if index - self.newest >= SIZE {
                self.seen = [0; WORDS];
            } else {
                for skipped in self.newest + 1..index {
                    self.seen[word(skipped)] &= !bit(skipped);
                }
            }
            self.newest = index;
        }
        self.set(index);
    }

    fn set(&mut self, index: u64) {
        self.seen[word(index)] |= bit(index);
    }
}

const fn word(index: u64) -> usize {
    (index / 64) as usize % WORDS
}

const fn bit(index: u64) -> u64 {
    1 << (index % 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    #[test]
    fn an_index_is_new_once() {
        let mut window = ReplayWindow::new(5000);
        assert!(!window.is_new(5000));
        for index in [5001, 5003, 4999, 5000 - SIZE + 100, 5002, 7000] {
            assert!(window.is_new(index), "{index}");
            window.mark(index);
            assert!(!window.is_new(index), "{index}");
        }
        assert_eq!(window.newest(), 7000);
    }

    #[test]
    fn what_left_the_window_is_not_new() {
        let mut window = ReplayWindow::new(SIZE);
        assert!(!window.is_new(0));
        assert!(window.is_new(1));
        window.mark(SIZE + 1);
        assert!(!window.is_new(1));
        assert!(window.is_new(2));
    }

    #[test]
    fn it_agrees_with_a_set_that_forgets_nothing() {
        let mut window = ReplayWindow::new(100_000);
        let mut seen = std::collections::BTreeSet::from([100_000u64]);
        let mut newest = 100_000;
        let mut noise = Noise::new(1);
        for _ in 0..100_000 {
            // Mostly close to the newest, at times a jump of more than the window.
            let spread = if noise.one_in(16) { 3000 } else { 1100 };
            let index = newest - 1060 + noise.below(spread);
            let expected = newest.saturating_sub(index) < SIZE && !seen.contains(&index);
            assert_eq!(window.is_new(index), expected, "{index} after {newest}");
            if expected {
                window.mark(index);
                seen.insert(index);
                newest = newest.max(index);
            }
        }
    }
}
