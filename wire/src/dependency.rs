//! The dependency descriptor: which frames a frame needs, and which choices of layers need it (AV1 RTP specification, appendix A).
//!
//! A key frame brings the structure of its stream, a list of templates; the frames that follow name one of them. A
//! [`Reader`] keeps the structure. What it tells of a frame is the same for every structure: see [`Dependencies`].

mod bits;
mod structure;
use crate::Error;
use bits::Bits;
use structure::{Indications, Structure};

/// Spatial layers told apart. AV1 and VP9 as browsers send them have no more than three.
pub const SPATIAL: usize = 4;
/// Temporal layers told apart; those above count as the last.
pub const TEMPORAL: usize = 4;

/// Bytes of a descriptor that names a template and nothing else: flags and template, then the frame's number.
pub const MANDATORY: usize = 3;

/// A set of decode targets: of the pairs of a highest spatial and a highest temporal layer that a receiver may be sent.
///
/// A pair that the stream has no target for stands for the best target within it, so that the pairs mean the same for every
/// stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Targets(u16);

impl Targets {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Is the pair among them? Layers above those told apart count as the last.
    #[inline]
    pub const fn contains(self, spatial: u8, temporal: u8) -> bool {
        self.0 & Self::bit(spatial, temporal) != 0
    }

    /// Adds a pair.
    pub const fn insert(&mut self, spatial: u8, temporal: u8) {
        self.0 |= Self::bit(spatial, temporal);
    }

    /// No pair is among them.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn bit(spatial: u8, temporal: u8) -> u16 {
        let spatial = if (spatial as usize) < SPATIAL { spatial as usize } else { SPATIAL - 1 };
        let temporal = if (temporal as usize) < TEMPORAL { temporal as usize } else { TEMPORAL - 1 };
        1 << (spatial * TEMPORAL + temporal)
    }
}

/// What is known of a frame's place among the layers of its stream; the default knows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dependencies {
    /// The frame's running number. A picture of several spatial layers is as many frames.
    pub number: u16,
    /// The decode targets that need the frame; none: nothing is known of it.
    pub needed: Targets,
    /// The decode targets that a receiver who can decode the frame can go on with.
    pub switches: Targets,
    /// The frames that it refers to: bit n stands for the frame with the number n + 1 before its own.
    pub references: u32,
    /// It refers to a frame further back than `references` can tell.
    pub far: bool,
    /// Its spatial layer.
    pub spatial: u8,
    /// Its temporal layer.
    pub temporal: u8,
}

impl Dependencies {
    /// Something is known of the frame.
    #[inline]
    pub const fn is_known(&self) -> bool {
        !self.needed.is_empty()
    }

    /// It refers to no other frame.
    pub const fn is_independent(&self) -> bool {
        self.references == 0 && !self.far
    }

    /// It refers to no other picture: the frames of a picture follow each other, from the lowest spatial layer.
    #[inline]
    pub const fn is_of_key_picture(&self) -> bool {
        !self.far && self.references >> self.spatial == 0
    }

    /// Notes a reference to the frame so many numbers before.
    pub const fn refer(&mut self, before: u16) {
        match before {
            1..=32 => self.references |= 1 << (before - 1),
            _ => self.far = true,
        }
    }
}

/// What one packet's descriptor tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// The packet is the first of its frame.
    pub starts_frame: bool,
    /// The packet is the last of its frame.
    pub ends_frame: bool,
    /// It brings the structure of the frames from this one on.
    pub has_structure: bool,
    /// The highest spatial layer that is sent from this frame on, where the packet tells.
    pub top: Option<u8>,
    /// The frame.
    pub frame: Dependencies,
}

/// Reads the descriptors of one stream.
#[derive(Debug, Default)]
pub struct Reader {
    structure: Option<Box<Structure>>,
    /// The number of the frame that brought it.
    since: u16,
}

impl Reader {
    /// Reads a packet's descriptor. A structure in it holds from now on, unless it is older than the one that does.
    ///
    /// # Errors
    /// [`Error::Descriptor`] if it does not hold together, or names a template that the structure does not have: the
    /// structure is kept as it was.
    pub fn read(&mut self, descriptor: &[u8]) -> Result<Told, Error> {
        let (told, structure) = self.look(descriptor)?;
        if let Some(structure) = structure {
            let newer = told.frame.number.wrapping_sub(self.since).cast_signed() >= 0;
            if newer || self.structure.is_none() {
                self.since = told.frame.number;
                match &mut self.structure {
                    Some(kept) => **kept = structure,
                    none => *none = Some(Box::new(structure)),
                }
            }
        }
        Ok(told)
    }

    /// Reads a descriptor that came before its structure, as that is known now.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_again(&self, descriptor: &[u8]) -> Result<Told, Error> {
        self.look(descriptor).map(|(told, _)| told)
    }

    /// The picture sizes of the spatial layers, from the lowest, where the structure tells.
    pub fn sizes(&self) -> &[(u16, u16)] {
        self.structure.as_ref().map_or(&[], |structure| structure.sizes())
    }

    fn look(&self, descriptor: &[u8]) -> Result<(Told, Option<Structure>), Error> {
        read(descriptor, self.structure.as_deref()).ok_or(Error::Descriptor)
    }
}

/// Reads a descriptor (§A.8.2) under the structure in force, if it does not bring its own.
fn read(descriptor: &[u8], kept: Option<&Structure>) -> Option<(Told, Option<Structure>)> {
    let mut bits = Bits::new(descriptor);
    let (starts_frame, ends_frame) = (bits.flag()?, bits.flag()?);
    let template = bits.take(6)? as u8;
    let number = bits.take(16)? as u16;
    let mut extended = Extended::default();
    let mut brought = None;
    let mut active = None;
    if descriptor.len() > MANDATORY {
        let has_structure = bits.flag()?;
        let tells_active = bits.flag()?;
        extended = Extended { indications: bits.flag()?, references: bits.flag()?, chains: bits.flag()? };
        if has_structure {
            brought = Some(Structure::read(&mut bits)?);
        }
        let structure = brought.as_ref().or(kept)?;
        if tells_active {
            active = Some(bits.take(structure.targets())?);
        } else if has_structure {
            active = Some(u32::MAX);
        }
    }
    let structure = brought.as_ref().or(kept)?;
    let template = structure.template(template)?;
    let mut frame = Dependencies { number, ..template.frame };
    if extended.indications {
        let own = Indications::read(&mut bits, structure.targets())?;
        (frame.needed, frame.switches) = (structure.pairs(own.needed), structure.pairs(own.switches));
    }
    if extended.references {
        (frame.references, frame.far) = (0, false);
        loop {
            // §A.8.2.4: the size of the next difference in nibbles, 0 ends them.
            let nibbles = bits.take(2)?;
            if nibbles == 0 {
                break;
            }
            frame.refer(bits.take(4 * nibbles)? as u16 + 1);
        }
    }
    if extended.chains {
        bits.skip(8 * structure.chains())?;
    }
    let has_structure = brought.is_some();
    let top = active.map(|active| structure.top(active));
    Some((Told { starts_frame, ends_frame, has_structure, top, frame }, brought))
}

/// Which parts of a frame's definition are its own, not its template's.
#[derive(Debug, Default)]
struct Extended {
    indications: bool,
    references: bool,
    chains: bool,
}
