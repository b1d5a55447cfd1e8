//! One place in which a client receives: one SSRC for life, whatever fills it.

mod offer;

pub use offer::Offered;

use crate::{
    api::View,
    key::{LayerKey, PublicationKey, TransportKey},
    munger::{Incoming, Last, Munger},
    publication::MAX_LAYERS,
    selector::{Decision, Selector, Target},
    timeline,
};
use std::time::Duration;
use viva_media::{
    Codec, CodecKind, CodecParameters, MediaKind, Mid, Pt, PublicationId, SlotParameters, Ssrc,
};
use viva_wire::{Micros, srtp::ReplayWindow};

/// One place in which a client receives.
// In the order of use, which `repr(C)` keeps: what every packet touches stands together in few cache lines.
#[repr(C)]
pub struct Slot {
    /// Whose.
    pub receiver: TransportKey,
    /// The stream.
    pub ssrc: Ssrc,
    /// Payload types towards the client by codec, for the source that fills the slot.
    payload_types: [Option<Pair>; 4],
    /// Audio or video.
    pub kind: MediaKind,
    /// What the client wants to see here.
    pub view: Option<View>,
    /// Counters.
    pub counters: Counters,
    /// Which layer passes.
    pub selector: Selector,
    /// Keeps the stream continuous.
    pub munger: Munger<LayerKey>,
    /// Which numbers of the stream went out.
    sealed: ReplayWindow,
    /// The media section that carries it.
    pub mid: Mid,
    /// The stream's retransmissions.
    pub rtx_ssrc: Option<Ssrc>,
    /// What the client can decode here.
    pub codecs: Vec<CodecParameters>,
    /// What fills it.
    pub source: Option<PublicationKey>,
    /// Looks in a row that have found it much larger than its tile.
    pub oversize: u8,
    /// What would fill it, were it not so large.
    pub held: Option<Held>,
    /// The next extended sequence number of retransmissions.
    pub rtx_sequence: u64,
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
    line: Option<(u8, u32)>,
}

impl Left {
    /// This timestamp of a layer was passed already. Nothing takes five seconds to arrive; what is further back has another
    /// clock.
    fn is_past(&self, layer: u8, timestamp: u32, rate: u32) -> bool {
        let left = self.timestamps.get(usize::from(layer)).copied().flatten();
        left.is_some_and(|left| left.wrapping_sub(timestamp) < 5 * rate)
    }

    /// Where a moment goes on the line that the publication has been shown on; where that is more than a second from its
    /// `absolute` place, the layer is another stream, and begins there.
    fn place(&self, absolute: u32, rate: u32, moments: &[Option<u32>; MAX_LAYERS]) -> u32 {
        let on_line = |(layer, added): (u8, u32)| {
            let moment = moments.get(usize::from(layer)).copied().flatten()?;
            Some(moment.wrapping_add(added))
        };
        let near = |place: &u32| place.wrapping_sub(absolute).cast_signed().unsigned_abs() <= rate;
        self.line.and_then(on_line).filter(near).unwrap_or(absolute)
    }
}

/// What was taken out of a slot since it is much larger than its tile.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The publication.
    pub source: PublicationKey,
    /// The layer that passed.
    pub layer: usize,
    /// Bits a second that it took.
    pub bits: u64,
    /// When it is tried again.
    pub until: Micros,
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

/// What a source sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// As its payload type was agreed.
    pub codec: Codec,
    /// As its own parameter sets say, where they say more (H.264): names in offers are often too wide.
    pub told: Option<Codec>,
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

impl Slot {
    /// An empty slot.
    pub fn new(
        parameters: SlotParameters,
        receiver: TransportKey,
        media: Numbers,
        rtx_sequence: u64,
        key_frame_interval: Duration,
    ) -> Self {
        Self {
            receiver,
            mid: parameters.mid,
            kind: parameters.kind,
            ssrc: parameters.ssrc,
            rtx_ssrc: parameters.rtx_ssrc,
            codecs: parameters.codecs,
            payload_types: [None; 4],
            view: None,
            source: None,
            oversize: 0,
            held: None,
            selector: Selector::new(key_frame_interval),
            munger: Munger::resume(parameters.kind, media.sequence, media.last),
            rtx_sequence,
            first_timestamp: media.timestamp,
            left: media.left,
            sealed: ReplayWindow::new(media.sequence),
            counters: Counters::default(),
        }
    }

    /// Can the client decode one of these? Audio that is sent redundantly can be sent plainly too.
    pub fn can_decode(&self, codecs: &[CodecParameters]) -> bool {
        codecs.iter().any(|theirs| self.decoder(theirs.codec).is_some())
    }

    /// Can the client decode this?
    pub fn decodes(&self, sent: Codec) -> bool {
        self.decoder(sent).is_some()
    }

    /// As what the client is sent this codec: what it offers for just that, else what decodes it too.
    fn decoder(&self, sent: Codec) -> Option<&CodecParameters> {
        let exactly = self.codecs.iter().find(|ours| ours.codec == sent);
        exactly.or_else(|| self.codecs.iter().find(|ours| ours.codec.decodes(sent)))
    }

    /// Is filled with this publication from now on.
    pub fn begin(&mut self, publication: PublicationId) {
        self.restart();
        if self.left.publication != Some(publication) {
            self.left = Left { publication: Some(publication), ..Left::default() };
        }
    }

    /// Prepares for a source with these codecs, of which one may be known to be sent.
    pub fn fit(&mut self, source: PublicationKey, codecs: &[CodecParameters], sent: Option<Sent>) {
        self.source = Some(source);
        self.held = None;
        self.oversize = 0;
        self.payload_types = [None; 4];
        if let Some(Sent { codec, told }) = sent {
            let ours = told.and_then(|told| self.decoder(told)).or_else(|| self.decoder(codec));
            let pair = ours.map(|ours| Pair { pt: ours.pt, rtx: ours.rtx });
            self.payload_types[codec.kind() as usize] = pair;
        }
        for theirs in codecs {
            let pair = self.decoder(theirs.codec).map(|ours| Pair { pt: ours.pt, rtx: ours.rtx });
            let place = &mut self.payload_types[theirs.codec.kind() as usize];
            // Of several formats of one codec the publisher's first counts.
            *place = place.or(pair);
        }
        // A redundant payload names the payload types of its blocks (RFC 2198 §3): it passes only between equals.
        let opus = |codecs: &[CodecParameters]| {
            codecs.iter().find(|codec| codec.codec == Codec::Opus).map(|codec| codec.pt)
        };
        if opus(codecs) != opus(&self.codecs) {
            self.payload_types[CodecKind::Red as usize] = None;
        }
    }

    /// The payload types for this codec; for redundant audio that the client does not take, those of its primary.
    #[inline]
    pub fn payload_type(&self, codec: Codec) -> Option<(Pair, bool)> {
        match self.payload_types[codec.kind() as usize] {
            Some(pair) => Some((pair, false)),
            None if codec == Codec::Red => {
                self.payload_types[CodecKind::Opus as usize].map(|pair| (pair, true))
            }
            None => None,
        }
    }

    /// Payload types for a packet without media: any that the source could use.
    pub fn any_payload_type(&self) -> Option<Pair> {
        self.payload_types.iter().flatten().next().copied()
    }

    /// Has this number of the stream not been sealed yet? Remembers that it is now. The same number twice under one
    /// key would give away the key stream (RFC 7714 §8.4); the munger never does it, and here is the proof.
    #[inline]
    pub fn may_seal(&mut self, sequence: u64) -> bool {
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
    pub fn restart_stream(&mut self, layer: u8) {
        self.restart();
        if let Some(left) = self.left.timestamps.get_mut(usize::from(layer)) {
            *left = None;
        }
        self.left.line = self.left.line.filter(|(line, _)| *line != layer);
    }

    /// The slot passes on from its layer: it has shown that until here.
    pub fn note_left(&mut self) {
        if let Some(((_, layer), timestamp)) = self.munger.newest_of_source()
            && let Some(left) = self.left.timestamps.get_mut(usize::from(layer))
        {
            *left = Some(timestamp);
            self.left.line = self.munger.timestamp(0).map(|added| (layer, added));
        }
    }

    /// What becomes of a packet that was captured at `capture` and is `behind` its stream's newest. A layer is not entered
    /// where that would show again what was shown. Sound is entered at its newest packet, since nobody waits for an older one.
    pub fn decide(
        &mut self,
        layer: u8,
        packet: &Incoming,
        capture: i64,
        behind: u32,
        rate: u32,
        moments: &[Option<u32>; MAX_LAYERS],
    ) -> Decision {
        let Self { selector, munger, left, kind, first_timestamp, .. } = self;
        selector.decide_unless(usize::from(layer), packet, || {
            let place =
                || left.place(first_timestamp.wrapping_add(timeline::units(capture, rate)), rate, moments);
            left.is_past(layer, packet.timestamp, rate)
                || *kind == MediaKind::Audio && (behind > 0 || munger.is_past(place()))
        })
    }

    /// Passes nothing on any more.
    pub fn close(&mut self) {
        self.selector.set_target(None);
        self.note_left();
        self.munger.close();
        self.source = None;
    }

    /// Aims at a layer, or passes nothing.
    pub fn aim(&mut self, layer: Option<usize>) {
        self.selector.set_target(layer.map(|layer| Target { layer, temporal: Target::ALL }));
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
    pub fn timestamp_at(&self, capture: i64, rate: u32, moments: &[Option<u32>; MAX_LAYERS]) -> u32 {
        self.left.place(self.absolute(capture, rate), rate, moments)
    }

    fn absolute(&self, capture: i64, rate: u32) -> u32 {
        self.first_timestamp.wrapping_add(timeline::units(capture, rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(sequence: u64) -> Slot {
        let parameters = SlotParameters {
            mid: "0".parse().unwrap(),
            kind: MediaKind::Audio,
            ssrc: Ssrc(1),
            rtx_ssrc: None,
            codecs: vec![],
        };
        let media = Numbers { sequence, timestamp: 0, last: None, left: Left::default() };
        Slot::new(parameters, TransportKey::default(), media, 0, Duration::from_millis(500))
    }

    #[test]
    fn every_number_is_sealed_once_from_the_first_on_be_it_zero() {
        for first in [0, 1, 0x7fff] {
            let mut slot = slot(first);
            assert!(slot.may_seal(first), "{first}");
            assert!(slot.may_seal(first + 2) && slot.may_seal(first + 1));
            assert!(!slot.may_seal(first) && !slot.may_seal(first + 2));
        }
    }

    #[test]
    fn what_was_shown_of_a_layer_is_not_entered_again_however_late_it_comes() {
        let mut slot = slot(0);
        let (first, second) = (PublicationId(1), PublicationId(2));
        let packet = |sequence, timestamp| Incoming {
            sequence,
            timestamp,
            marker: true,
            frame: viva_wire::codec::Frame { key_frame: true, starts_frame: true, ..Default::default() },
        };
        let enters = |slot: &mut Slot, packet: Incoming, capture| {
            let moments = [Some(packet.timestamp), None, None, None];
            let decision = slot.decide(0, &packet, capture, 0, 48_000, &moments);
            if decision == Decision::Switch {
                let timestamp = slot.timestamp_at(capture, 48_000, &moments);
                slot.munger.switch((PublicationKey::default(), 0), &packet, timestamp);
            }
            decision == Decision::Switch
        };
        let again = |slot: &mut Slot, id| {
            slot.begin(id);
            slot.aim(Some(0));
        };
        again(&mut slot, first);
        assert!(enters(&mut slot, packet(69, 69 * 960), 1_380_000));
        again(&mut slot, first);
        // As late as it is it looks new: the clock that would tell is another one.
        for (sequence, enter) in [(52, false), (69, false), (70, true)] {
            assert_eq!(enters(&mut slot, packet(sequence, sequence as u32 * 960), 1_400_000), enter);
        }
        again(&mut slot, first);
        slot.restart_stream(0);
        assert!(enters(&mut slot, packet(3, 3 * 960), 1_420_000), "another stream begins anew");
        again(&mut slot, second);
        assert!(enters(&mut slot, packet(2, 2 * 960), 1_440_000), "and so does another publication");
        again(&mut slot, second);
        assert!(
            enters(&mut slot, packet(9, 9u32.wrapping_sub(300_000)), 1_460_000),
            "a clock that was set back"
        );
        again(&mut slot, second);
        let late = packet(10, 20 * 960);
        assert_eq!(
            slot.decide(0, &late, 1_480_000, 960, 48_000, &[None; MAX_LAYERS]),
            Decision::Ignore,
            "sound is entered at its newest"
        );
        assert_eq!(
            slot.decide(0, &late, 1_400_000, 0, 48_000, &[None; MAX_LAYERS]),
            Decision::Ignore,
            "and not over what was said"
        );
    }

    #[test]
    fn while_one_publication_is_shown_its_own_clock_goes_on() {
        let mut slot = slot(0);
        let packet = |timestamp| Incoming {
            sequence: u64::from(timestamp),
            timestamp,
            marker: true,
            frame: viva_wire::codec::Frame::default(),
        };
        let show = |slot: &mut Slot, id| {
            slot.begin(PublicationId(id));
        };
        show(&mut slot, 1);
        let first = slot.timestamp_at(1_000_000, 48_000, &[Some(500), None, None, None]);
        assert_eq!(first, 48_000);
        slot.munger.switch((PublicationKey::default(), 0), &packet(500), first);
        // Away and back after a second; meanwhile the clocks are known to differ by 180 ms more.
        show(&mut slot, 1);
        let capture = 2_000_000 + 180_000;
        assert_eq!(slot.timestamp_at(capture, 48_000, &[Some(48_500), None, None, None]), 96_000);
        // Another layer of it, whose timestamp for that moment is known.
        assert_eq!(slot.timestamp_at(capture, 48_000, &[Some(48_500), Some(7), None, None]), 96_000);
        // Its stream is another one: nothing is known of that.
        assert_eq!(slot.timestamp_at(capture, 48_000, &[Some(9_000_000), None, None, None]), 104_640);
        show(&mut slot, 2);
        assert_eq!(slot.timestamp_at(capture, 48_000, &[Some(48_500), None, None, None]), 104_640);
    }
}
