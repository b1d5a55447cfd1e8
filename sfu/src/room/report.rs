//! RTCP goes out: sender and receiver reports, transport-wide feedback, requests for what is missing.

use super::{Room, feedback::OWN_SSRC, forward::SOUND_ROUND_TRIP};
use crate::{
    api::Event,
    dtls::DtlsEvent,
    key::{PublicationKey, SlotKey, TransportKey},
    line,
    shared::Shared,
};
use std::time::Duration;
use viva_media::{LayerIndex, MediaKind, Ssrc};
use viva_wire::{
    Micros,
    ntp::Ntp,
    rtcp::{ReportBlock, SenderInfo},
};

/// Between reports of one transport; RFC 3550 §6.2 would allow one in 360 ms for a megabit a second.
const INTERVAL: Duration = Duration::from_millis(1000);

/// Between looks at what a client sends and receives: reports may be late by a tick of the wheel.
const LOOKS: Duration = Duration::from_millis(990);

/// A stream whose pictures wait for the line is reported on when they have left; so long after, it is looked for.
const AGAIN: Duration = Duration::from_millis(20);

/// The name under which all streams of the unit go (RFC 3550 §6.5.1).
const CNAME: &str = "viva";

/// Sender reports in one packet: 28 bytes each, with their source description.
const SENDERS: usize = 16;

/// Sequence numbers asked for in one packet.
const MAX_ASKED: usize = 128;

/// An unused place in a list of reports.
const NO_BLOCK: ReportBlock = ReportBlock {
    about: Ssrc(0),
    fraction_lost: 0,
    cumulative_lost: 0,
    highest: 0,
    jitter: 0,
    last_report: 0,
    delay: 0,
};

/// An unused place in a list of clocks.
const NO_INFO: SenderInfo = SenderInfo { ssrc: Ssrc(0), ntp: Ntp(0), rtp: 0, packets: 0, octets: 0 };

/// Report blocks in one packet: more layers than a client publishes.
const BLOCKS: usize = 31;

impl Room {
    /// Reports that are due: on every slot that sent something, on every stream that came.
    pub fn report(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        if now < transport.reports {
            return;
        }
        transport.reports = now + INTERVAL;
        self.report_reception(shared, now, key);
        if self.transports.get(key).is_some_and(|transport| transport.consent) {
            self.report_slots(shared, now, key);
        }
        self.look(shared, now, key);
    }

    /// Once a second, however often there is something to report.
    fn look(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key).filter(|transport| now >= transport.looks) else {
            return;
        };
        transport.looks = now + LOOKS;
        self.look_at_excess(shared, now, key);
        self.look_at_wanted(shared, now, key);
        self.look_at_oversize(shared, now, key);
    }

    /// Tells when a participant begins to send more than it may, and when that is over.
    fn look_at_excess(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        if let Some(excess) = transport.excess.look(transport.counters.excess, now) {
            let participant = transport.participant;
            shared.events.push_back(Event::Excess { participant, excess });
        }
        self.ask_for_less(shared, key);
    }

    /// Asks who sends too much to send less. Transport-wide feedback says of a packet only that it arrived; this is heard
    /// beside it, and by those who know nothing else.
    fn ask_for_less(&mut self, shared: &mut Shared, key: TransportKey) {
        let Some(transport) = self.transports.get(key).filter(|transport| transport.excess.is_told()) else {
            return;
        };
        let of_publications: u64 = transport
            .publications
            .iter()
            .filter_map(|publication| self.publications.get(*publication))
            .map(|publication| publication.allowance.bits)
            .sum();
        // A little less than the limit, so that it is not touched again at once.
        let most = of_publications.min(shared.limits.transport.bits) * 9 / 10;
        let mut streams = [Ssrc(0); BLOCKS];
        let mut count = 0;
        for (free, binding) in streams.iter_mut().zip(&transport.bindings) {
            *free = binding.ssrc;
            count += 1;
        }
        let streams = streams.get(..count).unwrap_or_default();
        self.send_rtcp(shared, key, |writer| writer.receiver_estimate(OWN_SSRC, most, streams));
    }

    fn report_reception(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let mut blocks = [NO_BLOCK; BLOCKS];
        let mut count = 0;
        for publication in &transport.publications {
            let Some(publication) = self.publications.get_mut(*publication) else { continue };
            for layer in &mut publication.layers {
                let block = layer.ssrc.and_then(|ssrc| layer.reception.report_block(ssrc, now));
                if let (Some(block), Some(free)) = (block, blocks.get_mut(count)) {
                    if block.fraction_lost >= line::NOTABLE_LOSS {
                        publication.lossy_until = now + line::LOSSY_FOR;
                    }
                    *free = block;
                    count += 1;
                }
            }
        }
        let blocks = blocks.get(..count).unwrap_or_default();
        transport.counters.loss_in = blocks.iter().map(|block| block.fraction_lost).max().unwrap_or(0);
        if blocks.is_empty() {
            return;
        }
        self.send_rtcp(shared, key, |writer| {
            writer.receiver_report(OWN_SSRC, blocks)?;
            writer.cname(OWN_SSRC, CNAME)
        });
    }

    fn report_slots(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let mut infos = [NO_INFO; SENDERS];
        let mut count = 0;
        let mut index = 0;
        while let Some(slot) =
            self.transports.get(key).and_then(|transport| transport.receiver.slots.get(index).copied())
        {
            index += 1;
            if self.is_waiting(key, slot) {
                self.arm_report(shared, key, now + AGAIN);
                continue;
            }
            let Some(info) = self.sender_info(shared, now, slot) else { continue };
            if let Some(free) = infos.get_mut(count) {
                *free = info;
                count += 1;
            }
            if count == SENDERS {
                self.send_sender_reports(shared, key, &infos);
                count = 0;
            }
        }
        self.send_sender_reports(shared, key, infos.get(..count).unwrap_or_default());
    }

    /// Does the first packet of a slot's source wait for the line? A report speaks of what was sent.
    fn is_waiting(&self, key: TransportKey, slot: SlotKey) -> bool {
        let Some(transport) = self.transports.get(key).filter(|transport| transport.receiver.is_held())
        else {
            return false;
        };
        self.slots
            .get(slot)
            .is_some_and(|slot| transport.receiver.queue.holds(slot.ssrc(), slot.subscription.entered()))
    }

    fn arm_report(&mut self, shared: &mut Shared, key: TransportKey, at: Micros) {
        if let Some(transport) = self.transports.get_mut(key) {
            transport.reports = transport.reports.min(at);
            transport.arm(&mut shared.wheel, at);
        }
    }

    fn send_sender_reports(&mut self, shared: &mut Shared, key: TransportKey, infos: &[SenderInfo]) {
        if infos.is_empty() {
            return;
        }
        self.send_rtcp(shared, key, |writer| {
            for info in infos {
                writer.sender_report(info, &[])?;
                writer.cname(info.ssrc, CNAME)?;
            }
            Some(())
        });
    }

    /// The slot's clock at this moment (RFC 3550 §6.4.1): the timestamp that something captured now would carry.
    fn sender_info(&mut self, shared: &mut Shared, now: Micros, key: SlotKey) -> Option<SenderInfo> {
        let slot = self.slots.get_mut(key)?;
        if !std::mem::take(&mut slot.subscription.counters.active) {
            return None;
        }
        let publication = self.publications.get(slot.source()?)?;
        let layer = publication.layer(publication.shape.stream_of(slot.subscription.current()?))?;
        let owner = self.transports.get(publication.owner)?;
        let source = layer.timeline.rtp_at(now.0.cast_signed(), &owner.ntp_offset)?;
        let rtp = slot.subscription.timestamp(source)?;
        Some(SenderInfo {
            ssrc: slot.ssrc(),
            ntp: shared.ntp_clock.ntp(now),
            rtp,
            packets: slot.subscription.counters.packets as u32,
            octets: slot.subscription.counters.bytes as u32,
        })
    }

    /// Transport-wide feedback to a publisher, when it is due.
    pub fn report_arrivals(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        if now < transport.feedback {
            return;
        }
        transport.feedback = Micros::NEVER;
        let media = transport.bindings.first().map_or(Ssrc(0), |binding| binding.ssrc);
        let mut arrivals = std::mem::take(&mut transport.arrivals);
        while self.send_rtcp(shared, key, |writer| {
            writer.append(|room| arrivals.feedback(now, OWN_SSRC, media, room))
        }) {}
        if let Some(transport) = self.transports.get_mut(key) {
            // What could not be sent is tried again later, not at once.
            let next = arrivals.next_deadline().map(|due| due.max(now + viva_wire::twcc::INTERVAL));
            transport.feedback = next.unwrap_or(Micros::NEVER);
            transport.arrivals = arrivals;
        }
    }

    /// Asks a publisher for packets that are missing; gives up on what did not come.
    pub fn ask_for_missing(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let rtt = self.transports.get(key).and_then(|transport| transport.counters.rtt);
        let mut index = 0;
        while let Some(publication_key) =
            self.transports.get(key).and_then(|transport| transport.publications.get(index).copied())
        {
            index += 1;
            for layer in LayerIndex::all() {
                self.ask_for_missing_of(shared, now, key, publication_key, layer, rtt);
            }
        }
    }

    fn ask_for_missing_of(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        publication_key: PublicationKey,
        layer_index: LayerIndex,
        rtt: Option<Duration>,
    ) {
        let Some(publication) = self.publications.get_mut(publication_key) else { return };
        // Sound that comes too late is not played: it is not asked for, or not any more.
        let is_late = publication.kind == MediaKind::Audio && rtt.is_some_and(|rtt| rtt >= SOUND_ROUND_TRIP);
        let nack = !is_late && publication.codecs.iter().any(|codec| codec.nack);
        let Some(layer) = publication.layer_mut(layer_index) else { return };
        let Some(media) = layer.ssrc else { return };
        let mut lost = [0; MAX_ASKED];
        let count = layer.loss.poll(now, rtt, &mut lost);
        let given_up = layer.loss.take_given_up();
        let lost = lost.get(..count).unwrap_or_default();
        if nack && !lost.is_empty() {
            layer.counters.nacked += lost.len() as u64;
            shared.totals.nacks_out += lost.len() as u64;
            self.send_rtcp(shared, key, |writer| (writer.nack(OWN_SSRC, media, lost) > 0).then_some(()));
        }
        if given_up && self.is_watched(publication_key, layer_index) {
            self.request_key_frame(shared, now, publication_key, layer_index);
        }
    }

    /// Does a slot show this layer of a video publication, or wait for it?
    fn is_watched(&self, key: PublicationKey, layer: LayerIndex) -> bool {
        self.publications.get(key).filter(|publication| publication.kind == MediaKind::Video).is_some_and(
            |publication| {
                publication.routes.iter().filter_map(|slot| self.slots.get(*slot)).any(|slot| {
                    slot.subscription.current() == Some(layer) || slot.subscription.target() == Some(layer)
                })
            },
        )
    }

    /// Says good-bye to a client: its streams end, its association closes.
    pub fn say_good_bye(&mut self, shared: &mut Shared, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        transport.dtls.close();
        while let Some(DtlsEvent::Packet(record)) = transport.dtls.poll(&mut shared.scratch) {
            if let Some(path) = transport.ice.selected() {
                shared.control.push(path, record);
            }
        }
    }
}
