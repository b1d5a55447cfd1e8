//! Packets to everyone who receives their publication: select, munge, queue.

use super::{Room, batch::Batch};
use crate::{
    api::Totals,
    arrived::Arrived,
    dropped::Dropped,
    egress::{self, Queued},
    key::{MemberKey, PublicationKey, SlotKey, TransportKey},
    publication::{Packet, Publication},
    receiver::Receiver,
    shared::{Shared, TimerKey},
    slot::Slot,
    subscription::Offered,
    transport::{Binding, Transport},
    wheel::Wheel,
};
use slotmap::SlotMap;
use std::{collections::VecDeque, time::Duration};
use viva_media::{LayerSet, MediaKind};
use viva_wire::{Micros, rtcp::Sequences};

/// From the first packet of a source to the report that tells its time: another source has another clock, and until the
/// report a receiver holds its pictures against the sound of the one before.
const REPORT: Duration = Duration::from_millis(20);

/// Over a longer round trip sound that is sent again comes too late to be played.
pub(super) const SOUND_ROUND_TRIP: Duration = Duration::from_millis(150);

impl Room {
    /// Queues what came for everyone who receives it. Whatever changes who receives what, or how, comes after this: a
    /// packet is passed on by the rules of the moment at which it came.
    pub fn fan_out(&mut self, shared: &mut Shared, now: Micros) {
        if self.batch.is_empty() {
            return;
        }
        let mut batch = std::mem::take(&mut self.batch);
        for (key, first) in batch.publications() {
            self.fan_out_publication(shared, now, key, &batch, first);
        }
        batch.clear();
        self.batch = batch;
    }

    fn fan_out_publication(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: PublicationKey,
        batch: &Batch,
        first: &Arrived,
    ) {
        let Some(publication) = self.publications.get(key) else { return };
        let mut tally = Tally::default();
        let mut waiting = LayerSet::EMPTY;
        for slot in &publication.routes {
            let Some(slot) = self.slots.get_mut(*slot) else { continue };
            let Some(transport) = connected(&mut self.transports, slot.receiver) else {
                // Who is not connected yet enters with a key frame later; none is wasted on it now.
                tally.unsent +=
                    batch.from(first).filter(|arrived| slot.subscription.takes(arrived)).count() as u64;
                continue;
            };
            let (sending, wheel) = (&mut shared.sending, &mut shared.wheel);
            let mut fan_out = FanOut { transport, sending, wheel, tally: &mut tally };
            for arrived in batch.from(first) {
                if fan_out.offer(slot, arrived) {
                    fan_out.catch_up(slot, publication, arrived, batch);
                }
            }
            if let Some(layer) = slot.subscription.key_frame_wanted(now)
                && publication.may_be_asked(key, layer, &mut fan_out.transport.receiver.key_frame_budget, now)
            {
                waiting.insert(layer);
            }
        }
        tally.add_to(&mut shared.totals);
        for layer in waiting.iter() {
            self.request_key_frame(shared, now, key, layer);
        }
    }

    /// A number of the publisher's stream carries nothing: whoever follows that stream shall not miss it.
    pub fn skip_padding(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        binding: Binding,
        sequence: u64,
        timestamp: u32,
    ) {
        self.fan_out(shared, now);
        let Some(publication) = self.publications.get(binding.publication) else { return };
        let layer = (binding.publication, binding.layer);
        for slot in &publication.routes {
            let Some(slot) = self.slots.get_mut(*slot) else { continue };
            let receiver = connected(&mut self.transports, slot.receiver);
            let headers = receiver.as_ref().map(|transport| &transport.receiver.headers);
            let filler = slot.subscription.skip(layer, sequence, timestamp, headers);
            if let (Some(transport), Some(filler)) = (receiver, filler) {
                transport.enqueue(&mut shared.sending, filler);
            }
        }
    }

    /// Sends again what a receiver misses, as far as it is still there (RFC 4585 §6.2.1, RFC 4588) and within the
    /// receiver's bounds. What is gone cannot be helped: the receiver will ask for a key frame.
    pub fn retransmit(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        receiver: TransportKey,
        slot: SlotKey,
        lost: Sequences<'_>,
    ) {
        let (Some(transport), Some(slot)) = (self.transports.get_mut(receiver), self.slots.get_mut(slot))
        else {
            return;
        };
        if slot.kind() == MediaKind::Audio {
            return repeat_sound(shared, now, transport, slot, lost);
        }
        let publication = slot.source().and_then(|source| self.publications.get(source));
        for sequence in lost {
            shared.totals.nacks_in += 1;
            if !transport.is_connected() || slot.paused {
                continue;
            }
            let Some(line) = &mut transport.receiver.line else { return };
            if line.may_repair(now, slot.ssrc(), sequence)
                && let Some(queued) =
                    slot.subscription.retransmit(sequence, publication, &transport.receiver.headers)
            {
                line.repaired(queued.length);
                if transport.enqueue(&mut shared.sending, queued) {
                    slot.subscription.counters.retransmitted += 1;
                    shared.totals.retransmitted += 1;
                }
            }
        }
    }
}

/// Sends sound again as it was, where it comes in time to be played.
fn repeat_sound(
    shared: &mut Shared,
    now: Micros,
    transport: &mut Transport,
    slot: &mut Slot,
    lost: Sequences<'_>,
) {
    let in_time = transport.counters.rtt.is_some_and(|round_trip| round_trip < SOUND_ROUND_TRIP);
    let path = transport.media_path().filter(|_| in_time);
    for sequence in lost {
        shared.totals.nacks_in += 1;
        let Receiver { line: Some(line), sealed_sound: Some(sound), .. } = &mut transport.receiver else {
            continue;
        };
        let packet = sound.find(now, slot.ssrc(), sequence);
        let Some((path, packet)) = path.zip(packet) else { continue };
        if line.may_repair(now, slot.ssrc(), sequence) && shared.control.push(path, packet).is_some() {
            line.repaired(packet.len() as u16);
            transport.counters.packets_out += 1;
            transport.counters.bytes_out += packet.len() as u64;
            slot.subscription.counters.retransmitted += 1;
            shared.totals.retransmitted += 1;
        }
    }
}

/// What one receiver is sent of a publication's batch.
struct FanOut<'a> {
    transport: &'a mut Transport,
    sending: &'a mut VecDeque<MemberKey>,
    wheel: &'a mut Wheel<TimerKey>,
    tally: &'a mut Tally,
}

/// What became of a publication's batch.
#[derive(Default)]
struct Tally {
    forwarded: u64,
    unsent: u64,
    old: u64,
}

impl Tally {
    const fn add_to(&self, totals: &mut Totals) {
        totals.forwarded += self.forwarded;
        totals.dropped[Dropped::NotConnected as usize] += self.unsent;
        totals.dropped[Dropped::OldSequence as usize] += self.old;
    }
}

impl FanOut<'_> {
    /// Queues the packet for one slot if that takes it; true when the slot enters the packet's layer with it.
    fn offer(&mut self, slot: &mut Slot, arrived: &Arrived) -> bool {
        match slot.subscription.offer(arrived, &self.transport.receiver.headers) {
            Offered::Nothing => false,
            Offered::Old => {
                self.tally.old += 1;
                false
            }
            Offered::Next(queued) => {
                self.enqueue(queued);
                false
            }
            Offered::First(queued) => {
                // The receiver is told soon by a report how the stream's time goes on.
                self.transport.reports = self.transport.reports.min(arrived.packet.meta.arrived + REPORT);
                self.transport.arm(self.wheel, self.transport.reports);
                self.enqueue(queued);
                true
            }
        }
    }

    /// A key frame's first packet, with which the slot has entered its layer, came late: what follows it and was here
    /// before it goes to the slot now. What came after it follows by itself.
    fn catch_up(&mut self, slot: &mut Slot, publication: &Publication, first: &Arrived, batch: &Batch) {
        let Arrived { packet: Packet { layer, sequence, .. }, source, capture, .. } = first;
        let Some(state) = publication.layer(*layer) else { return };
        for sequence in sequence + 1..=state.newest_sequence() {
            let follows = |later: &Arrived| later.packet.layer == *layer && later.packet.sequence == sequence;
            if batch.from(first).any(follows) {
                continue;
            }
            let Some((meta, kept)) = state.cache.find(sequence) else { continue };
            let (mut meta, (descriptor, payload)) = (*meta, meta.split(kept));
            meta.frame = state.described_again(&meta.frame, descriptor).unwrap_or(meta.frame);
            let length = payload.len() as u16;
            let primary_length = egress::primary(payload).map_or(length, |primary| primary.len() as u16);
            let packet = Packet { layer: *layer, sequence, meta, length, primary_length };
            self.offer(slot, &Arrived::new(source.publication, packet, *capture, 0));
        }
    }

    fn enqueue(&mut self, queued: Option<Queued>) {
        let sent = queued.is_some_and(|queued| self.transport.enqueue(self.sending, queued));
        if sent {
            self.tally.forwarded += 1;
        } else {
            self.tally.unsent += 1;
        }
    }
}

/// The receiver, if it can be sent to.
fn connected(transports: &mut SlotMap<TransportKey, Transport>, key: TransportKey) -> Option<&mut Transport> {
    transports.get_mut(key).filter(|receiver| receiver.is_connected())
}
