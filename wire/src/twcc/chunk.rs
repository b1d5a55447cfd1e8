//! Packet status chunks: how many packets, in 16 bits (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.3–4).

/// What is said of one packet (§3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Symbol {
    /// It has not arrived.
    Missing = 0,
    /// Received, a delta of one byte.
    Small = 1,
    /// Received, a delta of two bytes.
    Large = 2,
}

/// The form of a chunk and how many packets it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunk {
    /// So many times the same symbol.
    Run(usize),
    /// Received or not, at most 14 packets.
    OneBit(usize),
    /// Any symbol, at most 7 packets.
    TwoBit(usize),
}

const LONGEST_RUN: usize = (1 << 13) - 1;
const ONE_BIT: usize = 14;
const TWO_BIT: usize = 7;

impl Chunk {
    /// The form that covers most of `symbols`, which are not empty. A vector that is not full must be the last chunk,
    /// so it may stand only where the symbols end.
    pub(super) fn best(symbols: &[Symbol]) -> Self {
        let run =
            symbols.iter().take_while(|symbol| symbols.first() == Some(symbol)).take(LONGEST_RUN).count();
        let one = symbols.iter().take_while(|symbol| **symbol != Symbol::Large).take(ONE_BIT).count();
        let one = if one == ONE_BIT || one == symbols.len() { one } else { 0 };
        let two = symbols.len().min(TWO_BIT);
        if run >= one.max(two) {
            Self::Run(run)
        } else if one >= two {
            Self::OneBit(one)
        } else {
            Self::TwoBit(two)
        }
    }

    /// The chunk shortened so that its deltas take at most `room` bytes; `None` when not even one packet's do. A
    /// shortened vector is the last chunk of its packet.
    pub(super) fn fit(self, symbols: &[Symbol], room: usize) -> Option<Self> {
        let mut used = 0;
        let fits = symbols.iter().take(self.covers()).take_while(|symbol| {
            used += delta(**symbol);
            used <= room
        });
        let covers = fits.count();
        (covers > 0).then_some(match self {
            Self::Run(_) => Self::Run(covers),
            Self::OneBit(_) => Self::OneBit(covers),
            Self::TwoBit(_) => Self::TwoBit(covers),
        })
    }

    /// How many packets it covers.
    pub(super) const fn covers(self) -> usize {
        match self {
            Self::Run(covers) | Self::OneBit(covers) | Self::TwoBit(covers) => covers,
        }
    }

    /// The sixteen bits.
    pub(super) fn encode(self, symbols: &[Symbol]) -> u16 {
        let (head, width, places) = match self {
            Self::Run(length) => {
                let symbol = symbols.first().map_or(0, |symbol| *symbol as u16);
                return symbol << 13 | length as u16;
            }
            Self::OneBit(_) => (0b10 << 14, 1, ONE_BIT),
            Self::TwoBit(_) => (0b11 << 14, 2, TWO_BIT),
        };
        let symbols = symbols.iter().take(self.covers()).enumerate();
        symbols.fold(head, |bits, (place, symbol)| bits | (*symbol as u16) << ((places - 1 - place) * width))
    }
}

/// Bytes of the deltas of `symbols`.
pub(super) fn deltas(symbols: &[Symbol]) -> usize {
    symbols.iter().map(|symbol| delta(*symbol)).sum()
}

const fn delta(symbol: Symbol) -> usize {
    symbol as usize
}

#[cfg(test)]
mod tests {
    use super::{Symbol::*, *};

    #[test]
    fn the_examples_of_the_draft_hold() {
        // §3.1.3: 221 packets not received; §3.1.4: fourteen with one bit, seven with two.
        assert_eq!(Chunk::best(&[Missing; 221]).encode(&[Missing; 221]), 0b0000_0000_1101_1101);
        let fourteen = [
            Missing, Small, Small, Small, Small, Small, Missing, Missing, Missing, Small, Small, Small,
            Missing, Missing,
        ];
        assert_eq!(Chunk::best(&fourteen), Chunk::OneBit(14));
        assert_eq!(Chunk::OneBit(14).encode(&fourteen), 0b1001_1111_0001_1100);
        let seven = [Missing, Large, Small, Small, Small, Missing, Missing];
        assert_eq!(Chunk::best(&seven), Chunk::TwoBit(7));
        assert_eq!(Chunk::TwoBit(7).encode(&seven), 0b1100_1001_0101_0000);
    }

    #[test]
    fn an_unfilled_vector_stands_only_at_the_end() {
        let mut symbols = vec![Small, Missing, Small, Small, Missing, Small, Small, Small, Small, Small];
        assert_eq!(Chunk::best(&symbols), Chunk::OneBit(10));
        symbols.push(Large);
        assert_eq!(Chunk::best(&symbols), Chunk::TwoBit(7));
        assert_eq!(Chunk::best(&[Large]), Chunk::Run(1));
    }

    #[test]
    fn a_chunk_is_shortened_to_its_room() {
        assert_eq!(Chunk::Run(100).fit(&[Large; 100], 41), Some(Chunk::Run(20)));
        assert_eq!(Chunk::TwoBit(3).fit(&[Small, Missing, Large], 2), Some(Chunk::TwoBit(2)));
        assert_eq!(Chunk::Run(9).fit(&[Small; 9], 0), None);
        assert_eq!(Chunk::Run(9).fit(&[Missing; 9], 0), Some(Chunk::Run(9)));
    }
}
