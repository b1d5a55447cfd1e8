//! Which layers a publication sends, and which of them suits a tile.

use std::time::Duration;
use viva_media::{LayerIndex, LayerSet, MAX_LAYERS};
use viva_wire::Micros;

/// The layers of one publication from the smallest picture to the largest. A layer is named by its place in the offer; what
/// it is, only its pictures tell: some clients offer the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order([LayerIndex; MAX_LAYERS]);

impl Order {
    /// The first in the offer is the smallest, as browsers have it.
    pub fn as_offered() -> Self {
        Self::new([])
    }

    /// With these layers first, in this order; the others stand in the places of the offer behind them.
    pub fn new(smallest_first: impl IntoIterator<Item = LayerIndex>) -> Self {
        let mut order = [LayerIndex::FIRST; MAX_LAYERS];
        for (place, layer) in order.iter_mut().zip(LayerIndex::all()) {
            *place = layer;
        }
        for (place, layer) in order.iter_mut().zip(smallest_first) {
            *place = layer;
        }
        Self(order)
    }

    /// The layers from the smallest on.
    pub const fn smallest_first(&self) -> &[LayerIndex] {
        &self.0
    }

    /// The place of a layer, counted from the smallest.
    pub fn rank(&self, layer: LayerIndex) -> usize {
        self.0.iter().position(|known| *known == layer).unwrap_or(0)
    }
}

/// Tells which layers of one publication send. A layer is dead when it stays silent while another goes on; if all are silent
/// the publisher is muted or cut off, and nothing is gained by changing layers.
#[derive(Debug, Default)]
pub struct Liveness {
    live: LayerSet,
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
    pub fn arrived(&mut self, layer: LayerIndex, starts_frame: bool, now: Micros) -> bool {
        let before = self.live;
        self.live.insert(layer);
        for (other, (last, missed)) in LayerIndex::all().zip(self.last.iter_mut().zip(&mut self.missed)) {
            if other == layer {
                *last = now;
                *missed = 0;
            } else if starts_frame {
                *missed = missed.saturating_add(1);
                if *missed >= MISSED && now.since(*last) >= SILENCE {
                    self.live.remove(other);
                }
            }
        }
        self.live != before
    }

    /// It is known that these layers send, and no others. Returns whether [`Self::live`] has changed.
    pub fn send(&mut self, layers: LayerSet) -> bool {
        for (layer, missed) in LayerIndex::all().zip(&mut self.missed) {
            if layers.contains(layer) && !self.live.contains(layer) {
                *missed = 0;
            }
        }
        std::mem::replace(&mut self.live, layers) != layers
    }

    /// The layers that send.
    pub const fn live(&self) -> LayerSet {
        self.live
    }
}

/// The layer for a tile `wanted` pixels high: the smallest live one at least so high, else the largest live one. `heights`
/// has one entry a layer, `None` where no key frame has told yet; such are guessed from their neighbours in `order`, each
/// layer being twice as high as the one before. Count as live also what the publisher paused because nobody
/// wanted it. `None` if nothing is live.
pub fn choose_layer(
    heights: &[Option<u16>],
    order: &Order,
    live: LayerSet,
    wanted: u16,
) -> Option<LayerIndex> {
    let layers = order.smallest_first().get(..heights.len().min(MAX_LAYERS))?;
    let ordered = in_order(heights, layers);
    let heights = ordered.get(..layers.len())?;
    let mut sending = layers.iter().copied().enumerate().filter(|(_, layer)| live.contains(*layer));
    let suits = |(rank, _): &(usize, LayerIndex)| nominal_height(heights, *rank) >= u32::from(wanted);
    let largest = sending.clone().next_back();
    sending.find(suits).or(largest).map(|(_, layer)| layer)
}

/// Rows of a layer's picture: told by a key frame, or guessed from those of the others.
pub fn layer_height(heights: &[Option<u16>], order: &Order, layer: LayerIndex) -> u16 {
    let layers = order.smallest_first().get(..heights.len().min(MAX_LAYERS)).unwrap_or_default();
    let ordered = in_order(heights, layers);
    let heights = ordered.get(..layers.len()).unwrap_or_default();
    u16::try_from(nominal_height(heights, order.rank(layer))).unwrap_or(u16::MAX)
}

/// The heights of these layers, in their order.
fn in_order(heights: &[Option<u16>], layers: &[LayerIndex]) -> [Option<u16>; MAX_LAYERS] {
    let mut ordered = [None; MAX_LAYERS];
    for (height, layer) in ordered.iter_mut().zip(layers) {
        *height = heights.get(layer.place()).copied().flatten();
    }
    ordered
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
