//! Which layers a publication sends, and which of them suits a tile.

use super::{MAX_LAYERS, bit};
use std::time::Duration;
use viva_wire::Micros;

/// The layers of one publication from the smallest picture to the largest. A layer is named by its place in the offer; what
/// it is, only its pictures tell: some clients offer the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order([u8; MAX_LAYERS]);

impl Order {
    /// The first in the offer is the smallest, as browsers have it.
    pub const AS_OFFERED: Self = Self([0, 1, 2, 3, 4, 5, 6, 7]);

    /// With these layers first in this order: each of those below their number once.
    pub fn new(smallest_first: &[usize]) -> Self {
        let mut order = Self::AS_OFFERED;
        for (place, layer) in order.0.iter_mut().zip(smallest_first) {
            *place = *layer as u8;
        }
        order
    }

    /// The layer at a place, counted from the smallest.
    pub fn at(&self, rank: usize) -> usize {
        self.0.get(rank).map_or(rank, |layer| usize::from(*layer))
    }

    /// The place of a layer, counted from the smallest.
    pub fn rank(&self, layer: usize) -> usize {
        self.0.iter().position(|known| usize::from(*known) == layer).unwrap_or(layer)
    }
}

/// Tells which layers of one publication send. A layer is dead when it stays silent while another goes on; if all are silent
/// the publisher is muted or cut off, and nothing is gained by changing layers.
#[derive(Debug, Default)]
pub struct Liveness {
    live: u8,
    last: [Micros; MAX_LAYERS],
    /// Frames that other layers have started since this one's last packet.
    missed: [u8; MAX_LAYERS],
}

/// Silence that a dead layer keeps at least.
const SILENCE: Duration = Duration::from_millis(700);
/// Frames that others start meanwhile, at least: at a low frame rate silence alone means nothing.
const MISSED: u8 = 12;

impl Liveness {
    /// A packet of `layer` came. Returns whether [`Self::live`] has changed.
    pub fn arrived(&mut self, layer: usize, starts_frame: bool, now: Micros) -> bool {
        if layer >= MAX_LAYERS {
            return false;
        }
        let before = self.live;
        self.live |= bit(layer);
        for (other, (last, missed)) in self.last.iter_mut().zip(&mut self.missed).enumerate() {
            if other == layer {
                *last = now;
                *missed = 0;
            } else if starts_frame {
                *missed = missed.saturating_add(1);
                if *missed >= MISSED && now.since(*last) >= SILENCE {
                    self.live &= !bit(other);
                }
            }
        }
        self.live != before
    }

    /// Bit n: layer n sends.
    pub const fn live(&self) -> u8 {
        self.live
    }
}

/// The layer for a tile `wanted` pixels high: the smallest live one at least so high, else the largest live one. `heights`
/// has one entry a layer, `None` where no key frame has told yet; such are guessed from their neighbours in `order`, each
/// layer being twice as high as the one before. Count as live (bit n of `live`) also what the publisher paused because nobody
/// wanted it. `None` if nothing is live.
pub fn choose_layer(heights: &[Option<u16>], order: &Order, live: u8, wanted: u16) -> Option<usize> {
    let layers = heights.len().min(MAX_LAYERS);
    let mut ordered = [None; MAX_LAYERS];
    for (rank, height) in ordered.iter_mut().enumerate().take(layers) {
        *height = heights.get(order.at(rank)).copied().flatten();
    }
    let heights = ordered.get(..layers)?;
    let live = |rank: &usize| live & bit(order.at(*rank)) != 0;
    let suits = |rank: &usize| live(rank) && nominal_height(heights, *rank) >= u32::from(wanted);
    let rank = (0..layers).find(suits).or_else(|| (0..layers).rev().find(live))?;
    Some(order.at(rank))
}

/// The height told by a key frame, or guessed from the nearest layer that has one, or from a largest layer of 720 rows.
fn nominal_height(heights: &[Option<u16>], layer: usize) -> u32 {
    let known = |(index, height): (usize, &Option<u16>)| height.map(|height| (index, u32::from(height)));
    let (index, height) = heights
        .iter()
        .enumerate()
        .filter_map(known)
        .min_by_key(|(index, _)| index.abs_diff(layer))
        .unwrap_or((heights.len().saturating_sub(1), 720));
    if layer >= index { height << (layer - index).min(8) } else { height >> (index - layer).min(8) }
}
