//! The DTLS side of a transport: passive, 1.2, ends in SRTP keys from the certificate that the offer named.

mod verifier;

use crate::{api::Chance, failure::HandshakeFailure};
use aws_lc_rs::digest;
use dimpl::{Config, Dtls, DtlsCertificate, Output, crypto::aws_lc_rs::default_provider};
use std::{sync::Arc, time::Duration, time::Instant};
use viva_media::{Fingerprint, SrtpProfile};
use viva_wire::Micros;

/// Engine settings, shared by all transports of a unit.
#[derive(Clone)]
pub struct DtlsSettings {
    config: Arc<Config>,
    certificate: DtlsCertificate,
    epoch: Instant,
}

impl DtlsSettings {
    /// Settings for a server that is reached only after ICE has proven the address: no cookie round trip
    /// (RFC 6347 §4.2.1 asks for one where addresses are unproven).
    pub fn new(
        certificate: DtlsCertificate,
        epoch: Instant,
        timeout: Duration,
        chance: Option<Chance>,
    ) -> Result<Self, dimpl::Error> {
        let mut config = Config::builder();
        let mut cryptography = default_provider();
        if let Some(Chance { provider, seed }) = chance {
            config = config.dangerously_set_rng_seed(seed);
            cryptography = provider;
        }
        let config = config
            .use_server_cookie(false)
            .require_client_certificate(true)
            .flight_start_rto(Duration::from_millis(300))
            .flight_retries(6)
            .handshake_timeout(timeout)
            .mtu(1200)
            .with_crypto_provider(verifier::verifying(cryptography))
            .build()?;
        Ok(Self { config: Arc::new(config), certificate, epoch })
    }
}

/// A handshake begins anew so many times before the transport is given up.
const MAX_RENEWALS: u8 = 8;

/// One transport's DTLS association.
pub struct DtlsSession {
    engine: Dtls,
    epoch: Instant,
    expected: Fingerprint,
    certificate_seen: bool,
    /// The peer has sent something.
    began: bool,
    connected: bool,
    /// There are keys.
    keyed: bool,
    /// The engine gave up; it is not to be used any more.
    failed: bool,
    /// What was told of it last.
    told: Option<HandshakeFailure>,
    renewals: u8,
    deadline: Micros,
}

/// What the engine wants.
#[derive(Debug)]
pub enum DtlsEvent<'a> {
    /// Send this record to the peer.
    Packet(&'a [u8]),
    /// The handshake is complete and the peer is who the offer said: seal media with these keys.
    Keys(SrtpProfile, Vec<u8>),
    /// The association is over.
    Ended(DtlsEnd),
}

/// Why an association ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DtlsEnd {
    /// There will be no keys.
    Failed(HandshakeFailure, String),
    /// The peer said good-bye (close_notify).
    Closed,
}

impl DtlsSession {
    /// Waits for the peer's ClientHello.
    pub fn new(settings: &DtlsSettings, expected: Fingerprint, now: Micros) -> Self {
        let instant = settings.epoch + Duration::from_micros(now.0);
        let engine = Dtls::new_12(settings.config.clone(), settings.certificate.clone(), instant);
        Self {
            engine,
            epoch: settings.epoch,
            expected,
            certificate_seen: false,
            began: false,
            connected: false,
            keyed: false,
            failed: false,
            told: None,
            renewals: 0,
            deadline: Micros::NEVER,
        }
    }

    /// Begins anew after a failure; false after too many.
    pub fn renew(&mut self, settings: &DtlsSettings, now: Micros) -> bool {
        let renewals = self.renewals + 1;
        *self = Self { renewals, began: true, told: self.told, ..Self::new(settings, self.expected, now) };
        renewals <= MAX_RENEWALS
    }

    /// Takes a datagram. The engine's errors are final: after one it takes nothing more until [`Self::renew`].
    pub fn handle_packet(&mut self, now: Micros, datagram: &[u8]) -> Result<(), DtlsEnd> {
        self.handle_timeout(now)?;
        if self.failed {
            return Ok(());
        }
        self.began = true;
        self.engine.handle_packet(datagram).map_err(|error| self.end(&error))
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Micros) -> Result<(), DtlsEnd> {
        if self.failed {
            return Ok(());
        }
        let instant = self.epoch + Duration::from_micros(now.0);
        self.engine.handle_timeout(instant).map_err(|error| self.end(&error))
    }

    /// Says good-bye; drain [`Self::poll`] afterwards.
    pub fn close(&mut self) {
        // An association that never came up has nobody to say good-bye to.
        if let Err(error) = self.engine.close() {
            tracing::trace!(%error, "closing a DTLS association");
        }
    }

    /// What to do next; `None` until [`Self::deadline`] or the next packet. Of an engine that gave up only the alert
    /// that it leaves behind.
    pub fn poll<'a>(&mut self, buffer: &'a mut [u8]) -> Option<DtlsEvent<'a>> {
        // The borrow of one packet out of `buffer` ends the loop, so it is remembered by its length only.
        let length = loop {
            match self.engine.poll_output(buffer) {
                Output::Packet(packet) => break packet.len(),
                Output::Timeout(_) | Output::BufferTooSmall { .. } if self.failed => return None,
                _ if self.failed => {}
                Output::PeerCert(certificate) => {
                    self.certificate_seen =
                        digest::digest(&digest::SHA256, certificate).as_ref() == self.expected.0;
                    if !self.certificate_seen {
                        return Some(ended(HandshakeFailure::Fingerprint));
                    }
                }
                Output::KeyingMaterial(material, profile) => {
                    self.keyed = true;
                    // The engine tells the certificate before the keys; without it there are none.
                    return Some(match srtp_profile(profile) {
                        Some(profile) if self.certificate_seen => DtlsEvent::Keys(profile, material.to_vec()),
                        Some(_) => ended(HandshakeFailure::Fingerprint),
                        None => ended(HandshakeFailure::NoSrtp),
                    });
                }
                Output::Connected => self.connected = true,
                Output::CloseNotify => return Some(DtlsEvent::Ended(DtlsEnd::Closed)),
                Output::Timeout(_) if self.connected && !self.keyed => {
                    return Some(ended(HandshakeFailure::NoSrtp));
                }
                Output::Timeout(at) => {
                    self.deadline = Micros(at.saturating_duration_since(self.epoch).as_micros() as u64);
                    return None;
                }
                Output::BufferTooSmall { .. } => return Some(ended(HandshakeFailure::Protocol)),
                // There are no data channels: whatever is sealed as application data is for nobody.
                _ => {}
            }
        };
        buffer.get(..length).map(DtlsEvent::Packet)
    }

    /// When to call [`Self::handle_timeout`] next.
    pub const fn deadline(&self) -> Micros {
        self.deadline
    }

    /// The peer has sent something.
    pub const fn has_begun(&self) -> bool {
        self.began
    }

    /// What was told of it last.
    pub const fn told(&self) -> Option<HandshakeFailure> {
        self.told
    }

    /// Remembers what is told of it; false where it is nothing new.
    pub fn tell(&mut self, failure: HandshakeFailure) -> bool {
        self.told.replace(failure) != Some(failure)
    }

    fn end(&mut self, error: &dimpl::Error) -> DtlsEnd {
        self.failed = true;
        self.deadline = Micros::NEVER;
        tracing::debug!(%error, connected = self.connected, "DTLS ended");
        DtlsEnd::Failed(HandshakeFailure::from(error), error.to_string())
    }
}

fn ended<'a>(failure: HandshakeFailure) -> DtlsEvent<'a> {
    DtlsEvent::Ended(DtlsEnd::Failed(failure, String::new()))
}

const fn srtp_profile(profile: dimpl::SrtpProfile) -> Option<SrtpProfile> {
    match profile {
        dimpl::SrtpProfile::AEAD_AES_256_GCM => Some(SrtpProfile::AeadAes256Gcm),
        dimpl::SrtpProfile::AEAD_AES_128_GCM => Some(SrtpProfile::AeadAes128Gcm),
        dimpl::SrtpProfile::AES128_CM_SHA1_80 => Some(SrtpProfile::AesCm128HmacSha1_80),
        _ => None,
    }
}
