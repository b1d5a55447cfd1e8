//! Packets to everyone who receives their publication: select, munge, queue.

use super::{
    Sfu,
    batch::{Arrived, Batch},
};
use crate::{
    api::Totals,
    dropped::Dropped,
    egress::{self, PassedOn, Queued, Source},
    key::{PublicationKey, SlotKey, TransportKey},
    munger::{Incoming, Munged, Origin, Padding},
    publication::{Packet, Publication},
    selector::Decision,
    slot::Slot,
    transport::{Binding, Transport},
};
use slotmap::SlotMap;
use std::{collections::VecDeque, time::Duration};
use viva_media::{MediaKind, Pt};
use viva_wire::{Micros, rtp::OSN_LEN};

/// From the first packet of a source to the report that tells its time: another source has another clock, and until the
/// report a receiver holds its pictures against the sound of the one before.
const REPORT: Duration = Duration::from_millis(20);

impl Sfu {
    /// Keeps a packet until the batch ends; it then goes to every slot that its publication fills and whose selector
    /// lets it pass.
    pub(super) fn forward(
        &mut self,
        now: Micros,
        key: PublicationKey,
        packet: Packet,
    ) -> Result<(), Dropped> {
        let Some(publication) = self.publications.get(key) else { return Err(Dropped::UnknownSsrc) };
        if publication.routes.is_empty() {
            return Err(Dropped::NoReceiver);
        }
        let arrived = self.arrived(key, publication, packet);
        if let Some(publication) = self.publications.get_mut(key) {
            self.batch.push(arrived, &mut publication.place_in_batch);
        }
        if self.batch.is_full() {
            self.fan_out(now);
        }
        Ok(())
    }

    /// Queues what came for everyone who receives it. Whatever changes who receives what, or how, comes after this: a
    /// packet is passed on by the rules of the moment at which it came.
    pub(super) fn fan_out(&mut self, now: Micros) {
        if self.batch.is_empty() {
            return;
        }
        let mut batch = std::mem::take(&mut self.batch);
        for (key, first) in batch.publications() {
            self.fan_out_publication(now, key, &batch, first);
        }
        batch.clear();
        self.batch = batch;
    }

    fn fan_out_publication(&mut self, now: Micros, key: PublicationKey, batch: &Batch, first: &Arrived) {
        let Some(publication) = self.publications.get(key) else { return };
        let mut fan_out = FanOut::new(&mut self.transports, &mut self.sending);
        let mut waiting = 0u32;
        for slot_key in &publication.routes {
            let Some(slot) = self.slots.get_mut(*slot_key) else { continue };
            for arrived in batch.from(first) {
                if fan_out.offer(slot, arrived) {
                    fan_out.catch_up(slot, publication, arrived, batch);
                }
            }
            if fan_out.connected
                && let Some(layer) = slot.selector.key_frame_wanted(now)
                && let Some(receiver) = fan_out.transports.get_mut(slot.receiver)
                && publication.may_be_asked(key, layer, receiver, now)
            {
                waiting |= 1 << layer;
            }
        }
        let entered = fan_out.entered;
        fan_out.count(&mut self.totals);
        if waiting != 0 {
            self.request_waiting(now, key, waiting);
        }
        if entered {
            self.hasten_reports(key);
        }
    }

    /// Receivers whose slots have entered a layer are told soon by a report how the stream's time goes on.
    fn hasten_reports(&mut self, key: PublicationKey) {
        let mut index = 0;
        while let Some(slot) =
            self.publications.get(key).and_then(|publication| publication.routes.get(index))
        {
            index += 1;
            let receiver = self.slots.get(*slot).map(|slot| slot.receiver);
            let due = receiver.and_then(|key| Some((key, self.transports.get(key)?.reports)));
            if let Some((receiver, due)) = due {
                self.arm(receiver, due);
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

    /// The packet with its moment of capture on our clock: by the sender's reports, until then by arrival.
    fn arrived(&self, key: PublicationKey, publication: &Publication, packet: Packet) -> Arrived {
        let (rtp, arrived) = (packet.meta.timestamp, packet.meta.arrived.0.cast_signed());
        let index = usize::from(packet.layer);
        let owner = self.transports.get(publication.owner).map(|owner| &owner.ntp_offset);
        let Some((layer, offset)) = publication.layers.get(index).zip(owner) else {
            return Arrived::new(key, packet, arrived, 0);
        };
        let capture = layer.timeline.capture_time(rtp, offset).unwrap_or(arrived);
        let mut arrived = Arrived::new(key, packet, capture, layer.timeline.behind(rtp));
        // Only where a slot may enter is it worth its while.
        let frame = &arrived.packet.meta.frame;
        if frame.key_frame {
            if frame.bare && !layer.shows_bare(arrived.packet.sequence, rtp) {
                arrived.incoming.frame.key_frame = false;
            }
            for (moment, layer) in arrived.moments.iter_mut().zip(&publication.layers) {
                *moment = layer.timeline.rtp_at(capture, offset);
            }
        }
        if let Some(moment) = arrived.moments.get_mut(index) {
            *moment = Some(rtp);
        }
        arrived
    }

    /// A number of the publisher's stream carries nothing: whoever follows that stream shall not miss it.
    pub(super) fn skip_padding(&mut self, now: Micros, binding: Binding, sequence: u64, timestamp: u32) {
        self.fan_out(now);
        let Some(publication) = self.publications.get(binding.publication) else { return };
        let incoming =
            Incoming { sequence, timestamp, marker: false, frame: viva_wire::codec::Frame::default() };
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

/// The loop over a publication's receivers.
struct FanOut<'a> {
    transports: &'a mut SlotMap<TransportKey, Transport>,
    sending: &'a mut VecDeque<TransportKey>,
    /// The newest slot's receiver can be sent to.
    connected: bool,
    /// Some slot has entered a layer, and its receiver is to be told the stream's new time.
    entered: bool,
    forwarded: u64,
    unsent: u64,
    old: u64,
}

impl<'a> FanOut<'a> {
    const fn new(
        transports: &'a mut SlotMap<TransportKey, Transport>,
        sending: &'a mut VecDeque<TransportKey>,
    ) -> Self {
        Self { transports, sending, connected: false, entered: false, forwarded: 0, unsent: 0, old: 0 }
    }

    fn count(self, totals: &mut Totals) {
        totals.forwarded += self.forwarded;
        totals.dropped[Dropped::NotConnected as usize] += self.unsent;
        totals.dropped[Dropped::OldSequence as usize] += self.old;
    }

    /// Queues the packet for one slot if its selector lets it pass; true when the slot enters the packet's layer with it.
    fn offer(&mut self, slot: &mut Slot, arrived: &Arrived) -> bool {
        let Arrived { packet, incoming, source, .. } = arrived;
        let Some((pair, primary_only)) = slot.payload_type(packet.meta.codec) else { return false };
        // Who is not connected yet enters with a key frame later; none is wasted on it now.
        let receiver = connected(self.transports, slot.receiver);
        self.connected = receiver.is_some();
        let Some(receiver) = receiver else {
            self.unsent += 1;
            return false;
        };
        let layer = (source.publication, packet.layer);
        let mut entered = false;
        let (rate, behind) = (packet.meta.codec.kind().clock_rate(), arrived.behind);
        let munged =
            match slot.decide(packet.layer, incoming, arrived.capture, behind, rate, &arrived.moments) {
                Decision::Ignore => return false,
                Decision::Skip => {
                    let hole = slot.munger.skip(layer, incoming);
                    if let Some(filler) = hole.and_then(|hole| filler(slot, receiver, hole)) {
                        let sent = slot.may_seal(filler.sequence)
                            && enqueue(receiver, self.sending, slot.receiver, filler);
                        self.note(sent);
                    }
                    return false;
                }
                Decision::Switch => {
                    slot.counters.switches += 1;
                    entered = true;
                    self.entered = true;
                    receiver.reports = receiver.reports.min(packet.meta.arrived + REPORT);
                    slot.note_left();
                    let timestamp = slot.timestamp_at(arrived.capture, rate, &arrived.moments);
                    slot.munger.switch_behind(layer, incoming, timestamp, behind)
                }
                Decision::Forward => match slot.munger.forward(layer, incoming) {
                    Ok(munged) => munged,
                    Err(_) => {
                        self.old += 1;
                        return false;
                    }
                },
            };
        let payload = if primary_only { packet.primary_length } else { packet.length };
        let length = packet_length(receiver, &arrived.passed_on, usize::from(payload));
        let queued = media(slot, pair.pt, &munged, *source, primary_only, length);
        slot.counters.packets += 1;
        slot.counters.bytes += u64::from(packet.length);
        slot.counters.active = true;
        let sent = slot.may_seal(queued.sequence) && enqueue(receiver, self.sending, slot.receiver, queued);
        self.note(sent);
        entered
    }

    /// A key frame's first packet, with which the slot has entered its layer, came late: what follows it and was here
    /// before it goes to the slot now. What came after it follows by itself.
    fn catch_up(&mut self, slot: &mut Slot, publication: &Publication, first: &Arrived, batch: &Batch) {
        let Arrived { packet: Packet { layer, sequence, .. }, source, capture, .. } = first;
        let Some(state) = publication.layers.get(usize::from(*layer)) else { return };
        for sequence in sequence + 1..=state.newest_sequence() {
            let follows = |later: &Arrived| later.packet.layer == *layer && later.packet.sequence == sequence;
            if batch.from(first).any(follows) {
                continue;
            }
            let Some((meta, payload)) = state.cache.find(sequence) else { continue };
            let length = payload.len() as u16;
            let primary_length = egress::primary(payload).map_or(length, |primary| primary.len() as u16);
            let packet = Packet { layer: *layer, sequence, meta: *meta, length, primary_length };
            self.offer(slot, &Arrived::new(source.publication, packet, *capture, 0));
        }
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
