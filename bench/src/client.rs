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
pub use transport::{Endpoints, Identity};

use crate::{line::Line, sdp, tally::Tally};
use tokio::sync::mpsc::UnboundedSender;
use viva_media::Ssrc;
use viva_peer::{
    Arrivals, Closed, Datagrams, Ends, Headers, Opened, Random, Transport,
    numbers::{OPUS, VP8_RTX},
};
use viva_wire::{
    Micros,
    demux::{self, Kind},
    rtcp::{self, Feedback, Writer},
    rtp::read_original_sequence,
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
    /// It throws media away unread; it reads reports, and tells when packets came.
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
    headers: Headers,
    arrivals: Arrivals,
    next_report: u64,
    next_ask: u64,
}

impl Client {
    /// A client that has its answer.
    pub fn new(now: u64, plan: Plan, identity: &Identity, random: Random) -> Self {
        Self {
            transport: identity.transport(Micros(now), plan.endpoints, random),
            tracks: plan.tracks,
            incoming: Vec::new(),
            first_media: None,
            asked: 0,
            observer: None,
            repairs: plan.repairs,
            passive: plan.passive,
            headers: Headers::new(sdp::extensions(), 1),
            arrivals: Arrivals::default(),
            next_report: 0,
            next_ask: 0,
        }
    }

    /// When [`Self::tick`] has something to do, in microseconds.
    pub fn due(&self, playing: bool) -> u64 {
        let mut due = self.transport.due().0;
        if self.transport.sealing.is_none() {
            return due;
        }
        due = due.min(self.next_report);
        if playing {
            due = self.tracks.iter().map(Track::due).fold(due, u64::min);
        }
        if !self.repairs.is_empty() && self.incoming.iter().any(Incoming::misses) {
            due = due.min(self.next_ask);
        }
        due.min(self.arrivals.due().0)
    }

    /// Time passes: checks, media, feedback.
    ///
    /// As browsers do it, each stream has its feedback in packets of its own: a server may take all of a packet for one
    /// stream, and then measures no round trip of the others, keeps nothing of them, and repairs nothing.
    pub fn tick(&mut self, now: u64, playing: bool, line: &mut Line<'_>) {
        self.drive(line, |transport, out| transport.tick(Micros(now), out));
        let Some(sealing) = &mut self.transport.sealing else { return };
        if playing {
            let mut wire = Wire { now, headers: &mut self.headers, outbound: &sealing.outbound, line };
            for track in &mut self.tracks {
                track.play(now, &mut wire);
            }
        } else {
            self.tracks.iter_mut().for_each(|track| track.pause(now));
        }
        let mut buffer = [0; 1400];
        let media = self.incoming.first().map_or(Ssrc(0), |incoming| incoming.ssrc);
        while let Some(length) = self.arrivals.poll(Micros(now), OWN, media, &mut buffer) {
            line.send_rtcp(sealing, &mut buffer, length);
        }
        if !self.repairs.is_empty() && now >= self.next_ask {
            self.next_ask = now + ASKING;
            for incoming in &mut self.incoming {
                let mut writer = Writer::new(&mut buffer);
                incoming.ask(now, OWN, &mut writer);
                let length = writer.len();
                line.send_rtcp(sealing, &mut buffer, length);
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
            line.send_rtcp(sealing, &mut buffer, length);
            for incoming in &mut self.incoming {
                let mut writer = Writer::new(&mut buffer);
                if let Some(block) = incoming.block(now) {
                    let _ = writer.receiver_report(OWN, &[block]);
                }
                if incoming.starves(now, IMPATIENCE) {
                    let _ = writer.picture_loss(OWN, incoming.ssrc);
                }
                let length = writer.len();
                line.send_rtcp(sealing, &mut buffer, length);
            }
        }
    }

    /// A datagram arrived; `now` is when the kernel had it.
    pub fn receive(&mut self, now: u64, packet: &mut [u8], line: &mut Line<'_>) {
        match demux::classify(packet) {
            Some(Kind::Stun) => {
                let ends = Ends { local: None, remote: line.remote() };
                self.drive(line, |transport, out| transport.receive_stun(Micros(now), packet, ends, out));
            }
            Some(Kind::Dtls) => {
                self.drive(line, |transport, out| transport.receive_dtls(Micros(now), packet, out));
            }
            Some(Kind::Rtp) => self.receive_rtp(now, packet, line.tally),
            Some(Kind::Rtcp) => self.receive_rtcp(now, packet, line),
            None => line.tally.strange += 1,
        }
    }

    /// Says good-bye.
    pub fn close(&mut self, line: &mut Line<'_>) {
        self.drive(line, Transport::close);
    }

    /// Lets the transport take a step, sends what it wants to be sent, and tells once why it is over.
    fn drive(&mut self, line: &mut Line<'_>, step: impl FnOnce(&mut Transport, &mut Datagrams)) {
        let open = self.transport.closed().is_none();
        let mut out = Datagrams::new();
        step(&mut self.transport, &mut out);
        out.iter().for_each(|datagram| line.send(datagram));
        match self.transport.closed().filter(|_| open) {
            None | Some(Closed::Here) => {}
            Some(Closed::There) => tracing::info!("the server has said good-bye"),
            Some(reason) => {
                let connected = self.transport.sealing.is_some();
                tracing::warn!(?reason, connected, "the DTLS association has failed");
            }
        }
    }

    fn receive_rtp(&mut self, now: u64, packet: &mut [u8], tally: &mut Tally) {
        let Some(sealing) = &mut self.transport.sealing else { return };
        tally.packets += 1;
        tally.bytes += packet.len() as u64;
        if self.passive {
            // Who does not tell what came is sent little.
            self.arrivals.note(Micros(now), self.headers.map(), packet);
            return;
        }
        let opened = self.arrivals.open(Micros(now), self.headers.map(), sealing, packet);
        let Ok(Opened { index, header, packet }) = opened else {
            tally.unsealed += 1;
            return;
        };
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
        let Some(sealing) = &mut self.transport.sealing else { return };
        let mut buffer = [0; 1400];
        let mut writer = Writer::new(&mut buffer);
        for incoming in self.incoming.iter().filter(|incoming| !incoming.audio) {
            let _ = writer.picture_loss(OWN, incoming.ssrc);
        }
        let length = writer.len();
        line.send_rtcp(sealing, &mut buffer, length);
    }

    /// The stream that a retransmission belongs to.
    fn repaired(&mut self, rtx: Ssrc) -> Option<&mut Incoming> {
        let (media, _) = self.repairs.iter().find(|(_, repair)| *repair == rtx)?;
        self.incoming.iter_mut().find(|incoming| incoming.ssrc == *media)
    }

    fn receive_rtcp(&mut self, now: u64, packet: &mut [u8], line: &mut Line<'_>) {
        let Some(sealing) = &mut self.transport.sealing else { return };
        let Ok(length) = sealing.inbound.unprotect_rtcp(packet) else {
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
                    let (headers, outbound) = (&mut self.headers, &sealing.outbound);
                    let mut wire = Wire { now, headers, outbound, line };
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
