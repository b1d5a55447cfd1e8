//! A unit with connected clients around it, in one thread, on virtual time and with no network between them.

use super::parameters::{self, PUBLICATION, RECEIVED, credentials, extensions, mid};
use dimpl::{DtlsCertificate, certificate::generate_self_signed_certificate};
use std::{
    error::Error,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::{Carrier, ParticipantId, Path, Permissions, RoomId, SrtpProfile, Ssrc, TransportParameters};
use viva_peer::{
    CONSENT, Connectivity, Credentials, Datagrams, Ends, Handshake, Random, Rhythm, Sealing, Transport,
    fingerprint,
};
use viva_sfu::{Command, Config, Limits, Output, PublicationTerms, Sfu, Totals, Transmit, View};
use viva_wire::{
    Micros,
    demux::{self, Kind},
    rtp::Header,
    srtp::Outbound,
    twcc::{MAX_FEEDBACK, Recorder},
};

/// The only room.
const ROOM: RoomId = RoomId(1);

/// Exchanges after which a handshake has failed; check and handshake take four.
const PATIENCE: usize = 20;

/// Only the first check leaves by itself.
const RHYTHM: Rhythm = Rhythm { pace: CONSENT, first_consent: CONSENT };

/// The unit, and the time.
pub struct Hall {
    sfu: Sfu,
    now: Micros,
    /// When the unit wants to be woken.
    wake: Micros,
    epoch: Instant,
    certificate: DtlsCertificate,
}

/// A connected client.
pub struct Peer {
    /// From where to where its packets go.
    pub path: Path,
    /// Seals what it sends.
    pub outbound: Outbound,
    connectivity: Connectivity,
    /// When what it receives came.
    arrivals: Recorder,
}

impl Hall {
    /// A unit with nobody in it.
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let certificate = generate_self_signed_certificate()?;
        let epoch = Instant::now();
        let sfu = Sfu::new(Config {
            certificate: certificate.clone(),
            epoch,
            unix_time: Duration::from_secs(1_790_000_000),
            seed: 1,
            limits: Limits::default(),
            chance: None,
        })?;
        Ok(Self { sfu, now: Micros::from_millis(1000), wake: Micros::NEVER, epoch, certificate })
    }

    /// Who publishes to everyone.
    pub fn publisher(&mut self) -> Result<Peer, Box<dyn Error>> {
        let participant = ParticipantId(0);
        let transport = self.join(participant)?;
        let terms = [(PUBLICATION, PublicationTerms::default())].into();
        self.tell(Command::Negotiate { participant, media: parameters::publisher(), terms })?;
        self.connect(0, transport)
    }

    /// Who watches the publisher; `index` is one or more.
    pub fn receiver(&mut self, index: usize) -> Result<Peer, Box<dyn Error>> {
        let participant = ParticipantId(index as u64);
        let transport = self.join(participant)?;
        let terms = [].into();
        self.tell(Command::Negotiate { participant, media: parameters::receiver(), terms })?;
        let view = Some(View { publication: PUBLICATION, height: 720 });
        self.tell(Command::View { participant, mid: mid(), view })?;
        self.connect(index, transport)
    }

    /// The time.
    pub const fn now(&self) -> Micros {
        self.now
    }

    /// Lets time pass; timers run out at the next batch.
    pub fn pass(&mut self, micros: u64) {
        self.now.0 += micros;
    }

    /// A batch comes, and what the unit sends at its end is handed to `sent`, as a shard does it.
    pub fn deliver(&mut self, path: Path, batch: &mut [Vec<u8>], sent: &mut dyn FnMut(&Transmit<'_>)) {
        if self.wake <= self.now {
            self.sfu.handle_timeout(self.now);
        }
        for packet in batch {
            self.sfu.handle_packet(self.now, path, packet);
        }
        loop {
            match self.sfu.poll_output(self.now) {
                Output::Transmit(transmits) => transmits.iter().for_each(|transmit| sent(&transmit)),
                Output::Timeout(at) => {
                    self.wake = at;
                    return;
                }
                Output::Event(_) | Output::Close(_) => {}
            }
        }
    }

    /// What the unit sends now is heard by those for whom it is; the last packet of media, if there was any.
    pub fn deliver_heard(
        &mut self,
        path: Path,
        batch: &mut [Vec<u8>],
        receivers: &mut [Peer],
    ) -> Option<Vec<u8>> {
        let (now, mut last) = (self.now, None);
        self.deliver(path, batch, &mut |transmit| {
            let Some(receiver) = receivers.iter_mut().find(|receiver| receiver.path == transmit.path) else {
                return;
            };
            for packet in transmit.packets() {
                if receiver.hear(now, packet) == Some(RECEIVED) {
                    last = Some(packet.to_vec());
                }
            }
        });
        last
    }

    /// Feedback that is due comes from those who receive.
    pub fn hear_from(&mut self, receivers: &mut [Peer]) -> Result<(), Box<dyn Error>> {
        for receiver in receivers {
            while let Some(feedback) = receiver.feedback(self.now)? {
                self.deliver(receiver.path, &mut [feedback], &mut |_| {});
            }
        }
        Ok(())
    }

    /// The least that the unit takes the line of any receiver to carry, bit/s; `None` while nothing is known of one.
    pub fn least_estimate(&mut self, receivers: &[Peer]) -> Option<u64> {
        let stats = self.sfu.stats(self.now);
        let lines = stats.transports.iter().filter_map(|transport| transport.line);
        let estimates: Vec<_> = lines.map(|line| line.estimate).collect();
        estimates.iter().min().copied().filter(|_| estimates.len() >= receivers.len())
    }

    /// What the unit has counted.
    pub fn totals(&mut self) -> Totals {
        self.sfu.stats(self.now).totals
    }

    fn tell(&mut self, command: Command) -> Result<(), Box<dyn Error>> {
        Ok(self.sfu.handle_command(self.now, command)?)
    }

    fn join(&mut self, participant: ParticipantId) -> Result<TransportParameters, Box<dyn Error>> {
        let index = participant.0 as usize;
        // All clients show the same certificate: it is their transports that matter.
        let transport = TransportParameters {
            local: credentials("unit", index),
            remote: credentials("client", index),
            fingerprint: fingerprint(&self.certificate),
        };
        let permissions = Permissions { publish: index == 0, subscribe: true };
        self.tell(Command::Join { room: ROOM, participant, permissions, transport: transport.clone() })?;
        Ok(transport)
    }

    /// Checks the path, nominates it, shakes hands.
    fn connect(&mut self, index: usize, transport: TransportParameters) -> Result<Peer, Box<dyn Error>> {
        let path = Path {
            carrier: Carrier::Udp,
            local: SocketAddr::from(([192, 0, 2, 1], 3478)),
            remote: SocketAddr::from(([198, 51, 100, 1], 10_000 + index as u16)),
        };
        let TransportParameters { local: theirs, remote: own, .. } = transport;
        let random = Random::new(index as u64);
        let connectivity = Connectivity::new(self.now, Credentials { own, theirs }, RHYTHM, random);
        let (config, certificate) = (Arc::new(dimpl::Config::builder().build()?), self.certificate.clone());
        let handshake = Handshake::new(self.now, self.epoch, config, certificate, true);
        let mut transport = Transport::new(connectivity, handshake);
        self.shake_hands(path, &mut transport)?;
        let Transport { connectivity, sealing, .. } = transport;
        match sealing.ok_or("the handshake does not end")? {
            Sealing { profile: SrtpProfile::AeadAes256Gcm, outbound, .. } => {
                Ok(Peer { path, outbound, connectivity, arrivals: Recorder::default() })
            }
            other => Err(format!("sealed by {}, not as the figures are", other.profile.name()).into()),
        }
    }

    /// Until there are keys, and the unit has all that the client wants to say.
    fn shake_hands(&mut self, path: Path, transport: &mut Transport) -> Result<(), Box<dyn Error>> {
        let ends = Ends { local: Some(path.remote), remote: path.local };
        let mut out = Datagrams::new();
        transport.tick(self.now, &mut out);
        for _ in 0..PATIENCE {
            if out.is_empty() && transport.sealing.is_some() {
                return Ok(());
            }
            let mut answers = Datagrams::new();
            self.deliver(path, &mut std::mem::take(&mut out), &mut |transmit| {
                if transmit.path == path {
                    answers.push(transmit.bytes.to_vec());
                }
            });
            for answer in answers {
                match demux::classify(&answer) {
                    Some(Kind::Stun) => transport.receive_stun(self.now, &answer, ends, &mut out),
                    Some(Kind::Dtls) => transport.receive_dtls(self.now, &answer, &mut out),
                    _ => {}
                }
            }
        }
        Err("the handshake does not end".into())
    }
}

impl Peer {
    /// A connectivity check, as consent asks for.
    pub fn check(&mut self) -> Vec<u8> {
        self.connectivity.check()
    }

    /// A packet comes; of which stream, if it is media. The number that feedback tells of stands beside the seal.
    fn hear(&mut self, now: Micros, packet: &[u8]) -> Option<Ssrc> {
        if demux::classify(packet) != Some(Kind::Rtp) {
            return None;
        }
        let header = Header::parse(packet).ok()?;
        if let Some(number) = header.read_extensions(&extensions(), packet).transport_cc {
            self.arrivals.record(number, now);
        }
        Some(header.ssrc)
    }

    /// One feedback on what came, sealed, if it is due.
    pub fn feedback(&mut self, now: Micros) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        let mut packet = vec![0; MAX_FEEDBACK + Outbound::MAX_OVERHEAD];
        let Some(length) = self.arrivals.feedback(now, Ssrc(1), RECEIVED, &mut packet[..MAX_FEEDBACK]) else {
            return Ok(None);
        };
        let sealed = self.outbound.protect_rtcp(&mut packet, length)?;
        packet.truncate(sealed);
        Ok(Some(packet))
    }
}
