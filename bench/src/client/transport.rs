//! A load client's transport: connectivity checks, DTLS, SRTP.

use crate::load::Line;
use aws_lc_rs::{digest, hmac};
use dimpl::{Config, Dtls, DtlsCertificate, Output, certificate::generate_self_signed_certificate};
use is::stun::{StunMessage, TransId};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::{Fingerprint, IceCredentials, SrtpProfile};
use viva_wire::srtp::{Inbound, KeyMaterial, Outbound};

/// Between consent checks (RFC 7675 §5.1: about five seconds), in microseconds; browsers check each 2.5 s.
const CONSENT: u64 = 2_500_000;
/// Between checks until the first answer.
const PACE: u64 = 100_000;

/// The certificate of all load clients: making one a client would only measure the load.
pub struct Identity {
    certificate: DtlsCertificate,
    config: Arc<Config>,
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
    begin: Instant,
}

impl Identity {
    /// A new certificate.
    ///
    /// # Errors
    /// Where none can be made.
    pub fn new() -> Result<Self, String> {
        let certificate =
            generate_self_signed_certificate().map_err(|error| format!("certificate: {error}"))?;
        let fingerprint = fingerprint(&certificate);
        let config = Config::builder().handshake_timeout(Duration::from_secs(20)).build();
        let config = Arc::new(config.map_err(|error| format!("DTLS settings: {error}"))?);
        Ok(Self { certificate, config, fingerprint, begin: Instant::now() })
    }
}

/// How a client and its unit know each other.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The client's credentials.
    pub own: IceCredentials,
    /// The unit's credentials for this client.
    pub theirs: IceCredentials,
    /// The client starts the DTLS handshake.
    pub active: bool,
}

/// The transport of one load client.
pub struct Transport {
    endpoints: Endpoints,
    /// Keys, once the handshake is complete.
    pub srtp: Option<(Inbound, Outbound)>,
    /// How it is sealed.
    pub profile: Option<SrtpProfile>,
    /// When the keys were there, in microseconds.
    pub connected_at: Option<u64>,
    /// The unit said good-bye, or the handshake failed.
    pub closed: bool,
    dtls: Option<Box<Dtls>>,
    begin: Instant,
    began: u64,
    checked: bool,
    deadline: u64,
    next_check: u64,
}

impl Transport {
    pub(super) fn new(now: u64, endpoints: Endpoints, identity: &Identity) -> Result<Self, String> {
        let begin = identity.begin;
        let mut dtls = Dtls::new_12(Arc::clone(&identity.config), identity.certificate.clone(), begin);
        dtls.set_active(endpoints.active);
        Ok(Self {
            endpoints,
            srtp: None,
            profile: None,
            connected_at: None,
            closed: false,
            dtls: Some(Box::new(dtls)),
            begin,
            began: now,
            checked: false,
            deadline: u64::MAX,
            next_check: now,
        })
    }

    pub(super) fn due(&self) -> u64 {
        if self.closed { u64::MAX } else { self.next_check.min(self.deadline) }
    }

    pub(super) fn tick(&mut self, now: u64, line: &mut Line<'_>) {
        if self.closed {
            return;
        }
        if now >= self.next_check {
            self.next_check = now + if self.checked { CONSENT } else { PACE };
            self.check(line);
        }
        if now >= self.deadline {
            self.pass_time(now);
            self.drain(now, line);
        }
    }

    fn check(&self, line: &mut Line<'_>) {
        line.send(&binding_request(&self.endpoints.own, &self.endpoints.theirs));
    }

    pub(super) fn handle_stun(&mut self, now: u64, packet: &[u8], line: &mut Line<'_>) {
        let Ok(message) = StunMessage::parse(packet) else { return };
        if message.is_binding_request() {
            // A full agent checks our side too (RFC 8445 §7.3).
            let mapped = line.remote();
            let reply = StunMessage::binding_reply(message.trans_id(), mapped);
            let mut bytes = [0; 300];
            let key = self.endpoints.own.pwd.as_bytes();
            if let Ok(length) = reply.to_bytes(Some(key), &mut bytes, hmac_sha1) {
                line.send(bytes.get(..length).unwrap_or_default());
            }
            return;
        }
        if !message.is_successful_binding_response() || self.checked {
            return;
        }
        self.checked = true;
        self.next_check = now + CONSENT / 2 + u64::from(line.draw() % 1000) * CONSENT / 1000;
        self.pass_time(now);
        self.drain(now, line);
    }

    pub(super) fn handle_dtls(&mut self, now: u64, packet: &[u8], line: &mut Line<'_>) {
        self.pass_time(now);
        if let Some(dtls) = &mut self.dtls
            && let Err(error) = dtls.handle_packet(packet)
        {
            tracing::warn!(%error, "a DTLS record that cannot be taken");
            self.closed = true;
        }
        self.drain(now, line);
    }

    /// Sends a DTLS alert, so that the server need not wait for the silence.
    pub fn close(&mut self, line: &mut Line<'_>) {
        if let Some(dtls) = &mut self.dtls
            && dtls.close().is_ok()
        {
            self.drain(self.began, line);
        }
        self.closed = true;
    }

    fn instant(&self, now: u64) -> Instant {
        self.begin + Duration::from_micros(now.saturating_sub(self.began))
    }

    fn pass_time(&mut self, now: u64) {
        let instant = self.instant(now);
        if let Some(dtls) = &mut self.dtls
            && let Err(error) = dtls.handle_timeout(instant)
        {
            tracing::warn!(%error, connected = self.srtp.is_some(), "the DTLS association has failed");
            self.closed = true;
        }
    }

    fn drain(&mut self, now: u64, line: &mut Line<'_>) {
        let Some(dtls) = &mut self.dtls else { return };
        let mut buffer = [0; 2048];
        loop {
            match dtls.poll_output(&mut buffer) {
                Output::Packet(packet) => line.send(packet),
                Output::KeyingMaterial(material, profile) => {
                    let profile = match profile {
                        dimpl::SrtpProfile::AEAD_AES_256_GCM => SrtpProfile::AeadAes256Gcm,
                        dimpl::SrtpProfile::AEAD_AES_128_GCM => SrtpProfile::AeadAes128Gcm,
                        _ => SrtpProfile::AesCm128HmacSha1_80,
                    };
                    self.srtp = keys(profile, &material, !self.endpoints.active);
                    self.closed |= self.srtp.is_none();
                    self.profile = Some(profile);
                    self.connected_at = Some(now);
                }
                Output::CloseNotify => {
                    tracing::info!("the server has said good-bye");
                    self.closed = true;
                }
                Output::Timeout(at) => {
                    let wait = at.saturating_duration_since(self.begin).as_micros() as u64;
                    self.deadline = self.began + wait;
                    return;
                }
                Output::BufferTooSmall { .. } => return,
                _ => {}
            }
        }
    }
}

/// A check that nominates, as browsers do towards a lite agent (RFC 8445 §8.1.1).
pub fn binding_request(own: &IceCredentials, theirs: &IceCredentials) -> Vec<u8> {
    let name = format!("{}:{}", theirs.ufrag, own.ufrag);
    let message = StunMessage::binding_request(&name, TransId::new(), true, 7, 0x7e00_00ff, true);
    let mut bytes = vec![0; 300];
    // Credentials of the lengths that RFC 8839 allows always fit.
    let length = message.to_bytes(Some(theirs.pwd.as_bytes()), &mut bytes, hmac_sha1).unwrap_or(0);
    bytes.truncate(length);
    bytes
}

/// SHA-256 of a certificate.
pub fn fingerprint(certificate: &DtlsCertificate) -> Fingerprint {
    let digest = digest::digest(&digest::SHA256, &certificate.certificate);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Fingerprint(bytes)
}

fn keys(profile: SrtpProfile, material: &[u8], server: bool) -> Option<(Inbound, Outbound)> {
    let (inbound, outbound) = KeyMaterial::split(profile, material, server).ok()?;
    Some((Inbound::new(&inbound).ok()?, Outbound::new(&outbound).ok()?))
}

fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let mut context = hmac::Context::with_key(&key);
    parts.iter().for_each(|part| context.update(part));
    let mut digest = [0; 20];
    digest.copy_from_slice(context.sign().as_ref());
    digest
}
