//! What the layers of a publication cost a receiver's line, and the ways to send it that follow from that.

use super::Publication;
use crate::{
    allocator::{Step, Steps},
    cache::Cached,
    rate::Rate,
    selector::Target,
};
use viva_media::{LayerIndex, LayerSet, MediaKind};
use viva_wire::Micros;

/// Temporal layers told apart; those above count as the last.
const TEMPORAL: usize = 3;

/// Bits of a second and pixel that are taken for a layer of which nothing was seen yet.
const PER_PIXEL: u64 = 2;

/// What headers and seals add: a sixteenth of a picture's bits, and some for each picture.
const OF_BITS: u64 = 16;
const OF_PICTURES: u64 = 12_000;
/// What they add to sound: 50 packets a second of 72 bytes of headers (IP, UDP, RTP with extensions, seal).
const OF_SOUND: u64 = 50 * 72 * 8;
/// Sound of which nothing was measured yet, and the least that is set aside for it: it may begin at any moment.
const SOUND: u64 = 24_000;

/// Bits a second of one layer, by temporal layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    by_temporal: [Rate; TEMPORAL],
    /// Key frames: they are dear and rare, and tell nothing of what comes between them.
    key_frames: Rate,
    /// The timestamp of the newest one.
    key_frame: Option<u32>,
}

impl Rates {
    /// Counts bytes of a packet's payload.
    #[inline]
    pub fn add(&mut self, bytes: usize, packet: &Cached, now: Micros) {
        let Cached { timestamp, frame, codec, .. } = packet;
        if frame.key_frame && codec.kind().media_kind() == MediaKind::Video {
            self.key_frame = Some(*timestamp);
        }
        if self.key_frame == Some(*timestamp) {
            self.key_frames.add(bytes, now);
        } else if let Some(rate) = self.by_temporal.get_mut(usize::from(frame.temporal).min(TEMPORAL - 1)) {
            rate.add(bytes, now);
        }
    }

    /// Counts bytes of a higher spatial layer, of whose stream this is the newest key picture.
    pub fn add_upper(&mut self, bytes: usize, packet: &Cached, key_picture: Option<u32>, now: Micros) {
        self.key_frame = key_picture;
        self.add(bytes, packet, now);
    }

    /// The timestamp of the newest key frame.
    pub const fn key_picture(&self) -> Option<u32> {
        self.key_frame
    }

    /// All of it.
    pub fn bits_per_second(&mut self, now: Micros) -> u64 {
        let between: u64 = self.by_temporal.iter_mut().map(|rate| rate.bits_per_second(now)).sum();
        between + self.key_frames.bits_per_second(now)
    }

    /// Up to each temporal layer, key frames aside.
    pub fn up_to(&mut self, now: Micros) -> [u64; TEMPORAL] {
        let mut sum = 0;
        let mut up_to = [0; TEMPORAL];
        for (up_to, rate) in up_to.iter_mut().zip(&mut self.by_temporal) {
            sum += rate.bits_per_second(now);
            *up_to = sum;
        }
        up_to
    }
}

/// What a layer takes when it sends, remembered while it does not: payload bits a second up to each temporal layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost([u64; TEMPORAL]);

impl Cost {
    /// So much was sent in the newest second. What a still picture saves comes back with the first movement, so it is smoothed.
    pub fn measure(&mut self, up_to: [u64; TEMPORAL]) {
        if up_to.last().is_none_or(|all| *all == 0) {
            return;
        }
        let unknown = self.is_unknown();
        for (known, measured) in self.0.iter_mut().zip(up_to) {
            *known = if unknown { measured } else { (*known * 3 + measured) / 4 };
        }
    }

    /// Nothing was measured yet.
    pub const fn is_unknown(&self) -> bool {
        self.0[TEMPORAL - 1] == 0
    }

    /// On the wire, up to a temporal layer.
    fn wire(&self, temporal: usize) -> u64 {
        let bits = self.0.get(temporal).copied().unwrap_or(0);
        bits + bits / OF_BITS + OF_PICTURES * (temporal as u64 + 1) / TEMPORAL as u64
    }

    /// On the wire, if it is sound that may begin at any moment, of which so many copies come.
    fn voice(&self, copies: u64) -> u64 {
        on_wire((self.0[TEMPORAL - 1] / copies).max(SOUND))
    }

    /// A guess by the size of the picture.
    fn guess((width, height): (u64, u64)) -> Self {
        let bits = width * height * PER_PIXEL;
        // As encoders share them out.
        Self([bits * 2 / 5, bits * 3 / 5, bits])
    }
}

/// The ways to send a publication to a tile of this height with these layers, the cheapest first.
pub(super) fn steps(publication: &Publication, height: u16, among: LayerSet) -> Steps {
    let mut steps = Steps::default();
    let Some(wanted) = publication.layer_for(height, among) else { return steps };
    let count = publication.layers.len();
    let order = publication.order.smallest_first().iter().copied();
    for layer in order.filter(|layer| layer.place() < count && among.contains(*layer)) {
        let cost = whole_cost(publication, layer);
        // A larger picture with fewer frames is worth more than a small one with all; the fewest are for the smallest alone.
        let least = usize::from(steps.last().is_some());
        for temporal in least..TEMPORAL {
            let whole = temporal + 1 == TEMPORAL;
            let target = Target { layer, temporal: if whole { Target::ALL } else { temporal as u8 } };
            steps.push(Step { target, bits: cost.wire(temporal) });
        }
        if layer == wanted {
            break;
        }
    }
    steps
}

/// What a layer takes with its base temporal layer alone.
pub(super) fn least(publication: &Publication, layer: LayerIndex) -> u64 {
    cost_of(publication, layer).wire(0)
}

/// What sound of so many bits takes on the wire: what its headers add is less where it pauses.
fn on_wire(bits: u64) -> u64 {
    bits + OF_SOUND.min(bits * 3 / 2)
}

/// What the sound of some publications takes of a receiver's line, and what is kept free for one who begins to speak.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sound {
    /// All that is heard now.
    now: u64,
    /// Of that, the loudest voice's part, and what a voice takes that speaks.
    voice: (u64, u64),
}

impl Sound {
    /// Adds a publication that is heard.
    pub fn add(&mut self, publication: &Publication) {
        let Some(layer) = publication.layers.first() else { return };
        // Of what is sent twice, half is the sound itself.
        let copies = if publication.redundant { 2 } else { 1 };
        let now = on_wire(layer.bitrate / copies);
        self.now += now;
        self.voice = self.voice.max((now, layer.cost.voice(copies)));
    }

    /// Bits a second to be kept for it.
    pub fn bits(&self) -> u64 {
        let (now, speaking) = self.voice;
        self.now.max(self.now - now + speaking)
    }
}

/// What a layer costs with the lower ones that it needs.
fn whole_cost(publication: &Publication, layer: LayerIndex) -> Cost {
    let mut cost = cost_of(publication, layer);
    let lower = if publication.shape.is_nested { layer.place() } else { 0 };
    for layer in LayerIndex::all().take(lower) {
        for (sum, bits) in cost.0.iter_mut().zip(cost_of(publication, layer).0) {
            *sum += bits;
        }
    }
    cost
}

/// What is known of a layer's cost, or a guess by its size, or by those of its neighbours.
fn cost_of(publication: &Publication, layer: LayerIndex) -> Cost {
    let Some(state) = publication.layer(layer) else { return Cost::default() };
    if !state.cost.is_unknown() || publication.kind == MediaKind::Audio {
        return state.cost;
    }
    let height = publication.nominal_height(layer);
    let size = state.size.map_or((u64::from(height) * 16 / 9, u64::from(height)), |(width, height)| {
        (u64::from(width), u64::from(height))
    });
    Cost::guess(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_is_not_what_a_layer_costs() {
        let mut cost = Cost::default();
        assert!(cost.is_unknown());
        cost.measure([160_000, 240_000, 400_000]);
        cost.measure([300_000, 400_000, 600_000]);
        assert_eq!(cost.0, [195_000, 280_000, 450_000]);
        cost.measure([0, 0, 0]);
        assert_eq!(cost.0[2], 450_000, "a layer that is paused keeps its price");
        for _ in 0..20 {
            cost.measure([160_000, 240_000, 400_000]);
        }
        assert!(cost.0[2] < 401_000);
    }

    #[test]
    fn a_guess_is_near_what_cameras_send() {
        let guess = |width, height| Cost::guess((width, height)).0[2] / 1_000;
        assert_eq!([guess(320, 180), guess(640, 360), guess(1_280, 720)], [115, 460, 1_843]);
    }

    #[test]
    fn sound_is_set_aside_with_its_headers() {
        assert_eq!(Cost::default().voice(1), 24_000 + 28_800);
        assert_eq!([1, 2].map(|copies| Cost([0, 0, 80_000]).voice(copies)), [108_800, 68_800]);
        assert_eq!([on_wire(0), on_wire(1_000), on_wire(40_000)], [0, 2_500, 68_800]);
    }

    #[test]
    fn one_voice_is_kept_free_beside_what_is_heard() {
        assert_eq!(Sound::default().bits(), 0);
        let heard = |voices: &[(u64, u64)]| {
            let mut sound = Sound::default();
            for (now, speaking) in voices {
                sound.now += now;
                sound.voice = sound.voice.max((*now, *speaking));
            }
            sound.bits()
        };
        assert_eq!(heard(&[(2_500, 68_800), (2_500, 52_800), (0, 52_800)]), 71_300, "all are silent");
        assert_eq!(heard(&[(68_800, 68_800), (2_500, 52_800)]), 71_300, "one speaks");
        assert_eq!(heard(&[(68_800, 68_800), (60_000, 60_000)]), 128_800, "two speak");
    }
}
