//! One packet to everyone who receives its publication: select, munge, queue.

use super::Sfu;
use crate::{
    api::Totals,
    dropped::Dropped,
    egress::{self, PassedOn, Queued, Source},
    key::{PublicationKey, SlotKey, TransportKey},
    munger::{Incoming, Munged, Origin, Padding},
    publication::{Packet, Publication},
    rtp::OSN_LEN,
    selector::Decision,
    slot::Slot,
    time::Micros,
    transport::{Binding, Transport},
};
use slotmap::SlotMap;
use std::collections::VecDeque;
use viva_media::{MediaKind, Pt};

impl Sfu {
    /// Queues a packet for every slot that its publication fills and whose selector lets it pass.
    pub(super) fn forward(
        &mut self,
        now: Micros,
        key: PublicationKey,
        packet: &Packet,
    ) -> Result<(), Dropped> {
        let Some(publication) = self.publications.get(key) else { return Err(Dropped::UnknownSsrc) };
        if publication.routes.is_empty() {
            return Err(Dropped::NoReceiver);
        }
        let capture = self.capture_time(publication, packet);
        let mut fan_out = FanOut::new(&mut self.transports, &mut self.sending, key, packet);
        let (mut waiting, mut entered) = (0u32, false);
        for slot_key in &publication.routes {
            let Some(slot) = self.slots.get_mut(*slot_key) else { continue };
            entered |= fan_out.offer(slot, capture);
            if fan_out.connected
                && let Some(layer) = slot.selector.key_frame_wanted(now)
            {
                waiting |= 1 << layer;
            }
        }
        fan_out.count(&mut self.totals);
        if entered {
            self.catch_up(key, packet, capture);
        }
        if waiting != 0 {
            self.request_waiting(now, key, waiting);
        }
        Ok(())
    }

    /// A key frame's first packet came late: what follows it is here already, and goes to the slots that entered the layer
    /// just now.
    fn catch_up(&mut self, key: PublicationKey, first: &Packet, capture: i64) {
        let Some(publication) = self.publications.get(key) else { return };
        let Some(layer) = publication.layers.get(usize::from(first.layer)) else { return };
        for sequence in first.sequence + 1..=layer.newest_sequence() {
            let Some((meta, payload)) = layer.cache.find(sequence) else { continue };
            let length = payload.len() as u16;
            let primary_length = egress::primary(payload).map_or(length, |primary| primary.len() as u16);
            let packet = Packet { layer: first.layer, sequence, meta: *meta, length, primary_length };
            let mut fan_out = FanOut::new(&mut self.transports, &mut self.sending, key, &packet);
            for slot in &publication.routes {
                if let Some(slot) = self.slots.get_mut(*slot).filter(|slot| slot.entered) {
                    fan_out.offer(slot, capture);
                }
            }
            fan_out.count(&mut self.totals);
        }
        for slot in &publication.routes {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.entered = false;
            }
        }
    }

    fn request_waiting(&mut self, now: Micros, key: PublicationKey, waiting: u32) {
        for layer in 0..8 {
            if waiting & 1 << layer != 0 {
                self.request_key_frame(now, key, layer);
            }
        }
    }

    /// When the packet's sound or picture was captured, on our clock: by the sender's reports, until then by arrival.
    fn capture_time(&self, publication: &Publication, packet: &Packet) -> i64 {
        let offset = self.transports.get(publication.owner).map(|owner| &owner.ntp_offset);
        publication
            .layers
            .get(usize::from(packet.layer))
            .zip(offset)
            .and_then(|(layer, offset)| layer.timeline.capture_time(packet.meta.timestamp, offset))
            .unwrap_or(packet.meta.arrived.0.cast_signed())
    }

    /// A number of the publisher's stream carries nothing: whoever follows that stream shall not miss it.
    pub(super) fn skip_padding(&mut self, binding: Binding, sequence: u64, timestamp: u32) {
        let Some(publication) = self.publications.get(binding.publication) else { return };
        let incoming = Incoming { sequence, timestamp, marker: false, frame: crate::codec::Frame::default() };
        for slot in &publication.routes {
            let Some(slot) = self.slots.get_mut(*slot) else { continue };
            let hole = slot.munger.skip((binding.publication, binding.layer), &incoming);
            if let (Some(hole), Some(receiver)) = (hole, connected(&mut self.transports, slot.receiver))
                && let Some(filler) = filler(slot, receiver, hole)
                && slot.may_seal(filler.sequence)
            {
                enqueue(receiver, &mut self.sending, slot.receiver, filler);
            }
        }
    }

    /// Sends again what a receiver misses, as far as it is still there (RFC 4585 §6.2.1, RFC 4588).
    pub(super) fn retransmit(&mut self, key: SlotKey, sequence: u16) -> Option<()> {
        let slot = self.slots.get_mut(key)?;
        let receiver = connected(&mut self.transports, slot.receiver)?;
        let (mut queued, rtx) = match slot.munger.original(sequence)? {
            Origin::Padding(padding) => (filler(slot, receiver, padding)?, slot.any_payload_type()?.rtx),
            Origin::Packet(origin) => {
                let (publication, layer) = origin.layer;
                if slot.source != Some(publication) {
                    return None;
                }
                let layer_state = self.publications.get(publication)?.layers.get(usize::from(layer))?;
                let (cached, payload) = layer_state.cache.find(origin.sequence)?;
                let (pair, primary_only) = slot.payload_type(cached.codec)?;
                let munged = origin.munge(cached.timestamp, cached.marker, &cached.frame);
                let passed_on = PassedOn::of(cached);
                let payload = if primary_only { egress::primary(payload).ok()? } else { payload };
                let length = packet_length(receiver, &passed_on, payload.len());
                let source = Source { publication, layer, sequence: origin.sequence };
                (media(slot, pair.pt, &munged, source, primary_only, length), pair.rtx)
            }
        };
        as_retransmission(slot, &mut queued, rtx, sequence)?;
        if !enqueue(receiver, &mut self.sending, slot.receiver, queued) {
            return None;
        }
        slot.counters.retransmitted += 1;
        self.totals.retransmitted += 1;
        Some(())
    }
}

/// The loop over a publication's receivers, with what is the same for all of them.
struct FanOut<'a> {
    transports: &'a mut SlotMap<TransportKey, Transport>,
    sending: &'a mut VecDeque<TransportKey>,
    packet: &'a Packet,
    incoming: Incoming,
    passed_on: PassedOn,
    source: Source,
    /// The newest slot's receiver can be sent to.
    connected: bool,
    forwarded: u64,
    unsent: u64,
    old: u64,
}

impl<'a> FanOut<'a> {
    fn new(
        transports: &'a mut SlotMap<TransportKey, Transport>,
        sending: &'a mut VecDeque<TransportKey>,
        publication: PublicationKey,
        packet: &'a Packet,
    ) -> Self {
        Self {
            transports,
            sending,
            incoming: packet.meta.incoming(packet.sequence),
            passed_on: PassedOn::of(&packet.meta),
            source: Source { publication, layer: packet.layer, sequence: packet.sequence },
            packet,
            connected: false,
            forwarded: 0,
            unsent: 0,
            old: 0,
        }
    }

    fn count(self, totals: &mut Totals) {
        totals.forwarded += self.forwarded;
        totals.dropped[Dropped::NotConnected as usize] += self.unsent;
        totals.dropped[Dropped::OldSequence as usize] += self.old;
    }

    /// Queues the packet for one slot if its selector lets it pass; true when the slot enters the packet's layer with it.
    fn offer(&mut self, slot: &mut Slot, capture: i64) -> bool {
        let meta = &self.packet.meta;
        let Some((pair, primary_only)) = slot.payload_type(meta.codec) else { return false };
        // Who is not connected yet enters with a key frame later; none is wasted on it now.
        let receiver = connected(self.transports, slot.receiver);
        self.connected = receiver.is_some();
        let Some(receiver) = receiver else {
            self.unsent += 1;
            return false;
        };
        let layer = (self.source.publication, self.packet.layer);
        let munged = match slot.selector.decide(usize::from(self.packet.layer), &self.incoming) {
            Decision::Ignore => return false,
            Decision::Skip => {
                let hole = slot.munger.skip(layer, &self.incoming);
                if let Some(filler) = hole.and_then(|hole| filler(slot, receiver, hole)) {
                    let sent = slot.may_seal(filler.sequence)
                        && enqueue(receiver, self.sending, slot.receiver, filler);
                    self.note(sent);
                }
                return false;
            }
            Decision::Switch => {
                slot.counters.switches += 1;
                slot.entered = true;
                let timestamp = slot.timestamp_at(capture, meta.codec.kind().clock_rate());
                slot.munger.switch(layer, &self.incoming, timestamp)
            }
            Decision::Forward => match slot.munger.forward(layer, &self.incoming) {
                Ok(munged) => munged,
                Err(_) => {
                    self.old += 1;
                    return false;
                }
            },
        };
        let payload = if primary_only { self.packet.primary_length } else { self.packet.length };
        let length = packet_length(receiver, &self.passed_on, usize::from(payload));
        let queued = media(slot, pair.pt, &munged, self.source, primary_only, length);
        slot.counters.packets += 1;
        slot.counters.bytes += u64::from(self.packet.length);
        slot.counters.active = true;
        let sent = slot.may_seal(queued.sequence) && enqueue(receiver, self.sending, slot.receiver, queued);
        self.note(sent);
        slot.entered
    }

    const fn note(&mut self, sent: bool) {
        if sent {
            self.forwarded += 1;
        } else {
            self.unsent += 1;
        }
    }
}

/// The receiver, if it can be sent to.
fn connected(transports: &mut SlotMap<TransportKey, Transport>, key: TransportKey) -> Option<&mut Transport> {
    transports.get_mut(key).filter(|receiver| receiver.is_connected())
}

/// Appends to what leaves for a receiver that is connected; `false` when its queue is full.
fn enqueue(
    receiver: &mut Transport,
    sending: &mut VecDeque<TransportKey>,
    key: TransportKey,
    queued: Queued,
) -> bool {
    if !receiver.queue.push(queued) {
        return false;
    }
    if !receiver.queued {
        receiver.queued = true;
        sending.push_back(key);
    }
    true
}

fn packet_length(receiver: &Transport, passed_on: &PassedOn, payload: usize) -> u16 {
    (receiver.heading.len(passed_on) + payload) as u16
}

/// A media packet as this slot's receiver shall see it.
fn media(slot: &Slot, pt: Pt, munged: &Munged, source: Source, primary_only: bool, length: u16) -> Queued {
    Queued {
        class: class(slot),
        order: 0,
        ssrc: slot.ssrc,
        pt,
        marker: munged.marker,
        sequence: munged.sequence,
        timestamp: munged.timestamp,
        picture_id: munged.picture_id,
        tl0_picture_index: munged.tl0_picture_index,
        original: None,
        primary_only,
        source: Some(source),
        length,
    }
}

/// A packet without media under a number that no packet will come for.
fn filler(slot: &Slot, receiver: &Transport, padding: Padding) -> Option<Queued> {
    /// RTP padding is counted by its last byte, so that it is at least one byte; a word keeps the packet aligned.
    const PADDING: usize = 4;
    let pair = slot.any_payload_type()?;
    Some(Queued {
        class: class(slot),
        order: 0,
        ssrc: slot.ssrc,
        pt: pair.pt,
        marker: false,
        sequence: padding.sequence,
        timestamp: padding.timestamp,
        picture_id: 0,
        tl0_picture_index: 0,
        original: None,
        primary_only: false,
        source: None,
        length: packet_length(receiver, &PassedOn::default(), PADDING),
    })
}

/// Orders a receiver's streams within a batch: large packets first, since a smaller one may end a run and a larger one
/// may not. It is a matter of the slot and not of the packet: packets of one stream must not change places.
fn class(slot: &Slot) -> u8 {
    match (slot.kind, slot.view.as_ref().map_or(0, |view| view.height)) {
        (MediaKind::Audio, _) => 3,
        (MediaKind::Video, 0..=180) => 2,
        (MediaKind::Video, 181..=360) => 1,
        (MediaKind::Video, _) => 0,
    }
}

/// Turns a packet into its retransmission on the slot's RTX stream. Without one there is none: under AEAD the same
/// number must never be sealed twice (RFC 7714 §8.4), and the transport-wide number would differ.
fn as_retransmission(slot: &mut Slot, queued: &mut Queued, rtx: Option<Pt>, sequence: u16) -> Option<()> {
    let (ssrc, pt) = slot.rtx_ssrc.zip(rtx)?;
    queued.original = Some(sequence);
    queued.ssrc = ssrc;
    queued.pt = pt;
    queued.sequence = slot.rtx_sequence;
    slot.rtx_sequence += 1;
    queued.length = queued.length.checked_add(OSN_LEN as u16)?;
    Some(())
}
