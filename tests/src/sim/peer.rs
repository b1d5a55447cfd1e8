//! A modelled browser: a real transport, publishers and receivers, on a clock of its own.

mod client;
mod clock;
mod decoder;
mod encoder;
mod estimate;
mod handshake;
mod layered;
mod ledger;
mod payload;
mod receiver;
mod track;

pub use client::{Client, Endpoints};
pub use clock::Clock;
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use estimate::Estimate;
pub use handshake::{certificate, chance, epoch, seed_shares};
pub use layered::Layering;
pub use ledger::{Ledger, OVERHEAD, Spoken};
pub use receiver::{Patience, Receiver};
pub use track::{BASELINE, Layer, Offered, Plain, Track, TrackSpec, Wire, codec_parameters, slot};

use super::stamp::Stamp;
use viva_media::{
    Extension, ExtensionMap, LayerIndex, LayerSet, MediaKind, MediaParameters, Mid, ParticipantId, Pt,
    RoomId, SlotParameters, Ssrc,
};
use viva_peer::{Arrivals, ArrivalsByStream, Datagrams, Headers, Opened, numbers};
use viva_sfu::{Command, PublicationTerms};
use viva_wire::{
    Micros,
    demux::{self, Kind},
    rtcp::{self, Feedback, Writer},
    rtp::{Fields, HeaderWriter, read_original_sequence},
};

/// Between reports.
const REPORTS: u64 = 1_000_000;

/// The SSRC under which a peer sends its feedback.
const OWN: Ssrc = Ssrc(0x7777);

/// The header extensions that modelled browsers agree to.
pub fn extensions() -> ExtensionMap {
    numbers::extensions(&[
        Extension::AudioLevel,
        Extension::TransportWideCc,
        Extension::Mid,
        Extension::Rid,
        Extension::RepairedRid,
        Extension::DependencyDescriptor,
    ])
}

/// A modelled browser.
pub struct Peer {
    /// Who it is.
    pub id: ParticipantId,
    /// Where it is.
    pub room: RoomId,
    /// The index of its unit.
    pub unit: usize,
    /// Its transport.
    pub client: Client,
    /// What it sends.
    pub tracks: Vec<Track>,
    /// What it may receive.
    pub slots: Vec<SlotParameters>,
    /// How it receives.
    pub receivers: Vec<Receiver>,
    /// Its clock.
    pub clock: Clock,
    /// It still runs.
    pub running: bool,
    /// Transport-wide feedback packets received.
    pub feedback: u64,
    /// Of those, arrivals that they tell.
    pub feedback_arrivals: u64,
    /// Sequence numbers that the unit asked for.
    pub asked: u64,
    /// The newest limit that the unit asked it to keep to, in bits a second.
    pub asked_for_less: Option<u64>,
    /// What a scoreboard wants to know of what arrives.
    pub ledger: Option<Ledger>,
    /// It tells of packets by stream (RFC 8888); to be said before it negotiates.
    pub by_stream: Option<ArrivalsByStream>,
    /// It tells how much it can receive (REMB), by absolute send times.
    pub estimate: Option<Estimate>,
    headers: Headers,
    arrivals: Arrivals,
    reports: u64,
    next_ask: u64,
}

impl Peer {
    /// A browser that has its answer.
    pub fn new(now: u64, id: ParticipantId, room: RoomId, unit: usize, client: Client, clock: Clock) -> Self {
        Self {
            id,
            room,
            unit,
            client,
            tracks: Vec::new(),
            slots: Vec::new(),
            receivers: Vec::new(),
            clock,
            running: true,
            feedback: 0,
            feedback_arrivals: 0,
            asked: 0,
            asked_for_less: None,
            ledger: None,
            by_stream: None,
            estimate: None,
            headers: Headers::new(extensions(), 65_400),
            arrivals: Arrivals::default(),
            reports: now + 200_000,
            next_ask: 0,
        }
    }

    /// It asks for sound that it misses, and its offer says so; to be said before it negotiates.
    pub fn ask_for_sound(&mut self) {
        for slot in self.slots.iter_mut().filter(|slot| slot.kind == MediaKind::Audio) {
            slot.codecs.iter_mut().for_each(|codec| codec.nack = true);
        }
        for receiver in self.receivers.iter_mut().filter(|receiver| receiver.kind == MediaKind::Audio) {
            receiver.asks_for_sound = true;
        }
    }

    /// It agrees to these header extensions; to be said before it negotiates.
    pub fn set_extensions(&mut self, extensions: ExtensionMap) {
        self.headers = Headers::new(extensions, 65_400);
    }

    /// All that it sends and receives.
    pub fn media(&self) -> MediaParameters {
        MediaParameters {
            extensions: *self.headers.map(),
            congestion_feedback: self.by_stream.is_some(),
            publications: self.tracks.iter().map(Track::parameters).collect(),
            slots: self.slots.clone(),
        }
    }

    /// Tells a unit all that it sends and receives; everybody may receive it.
    pub fn negotiate(&self) -> Command {
        let media = self.media();
        let terms =
            media.publications.iter().map(|publication| (publication.id, PublicationTerms::default()));
        Command::Negotiate { participant: self.id, terms: terms.collect(), media }
    }

    /// Its slots are these from now on; what it knows of those that stay stays.
    pub fn set_slots(&mut self, slots: Vec<SlotParameters>) {
        self.receivers.retain(|receiver| slots.iter().any(|slot| slot.ssrc == receiver.ssrc));
        for slot in &slots {
            if !self.receivers.iter().any(|receiver| receiver.ssrc == slot.ssrc) {
                self.receivers.push(Receiver::new(slot));
            }
        }
        self.slots = slots;
    }

    /// The receiver of a media section.
    pub fn receiver(&self, mid: Mid) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.mid == mid)
    }

    /// The receiver of the video slot with this number.
    pub fn video(&mut self, index: usize) -> &mut Receiver {
        let mut videos = self.receivers.iter_mut().filter(|receiver| receiver.kind == MediaKind::Video);
        videos.nth(index).expect("a video slot")
    }

    /// Its camera, if it has one.
    pub fn camera(&mut self) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.kind() == MediaKind::Video)
    }

    /// Its microphone, if it has one.
    pub fn microphone(&mut self) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.kind() == MediaKind::Audio)
    }

    /// Time passes. Plain media goes to `plain` for whoever wants to know, sealed packets to `out`.
    pub fn tick(&mut self, now: u64, plain: &mut Vec<Plain>, out: &mut Datagrams) {
        if !self.running {
            return;
        }
        self.client.transport.tick(Micros(now), out);
        if self.client.transport.closed().is_some() || self.client.transport.sealing.is_none() {
            return;
        }
        let before = plain.len();
        let mut wire = Wire { now, clock: &self.clock, headers: &mut self.headers, out: plain };
        for track in &mut self.tracks {
            track.tick(&mut wire);
        }
        self.seal(&plain[before..], out);
        self.ask(now, out);
        self.tell_arrivals(now, out);
        if now >= self.reports {
            self.reports = now + REPORTS;
            self.report(now, out);
        }
    }

    fn ask(&mut self, now: u64, out: &mut Datagrams) {
        if now < self.next_ask {
            return;
        }
        self.next_ask = now + 10_000;
        let mut buffer = [0; 1400];
        let mut writer = Writer::new(&mut buffer);
        for receiver in &mut self.receivers {
            receiver.ask(now, OWN, &mut writer);
        }
        if let Some(estimate) = &mut self.estimate {
            estimate.tell(now, OWN, &mut writer);
        }
        let length = writer.len();
        self.seal_rtcp(&mut buffer, length, out);
    }

    /// Tells when packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1, RFC 8888).
    fn tell_arrivals(&mut self, now: u64, out: &mut Datagrams) {
        let mut buffer = [0; 1400];
        if let Some(arrivals) = &mut self.by_stream
            && let Some(length) = arrivals.poll(Micros(now), OWN, &mut buffer)
        {
            self.seal_rtcp(&mut buffer, length, out);
        }
        while let Some(length) = self.arrivals.poll(Micros(now), OWN, Ssrc(0), &mut buffer) {
            self.seal_rtcp(&mut buffer, length, out);
        }
    }

    fn report(&mut self, now: u64, out: &mut Datagrams) {
        let mut buffer = [0; 1400];
        let mut writer = Writer::new(&mut buffer);
        for track in &self.tracks {
            for layer in 0..track.layers.len() {
                if let Some(info) = track.sender_info(layer, now, &self.clock) {
                    writer.sender_report(&info, &[]).expect("room");
                    writer.cname(info.ssrc, "peer").expect("room");
                }
            }
        }
        let blocks: Vec<_> = self.receivers.iter_mut().filter_map(|receiver| receiver.block(now)).collect();
        for blocks in blocks.chunks(rtcp::write::MAX_BLOCKS).take(1) {
            writer.receiver_report(OWN, blocks).expect("room");
        }
        let length = writer.len();
        self.seal_rtcp(&mut buffer, length, out);
    }

    fn seal_rtcp(&mut self, buffer: &mut [u8], length: usize, out: &mut Datagrams) {
        if let Some(sealing) = &mut self.client.transport.sealing {
            sealing.push_rtcp(buffer, length, out);
        }
    }

    fn seal(&mut self, plain: &[Plain], out: &mut Datagrams) {
        let Some(sealing) = &self.client.transport.sealing else { return };
        for packet in plain {
            let mut bytes = packet.bytes.clone();
            bytes.resize(packet.bytes.len() + sealing.outbound.rtp_overhead(), 0);
            sealing
                .outbound
                .protect_rtp(packet.index, packet.header_len, &mut bytes, packet.bytes.len())
                .expect("a seal");
            out.push(bytes);
        }
    }

    /// Sealed packets of streams that nobody agreed to, one each.
    pub fn strange_streams(&mut self, count: u32, out: &mut Datagrams) {
        let Some(sealing) = &self.client.transport.sealing else { return };
        let outbound = &sealing.outbound;
        for stream in 0..count {
            let ssrc = Ssrc(0x0bad_0000 + stream);
            let fields = Fields { pt: Pt(96), marker: true, padding: false, sequence: 1, timestamp: 2, ssrc };
            let mut bytes = vec![0; 64 + outbound.rtp_overhead()];
            let header = HeaderWriter::new(&mut bytes, &fields).and_then(HeaderWriter::finish).expect("room");
            outbound.protect_rtp(1, header, &mut bytes, 64).expect("a seal");
            out.push(bytes);
        }
    }

    /// A datagram arrived.
    pub fn receive(&mut self, now: u64, packet: &mut [u8], out: &mut Datagrams) {
        if !self.running {
            return;
        }
        match demux::classify(packet) {
            Some(Kind::Stun) => self.client.receive_stun(now, packet, out),
            Some(Kind::Dtls) => self.client.transport.receive_dtls(Micros(now), packet, out),
            Some(Kind::Rtp) => self.receive_rtp(now, packet),
            Some(Kind::Rtcp) => self.receive_rtcp(now, packet, out),
            None => {}
        }
    }

    fn receive_rtp(&mut self, now: u64, packet: &mut [u8]) {
        let Some(sealing) = &mut self.client.transport.sealing else { return };
        let opened = self.arrivals.open(Micros(now), self.headers.map(), sealing, packet);
        let Ok(Opened { index, header, packet }) = opened else { return };
        let send_time = header.read_extensions(self.headers.map(), packet).abs_send_time;
        if let Some((estimate, send_time)) = self.estimate.as_mut().zip(send_time) {
            estimate.note(now, header.ssrc, send_time, packet.len() + OVERHEAD);
        }
        if let Some(arrivals) = &mut self.by_stream {
            arrivals.note(Micros(now), header.ssrc, index);
        }
        let Ok(payload) = header.payload(packet) else { return };
        let sounds = payload::sounds(header.pt, payload);
        let stamps = sounds.iter().filter_map(|payload| Stamp::read(payload));
        if let Some(ledger) = &mut self.ledger {
            let sound = |receiver: &Receiver| {
                receiver.kind == MediaKind::Audio
                    && [Some(receiver.ssrc), receiver.rtx].contains(&Some(header.ssrc))
            };
            let sound = self.receivers.iter().find(|receiver| sound(receiver));
            let sound = sound.map(|receiver| receiver.ssrc);
            for (after, stamp) in (0..sounds.len()).rev().zip(stamps) {
                // The packet counts once, with what is new in it.
                ledger.note(now, stamp, if after == 0 { packet.len() } else { 0 }, sound);
            }
        }
        for receiver in &mut self.receivers {
            if receiver.ssrc == header.ssrc {
                receiver.receive(now, index, sounds.last().and_then(|payload| Stamp::read(payload)));
            } else if receiver.rtx == Some(header.ssrc)
                && let Ok((original, payload)) = read_original_sequence(payload)
            {
                receiver.receive_repair(now, original, Stamp::read(payload));
            }
        }
    }

    fn receive_rtcp(&mut self, now: u64, packet: &mut [u8], out: &mut Datagrams) {
        let Some(sealing) = &mut self.client.transport.sealing else { return };
        let Ok(length) = sealing.inbound.unprotect_rtcp(packet) else { return };
        let mut repairs = Vec::new();
        for feedback in rtcp::read(&packet[..length]) {
            match feedback.expect("a well-formed packet") {
                Feedback::SenderReport(info) => {
                    for receiver in self.receivers.iter_mut().filter(|receiver| receiver.ssrc == info.ssrc) {
                        receiver.handle_report(now, info.ntp);
                    }
                }
                Feedback::Nack { media, lost } => {
                    for sequence in lost {
                        self.asked += 1;
                        let headers = &mut self.headers;
                        repairs.extend(self.tracks.iter_mut().find_map(|track| {
                            track.retransmit(now, track.layer_of(media)?, sequence, headers)
                        }));
                    }
                }
                Feedback::PictureLoss { media } | Feedback::FullIntra { media, .. } => {
                    for track in &mut self.tracks {
                        if let Some(layer) = track.layer_of(media) {
                            track.layers[layer].key_wanted = true;
                            track.layers[layer].requests += 1;
                        }
                    }
                }
                Feedback::Remb { bits_per_second } => self.asked_for_less = Some(bits_per_second),
                Feedback::TransportFeedback(feedback) => {
                    self.feedback += 1;
                    self.feedback_arrivals +=
                        feedback.packets().filter(|(_, at)| at.is_some()).count() as u64;
                }
                _ => {}
            }
        }
        self.seal(&repairs, out);
    }

    /// The unit says which encodings of a media section somebody receives; those that begin anew begin with a key frame.
    pub fn handle_wanted(&mut self, mid: Mid, encodings: LayerSet) {
        for track in self.tracks.iter_mut().filter(|track| track.mid == mid) {
            for place in LayerIndex::all().take(track.layers.len()) {
                let wanted = encodings.contains(place);
                let encoding = track.offered_at(place.place());
                let layer = &mut track.layers[encoding];
                layer.key_wanted |= wanted && !layer.active;
                layer.active = wanted;
            }
        }
    }
}
