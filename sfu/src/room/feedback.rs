//! RTCP comes in: what publishers report of their clocks, what receivers miss, need and measure.

use super::Room;
use crate::{
    dropped::Dropped,
    key::{PublicationKey, SlotKey, TransportKey},
    shared::Shared,
};
use viva_media::{LayerIndex, Path, Ssrc};
use viva_wire::{
    Micros, reception,
    rtcp::{self, Feedback, ReportBlock, SenderInfo, Sequences, Writer},
};

/// The SSRC of what the unit says for itself: receiver reports and requests.
pub(super) const OWN_SSRC: Ssrc = Ssrc(1);

/// A report that answers one of ours within so long (of 65,536 a second) tells how long the way is now: ours go each second.
const FRESH: u32 = 2 * 65_536;

impl Room {
    /// A sealed control packet of a participant.
    pub fn handle_rtcp(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        path: Path,
        packet: &mut [u8],
    ) -> Result<(), Dropped> {
        let transport = self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?;
        let wire_length = packet.len();
        let length = transport.opener(now)?.unprotect_rtcp(packet)?;
        if !transport.note_authentic(now, path, wire_length) {
            self.update_state(shared, now, key);
        }
        let packet = packet.get(..length).ok_or(Dropped::Malformed)?;
        for feedback in rtcp::read(packet) {
            self.handle_feedback(shared, now, key, feedback?);
        }
        Ok(())
    }

    fn handle_feedback(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        feedback: Feedback<'_>,
    ) {
        match feedback {
            Feedback::SenderReport(info) => self.handle_sender_report(now, key, &info),
            Feedback::ReportBlock { block, .. } => self.handle_report_block(shared, now, key, &block),
            Feedback::Nack { media, lost } => self.handle_nack(shared, now, key, media, lost),
            Feedback::PictureLoss { media } | Feedback::FullIntra { media, .. } => {
                self.handle_picture_loss(shared, now, key, media);
            }
            Feedback::TransportFeedback(feedback) => {
                self.handle_transport_feedback(shared, now, key, feedback);
            }
            Feedback::Congestion(feedback) => self.handle_congestion_feedback(shared, now, key, feedback),
            Feedback::Remb { bits_per_second } => self.handle_remb(shared, now, key, bits_per_second),
            // A stream that ends falls silent, and silence is watched anyway.
            Feedback::Bye { .. } | Feedback::Other { .. } => {}
        }
    }

    fn handle_sender_report(&mut self, now: Micros, key: TransportKey, info: &SenderInfo) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let Some(binding) = transport.binding(info.ssrc).filter(|binding| !binding.retransmission) else {
            return;
        };
        transport.ntp_offset.report(info.ntp.0, now);
        let layer = self
            .publications
            .get_mut(binding.publication)
            .and_then(|publication| publication.layer_mut(binding.layer));
        if let Some(layer) = layer {
            layer.reception.sender_report(info.ntp, now);
            layer.timeline.report(info.ntp.0, info.rtp);
        }
    }

    fn handle_report_block(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        block: &ReportBlock,
    ) {
        let at = shared.ntp_clock.ntp(now);
        let Some(transport) = self.transports.get_mut(key) else { return };
        transport.counters.loss_out = block.fraction_lost;
        // What was reported of a stream that rests tells of the line as it was then.
        let fresh = block.delay < FRESH;
        let round_trip = reception::round_trip(block, at).filter(|_| fresh);
        transport.counters.rtt = round_trip.or(transport.counters.rtt);
        self.handle_line_report(shared, now, key, block.fraction_lost, round_trip);
    }

    fn handle_nack(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        media: Ssrc,
        lost: Sequences<'_>,
    ) {
        if let Some(slot) = self.slot_of(key, media) {
            // What came in the same batch may be asked for, and may have to be left out.
            self.fan_out(shared, now);
            self.retransmit(shared, now, key, slot, lost);
        }
    }

    fn handle_picture_loss(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, media: Ssrc) {
        shared.totals.key_frame_requests_in += 1;
        let Some(slot_key) = self.slot_of(key, media) else { return };
        let Some(slot) = self.slots.get_mut(slot_key) else { return };
        slot.subscription.set_lost();
        self.request_key_frames(shared, now, slot_key);
    }

    fn slot_of(&self, key: TransportKey, media: Ssrc) -> Option<SlotKey> {
        let transport = self.transports.get(key)?;
        transport
            .receiver
            .slots
            .iter()
            .copied()
            .find(|slot| self.slots.get(*slot).is_some_and(|slot| slot.ssrc() == media))
    }

    /// A key frame of this layer is needed: asked for at once, or merged with requests of the same moment.
    pub fn request_key_frame(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: PublicationKey,
        layer: LayerIndex,
    ) {
        let Some(publication) = self.publications.get_mut(key) else { return };
        if publication.muted {
            return;
        }
        let owner = publication.owner;
        let Some(layer_state) = publication.layer_mut(layer) else { return };
        if layer_state.key_frames.request(now) {
            self.send_key_frame_request(shared, key, layer);
        } else if let Some(at) = layer_state.key_frames.next_deadline() {
            self.arm(shared, owner, at);
        }
    }

    pub fn send_key_frame_request(&mut self, shared: &mut Shared, key: PublicationKey, layer: LayerIndex) {
        let Some(publication) = self.publications.get_mut(key) else { return };
        let owner = publication.owner;
        let (pli, fir) = publication.key_frame_requests();
        let Some(layer) = publication.layer_mut(layer) else { return };
        let Some(media) = layer.ssrc else { return };
        if !pli && fir {
            layer.fir_sequence = layer.fir_sequence.wrapping_add(1);
        }
        let fir_sequence = layer.fir_sequence;
        let sent = self.send_rtcp(shared, owner, |writer| {
            if pli || !fir {
                writer.picture_loss(OWN_SSRC, media)
            } else {
                writer.full_intra(OWN_SSRC, media, fir_sequence)
            }
        });
        if sent {
            shared.totals.key_frame_requests_out += 1;
        }
    }

    /// Seals and queues one RTCP packet to a participant; false where there is nobody to send it to.
    pub fn send_rtcp(
        &mut self,
        shared: &mut Shared,
        key: TransportKey,
        write: impl FnOnce(&mut Writer<'_>) -> Option<()>,
    ) -> bool {
        let Some(transport) = self.transports.get_mut(key) else { return false };
        let Some(path) = transport.media_path() else { return false };
        let Some(srtp) = &mut transport.srtp else { return false };
        let mut writer = Writer::new(&mut shared.scratch);
        if write(&mut writer).is_none() || writer.is_empty() {
            return false;
        }
        let length = writer.len();
        let Ok(sealed) = srtp.outbound.protect_rtcp(&mut shared.scratch, length) else { return false };
        let Some(packet) = shared.scratch.get(..sealed) else { return false };
        transport.counters.packets_out += 1;
        transport.counters.bytes_out += sealed as u64;
        shared.control.push(path, packet).is_some()
    }
}
