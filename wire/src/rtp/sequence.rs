//! Sequence numbers that do not wrap.

/// Extends 16-bit sequence numbers to 64 bits, relative to the newest one seen.
///
/// A number less than 2^15 ahead of the newest is newer, any other is older. The first is extended to a number
/// above 2^16, so that packets older than it have one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unwrapper {
    newest: Option<u64>,
}

impl Unwrapper {
    const START: u64 = 1 << 16;

    /// The extended number; remembers it if it is the newest.
    #[inline]
    pub fn extend(&mut self, sequence: u16) -> u64 {
        let extended = self.peek(sequence);
        if self.newest.is_none_or(|newest| extended > newest) {
            self.newest = Some(extended);
        }
        extended
    }

    /// The number of a packet whose index is known (RFC 3711 §3.3.1); remembers it if it is the newest.
    #[inline]
    pub fn follow(&mut self, index: u64) -> u64 {
        let extended = Self::START + index;
        if self.newest.is_none_or(|newest| extended > newest) {
            self.newest = Some(extended);
        }
        extended
    }

    /// The extended number, without remembering it.
    #[inline]
    pub fn peek(&self, sequence: u16) -> u64 {
        match self.newest {
            None => Self::START | u64::from(sequence),
            Some(newest) => {
                // Wrapping to i16 gives the shorter way round.
                let ahead = sequence.wrapping_sub(newest as u16) as i16;
                newest.saturating_add_signed(i64::from(ahead))
            }
        }
    }

    /// The newest extended number so far.
    pub const fn newest(&self) -> Option<u64> {
        self.newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_over_the_wrap_in_any_order() {
        let mut unwrapper = Unwrapper::default();
        let first = unwrapper.extend(65534);
        let others = [0, 65535, 1, 65533, 2].map(|sequence| unwrapper.extend(sequence) as i64 - first as i64);
        assert_eq!(others, [2, 1, 3, -1, 4]);
        assert_eq!(unwrapper.newest(), Some(first + 4));
    }

    #[test]
    fn numbers_older_than_the_first_do_not_underflow() {
        let mut unwrapper = Unwrapper::default();
        let first = unwrapper.extend(0);
        assert_eq!(unwrapper.extend(32768), first - 32768);
        assert_eq!(unwrapper.extend(32769), first - 32767);
        assert_eq!(unwrapper.newest(), Some(first));
    }

    #[test]
    fn extended_numbers_keep_their_low_bits() {
        let mut unwrapper = Unwrapper::default();
        let mut newest = 0;
        for sequence in (0..400_000u64).step_by(32_767).map(|step| step as u16) {
            let extended = unwrapper.extend(sequence);
            assert_eq!(extended as u16, sequence);
            assert!(extended > newest);
            newest = extended;
        }
    }

    #[test]
    fn a_peek_changes_nothing() {
        let mut unwrapper = Unwrapper::default();
        unwrapper.extend(10);
        let before = unwrapper;
        assert_eq!(unwrapper.peek(12), (1 << 16) + 12);
        assert_eq!(unwrapper, before);
    }
}
