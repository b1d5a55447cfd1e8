//! The DTLS handshake of a client: its time, its records, and what both sides agreed on at its end.

use crate::Datagrams;
use aws_lc_rs::digest;
use dimpl::{Config, Dtls, DtlsCertificate, Output};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::{Fingerprint, SrtpProfile};
use viva_wire::Micros;

/// Bytes of a record, usually.
const RECORD: usize = 2048;

/// SHA-256 of a certificate.
pub fn fingerprint(certificate: &DtlsCertificate) -> Fingerprint {
    let digest = digest::digest(&digest::SHA256, &certificate.certificate);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Fingerprint(bytes)
}

/// What a handshake ended with.
pub struct Agreed {
    /// How media is sealed.
    pub profile: SrtpProfile,
    /// The exported keys (RFC 5764 §4.2).
    pub material: Vec<u8>,
    /// This side waited for the other to begin: the server's keys are ours.
    pub server: bool,
}

/// Why an association is over.
#[derive(Debug)]
pub enum Closed {
    /// This side said good-bye.
    Here,
    /// The other side did.
    There,
    /// What came could not be taken, or nothing came for too long.
    Failed(dimpl::Error),
    /// Both sides agreed on keys that are none.
    Keyless,
}

/// The DTLS association of one client.
pub struct Handshake {
    dtls: Dtls,
    active: bool,
    /// A moment as the client's clock tells it, and as the engine is told it.
    origin: (Micros, Instant),
    started: bool,
    deadline: Micros,
    closed: Option<Closed>,
}

impl Handshake {
    /// An association that has not begun; an active side speaks first. The moment `now` is the instant `instant`.
    pub fn new(
        now: Micros,
        instant: Instant,
        config: Arc<Config>,
        certificate: DtlsCertificate,
        active: bool,
    ) -> Self {
        let mut dtls = Dtls::new_12(config, certificate, instant);
        dtls.set_active(active);
        let origin = (now, instant);
        Self { dtls, active, origin, started: false, deadline: Micros::NEVER, closed: None }
    }

    /// When [`Self::tick`] has something to do.
    pub const fn due(&self) -> Micros {
        if self.closed.is_some() { Micros::NEVER } else { self.deadline }
    }

    /// Whether it has begun.
    pub const fn started(&self) -> bool {
        self.started
    }

    /// Why it is over, if it is.
    pub const fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// The path is there: it begins. Once it has begun, nothing happens.
    pub fn start(&mut self, now: Micros, out: &mut Datagrams) -> Option<Agreed> {
        if self.started {
            return None;
        }
        self.started = true;
        self.pass(now);
        self.drain(out)
    }

    /// Time passes.
    pub fn tick(&mut self, now: Micros, out: &mut Datagrams) -> Option<Agreed> {
        if now < self.due() {
            return None;
        }
        self.pass(now);
        self.drain(out)
    }

    /// A record arrived.
    pub fn receive(&mut self, now: Micros, packet: &[u8], out: &mut Datagrams) -> Option<Agreed> {
        if self.closed.is_some() || !self.started {
            return None;
        }
        self.pass(now);
        if let Err(error) = self.dtls.handle_packet(packet) {
            self.end(Closed::Failed(error));
        }
        self.drain(out)
    }

    /// Says good-bye.
    pub fn close(&mut self, out: &mut Datagrams) {
        if self.dtls.close().is_ok() {
            self.drain(out);
        }
        self.end(Closed::Here);
    }

    /// It is over; the first reason stays.
    pub(crate) fn end(&mut self, why: Closed) {
        self.closed.get_or_insert(why);
    }

    fn pass(&mut self, now: Micros) {
        let (moment, instant) = self.origin;
        if let Err(error) = self.dtls.handle_timeout(instant + now.since(moment)) {
            self.end(Closed::Failed(error));
        }
    }

    fn drain(&mut self, out: &mut Datagrams) -> Option<Agreed> {
        let mut buffer = vec![0; RECORD];
        let mut agreed = None;
        loop {
            match self.dtls.poll_output(&mut buffer) {
                Output::Packet(packet) => out.push(packet.to_vec()),
                Output::KeyingMaterial(material, profile) => {
                    let profile = match profile {
                        dimpl::SrtpProfile::AEAD_AES_256_GCM => SrtpProfile::AeadAes256Gcm,
                        dimpl::SrtpProfile::AEAD_AES_128_GCM => SrtpProfile::AeadAes128Gcm,
                        _ => SrtpProfile::AesCm128HmacSha1_80,
                    };
                    let material = material.to_vec();
                    agreed = Some(Agreed { profile, material, server: !self.active });
                }
                Output::CloseNotify => self.end(Closed::There),
                Output::Timeout(at) => {
                    let (moment, instant) = self.origin;
                    // The engine counts finer than the client's clock.
                    let wait = at.saturating_duration_since(instant).as_micros() as u64;
                    self.deadline = moment + Duration::from_micros(wait);
                    return agreed;
                }
                Output::BufferTooSmall { needed } => buffer.resize(needed, 0),
                _ => {}
            }
        }
    }
}
