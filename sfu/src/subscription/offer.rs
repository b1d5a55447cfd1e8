//! What a subscription makes of a packet: chosen, renumbered, measured, and never the same number twice.

use super::Subscription;
use crate::{
    arrived::Arrived,
    egress::{self, HeaderTemplate, PassedOn, Queued, Source},
    key::LayerKey,
    munger::{Incoming, Munged, Origin, Padding},
    publication::Publication,
    selector::Decision,
};
use viva_media::{MediaKind, Pt};
use viva_wire::{codec::Frame, rtp::OSN_LEN};

/// What becomes of a packet that was offered to a subscription. `None` in place of what is to be sent: its number was taken.
pub enum Offered {
    /// Nothing is sent for it.
    Nothing,
    /// It belongs to what was given up.
    Old,
    /// The stream goes on with this.
    Next(Option<Queued>),
    /// The slot enters the packet's layer with this.
    First(Option<Queued>),
}

impl Subscription {
    /// Can the slot's receiver be sent what the packet is encoded with?
    pub fn takes(&self, arrived: &Arrived) -> bool {
        self.payload_type(arrived.packet.meta.codec).is_some()
    }

    /// Chooses, renumbers and measures a packet of the publication that fills the slot; `headers` outline
    /// those of its receiver.
    #[inline]
    pub fn offer(&mut self, arrived: &Arrived, headers: &HeaderTemplate) -> Offered {
        let Arrived { packet, incoming, source, capture, behind, moments, .. } = arrived;
        let Some((pair, primary_only)) = self.payload_type(packet.meta.codec) else {
            return Offered::Nothing;
        };
        let layer = (source.publication, packet.layer);
        // Its stream tells which frames need which.
        let described = incoming.frame.dependencies.is_known();
        let decision = self.decide(arrived);
        let munged = match decision {
            Decision::Ignore => return Offered::Nothing,
            Decision::Skip => {
                let hole = self.munger.skip(layer, incoming);
                let filler = hole.and_then(|hole| filler(self, headers, hole));
                return filler.map_or(Offered::Nothing, |filler| Offered::Next(self.once(filler)));
            }
            Decision::Switch => {
                self.counters.switches += 1;
                self.note_left();
                let rate = packet.meta.codec.kind().clock_rate();
                let timestamp = self.timestamp_at(*capture, rate, moments);
                let munged = self.munger.switch_behind(layer, incoming, timestamp, *behind);
                if described {
                    self.munger.set_top(incoming, self.selector.top());
                }
                munged
            }
            Decision::Forward => {
                if described {
                    self.munger.set_top(incoming, self.selector.top());
                }
                match self.munger.forward(layer, incoming) {
                    Ok(munged) => munged,
                    Err(_) => return Offered::Old,
                }
            }
        };
        let payload = if primary_only { packet.primary_length } else { packet.length };
        let length = packet_length(headers, &arrived.passed_on, usize::from(payload));
        let mut queued = media(self, pair.pt, &munged, *source, primary_only, length);
        if described {
            self.describe(&mut queued, incoming);
        }
        self.counters.packets += 1;
        self.counters.bytes += u64::from(packet.length);
        self.counters.active = true;
        let queued = self.once(queued);
        if decision == Decision::Switch { Offered::First(queued) } else { Offered::Next(queued) }
    }

    /// What a packet says of its frame where that tells which others it needs.
    #[inline(never)]
    fn describe(&self, queued: &mut Queued, packet: &Incoming) {
        queued.frame_number = self.munger.frame_number(&packet.frame);
        queued.marker |= self.selector.ends_picture(packet);
    }

    /// A number of a layer's stream carries nothing. What is to be sent for it to a receiver with these headers, if anything.
    pub fn skip(
        &mut self,
        layer: LayerKey,
        sequence: u64,
        timestamp: u32,
        headers: Option<&HeaderTemplate>,
    ) -> Option<Queued> {
        let nothing = Incoming { sequence, timestamp, marker: false, frame: Frame::default() };
        let hole = self.munger.skip(layer, &nothing)?;
        let filler = filler(self, headers?, hole)?;
        self.once(filler)
    }

    /// What went out under this number, once more, on the stream of retransmissions (RFC 4588): from the publication that
    /// fills the slot, as far as that has it still.
    #[inline]
    pub fn retransmit(
        &mut self,
        sequence: u16,
        publication: Option<&Publication>,
        headers: &HeaderTemplate,
    ) -> Option<Queued> {
        let (mut queued, rtx) = match self.munger.original(sequence)? {
            Origin::Padding(padding) => (filler(self, headers, padding)?, self.any_payload_type()?.rtx),
            Origin::Packet(origin) => {
                let (publication_key, layer) = origin.layer;
                if self.source != Some(publication_key) {
                    return None;
                }
                let layer_state = publication?.layer(layer)?;
                let (cached, kept) = layer_state.cache.find(origin.sequence)?;
                let (descriptor, payload) = cached.split(kept);
                let (pair, primary_only) = self.payload_type(cached.codec)?;
                let mut frame = &cached.frame;
                let described;
                if !descriptor.is_empty() {
                    described = layer_state.described_again(frame, descriptor);
                    frame = described.as_ref().unwrap_or(frame);
                }
                let munged = origin.munge(cached.timestamp, cached.marker, frame);
                // What came when its source had been left is needed by nobody, and its picture may have been left out.
                if self.munger.is_before_switch(munged.sequence) && self.sealed.is_new(munged.sequence + 1) {
                    return None;
                }
                let passed_on = PassedOn::of(cached);
                let payload = if primary_only { egress::primary(payload).ok()? } else { payload };
                let length = packet_length(headers, &passed_on, payload.len());
                let source = Source { publication: publication_key, layer, sequence: origin.sequence };
                let mut queued = media(self, pair.pt, &munged, source, primary_only, length);
                queued.frame_number = origin.frame_number(frame);
                (queued, pair.rtx)
            }
        };
        as_retransmission(self, &mut queued, rtx, sequence)?;
        Some(queued)
    }

    #[inline]
    fn once(&mut self, queued: Queued) -> Option<Queued> {
        self.may_seal(queued.sequence).then_some(queued)
    }
}

impl Subscription {
    /// A packet of `length` bytes without media on the stream of retransmissions, with which a line is tried (RFC 4588 has
    /// no name for it; receivers pass it over). `rtx` is the payload type of retransmissions.
    pub fn probe(&mut self, rtx: Pt, length: u16) -> Option<Queued> {
        let sequence = self.rtx_sequence;
        let ssrc = self.rtx_ssrc?;
        self.rtx_sequence += 1;
        Some(Queued::empty(self.class, ssrc, rtx, sequence, self.first_timestamp, length))
    }
}

#[inline]
fn packet_length(headers: &HeaderTemplate, passed_on: &PassedOn, payload: usize) -> u16 {
    (headers.len(passed_on) + payload) as u16
}

/// A media packet as this slot's receiver shall see it.
#[inline]
fn media(
    subscription: &Subscription,
    pt: Pt,
    munged: &Munged,
    source: Source,
    primary_only: bool,
    length: u16,
) -> Queued {
    Queued {
        class: subscription.class,
        order: 0,
        ssrc: subscription.ssrc,
        pt,
        marker: munged.marker,
        sequence: munged.sequence,
        timestamp: munged.timestamp,
        picture_id: munged.picture_id,
        tl0_picture_index: munged.tl0_picture_index,
        frame_number: 0,
        original: None,
        primary_only,
        source: Some(source),
        length,
    }
}

/// Bytes of a packet without media.
pub fn filler_length(headers: &HeaderTemplate) -> u16 {
    /// RTP padding is counted by its last byte, so that it is at least one byte; a word keeps the packet aligned.
    const PADDING: usize = 4;
    packet_length(headers, &PassedOn::default(), PADDING)
}

/// A packet without media under a number that no packet will come for.
fn filler(subscription: &Subscription, headers: &HeaderTemplate, padding: Padding) -> Option<Queued> {
    let Subscription { class, ssrc, .. } = *subscription;
    let Padding { sequence, timestamp } = padding;
    let pt = subscription.any_payload_type()?.pt;
    Some(Queued::empty(class, ssrc, pt, sequence, timestamp, filler_length(headers)))
}

/// Orders a receiver's streams within a batch: large packets first, since a smaller one may end a run and a larger one
/// may not. It is a matter of the slot and not of the packet: packets of one stream must not change places.
pub(super) const fn class(kind: MediaKind, height: u16) -> u8 {
    match (kind, height) {
        (MediaKind::Audio, _) => egress::SOUND,
        (MediaKind::Video, 0..=180) => 3,
        (MediaKind::Video, 181..=360) => 2,
        (MediaKind::Video, _) => 1,
    }
}

/// Turns a packet into its retransmission on the slot's RTX stream. Without one there is none: under AEAD the same
/// number must never be sealed twice (RFC 7714 §8.4), and the transport-wide number would differ.
fn as_retransmission(
    subscription: &mut Subscription,
    queued: &mut Queued,
    rtx: Option<Pt>,
    sequence: u16,
) -> Option<()> {
    let (ssrc, pt) = subscription.rtx_ssrc.zip(rtx)?;
    queued.original = Some(sequence);
    queued.ssrc = ssrc;
    queued.pt = pt;
    queued.sequence = subscription.rtx_sequence;
    subscription.rtx_sequence += 1;
    queued.length = queued.length.checked_add(OSN_LEN as u16)?;
    Some(())
}
