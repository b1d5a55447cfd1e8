//! One stream with three spatial and three temporal layers, as an encoder of VP9 or AV1 makes it.

use super::{
    payload,
    track::{Layer, Track, Wire},
};
use crate::sim::stamp::Stamp;
use viva_media::Codec;
use viva_peer::{Description, Structure};

/// Spatial layers.
pub const LAYERS: u8 = 3;

/// How the sizes of a stream depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layering {
    /// In key pictures alone (`L3T3_KEY`).
    Key,
    /// In every picture (`L3T3`).
    Full,
}

/// One frame of one spatial layer.
#[derive(Clone, Copy)]
struct Frame {
    spatial: u8,
    temporal: u8,
    /// It belongs to a key picture.
    key: bool,
    /// How many frames before it those are that it refers to.
    references: [u8; 2],
}

impl Track {
    /// The structure of its frames.
    pub(super) fn structure(&self, layering: Layering) -> Structure {
        Structure::three_by_three(layering == Layering::Key, self.rows)
    }

    /// Sends no spatial layer above this one from the next picture on; where that is more than before, it is a key picture.
    pub fn set_top(&mut self, top: u8) {
        self.layers[0].key_wanted |= top != self.top;
        self.top = top;
    }

    /// Captures one picture in all its sizes.
    pub(super) fn layered_picture(&mut self, layering: Layering, wire: &mut Wire<'_>) {
        let codec = self.spec.codec;
        let Layer { key_wanted, key_frames, picture, .. } = &mut self.layers[0];
        let key = std::mem::take(key_wanted);
        *key_frames += u64::from(key);
        let (temporal, _) = picture.advance(key, codec);
        // Pictures 0 2 1 2: the lowest refers four pictures back, the middle two, the highest one.
        let back = [4, 2, 1][usize::from(temporal)] * (self.top + 1);
        for spatial in 0..=self.top {
            let below = u8::from(spatial > 0 && (key || layering == Layering::Full));
            let references = if key { [below, 0] } else { [back, below] };
            self.layered_frame(layering, Frame { spatial, temporal, key, references }, wire);
        }
    }

    fn layered_frame(&mut self, layering: Layering, frame: Frame, wire: &mut Wire<'_>) {
        let Frame { spatial, temporal, key, references } = frame;
        let structure = self.structure(layering);
        let usual = (self.spec.packets >> (LAYERS - 1 - spatial)).max(1);
        let size = self
            .encoder
            .as_mut()
            .map(|encoder| encoder.picture(spatial.into(), self.spec.rate, key, temporal));
        let packets = size.map_or(if key { usual * 4 } else { usual }, |size| size.packets());
        let own: Vec<u16> = references.iter().filter(|back| **back > 0).map(|back| (*back).into()).collect();
        for packet in 0..packets {
            let stamp = Stamp {
                layer: spatial,
                shared: true,
                packet,
                packets,
                key: key && spatial == 0,
                temporal,
                depends: references[0],
                also: references[1],
                ..self.stamp(0, wire.now)
            };
            let last = packet + 1 == packets;
            let brings_structure = key && spatial == 0 && packet == 0;
            let description = structure.write(&Description {
                starts_frame: packet == 0,
                ends_frame: last,
                template: structure.place(spatial, temporal, key),
                number: stamp.frame as u16,
                brings_structure,
                active: (brings_structure && self.top + 1 < LAYERS)
                    .then_some((1 << (3 * (self.top + 1))) - 1),
                references: (self.top + 1 < LAYERS).then_some(&own),
                ..Description::default()
            });
            let layers = payload::Layers {
                predicted: !key,
                on_lower: references.contains(&1) && spatial > 0,
                layering,
            };
            let picture = self.layers[0].picture;
            let mut payload = match self.spec.codec {
                Codec::Av1(_) => payload::av1(&stamp),
                _ => payload::vp9(&stamp, picture, layers, &structure.sizes[..=usize::from(self.top)]),
            };
            if let Some(size) = size {
                payload.resize(size.length(packet).max(payload.len()), 0x0a);
            }
            self.send_described(0, last && spatial == self.top, &payload, &description, wire);
        }
        self.layers[0].frame += 1;
    }
}
