//! One tile as whoever looks at it sees it: moving, frozen, paused, in which encoding.

use crate::sim::peer::Decoder;

/// Without a new picture for so long a tile stands still.
const STILL: u64 = 340_000;
/// Between two pictures, as usual.
const USUAL: u64 = 40_000;

/// What became of one tile; times in microseconds.
#[derive(Debug, Default)]
pub struct Tile {
    /// It was looked at for so long, …
    pub watched: u64,
    /// … stood still although it was not paused, …
    pub frozen: u64,
    /// … and showed a mark in place of a live picture.
    pub paused: u64,
    /// Changes of its encoding, pauses included.
    pub switches: u64,
    decoded: u64,
    pictures: u64,
    /// Since the newest picture, and how much of that counts.
    without: u64,
    gap: u64,
    encoding: Option<u8>,
    is_paused: bool,
    shown: Option<u8>,
}

impl Tile {
    /// So much time has passed. `counts` says whether this is to be judged.
    pub fn tick(&mut self, passed: u64, decoder: &Decoder, counts: bool) {
        let fresh = decoder.decoded > self.decoded;
        self.pictures += decoder.decoded - self.decoded;
        self.decoded = decoder.decoded;
        if counts {
            self.watched += passed;
            if self.is_paused {
                self.paused += passed;
            }
        }
        if fresh || self.is_paused {
            self.end_gap();
        } else {
            self.without += passed;
            self.gap += if counts { passed } else { 0 };
        }
        if fresh {
            self.shown = decoder.source.map(|(_, layer)| layer);
        }
    }

    /// The unit forwards this encoding from now on, or none yet, or none since the line carries nothing for it.
    pub fn forward(&mut self, encoding: Option<u8>, is_paused: bool, counts: bool) {
        self.is_paused = is_paused;
        if counts && encoding != self.encoding {
            self.switches += 1;
        }
        self.encoding = encoding;
    }

    /// Pictures shown since it was asked last.
    pub fn take_pictures(&mut self) -> u64 {
        std::mem::take(&mut self.pictures)
    }

    /// The encoding that moves in it.
    pub fn moving(&self) -> Option<u8> {
        self.shown.filter(|_| self.without < STILL && self.encoding.is_some())
    }

    /// The time since the newest picture is over: one came, or nobody looks any more.
    pub fn end_gap(&mut self) {
        if self.without > STILL {
            self.frozen += self.gap.saturating_sub(USUAL);
        }
        (self.without, self.gap) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: u64 = 20_000;

    /// A tile in which a picture comes every 40 ms but for a gap, which is judged as a whole.
    fn with_gap(gap: u64, paused: bool) -> Tile {
        let (mut tile, mut decoder) = (Tile::default(), Decoder::default());
        tile.forward(Some(1), false, false);
        for step in 1..=200 {
            let at = step * STEP;
            let in_gap = (1_000_000..1_000_000 + gap).contains(&at);
            if step.is_multiple_of(2) && !in_gap {
                decoder.decoded += 1;
                decoder.source = Some((1, 1));
            }
            tile.forward(Some(1).filter(|_| !(in_gap && paused)), in_gap && paused, true);
            tile.tick(STEP, &decoder, true);
        }
        tile.end_gap();
        tile
    }

    #[test]
    fn a_gap_counts_as_a_whole_once_it_is_longer_than_the_eye_bears() {
        assert_eq!(with_gap(300_000, false).frozen, 0);
        let tile = with_gap(800_000, false);
        assert!((740_000..=840_000).contains(&tile.frozen), "{}", tile.frozen);
        assert_eq!((tile.paused, tile.watched, tile.moving()), (0, 4_000_000, Some(1)));
    }

    #[test]
    fn a_paused_tile_is_not_frozen() {
        let tile = with_gap(800_000, true);
        assert_eq!((tile.frozen, tile.paused, tile.switches), (0, 800_000, 2));
    }
}
