//! What passes of one publication into one slot, and as what: chosen by the selector, renumbered by the munger.
//!
//! The stream is one for life, whatever fills it. [`Subscription::offer`] and [`Subscription::retransmit`] are all that a
//! packet passes through.

mod offer;
#[cfg(test)]
mod tests;

pub use offer::{Offered, filler_length};

use crate::{
    arrived::Arrived,
    key::{LayerKey, PublicationKey},
    munger::{Last, Munger},
    selector::{Decision, Order, Selector, Target},
    timeline,
};
use std::time::Duration;
use viva_media::{
    Codec, CodecKind, LayerIndex, LayerSet, MAX_LAYERS, MediaKind, Pt, PublicationId, SlotParameters, Ssrc,
};
use viva_wire::{Micros, srtp::ReplayWindow};

/// What passes of one publication into one slot, and as what.
// In the order of use, which `repr(C)` keeps: what every packet touches stands together in few cache lines.
#[repr(C)]
pub struct Subscription {
    /// The stream.
    pub ssrc: Ssrc,
    /// Payload types towards the client by codec, for the source that fills the slot.
    payload_types: [Option<Pair>; CodecKind::ALL.len()],
    /// Audio or video.
    pub kind: MediaKind,
    /// Its place among the streams of its receiver's batch.
    class: u8,
    /// Redundant sound goes without its redundancy: nothing is lost on its way.
    plain: bool,
    pub counters: Counters,
    /// Which layer passes.
    selector: Selector,
    /// Keeps the stream continuous.
    munger: Munger<LayerKey>,
    /// Which numbers of the stream went out.
    sealed: ReplayWindow,
    /// The stream's retransmissions.
    pub rtx_ssrc: Option<Ssrc>,
    /// What fills it.
    pub source: Option<PublicationKey>,
    /// The next extended sequence number of retransmissions.
    rtx_sequence: u64,
    /// The timestamp that capture time zero has in this stream.
    first_timestamp: u32,
    /// Where the layers of its newest publication were left.
    left: Left,
}

/// How far a slot has shown each layer of a publication, by the layer's own timestamps. A layer is not entered again before
/// that: a picture or a word that comes late would be seen and heard twice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Left {
    publication: Option<PublicationId>,
    timestamps: [Option<u32>; MAX_LAYERS],
    /// The newest layer, and what was added to its timestamps.
    line: Option<(LayerIndex, u32)>,
}

impl Left {
    /// This timestamp of a layer was passed already. Nothing takes five seconds to arrive; what is further back has another
    /// clock.
    fn is_past(&self, layer: LayerIndex, timestamp: u32, rate: u32) -> bool {
        let left = self.timestamps.get(layer.place()).copied().flatten();
        left.is_some_and(|left| left.wrapping_sub(timestamp) < 5 * rate)
    }

    /// Where a moment goes on the line that the publication has been shown on; where that is more than a second from its
    /// `absolute` place, the layer is another stream, and begins there.
    fn place(&self, absolute: u32, rate: u32, moments: &[Option<u32>; MAX_LAYERS]) -> u32 {
        let on_line = |(layer, added): (LayerIndex, u32)| {
            let moment = moments.get(layer.place()).copied().flatten()?;
            Some(moment.wrapping_add(added))
        };
        let near = |place: &u32| place.wrapping_sub(absolute).cast_signed().unsigned_abs() <= rate;
        self.line.and_then(on_line).filter(near).unwrap_or(absolute)
    }
}

/// Where a stream begins, or goes on after its slot was away.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// The next extended sequence number.
    pub sequence: u64,
    /// The timestamp that capture time zero has.
    pub timestamp: u32,
    /// The newest packet, if there was one.
    pub last: Option<Last>,
    /// How far it showed what.
    pub left: Left,
}

/// A payload type and that of its retransmissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The payload type.
    pub pt: Pt,
    /// That of its retransmissions.
    pub rtx: Option<Pt>,
}

/// What went out through a slot.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counters {
    /// Packets, retransmissions aside.
    pub packets: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Retransmissions answered.
    pub retransmitted: u64,
    /// Times the layer changed.
    pub switches: u64,
    /// Something went out since the newest sender report.
    pub active: bool,
}

impl Subscription {
    /// Nothing passes yet.
    pub fn new(
        parameters: &SlotParameters,
        media: Numbers,
        rtx_sequence: u64,
        key_frame_interval: Duration,
    ) -> Self {
        Self {
            ssrc: parameters.ssrc,
            payload_types: [None; CodecKind::ALL.len()],
            kind: parameters.kind,
            class: offer::class(parameters.kind, 0),
            plain: true,
            counters: Counters::default(),
            selector: Selector::new(key_frame_interval),
            munger: Munger::resume(parameters.kind, media.sequence, media.last),
            sealed: ReplayWindow::new(media.sequence),
            rtx_ssrc: parameters.rtx_ssrc,
            source: None,
            rtx_sequence,
            first_timestamp: media.timestamp,
            left: media.left,
        }
    }

    /// Is filled with this publication from now on.
    pub fn begin(&mut self, publication: PublicationId) {
        self.restart();
        if self.left.publication != Some(publication) {
            self.left = Left { publication: Some(publication), ..Left::default() };
        }
    }

    /// This publication passes from now on, encoded as these payload types say.
    pub const fn fill(
        &mut self,
        source: PublicationKey,
        payload_types: [Option<Pair>; CodecKind::ALL.len()],
    ) {
        self.source = Some(source);
        self.payload_types = payload_types;
    }

    /// Whether redundant sound goes without its redundancy from now on.
    pub const fn set_plain(&mut self, plain: bool) {
        self.plain = plain;
    }

    /// Its picture is shown so many rows high.
    pub const fn set_height(&mut self, height: u16) {
        self.class = offer::class(self.kind, height);
    }

    /// Which layers the publication sends that the client can decode, once that is known.
    pub const fn set_live(&mut self, live: Option<LayerSet>) {
        self.selector.set_live(live);
    }

    /// Which layers are smaller than which.
    pub const fn set_order(&mut self, order: Order) {
        self.selector.set_order(order);
    }

    /// Whether its layers are spatial layers of one stream, and whether each needs those below it.
    pub fn set_spatial(&mut self, spatial: bool, nested: bool) {
        self.selector.set_spatial(spatial, nested);
    }

    /// The receiver has lost the picture.
    pub const fn set_lost(&mut self) {
        self.selector.set_lost();
    }

    /// The layer that passes.
    pub const fn current(&self) -> Option<LayerIndex> {
        self.selector.current()
    }

    /// The layer that is to pass, if it is not paused.
    pub fn target(&self) -> Option<LayerIndex> {
        self.aimed_at().map(|target| target.layer)
    }

    /// The same, with the temporal layer up to which it is to pass.
    pub const fn aimed_at(&self) -> Option<Target> {
        self.selector.target()
    }

    /// The number with which its stream entered the layer that passes.
    pub const fn entered(&self) -> u64 {
        self.munger.entered()
    }

    /// The layer that a key frame must be asked for now; see [`Selector::key_frame_wanted`].
    #[inline]
    pub fn key_frame_wanted(&mut self, now: Micros) -> Option<LayerIndex> {
        self.selector.key_frame_wanted(now)
    }

    /// The timestamp in the stream of what has this one in the layer that passes; `None` where nothing passes.
    pub fn timestamp(&self, source: u32) -> Option<u32> {
        self.munger.timestamp(source)
    }

    /// The payload types for this codec; for redundant audio that the client does not take or need, those of its primary.
    #[inline]
    fn payload_type(&self, codec: Codec) -> Option<(Pair, bool)> {
        let exact = || self.payload_types[codec.kind() as usize].map(|pair| (pair, false));
        if codec != Codec::Red {
            return exact();
        }
        let primary = || self.payload_types[CodecKind::Opus as usize].map(|pair| (pair, true));
        if self.plain { primary().or_else(exact) } else { exact().or_else(primary) }
    }

    /// Payload types for a packet without media: any that the source could use.
    fn any_payload_type(&self) -> Option<Pair> {
        self.payload_types.iter().flatten().next().copied()
    }

    /// Has this number of the stream not been sealed yet? Remembers that it is now. The same number twice under one
    /// key would give away the key stream (RFC 7714 §8.4); the munger never does it, and here is the proof.
    #[inline]
    fn may_seal(&mut self, sequence: u64) -> bool {
        // The window begins with a number that is taken, the one before the first; there must be one even before zero.
        let counted = sequence + 1;
        let new = self.sealed.is_new(counted);
        if new {
            self.sealed.mark(counted);
        }
        new
    }

    /// Begins anew with the next place where a decoder can begin: another source, or a stream that started over.
    pub fn restart(&mut self) {
        let target = self.selector.target();
        self.selector.set_target(None);
        self.selector.set_target(target);
        self.note_left();
        self.munger.close();
    }

    /// Begins anew with the next place in a layer where a decoder can begin, since the layer has another stream.
    pub fn restart_stream(&mut self, layer: LayerIndex) {
        self.restart();
        if let Some(left) = self.left.timestamps.get_mut(layer.place()) {
            *left = None;
        }
        self.left.line = self.left.line.filter(|(line, _)| *line != layer);
    }

    /// The slot passes on from its layer: it has shown that until here.
    fn note_left(&mut self) {
        if let Some(((_, layer), timestamp)) = self.munger.newest_of_source()
            && let Some(left) = self.left.timestamps.get_mut(layer.place())
        {
            *left = Some(timestamp);
            self.left.line = self.munger.timestamp(0).map(|added| (layer, added));
        }
    }

    /// What becomes of a packet that was captured at `capture` and is `behind` its stream's newest. A layer is not entered
    /// where that would show again what was shown. Sound is entered at its newest packet, since nobody waits for an older one.
    #[inline]
    fn decide(&mut self, arrived: &Arrived) -> Decision {
        let decision = self.selector.decide_at_once(arrived.packet.layer, &arrived.incoming);
        decision.unwrap_or_else(|| self.decide_closely(arrived))
    }

    #[inline(never)]
    fn decide_closely(&mut self, arrived: &Arrived) -> Decision {
        let Arrived { packet, incoming, capture, behind, moments, .. } = arrived;
        let rate = packet.meta.codec.kind().clock_rate();
        let Self { selector, munger, left, kind, first_timestamp, .. } = self;
        selector.decide_unless(packet.layer, incoming, || {
            let place =
                || left.place(first_timestamp.wrapping_add(timeline::units(*capture, rate)), rate, moments);
            left.is_past(packet.layer, incoming.timestamp, rate)
                || *kind == MediaKind::Audio && (*behind > 0 || munger.is_past(place()))
        })
    }

    /// Passes nothing on any more.
    pub fn close(&mut self) {
        self.selector.set_target(None);
        self.note_left();
        self.munger.close();
        self.source = None;
    }

    /// Aims at a layer and its pictures up to a temporal layer, or passes nothing.
    pub fn aim(&mut self, target: Option<Target>) {
        if target.is_none() && self.selector.target().is_some() {
            self.note_left();
            self.munger.close();
        }
        self.selector.set_target(target);
    }

    /// Until the target's key frame comes, only the pictures that others depend on pass: the line carries no more.
    pub fn thin_out(&mut self) {
        self.selector.thin_out();
    }

    /// Until the target's key frame comes nothing passes: the line does not even carry those pictures.
    pub fn cut(&mut self) {
        self.restart();
        self.selector.cap();
    }

    /// Where the slot's streams stop, by SSRC.
    pub fn stopped(&self) -> impl Iterator<Item = (Ssrc, Numbers)> {
        let (timestamp, last) = (self.first_timestamp, self.munger.last());
        let media = Numbers { sequence: self.munger.next_sequence(), timestamp, last, left: self.left };
        let rtx = Numbers { sequence: self.rtx_sequence, timestamp, last: None, left: Left::default() };
        [Some((self.ssrc, media)), self.rtx_ssrc.map(|ssrc| (ssrc, rtx))].into_iter().flatten()
    }

    /// The timestamp of a moment of capture (µs on the unit's clock) in this stream of `rate` ticks a second. While it shows
    /// one publication its time goes on by that one's own clock, so that what reports told of it stays true: `moments` are
    /// the timestamps of that moment in the publication's layers.
    fn timestamp_at(&self, capture: i64, rate: u32, moments: &[Option<u32>; MAX_LAYERS]) -> u32 {
        self.left.place(self.absolute(capture, rate), rate, moments)
    }

    fn absolute(&self, capture: i64, rate: u32) -> u32 {
        self.first_timestamp.wrapping_add(timeline::units(capture, rate))
    }
}
