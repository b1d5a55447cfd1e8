//! The layers of a VP9 stream without dependency descriptors, in the same words, from payload descriptors alone.

use super::{Layers, PictureId};
use crate::dependency::{Dependencies, SPATIAL, TEMPORAL, Targets};

/// Numbers of frames that one picture takes, whether it has so many layers or not.
const PICTURE: u16 = SPATIAL as u16;
/// Pictures that a packet may be late.
const LATEST: i16 = 40;
const HIGHEST: u8 = SPATIAL as u8 - 1;

/// Counts the pictures of one stream, and remembers what later ones may refer to.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// The newest picture, and the number of its first frame.
    newest: Option<(u16, u16)>,
    /// By spatial layer, the number of its newest frame that later pictures refer to.
    base: [Option<u16>; SPATIAL],
    /// The highest spatial layer of the newest key picture.
    top: u8,
}

impl Pictures {
    /// What a frame needs, as far as the descriptor tells: a frame of the lowest temporal layer, and one with U, refers to the
    /// newest of the lowest temporal layer before it; any other to something that only those have who get its layer already.
    pub fn frame(&mut self, picture: PictureId, layers: Layers) -> Dependencies {
        let (known, first) = *self.newest.get_or_insert((picture.value, 0));
        let bits = if picture.wide { 15 } else { 7 };
        let ahead = picture.value.wrapping_sub(known) << (16 - bits);
        let ahead = ahead.cast_signed() >> (16 - bits);
        let spatial = layers.spatial.min(HIGHEST);
        // An encoder that counts anew begins with a key picture.
        let ahead = if ahead < -LATEST && !layers.predicted && spatial == 0 { 1 } else { ahead };
        let first = first.wrapping_add(ahead.cast_unsigned().wrapping_mul(PICTURE));
        if ahead >= 0 {
            self.newest = Some((picture.value, first));
            if !layers.predicted {
                // Packets of one picture overtake each other.
                self.top = if ahead > 0 { spatial } else { self.top.max(spatial) };
            }
        }
        let mut frame = self.described(first.wrapping_add(spatial.into()), layers);
        if ahead < 0 {
            // It comes late, and its references are forgotten: nobody enters anything there.
            (frame.far, frame.switches) = (layers.predicted, Targets::NONE);
            return frame;
        }
        let Some(base) = self.base.get_mut(usize::from(spatial)) else { return frame };
        if layers.predicted {
            match *base {
                // Nor is it told by a later packet of the same frame.
                Some(base) if (layers.temporal == 0 || layers.switching_up) && base != frame.number => {
                    frame.refer(frame.number.wrapping_sub(base));
                }
                _ => frame.far = true,
            }
        }
        if layers.temporal == 0 {
            *base = Some(frame.number);
        }
        frame
    }

    fn described(&self, number: u16, layers: Layers) -> Dependencies {
        let Layers { predicted, temporal, switching_up, on_lower, unused_above, .. } = layers;
        let spatial = layers.spatial.min(HIGHEST);
        let mut frame = Dependencies { number, spatial, temporal, ..Dependencies::default() };
        for target in 0..=HIGHEST {
            let highest = target.min(self.top.max(spatial));
            let needed = highest == spatial || highest > spatial && !unused_above;
            let enters = !predicted || (switching_up || temporal == 0) && highest == spatial;
            for up_to in (0..TEMPORAL as u8).filter(|_| needed) {
                if up_to >= temporal || usize::from(up_to) + 1 == TEMPORAL {
                    frame.needed.insert(target, up_to);
                    if enters {
                        frame.switches.insert(target, up_to);
                    }
                }
            }
        }
        if on_lower && spatial > 0 {
            frame.refer(1);
        }
        frame
    }
}
