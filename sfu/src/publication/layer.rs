//! One encoding of a publication: its streams, its recent packets, what is missing, how well it arrives.

use crate::{
    cache::{Cached, Inserted, PacketCache},
    dropped::Dropped,
    publication::cost::{Cost, Rates},
    throttle::KeyFrameThrottle,
    timeline::Timeline,
};
use std::time::Duration;
use viva_media::{Codec, Encoding, LayerIndex, LayerSet, MAX_LAYERS, MediaKind, Ssrc};
use viva_wire::{
    Micros,
    codec::{Frame, vp9},
    dependency::{Reader, Told},
    loss::LossDetector,
    reception::Reception,
    rtp::Unwrapper,
};

/// Between key frames asked of one layer; Chromium's encoder makes no more than one in this time either.
const KEY_FRAMES: Duration = Duration::from_millis(300);

/// One encoding of a publication.
pub struct Layer {
    /// How the client names it.
    pub encoding: Encoding,
    /// Its stream, once a packet of it came.
    pub ssrc: Option<Ssrc>,
    /// Picture size by its newest key frame.
    pub size: Option<(u16, u16)>,
    /// What came lately.
    pub cache: PacketCache,
    /// What is missing.
    pub loss: LossDetector,
    /// How well it arrives.
    pub reception: Reception,
    /// Capture times.
    pub timeline: Timeline,
    /// Bits a second.
    pub rates: Rates,
    /// What it costs a receiver.
    pub cost: Cost,
    /// Bits a second at the newest look.
    pub bitrate: u64,
    /// The most bits a second that were seen: what the layer is when it is not paused.
    pub peak: u64,
    /// What it is encoded with, once something of it came.
    pub sent: Option<Sent>,
    /// When the newest packet of its stream came.
    heard: Micros,
    /// The stream that had its place before.
    before: Option<Ssrc>,
    /// Merges requests for key frames.
    pub key_frames: KeyFrameThrottle,
    /// Sequence number of the next FIR (RFC 5104 §4.3.1.1).
    pub fir_sequence: u8,
    pub counters: Counters,
    kind: MediaKind,
    unwrapper: Unwrapper,
    /// Reads which frames need which.
    descriptors: Reader,
    /// The same for VP9 without descriptors.
    pictures: vp9::Pictures,
}

/// The layers within one stream, as a packet tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// The highest spatial layer that is sent.
    pub top: u8,
    /// Picture sizes from the lowest layer, where they are told.
    pub sizes: [Option<(u16, u16)>; MAX_LAYERS],
}

/// What a source sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// As its payload type was agreed.
    pub codec: Codec,
    /// As its own parameter sets say, where they say more (H.264): names in offers are often too wide.
    pub told: Option<Codec>,
}

/// Another stream may take a layer's place when the one before was silent for so long.
const SILENT: Duration = Duration::from_millis(500);
/// And one that has lost the place gets it back only after so long: two that go on side by side do not alternate.
const SILENT_FOR_LONG: Duration = Duration::from_secs(5);

/// What is known of a stream's numbers and times, for the case that it goes on in another publication: a track that is taken
/// out of the agreement and comes back keeps its stream.
#[derive(Debug, Clone)]
pub struct StreamClock {
    /// Which stream.
    pub ssrc: Ssrc,
    timeline: Timeline,
    unwrapper: Unwrapper,
}

/// Counters of a layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counters {
    /// Packets, retransmissions included.
    pub packets: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Key frames seen.
    pub key_frames: u64,
    /// Sequence numbers asked for again.
    pub nacked: u64,
}

/// The number of a packet within its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// The index under which it was sealed (RFC 3711 §3.3.1): how far a stream leaps is sure, be it more than half a round.
    Index(u64),
    /// The sequence number of the original of a retransmission (RFC 4588 §4).
    Original(u16),
}

/// A packet of a layer, as far as it is known before it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    pub number: Number,
    /// What is kept of it.
    pub meta: Cached,
}

/// A packet that was kept, ready to be forwarded.
#[derive(Debug, Clone, Copy)]
pub struct Packet {
    pub layer: LayerIndex,
    /// Extended sequence number.
    pub sequence: u64,
    /// What is kept of it.
    pub meta: Cached,
    /// Bytes of its payload.
    pub length: u16,
    /// Bytes of the primary block alone, where the payload is redundant (RFC 2198); else as `length`.
    pub primary_length: u16,
}

impl Layer {
    /// A layer that nothing has come of yet.
    pub fn new(kind: MediaKind, encoding: Encoding) -> Self {
        // Two seconds of a good camera, or of a voice.
        let (packets, bytes) = match kind {
            MediaKind::Video => (512, 512 * 1024),
            MediaKind::Audio => (128, 32 * 1024),
        };
        let clock = match kind {
            MediaKind::Video => 90_000,
            MediaKind::Audio => 48_000,
        };
        Self {
            encoding,
            ssrc: None,
            size: None,
            cache: PacketCache::new(packets, bytes),
            loss: LossDetector::default(),
            reception: Reception::new(clock),
            timeline: Timeline::new(clock),
            rates: Rates::default(),
            cost: Cost::default(),
            bitrate: 0,
            peak: 0,
            sent: None,
            heard: Micros(0),
            before: None,
            key_frames: KeyFrameThrottle::new(KEY_FRAMES),
            fir_sequence: 0,
            counters: Counters::default(),
            kind,
            unwrapper: Unwrapper::default(),
            descriptors: Reader::default(),
            pictures: vp9::Pictures::default(),
        }
    }

    /// The layer's stream has this SSRC from now on. Returns true when another one before it is history.
    pub fn start_stream(&mut self, ssrc: Ssrc) -> bool {
        if self.ssrc == Some(ssrc) {
            return false;
        }
        let restarted = self.ssrc.is_some();
        if restarted {
            let Self { size, counters, peak, sent, cost, .. } = *self;
            let before = self.ssrc;
            *self = Self { size, counters, peak, sent, cost, before, ..Self::new(self.kind, self.encoding) };
        }
        self.ssrc = Some(ssrc);
        restarted
    }

    /// May a stream with this SSRC take the layer's place now? One that the client declares may, and one that begins where
    /// the other has ended; not a second one beside the first.
    pub fn yields_to(&self, ssrc: Ssrc, now: Micros) -> bool {
        if self.ssrc.is_none() || self.encoding.ssrc == Some(ssrc) {
            return true;
        }
        let enough = if self.before == Some(ssrc) { SILENT_FOR_LONG } else { SILENT };
        now.since(self.heard) >= enough
    }

    /// What is to be remembered of its stream, once there is one.
    pub fn clock(&self) -> Option<StreamClock> {
        let (timeline, unwrapper) = (self.timeline.clone(), self.unwrapper);
        Some(StreamClock { ssrc: self.ssrc?, timeline, unwrapper })
    }

    /// Goes on with a stream of which this is known.
    pub fn resume(&mut self, clock: StreamClock) {
        (self.timeline, self.unwrapper) = (clock.timeline, clock.unwrapper);
    }

    /// Keeps a packet of the stream; the extended sequence number under which it is kept.
    pub fn receive(
        &mut self,
        now: Micros,
        arrival: &Arrival,
        descriptor: &[u8],
        payload: &[u8],
    ) -> Result<u64, Dropped> {
        let sequence = match arrival.number {
            Number::Original(sequence) => self.unwrapper.peek(sequence),
            Number::Index(index) => self.unwrapper.follow(index),
        };
        self.heard = now;
        self.counters.packets += 1;
        self.counters.bytes += payload.len() as u64;
        if arrival.meta.frame.dependencies.spatial == 0 {
            self.rates.add(payload.len(), &arrival.meta, now);
        }
        match self.cache.insert_described(sequence, arrival.meta, descriptor, payload) {
            Inserted::Kept(_) => {}
            Inserted::Duplicate => return Err(Dropped::Duplicate),
            Inserted::TooOld => return Err(Dropped::OldSequence),
            Inserted::TooLarge => return Err(Dropped::Malformed),
        }
        self.note(now, sequence, arrival);
        Ok(sequence)
    }

    /// Adds to what a payload tells of its frame what its dependency descriptor says of it, or VP9's own words where there is
    /// none. What the stream's layers are, where the packet tells that.
    pub fn describe(
        &mut self,
        frame: &mut Frame,
        codec: Codec,
        descriptor: &[u8],
        payload: &[u8],
    ) -> Option<Shape> {
        if !descriptor.is_empty() {
            let told = self.descriptors.read(descriptor).ok();
            frame.key_frame = false;
            let told = told?;
            note(frame, &told);
            let mut shape = Shape { top: told.top?, ..Shape::default() };
            for (known, size) in shape.sizes.iter_mut().zip(self.descriptors.sizes()) {
                *known = Some(*size);
            }
            return Some(shape);
        }
        let picture = frame.picture_id.filter(|_| matches!(codec, Codec::Vp9(_)))?;
        let (layers, sizes) = vp9::layers(payload)?;
        frame.dependencies = self.pictures.frame(picture, layers);
        let sizes = sizes.filter(|_| frame.key_frame)?;
        let mut shape = Shape { top: sizes.layers.saturating_sub(1), ..Shape::default() };
        for (known, size) in shape.sizes.iter_mut().zip(sizes.as_slice()) {
            *known = Some(*size).filter(|size| *size != (0, 0));
        }
        Some(shape)
    }

    /// The same for a packet that is kept, and came before the structure that its descriptor speaks of.
    #[inline]
    pub fn described_again(&self, frame: &Frame, descriptor: &[u8]) -> Option<Frame> {
        if descriptor.is_empty() || frame.dependencies.is_known() {
            return None;
        }
        let told = self.descriptors.read_again(descriptor).ok()?;
        let mut frame = *frame;
        note(&mut frame, &told);
        Some(frame)
    }

    /// The newest extended sequence number of the stream.
    pub fn newest_sequence(&self) -> u64 {
        self.unwrapper.newest().unwrap_or(0)
    }

    /// Do the packets before this one of a picture show that the picture has no parameter sets? Not if one of them is missing:
    /// this packet may have overtaken it.
    pub fn shows_bare(&self, sequence: u64, timestamp: u32) -> bool {
        /// Units that may stand before a picture's first slice, one a packet.
        const BEFORE: u64 = 8;
        for back in 1..=BEFORE {
            let before = sequence.checked_sub(back).and_then(|before| self.cache.find(before));
            match before {
                Some((meta, _)) if meta.timestamp != timestamp => return true,
                Some((meta, _)) if !meta.frame.parameters => {}
                _ => return false,
            }
        }
        false
    }

    /// Takes note of a packet with nothing to pass on, be it a probe or unreadable: it fills a number of the stream.
    pub fn receive_nothing(&mut self, now: Micros, number: Number, timestamp: u32) -> u64 {
        let sequence = match number {
            Number::Original(sequence) => {
                let sequence = self.unwrapper.peek(sequence);
                self.loss.received(sequence, now);
                return sequence;
            }
            Number::Index(index) => self.unwrapper.follow(index),
        };
        self.heard = now;
        self.loss.received(sequence, now);
        self.reception.received(sequence, timestamp, now);
        sequence
    }

    /// A packet came that is not taken. It is not asked for again, but reported as lost: so its sender learns of it.
    pub fn pass_over(&mut self, now: Micros, number: Number) {
        let sequence = match number {
            Number::Original(sequence) => self.unwrapper.peek(sequence),
            Number::Index(index) => self.unwrapper.follow(index),
        };
        self.heard = now;
        self.loss.received(sequence, now);
    }

    fn note(&mut self, now: Micros, sequence: u64, arrival: &Arrival) {
        let Frame { key_frame, .. } = arrival.meta.frame;
        self.loss.received(sequence, now);
        if matches!(arrival.number, Number::Index(_)) {
            self.reception.received(sequence, arrival.meta.timestamp, now);
            self.timeline.arrived(arrival.meta.timestamp, now);
        }
        if key_frame {
            self.counters.key_frames += 1;
            self.key_frames.key_frame();
            self.loss.key_frame(sequence);
        }
    }
}

/// A stream with descriptors is entered where a frame that needs no other brings the structure.
const fn note(frame: &mut Frame, told: &Told) {
    frame.starts_frame = told.starts_frame;
    frame.ends_frame = told.ends_frame;
    frame.key_frame = told.starts_frame
        && told.has_structure
        && told.frame.spatial == 0
        && told.frame.is_independent()
        && told.frame.is_known();
    frame.temporal = told.frame.temporal;
    frame.dependencies = told.frame;
}

/// Takes back the requests for key frames of all layers but those that are `kept`: others do not send, and nobody wants them.
/// Chromium answers a request for a layer that it was told to stop with key frames of those that go on, so that it would be
/// repeated for good, and never with one of that layer.
pub fn forget_wishes(layers: &mut [Layer], kept: LayerSet) {
    for (place, layer) in LayerIndex::all().zip(layers) {
        if !kept.contains(place) {
            layer.key_frames.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_that_nobody_waits_for_any_more_is_not_asked_for_again() {
        let now = Micros::from_millis(1_000);
        let mut layers = [(); 2].map(|()| Layer::new(MediaKind::Video, Encoding::default()));
        for layer in &mut layers {
            assert!(layer.key_frames.request(now));
        }
        let first = LayerIndex::all().next();
        forget_wishes(&mut layers, first.into_iter().collect());
        let later = now + 2 * KEY_FRAMES;
        assert_eq!(layers.map(|mut layer| layer.key_frames.due(later)), [true, false]);
    }
}
