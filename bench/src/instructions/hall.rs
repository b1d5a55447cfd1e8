//! A unit with connected clients around it, in one thread, on virtual time and with no network between them.

use super::parameters::{self, PUBLICATION, credentials, mid};
use crate::client::{binding_request, fingerprint};
use dimpl::{Dtls, DtlsCertificate, Output as Flight, certificate::generate_self_signed_certificate};
use std::{
    error::Error,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::{
    Audience, IceCredentials, ParticipantId, Path, Permissions, Protocol, RoomId, SrtpProfile,
    TransportParameters,
};
use viva_sfu::{Command, Config, Limits, Output, Sfu, Totals, Transmit, View};
use viva_wire::{
    Micros, demux,
    srtp::{KeyMaterial, Outbound},
};

/// The only room.
const ROOM: RoomId = RoomId(1);

/// Exchanges of flights after which a handshake has failed; it takes three.
const PATIENCE: usize = 20;

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
    local: IceCredentials,
    remote: IceCredentials,
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
        self.tell(Command::Negotiate { participant, media: parameters::publisher() })?;
        self.tell(Command::Admit { publication: PUBLICATION, audience: Audience::Everyone })?;
        self.connect(0, transport)
    }

    /// Who watches the publisher; `index` is one or more.
    pub fn receiver(&mut self, index: usize) -> Result<Peer, Box<dyn Error>> {
        let participant = ParticipantId(index as u64);
        let transport = self.join(participant)?;
        self.tell(Command::Negotiate { participant, media: parameters::receiver() })?;
        let view = Some(View { publication: PUBLICATION, height: 720 });
        self.tell(Command::View { participant, mid: mid(), view })?;
        self.connect(index, transport)
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
            protocol: Protocol::Udp,
            local: SocketAddr::from(([192, 0, 2, 1], 3478)),
            remote: SocketAddr::from(([198, 51, 100, 1], 10_000 + index as u16)),
        };
        let TransportParameters { local: remote, remote: local, .. } = transport;
        self.deliver(path, &mut [binding_request(&local, &remote)], &mut |_| {});
        let config = Arc::new(dimpl::Config::builder().build()?);
        let mut dtls = Dtls::new_12(config, self.certificate.clone(), self.epoch);
        dtls.set_active(true);
        let (profile, material) = self.shake_hands(path, &mut dtls)?;
        let (_, outbound) = KeyMaterial::split(profile, &material, false)?;
        Ok(Peer { path, outbound: Outbound::new(&outbound)?, local, remote })
    }

    fn shake_hands(&mut self, path: Path, dtls: &mut Dtls) -> Result<(SrtpProfile, Vec<u8>), Box<dyn Error>> {
        let mut buffer = vec![0; 4096];
        let mut keys = None;
        dtls.handle_timeout(self.epoch)?;
        for _ in 0..PATIENCE {
            let (mut records, mut connected) = (Vec::new(), false);
            loop {
                match dtls.poll_output(&mut buffer) {
                    Flight::Packet(record) => records.push(record.to_vec()),
                    Flight::KeyingMaterial(material, profile) => keys = Some((profile, material.to_vec())),
                    Flight::Connected => connected = true,
                    Flight::Timeout(_) => break,
                    _ => {}
                }
            }
            let mut answers = Vec::new();
            self.deliver(path, &mut records, &mut |transmit| {
                if transmit.path == path && demux::classify(transmit.bytes) == Some(demux::Kind::Dtls) {
                    answers.push(transmit.bytes.to_vec());
                }
            });
            if let (true, Some((profile, material))) = (connected, keys.take()) {
                return match profile {
                    dimpl::SrtpProfile::AEAD_AES_256_GCM => Ok((SrtpProfile::AeadAes256Gcm, material)),
                    other => Err(format!("sealed by {other:?}, not as the figures are").into()),
                };
            }
            for answer in answers {
                dtls.handle_packet(&answer)?;
            }
        }
        Err("the handshake does not end".into())
    }
}

impl Peer {
    /// A connectivity check, as consent asks for.
    pub fn check(&self) -> Vec<u8> {
        binding_request(&self.local, &self.remote)
    }
}
