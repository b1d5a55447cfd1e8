//! VP9 (RFC 9628): the payload descriptor in front of every packet.

mod layers;

pub use layers::Pictures;

use super::{Frame, PictureId};
use crate::Error;

/// What the descriptor says of the layers (RFC 9628 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layers {
    /// P: the frame refers to earlier pictures.
    pub predicted: bool,
    /// SID.
    pub spatial: u8,
    /// TID.
    pub temporal: u8,
    /// U: from here on a receiver may go up to this temporal layer.
    pub switching_up: bool,
    /// D: the frame refers to the spatial layer below, of the same picture.
    pub on_lower: bool,
    /// Z: no higher spatial layer of the same picture refers to it.
    pub unused_above: bool,
}

/// Picture sizes of spatial layers, from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    sizes: [(u16, u16); MAX_SPATIAL],
    /// How many layers there are: 1 to 8; their sizes may be unknown.
    pub layers: u8,
}

/// Three bits of N_S.
const MAX_SPATIAL: usize = 8;

impl Sizes {
    /// One for each layer; all zero where the stream does not tell.
    pub fn as_slice(&self) -> &[(u16, u16)] {
        self.sizes.get(..usize::from(self.layers)).unwrap_or_default()
    }
}

struct Descriptor {
    picture_id: Option<PictureId>,
    tl0_picture_index: Option<u8>,
    layers: Layers,
    starts_frame: bool,
    ends_frame: bool,
    sizes: Option<Sizes>,
    len: usize,
}

pub(super) fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    let descriptor = read(payload).filter(|read| read.len < payload.len()).ok_or(Error::Descriptor)?;
    let Layers { predicted, spatial, temporal, switching_up, .. } = descriptor.layers;
    let key_frame = descriptor.starts_frame && !predicted && spatial == 0;
    let told = descriptor.sizes.and_then(|sizes| sizes.as_slice().first().copied());
    Ok(Frame {
        starts_frame: descriptor.starts_frame,
        ends_frame: descriptor.ends_frame,
        key_frame,
        temporal,
        layer_sync: switching_up,
        picture_id: descriptor.picture_id,
        tl0_picture_index: descriptor.tl0_picture_index,
        size: told.filter(|size| *size != (0, 0) && key_frame),
        descriptor_len: u8::try_from(descriptor.len).map_err(|_| Error::Descriptor)?,
        ..Frame::default()
    })
}

/// What the payload says of layers, and the sizes where it tells them; `None` for one that does not hold together.
pub fn layers(payload: &[u8]) -> Option<(Layers, Option<Sizes>)> {
    read(payload).map(|descriptor| (descriptor.layers, descriptor.sizes))
}

/// Writes `picture_id`, in the width that the packet has, and `tl0_picture_index` in place, each where the packet carries
/// one. `frame` must be what [`super::inspect`] told about this payload.
#[inline(never)]
pub fn rewrite(payload: &mut [u8], frame: &Frame, picture_id: u16, tl0_picture_index: u8) {
    // I, L and F say what stands behind the first octet: the picture id, then the layers, then the index.
    let Some((first, mut rest)) = payload.split_first_mut() else { return };
    let has_layers = *first & 0x20 != 0;
    if let Some(PictureId { wide, .. }) = frame.picture_id {
        match (wide, rest) {
            (true, [high, low, tail @ ..]) => {
                *high = 0x80 | (picture_id >> 8) as u8;
                *low = picture_id as u8;
                rest = tail;
            }
            (false, [only, tail @ ..]) => {
                *only = picture_id as u8 & 0x7f;
                rest = tail;
            }
            _ => return,
        }
    }
    if let (Some(_), true, [_, index, ..]) = (frame.tl0_picture_index, has_layers, rest) {
        *index = tl0_picture_index;
    }
}

fn read(payload: &[u8]) -> Option<Descriptor> {
    let (&first, mut rest) = payload.split_first()?;
    let set = |bit: u8| first & bit != 0;
    let (flexible, predicted) = (set(0x10), set(0x40));
    let mut descriptor = Descriptor {
        picture_id: None,
        tl0_picture_index: None,
        layers: Layers { predicted, unused_above: set(0x01), ..Layers::default() },
        starts_frame: set(0x08),
        ends_frame: set(0x04),
        sizes: None,
        len: 0,
    };
    let mut octet = || {
        let (&octet, tail) = rest.split_first()?;
        rest = tail;
        Some(octet)
    };
    if set(0x80) {
        let high = octet()?;
        let wide = high & 0x80 != 0;
        let value = u16::from(high & 0x7f);
        let value = if wide { value << 8 | u16::from(octet()?) } else { value };
        descriptor.picture_id = Some(PictureId { value, wide });
    }
    if set(0x20) {
        let layers = octet()?;
        descriptor.layers.temporal = layers >> 5;
        descriptor.layers.switching_up = layers & 0x10 != 0;
        descriptor.layers.spatial = layers >> 1 & 0x07;
        descriptor.layers.on_lower = layers & 0x01 != 0;
        if !flexible {
            descriptor.tl0_picture_index = Some(octet()?);
        }
    }
    if flexible && predicted {
        // At most three; the last bit of each says whether another follows.
        for last in [false, false, true] {
            let more = octet()? & 0x01 != 0;
            if !more {
                break;
            }
            if last {
                return None;
            }
        }
    }
    if set(0x02) {
        descriptor.sizes = Some(read_structure(&mut octet)?);
    }
    descriptor.len = payload.len() - rest.len();
    Some(descriptor)
}

/// The scalability structure (RFC 9628 §4.2.1): the sizes; which pictures refer to which is passed over.
fn read_structure(octet: &mut impl FnMut() -> Option<u8>) -> Option<Sizes> {
    let head = octet()?;
    let mut sizes = Sizes { layers: (head >> 5) + 1, ..Sizes::default() };
    if head & 0x10 != 0 {
        for size in sizes.sizes.get_mut(..usize::from(sizes.layers))? {
            let mut side = || Some(u16::from_be_bytes([octet()?, octet()?]));
            *size = (side()?, side()?);
        }
    }
    if head & 0x08 != 0 {
        for _ in 0..octet()? {
            let references = octet()? >> 2 & 0x03;
            for _ in 0..references {
                octet()?;
            }
        }
    }
    Some(sizes)
}

#[cfg(test)]
mod tests;
