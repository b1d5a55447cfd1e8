//! The structure of a stream: its templates, its decode targets, the sizes of its pictures.

use super::{Dependencies, SPATIAL, TEMPORAL, Targets, bits::Bits};

/// A template has a number of six bits.
const MAX_TEMPLATES: usize = 64;
/// Decode targets that five bits can count.
const MAX_TARGETS: usize = 32;
/// Temporal layers that AV1 can have.
const MAX_TEMPORAL: u8 = 8;

/// What decode targets a frame means something to, one bit each in the order of the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Indications {
    /// They need it.
    pub needed: u32,
    /// They can be entered with it.
    pub switches: u32,
}

/// What frames of one kind have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Template {
    /// All but the number.
    pub frame: Dependencies,
    indications: Indications,
}

/// All that a key frame brings.
#[derive(Debug, Clone)]
pub(super) struct Structure {
    /// The number of the first template.
    first: u8,
    templates: [Template; MAX_TEMPLATES],
    templates_len: usize,
    targets_len: u32,
    chains_len: u32,
    /// Which decode target each pair of layers stands for.
    pairs: [Option<u8>; SPATIAL * TEMPORAL],
    /// The spatial layer of each decode target.
    spatial_of: [u8; MAX_TARGETS],
    sizes: [(u16, u16); SPATIAL],
    sizes_len: usize,
}

impl Indications {
    /// Those of one frame: two bits a decode target (§A.8.3, table A.1).
    pub fn read(bits: &mut Bits<'_>, targets: u32) -> Option<Self> {
        const SWITCH: u32 = 2;
        let mut read = Self::default();
        for target in 0..targets {
            let indication = bits.take(2)?;
            read.needed |= u32::from(indication != 0) << target;
            read.switches |= u32::from(indication == SWITCH) << target;
        }
        Some(read)
    }
}

impl Structure {
    /// §A.8.2.2 `template_dependency_structure`.
    pub fn read(bits: &mut Bits<'_>) -> Option<Self> {
        let first = bits.take(6)? as u8;
        let targets_len = bits.take(5)? + 1;
        let mut structure = Self {
            first,
            templates: [Template::default(); MAX_TEMPLATES],
            templates_len: 0,
            targets_len,
            chains_len: 0,
            pairs: [None; SPATIAL * TEMPORAL],
            spatial_of: [0; MAX_TARGETS],
            sizes: [(0, 0); SPATIAL],
            sizes_len: 0,
        };
        let highest = structure.read_layers(bits)?;
        for template in structure.templates.get_mut(..structure.templates_len)? {
            template.indications = Indications::read(bits, targets_len)?;
        }
        for template in structure.templates.get_mut(..structure.templates_len)? {
            while bits.flag()? {
                template.frame.refer(bits.take(4)? as u16 + 1);
            }
        }
        structure.read_chains(bits)?;
        if bits.flag()? {
            for size in structure.sizes.get_mut(..=usize::from(highest))? {
                *size = (side(bits.take(16)?), side(bits.take(16)?));
                structure.sizes_len += 1;
            }
        }
        structure.pair();
        Some(structure)
    }

    /// The layers of the templates, in rising order; the highest spatial one.
    fn read_layers(&mut self, bits: &mut Bits<'_>) -> Option<u8> {
        let (mut spatial, mut temporal) = (0, 0);
        loop {
            self.templates.get_mut(self.templates_len)?.frame =
                Dependencies { spatial, temporal, ..Dependencies::default() };
            self.templates_len += 1;
            match bits.take(2)? {
                0 => {}
                1 if temporal + 1 < MAX_TEMPORAL => temporal += 1,
                2 if usize::from(spatial) + 1 < SPATIAL => (spatial, temporal) = (spatial + 1, 0),
                3 => return Some(spatial),
                _ => return None,
            }
        }
    }

    /// Chains tell a receiver of losses; here they are only passed over.
    fn read_chains(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        self.chains_len = bits.below(self.targets_len + 1)?;
        if self.chains_len == 0 {
            return Some(());
        }
        for _ in 0..self.targets_len {
            bits.below(self.chains_len)?;
        }
        bits.skip(4 * self.chains_len * self.templates_len as u32)
    }

    /// §A.8.2.6 `decode_target_layers`: a target has the highest layers of the frames that it needs.
    fn pair(&mut self) {
        let templates = self.templates.get(..self.templates_len).unwrap_or_default();
        let mut layers = [(0u8, 0u8); MAX_TARGETS];
        for (target, (layers, spatial_of)) in
            (0..self.targets_len).zip(layers.iter_mut().zip(&mut self.spatial_of))
        {
            for template in templates.iter().filter(|template| template.indications.needed & 1 << target != 0)
            {
                *layers = (layers.0.max(template.frame.spatial), layers.1.max(template.frame.temporal));
            }
            *spatial_of = layers.0;
        }
        let targets = (0..).zip(layers.iter().take(self.targets_len as usize));
        for (index, place) in self.pairs.iter_mut().enumerate() {
            let (spatial, temporal) = ((index / TEMPORAL) as u8, (index % TEMPORAL) as u8);
            let whole = usize::from(temporal) + 1 == TEMPORAL;
            let within = targets.clone().filter(|(_, (s, t))| *s <= spatial && (whole || *t <= temporal));
            *place = within.max_by_key(|(_, layers)| **layers).map(|(target, _)| target);
        }
        let pairs = self.pairs;
        for Template { frame, indications } in self.templates.iter_mut().take(self.templates_len) {
            frame.needed = stand_for(&pairs, indications.needed);
            frame.switches = stand_for(&pairs, indications.switches);
        }
    }

    /// The pairs that these decode targets stand for.
    pub fn pairs(&self, targets: u32) -> Targets {
        stand_for(&self.pairs, targets)
    }

    /// The template with this number.
    #[inline]
    pub fn template(&self, number: u8) -> Option<&Template> {
        let place = usize::from(number.wrapping_sub(self.first) & 63);
        self.templates.get(..self.templates_len)?.get(place)
    }

    /// How many decode targets there are: 1 to 32.
    pub const fn targets(&self) -> u32 {
        self.targets_len
    }

    /// How many chains there are.
    pub const fn chains(&self) -> u32 {
        self.chains_len
    }

    /// The highest spatial layer of these decode targets.
    pub fn top(&self, active: u32) -> u8 {
        let active = (0..self.targets_len).filter(|target| active & 1 << target != 0);
        active.filter_map(|target| self.spatial_of.get(target as usize)).copied().max().unwrap_or(0)
    }

    pub fn sizes(&self) -> &[(u16, u16)] {
        self.sizes.get(..self.sizes_len).unwrap_or_default()
    }
}

fn stand_for(pairs: &[Option<u8>; SPATIAL * TEMPORAL], targets: u32) -> Targets {
    let among = |target: &Option<u8>| target.is_some_and(|target| targets & 1 << target != 0);
    Targets(
        pairs
            .iter()
            .enumerate()
            .filter(|(_, target)| among(target))
            .fold(0, |set, (index, _)| set | 1 << index),
    )
}

fn side(less_one: u32) -> u16 {
    u16::try_from(less_one + 1).unwrap_or(u16::MAX)
}
