//! One load client: a transport, what it plays, and how it checks what it receives.

mod incoming;
mod observed;
mod stamp;
mod track;
mod transport;

pub use incoming::Incoming;
pub use observed::Observed;
pub use stamp::Stamp;
pub use track::{Track, Wire};
pub use transport::{Endpoints, Identity, Transport, binding_request, fingerprint};

use crate::{
    load::{Line, Tally},
    sdp::{self, OPUS, VP8_RTX},
};
use tokio::sync::mpsc::UnboundedSender;
use viva_media::{ExtensionMap, Ssrc};
use viva_wire::{
    Micros,
    demux::{self, Kind},
    rtcp::{self, Feedback, Writer},
    rtp::{Header, read_original_sequence},
    twcc::Recorder,
};

/// Between reports, in microseconds.
const REPORTS: u64 = 1_000_000;
/// Between looks for packets to ask for again.
const ASKING: u64 = 20_000;
/// The SSRC under which feedback leaves.
const OWN: Ssrc = Ssrc(0x7777);
/// A slot holds back so long until it asks for a key frame.
const IMPATIENCE: u64 = 500_000;

/// What a client is made of.
pub struct Plan {
    pub endpoints: Endpoints,
    /// What it plays.
    pub tracks: Vec<Track>,
    /// The streams that it receives, with those that repair them.
    pub repairs: Vec<(Ssrc, Ssrc)>,
    /// Only its transport lives: it reads reports, and throws media away unread.
    pub passive: bool,
}

/// One connected client.
pub struct Client {
    pub transport: Transport,
    /// What it plays.
    pub tracks: Vec<Track>,
    /// What it receives.
    pub incoming: Vec<Incoming>,
    /// When its first media packet came, in microseconds of the load's clock.
    pub first_media: Option<u64>,
    /// Numbers that the unit asked for again.
    pub asked: u64,
    /// Somebody who wants to know of every packet: the recorder of traces.
    pub observer: Option<UnboundedSender<Observed>>,
    repairs: Vec<(Ssrc, Ssrc)>,
    passive: bool,
    map: ExtensionMap,
    transport_cc: u16,
    arrivals: Recorder,
    next_report: u64,
    next_ask: u64,
}

impl Client {
    /// A client that has its answer.
    pub fn new(now: u64, plan: Plan, identity: &Identity) -> Result<Self, String> {
        Ok(Self {
            transport: Transport::new(now, plan.endpoints, identity)?,
            tracks: plan.tracks,
            incoming: Vec::new(),
            first_media: None,
            asked: 0,
            observer: None,
            repairs: plan.repairs,
            passive: plan.passive,
            map: sdp::extensions(),
            transport_cc: 1,
            arrivals: Recorder::default(),
            next_report: 0,
            next_ask: 0,
        })
    }

    /// When [`Self::tick`] has something to do, in microseconds.
    pub fn due(&self, playing: bool) -> u64 {
        let mut due = self.transport.due();
        if self.transport.srtp.is_none() {
            return due;
        }
        due = due.min(self.next_report);
        if playing {
            due = self.tracks.iter().map(Track::due).fold(due, u64::min);
        }
        if !self.repairs.is_empty() && self.incoming.iter().any(Incoming::misses) {
            due = due.min(self.next_ask);
        }
        self.arrivals.next_deadline().map_or(due, |at| due.min(at.0))
    }

    /// Time passes: checks, media, feedback.
    ///
    /// As browsers do it, each stream has its feedback in packets of its own: a server may take all of a packet for one
    /// stream, and then measures no round trip of the others, keeps nothing of them, and repairs nothing.
    pub fn tick(&mut self, now: u64, playing: bool, line: &mut Line<'_>) {
        self.transport.tick(now, line);
        let Some((_, outbound)) = &mut self.transport.srtp else { return };
        if playing {
            let mut wire = Wire { map: &self.map, transport_cc: &mut self.transport_cc, outbound, line };
            for track in &mut self.tracks {
                track.play(now, &mut wire);
            }
        } else {
            self.tracks.iter_mut().for_each(|track| track.pause(now));
        }
        let mut buffer = [0; 1400];
        while self.arrivals.next_deadline().is_some_and(|at| at.0 <= now) {
            let media = self.incoming.first().map_or(Ssrc(0), |incoming| incoming.ssrc);
            let Some(length) = self.arrivals.feedback(Micros(now), OWN, media, &mut buffer) else { break };
            line.send_rtcp(outbound, &mut buffer, length);
        }
        if !self.repairs.is_empty() && now >= self.next_ask {
            self.next_ask = now + ASKING;
            for incoming in &mut self.incoming {
                let mut writer = Writer::new(&mut buffer);
                incoming.ask(now, OWN, &mut writer);
                let length = writer.len();
                line.send_rtcp(outbound, &mut buffer, length);
            }
        }
        if now >= self.next_report {
            // Clients that came at one moment shall not report at one moment for ever.
            let first = self.next_report == 0;
            let shift = if first { u64::from(line.draw() % 1000) * 1000 } else { REPORTS };
            self.next_report = now + shift.max(50_000);
            let mut writer = Writer::new(&mut buffer);
            // A buffer that is full leaves out what does not fit; the next report has it.
            for info in self.tracks.iter().flat_map(|track| track.sender_infos(now)) {
                let _ = writer.sender_report(&info, &[]);
                let _ = writer.cname(info.ssrc, "bench");
            }
            let length = writer.len();
            line.send_rtcp(outbound, &mut buffer, length);
            for incoming in &mut self.incoming {
                let mut writer = Writer::new(&mut buffer);
                if let Some(block) = incoming.block(now) {
                    let _ = writer.receiver_report(OWN, &[block]);
                }
                if incoming.starves(now, IMPATIENCE) {
                    let _ = writer.picture_loss(OWN, incoming.ssrc);
                }
                let length = writer.len();
                line.send_rtcp(outbound, &mut buffer, length);
            }
        }
    }

    /// A datagram arrived; `now` is when the kernel had it.
    pub fn receive(&mut self, now: u64, packet: &mut [u8], line: &mut Line<'_>) {
        match demux::classify(packet) {
            Some(Kind::Stun) => self.transport.handle_stun(now, packet, line),
            Some(Kind::Dtls) => self.transport.handle_dtls(now, packet, line),
            Some(Kind::Rtp) => self.receive_rtp(now, packet, line.tally),
            Some(Kind::Rtcp) => self.receive_rtcp(now, packet, line),
            None => line.tally.strange += 1,
        }
    }

    fn receive_rtp(&mut self, now: u64, packet: &mut [u8], tally: &mut Tally) {
        let Some((inbound, _)) = &mut self.transport.srtp else { return };
        tally.packets += 1;
        tally.bytes += packet.len() as u64;
        if self.passive {
            return;
        }
        let Ok((length, index)) = inbound.unprotect_rtp(packet) else {
            tally.unsealed += 1;
            return;
        };
        let Some(packet) = packet.get(..length) else { return };
        let Ok(header) = Header::parse(packet) else { return };
        if let Some(number) = header.read_extensions(&self.map, packet).transport_cc {
            self.arrivals.record(number, Micros(now));
        }
        self.first_media.get_or_insert(now);
        let Ok(payload) = header.payload(packet) else { return };
        if header.pt == VP8_RTX {
            tally.repairs += 1;
            let Ok((original, payload)) = read_original_sequence(payload) else { return };
            if let Some(incoming) = self.repaired(header.ssrc) {
                incoming.repaired(now, original, Stamp::read(payload), tally);
            }
            return;
        }
        if let Some(observer) = &self.observer
            && let Some(observed) = Observed::read(now, index, &header, payload)
        {
            // An observer that is gone has seen enough.
            let _ = observer.send(observed);
        }
        let place = self.incoming.iter().position(|incoming| incoming.ssrc == header.ssrc);
        let place = place.unwrap_or_else(|| {
            self.incoming.push(Incoming::new(now, header.ssrc, header.pt == OPUS));
            self.incoming.len() - 1
        });
        if let Some(incoming) = self.incoming.get_mut(place) {
            incoming.received(now, index, &header, payload.len(), Stamp::read(payload), tally);
        }
    }

    /// Asks for a key frame of every picture that it receives.
    pub fn ask_key_frames(&mut self, line: &mut Line<'_>) {
        let Some((_, outbound)) = &mut self.transport.srtp else { return };
        let mut buffer = [0; 1400];
        let mut writer = Writer::new(&mut buffer);
        for incoming in self.incoming.iter().filter(|incoming| !incoming.audio) {
            let _ = writer.picture_loss(OWN, incoming.ssrc);
        }
        let length = writer.len();
        line.send_rtcp(outbound, &mut buffer, length);
    }

    /// The stream that a retransmission belongs to.
    fn repaired(&mut self, rtx: Ssrc) -> Option<&mut Incoming> {
        let (media, _) = self.repairs.iter().find(|(_, repair)| *repair == rtx)?;
        self.incoming.iter_mut().find(|incoming| incoming.ssrc == *media)
    }

    fn receive_rtcp(&mut self, now: u64, packet: &mut [u8], line: &mut Line<'_>) {
        let Some((inbound, outbound)) = &mut self.transport.srtp else { return };
        let Ok(length) = inbound.unprotect_rtcp(packet) else {
            line.tally.unsealed += 1;
            return;
        };
        for feedback in rtcp::read(packet.get(..length).unwrap_or_default()) {
            let Ok(feedback) = feedback else { break };
            match feedback {
                Feedback::SenderReport(info) => {
                    if let Some(incoming) = self.incoming.iter_mut().find(|known| known.ssrc == info.ssrc) {
                        incoming.reported(info.ntp, now);
                    }
                }
                Feedback::ReportBlock { block, .. } => {
                    self.tracks.iter_mut().for_each(|track| track.heard(block.about));
                }
                Feedback::Nack { media, lost } => {
                    let mut wire =
                        Wire { map: &self.map, transport_cc: &mut self.transport_cc, outbound, line };
                    for sequence in lost {
                        self.asked += 1;
                        self.tracks.iter_mut().for_each(|track| track.retransmit(media, sequence, &mut wire));
                    }
                }
                Feedback::PictureLoss { media } | Feedback::FullIntra { media, .. } => {
                    line.tally.key_frame_requests += 1;
                    self.tracks.iter_mut().for_each(|track| track.want_key_frame(media));
                }
                _ => {}
            }
        }
    }

    /// The unit says which encodings somebody receives.
    pub fn wanted(&mut self, mid: &str, rids: &[String], any: bool) {
        for track in self.tracks.iter_mut().filter(|track| track.mid.as_str() == mid) {
            track.wanted(rids, any);
        }
    }
}
