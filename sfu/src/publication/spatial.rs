//! Spatial layers within one stream: each has a place among the layers of its publication, as an encoding of its own would.

use super::{Layer, Packet, Publication, Shape};
use viva_media::{Encoding, LayerIndex, LayerSet, MAX_LAYERS};
use viva_wire::{Micros, codec::Frame};

/// Whether the layers of a publication are spatial layers of one stream, and how they depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spatial {
    /// They are.
    pub is_spatial: bool,
    /// Each needs those below it in every picture, not in key pictures alone: so a receiver goes down without a key picture.
    pub is_nested: bool,
    /// The highest that is sent.
    top: u8,
    /// The encodings before that.
    encodings: usize,
}

impl Spatial {
    /// The layer that a packet of an encoding shows to be sent; none, where it is one that was still on its way when that ended.
    #[inline]
    pub fn layer_of(&self, stream: LayerIndex, frame: &Frame) -> Option<LayerIndex> {
        let spatial = frame.dependencies.spatial;
        match self.is_spatial {
            false => Some(stream),
            true if spatial > self.top => None,
            true => LayerIndex::new(usize::from(spatial)),
        }
    }

    /// The encoding whose stream has a layer.
    #[inline]
    pub const fn stream_of(&self, layer: LayerIndex) -> LayerIndex {
        if self.is_spatial { LayerIndex::FIRST } else { layer }
    }
}

impl Publication {
    /// The layers that are streams: its encodings.
    pub fn streams(&self) -> &[Layer] {
        let streams = if self.shape.is_spatial { self.shape.encodings } else { self.layers.len() };
        self.layers.get(..streams).unwrap_or_default()
    }

    /// The only encoding has these spatial layers; returns whether that is news. Several encodings are told apart as they are.
    pub fn take_shape(&mut self, told: Shape) -> bool {
        if self.streams().len() > 1 {
            return false;
        }
        let top = usize::from(told.top).min(MAX_LAYERS - 1);
        let sized = told.sizes.iter().flatten().count();
        let mut news = false;
        if !self.shape.is_spatial && (top > 0 || sized > 1) {
            self.shape = Spatial { is_spatial: true, encodings: self.layers.len(), ..Spatial::default() };
            news = true;
        }
        if self.shape.is_spatial {
            for _ in self.layers.len()..sized.max(top + 1).min(MAX_LAYERS) {
                self.layers.push(Layer::new(self.kind, Encoding::default()));
                news = true;
            }
            self.shape.top = top as u8;
            news |= self.liveness.send(LayerSet::first(top + 1));
        }
        for (layer, size) in self.layers.iter_mut().zip(told.sizes) {
            if size.is_some() && layer.size != size {
                layer.size = size;
                news = true;
            }
        }
        news
    }

    /// It is sent without spatial layers now.
    pub(super) fn flatten(&mut self) {
        if self.shape.is_spatial {
            self.layers.truncate(self.shape.encodings);
            self.liveness.send(LayerSet::first(self.shape.encodings));
            self.shape = Spatial::default();
        }
    }

    /// Counts a packet of a spatial layer for that; returns whether it shows that the layers depend on each other otherwise
    /// than was known.
    #[inline]
    pub fn count_spatial(&mut self, packet: &Packet, now: Micros) -> bool {
        let frame = &packet.meta.frame.dependencies;
        if !self.shape.is_spatial || !frame.is_known() {
            return false;
        }
        let key_picture = self.layers.first().and_then(|layer| layer.rates.key_picture());
        if frame.spatial > 0
            && let Some(layer) = self.layers.get_mut(usize::from(frame.spatial))
        {
            layer.rates.add_upper(usize::from(packet.length), &packet.meta, key_picture, now);
        }
        if frame.is_of_key_picture() || usize::from(frame.spatial) + 1 >= self.layers.len() {
            return false;
        }
        let nested = frame.needed.contains(frame.spatial + 1, viva_wire::dependency::TEMPORAL as u8);
        std::mem::replace(&mut self.shape.is_nested, nested) != nested
    }
}
