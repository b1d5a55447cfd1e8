//! Which layers a publication sends, and which of them suits a tile.

use super::{MAX_LAYERS, bit};
use crate::time::Micros;
use std::time::Duration;

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
/// has one entry a layer, smallest first, `None` where no key frame has told yet; such are guessed from their neighbours, each
/// layer being twice as high as the one before. Count as live (bit n of `live`) also what the publisher paused because nobody
/// wanted it. `None` if nothing is live.
pub fn choose_layer(heights: &[Option<u16>], live: u8, wanted: u16) -> Option<usize> {
    let layers = heights.len().min(MAX_LAYERS);
    let live = |layer: &usize| live & bit(*layer) != 0;
    let suits = |layer: &usize| live(layer) && nominal_height(heights, *layer) >= u32::from(wanted);
    (0..layers).find(suits).or_else(|| (0..layers).rev().find(live))
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
