//! One place in which a client receives: one SSRC for life, whatever fills it.

use crate::{
    api::View,
    key::{LayerKey, PublicationKey, TransportKey},
    munger::{Last, Munger},
    selector::{Selector, Target},
    srtp::ReplayWindow,
    time::Micros,
    timeline,
};
use std::time::Duration;
use viva_media::{Codec, CodecKind, CodecParameters, MediaKind, Mid, Pt, SlotParameters, Ssrc};

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
        self.munger.close();
    }

    /// Passes nothing on any more.
    pub fn close(&mut self) {
        self.selector.set_target(None);
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
        let media = Numbers { sequence: self.munger.next_sequence(), timestamp, last };
        let rtx = Numbers { sequence: self.rtx_sequence, timestamp, last: None };
        [Some((self.ssrc, media)), self.rtx_ssrc.map(|ssrc| (ssrc, rtx))].into_iter().flatten()
    }

    /// The timestamp of a moment of capture (µs on the unit's clock) in this stream of `rate` ticks a second.
    pub fn timestamp_at(&self, capture: i64, rate: u32) -> u32 {
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
        let media = Numbers { sequence, timestamp: 0, last: None };
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
}
