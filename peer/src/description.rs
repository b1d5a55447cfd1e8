//! Dependency descriptors as an encoder writes them (AV1 RTP specification, appendix A).

/// What a decode target makes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indication {
    /// The target does not have it.
    Absent,
    /// No other frame of the target refers to it.
    Discardable,
    /// The target can be entered with it.
    Switch,
    /// The target needs it.
    Required,
}

/// What frames of one kind have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its spatial layer: that of the template before it, or one more.
    pub spatial: u8,
    /// Its temporal layer: that of the template before it, or one more; 0 where a spatial layer begins.
    pub temporal: u8,
    /// One a decode target.
    pub indications: Vec<Indication>,
    /// How many frames before it those are that it refers to: 1 to 16.
    pub references: Vec<u16>,
    /// One a chain: how many frames before it the chain's newest is, 0 to 15.
    pub chains: Vec<u8>,
}

/// The structure that a key frame brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    /// The number of its first template.
    pub first: u8,
    /// At most 64.
    pub templates: Vec<Template>,
    /// For each decode target, 1 to 32 of them, the chain that protects it; empty where there are no chains.
    pub protected_by: Vec<u32>,
    /// One a spatial layer, or none.
    pub sizes: Vec<(u16, u16)>,
}

/// One packet's descriptor.
#[derive(Debug, Clone, Default)]
pub struct Description<'a> {
    /// The first packet of its frame.
    pub starts_frame: bool,
    /// The last.
    pub ends_frame: bool,
    /// The place of its frame's template in the structure.
    pub template: usize,
    /// The frame's number.
    pub number: u16,
    /// The structure comes along.
    pub brings_structure: bool,
    /// The decode targets that are sent from here on, one bit each.
    pub active: Option<u32>,
    /// Not as the template has it.
    pub indications: Option<&'a [Indication]>,
    /// Likewise.
    pub references: Option<&'a [u16]>,
    /// Likewise.
    pub chains: Option<&'a [u8]>,
}

impl Structure {
    /// Three sizes, each twice the one before, and three rates; `key` where a size needs those below it in key pictures alone.
    pub fn three_by_three(key: bool, rows: u16) -> Self {
        let mut templates = Vec::new();
        for spatial in 0..3_u8 {
            for temporal in 0..3_u8 {
                // The lowest temporal layer once in a key picture, once in others.
                let kinds: &[bool] = if temporal == 0 { &[true, false] } else { &[false] };
                templates.extend(kinds.iter().map(|first| Self::template(key, spatial, temporal, *first)));
            }
        }
        let sizes =
            (0..3).map(|spatial| (rows >> (2 - spatial)) / 9 * 16).zip((0..3).map(|s| rows >> (2 - s)));
        Self { first: 0, templates, protected_by: Vec::new(), sizes: sizes.collect() }
    }

    /// The place of the template for a frame of this kind.
    pub fn place(&self, spatial: u8, temporal: u8, in_key_picture: bool) -> usize {
        let matching = |template: &Template| (template.spatial, template.temporal) == (spatial, temporal);
        let first = self.templates.iter().position(matching).unwrap_or_default();
        first + usize::from(temporal == 0 && !in_key_picture)
    }

    fn template(key: bool, spatial: u8, temporal: u8, in_key_picture: bool) -> Template {
        let mut references = Vec::new();
        if !in_key_picture {
            // Pictures 0 2 1 2 of three frames each: 0 refers four back, 1 two, 2 one.
            references.push([12, 6, 3][usize::from(temporal)]);
        }
        if spatial > 0 && (in_key_picture || !key) {
            references.push(1);
        }
        let indications = (0..9_u8).map(|target| {
            let (highest, rate) = (target / 3, target % 3);
            match () {
                () if highest < spatial || rate < temporal => Indication::Absent,
                () if in_key_picture => Indication::Switch,
                () if highest > spatial && key => Indication::Absent,
                () if highest > spatial => Indication::Required,
                () if rate == temporal && temporal > 0 => Indication::Discardable,
                () => Indication::Switch,
            }
        });
        Template { spatial, temporal, indications: indications.collect(), references, chains: Vec::new() }
    }

    /// Writes a packet's descriptor.
    pub fn write(&self, description: &Description<'_>) -> Vec<u8> {
        let Description { starts_frame, ends_frame, number, active, .. } = *description;
        let mut bits = Bits::default();
        bits.put(u32::from(starts_frame), 1);
        bits.put(u32::from(ends_frame), 1);
        bits.put((u32::from(self.first) + description.template as u32) % 64, 6);
        bits.put(number.into(), 16);
        let own = [
            description.brings_structure,
            active.is_some(),
            description.indications.is_some(),
            description.references.is_some(),
            description.chains.is_some(),
        ];
        if own.contains(&true) {
            own.iter().for_each(|flag| bits.put(u32::from(*flag), 1));
            if description.brings_structure {
                self.write_structure(&mut bits);
            }
            if let Some(active) = active {
                bits.put(active, self.targets());
            }
            for indication in description.indications.unwrap_or_default() {
                bits.put(*indication as u32, 2);
            }
            if let Some(references) = description.references {
                for reference in references {
                    let less = u32::from(reference - 1);
                    let nibbles = if less < 1 << 4 { 1 } else { 2 + u32::from(less >= 1 << 8) };
                    bits.put(nibbles, 2);
                    bits.put(less, 4 * nibbles);
                }
                bits.put(0, 2);
            }
            description.chains.unwrap_or_default().iter().for_each(|chain| bits.put((*chain).into(), 8));
        }
        bits.bytes()
    }

    fn targets(&self) -> u32 {
        self.templates.first().map_or(0, |template| template.indications.len()) as u32
    }

    fn write_structure(&self, bits: &mut Bits) {
        bits.put(self.first.into(), 6);
        bits.put(self.targets() - 1, 5);
        for pair in self.templates.windows(2) {
            let step = match (pair[1].spatial - pair[0].spatial, pair[1].temporal) {
                (0, temporal) if temporal == pair[0].temporal => 0,
                (0, _) => 1,
                _ => 2,
            };
            bits.put(step, 2);
        }
        bits.put(3, 2);
        for indication in self.templates.iter().flat_map(|template| &template.indications) {
            bits.put(*indication as u32, 2);
        }
        for template in &self.templates {
            for reference in &template.references {
                bits.put(1, 1);
                bits.put(u32::from(reference - 1), 4);
            }
            bits.put(0, 1);
        }
        let chains = self.templates.first().map_or(0, |template| template.chains.len()) as u32;
        bits.below(chains, self.targets() + 1);
        if chains > 0 {
            self.protected_by.iter().for_each(|chain| bits.below(*chain, chains));
        }
        for chain in self.templates.iter().flat_map(|template| &template.chains) {
            bits.put((*chain).into(), 4);
        }
        bits.put(u32::from(!self.sizes.is_empty()), 1);
        for (width, height) in &self.sizes {
            bits.put(u32::from(*width) - 1, 16);
            bits.put(u32::from(*height) - 1, 16);
        }
    }
}

/// Bits, the highest first.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 != 0));
    }

    /// `ns(n)` of the AV1 specification (§4.10.7).
    fn below(&mut self, value: u32, bound: u32) {
        let width = u32::BITS - bound.leading_zeros();
        let short = (1 << width) - bound;
        if value < short {
            self.put(value, width - 1);
        } else {
            self.put(value + short, width);
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let byte =
            |bits: &[bool]| (0..8).fold(0, |byte, at| byte << 1 | u8::from(bits.get(at) == Some(&true)));
        self.0.chunks(8).map(byte).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;
    use viva_wire::dependency::{Dependencies, Reader};

    /// Any structure that can be written: layers rise, everything else is free.
    fn any(random: &mut Random) -> Structure {
        let targets = random.between(1, 33) as usize;
        let chains = random.between(0, targets.min(9) as u64 + 1) as usize;
        let (mut spatial, mut temporal) = (0, 0);
        let templates: Vec<_> = (0..random.between(1, 65))
            .map(|place| {
                match random.between(0, 6) {
                    _ if place == 0 => {}
                    0 if spatial < 3 => (spatial, temporal) = (spatial + 1, 0),
                    1 if temporal < 7 => temporal += 1,
                    _ => {}
                }
                let kinds =
                    [Indication::Absent, Indication::Discardable, Indication::Switch, Indication::Required];
                Template {
                    spatial,
                    temporal,
                    indications: (0..targets).map(|_| kinds[random.between(0, 4) as usize]).collect(),
                    references: (0..random.between(0, 5)).map(|_| random.between(1, 17) as u16).collect(),
                    chains: (0..chains).map(|_| random.between(0, 16) as u8).collect(),
                }
            })
            .collect();
        let protected_by = (0..targets).map(|_| random.between(0, chains.max(1) as u64) as u32).collect();
        let sized = random.between(0, 2) == 1;
        let sizes = (0..=spatial).filter(|_| sized);
        let sizes =
            sizes.map(|_| (random.between(1, 4_000) as u16, random.between(1, 4_000) as u16)).collect();
        Structure { first: random.between(0, 64) as u8, templates, protected_by, sizes }
    }

    /// What a reader must make of a frame.
    fn due(structure: &Structure, number: u16, template: &Template) -> Dependencies {
        let mut due = Dependencies {
            number,
            spatial: template.spatial,
            temporal: template.temporal,
            ..Dependencies::default()
        };
        template.references.iter().for_each(|reference| due.refer(*reference));
        let layers = |target: usize| {
            let having = structure.templates.iter().filter(|t| t.indications[target] != Indication::Absent);
            having.fold((0, 0), |(s, t), template| (s.max(template.spatial), t.max(template.temporal)))
        };
        for spatial in 0..4 {
            for temporal in 0..4 {
                let within = |(s, t): (u8, u8)| s <= spatial && (t <= temporal || temporal == 3);
                let targets = (0..template.indications.len()).filter(|target| within(layers(*target)));
                let Some(target) = targets.max_by_key(|target| layers(*target)) else { continue };
                if template.indications[target] != Indication::Absent {
                    due.needed.insert(spatial, temporal);
                }
                if template.indications[target] == Indication::Switch {
                    due.switches.insert(spatial, temporal);
                }
            }
        }
        due
    }

    #[test]
    fn a_reader_understands_what_is_written() {
        let mut random = Random::new(9);
        for _ in 0..300 {
            let structure = any(&mut random);
            let mut reader = Reader::default();
            for frame in 0..20_u16 {
                let number = frame.wrapping_sub(3);
                let place = random.between(0, structure.templates.len() as u64) as usize;
                let mut template = structure.templates[place].clone();
                let free = |random: &mut Random| frame > 0 && random.between(0, 3) == 0;
                let own = [(); 3].map(|()| free(&mut random));
                if own[0] {
                    template.indications.rotate_left(1);
                }
                if own[1] {
                    template.references =
                        (0..random.between(0, 4)).map(|_| random.between(1, 4_097) as u16).collect();
                }
                let chains: Vec<u8> = template.chains.iter().map(|chain| chain * 16).collect();
                let active = (frame == 7).then_some(1);
                let written = structure.write(&Description {
                    starts_frame: frame % 2 == 0,
                    ends_frame: frame % 3 == 0,
                    template: place,
                    number,
                    brings_structure: frame == 0,
                    active,
                    indications: own[0].then_some(&template.indications),
                    references: own[1].then_some(&template.references),
                    chains: own[2].then_some(&chains),
                });
                let told = reader.read(&written).unwrap();
                assert_eq!((told.starts_frame, told.ends_frame), (frame % 2 == 0, frame % 3 == 0));
                assert_eq!((told.has_structure, told.top.is_some()), (frame == 0, frame == 0 || frame == 7));
                assert_eq!(told.frame, due(&structure, number, &template));
                assert_eq!(reader.read_again(&written), Ok(told));
                assert_eq!(reader.sizes(), structure.sizes);
                for length in 0..written.len() - 1 {
                    // Too short: refused, or what is left out was only to fill up the last byte.
                    let _ = reader.read_again(&written[..length]);
                }
            }
        }
    }

    #[test]
    fn a_structure_that_comes_late_takes_nothing_back() {
        let (older, newer) = (Structure::three_by_three(true, 720), Structure::three_by_three(true, 360));
        let key = |structure: &Structure, number| {
            structure.write(&Description {
                starts_frame: true,
                number,
                brings_structure: true,
                ..Description::default()
            })
        };
        let mut reader = Reader::default();
        assert!(reader.read(&newer.write(&Description { number: 8, ..Description::default() })).is_err());
        assert!(reader.read(&key(&newer, 9)).is_ok());
        assert!(reader.read(&key(&older, 5)).is_ok());
        assert_eq!(reader.sizes(), [(160, 90), (320, 180), (640, 360)]);
        assert!(reader.read(&key(&older, 10)).is_ok());
        assert_eq!(reader.sizes(), [(320, 180), (640, 360), (1280, 720)]);
    }

    #[test]
    fn sizes_depend_on_each_other_as_the_mode_says() {
        for key in [true, false] {
            let structure = Structure::three_by_three(key, 720);
            let mut reader = Reader::default();
            let mut read = |spatial, temporal, in_key_picture: bool| {
                let template = structure.place(spatial, temporal, in_key_picture);
                let brings_structure = in_key_picture && spatial == 0;
                let description = Description {
                    template,
                    brings_structure,
                    number: spatial.into(),
                    ..Description::default()
                };
                reader.read(&structure.write(&description)).unwrap().frame
            };
            let first = read(0, 0, true);
            assert!(first.is_independent() && first.switches.contains(2, 3) && first.needed.contains(0, 0));
            assert_eq!(read(1, 0, true).references, 1);
            assert_eq!(read(0, 0, false).needed.contains(1, 3), !key);
            assert_eq!(read(2, 2, false).references, if key { 1 << 2 } else { 1 << 2 | 1 });
            let middle = read(1, 1, false);
            assert!(middle.needed.contains(1, 1) && !middle.needed.contains(1, 0));
            assert!(middle.switches.contains(1, 3) && !middle.switches.contains(1, 1));
        }
    }
}
