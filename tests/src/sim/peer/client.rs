//! A modelled browser's transport: full ICE checks, a real DTLS client, real SRTP with the roles swapped.

use super::handshake::{epoch, provider};
use crate::sim::random::Random;
use aws_lc_rs::hmac;
use dimpl::{Config, Dtls, DtlsCertificate, Output};
use is::stun::{StunMessage, TransId};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use viva_media::{IceCredentials, Protocol, SrtpProfile};
use viva_wire::srtp::{Inbound, KeyMaterial, Outbound};

/// Between consent checks (RFC 7675 §5.1 asks for about five seconds; browsers check every two and a half).
const CONSENT: u64 = 2_500_000;
/// Between checks until the first answer.
const PACE: u64 = 50_000;

/// What a client's transport wants to be sent.
pub type Datagrams = Vec<Vec<u8>>;

/// Where a client and its unit are, and how they know each other.
pub struct Endpoints {
    /// Where the client's packets come from.
    pub address: SocketAddr,
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Where the unit is.
    pub server: SocketAddr,
    /// The client's credentials.
    pub own: IceCredentials,
    /// The unit's credentials for this client.
    pub theirs: IceCredentials,
}

/// The transport of one modelled peer.
pub struct Client {
    /// Where its packets come from, as the unit sees it.
    pub address: SocketAddr,
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Where the unit is.
    pub server: SocketAddr,
    /// The client's credentials.
    pub own: IceCredentials,
    /// The unit's credentials for this client.
    pub theirs: IceCredentials,
    /// A check was answered since the newest credentials or address.
    pub checked: bool,
    /// How often a check was answered.
    pub answers: u64,
    /// Goes on checking once it is connected, as browsers do and some other stacks do not.
    pub consents: bool,
    /// Keys, once the handshake is complete.
    pub srtp: Option<(Inbound, Outbound)>,
    /// How it is sealed.
    pub profile: Option<SrtpProfile>,
    /// The unit said good-bye, or the handshake failed.
    pub closed: bool,
    /// A second opener of what comes, for the checker.
    tap: Option<Inbound>,
    dtls: Dtls,
    started: bool,
    deadline: u64,
    next_check: u64,
    pending: Vec<TransId>,
    random: Random,
    buffer: Vec<u8>,
}

impl Client {
    /// A client that has its answer and may begin to check. `seed` is for its handshake and its checks.
    pub fn new(now: u64, endpoints: Endpoints, certificate: &DtlsCertificate, seed: u64) -> Self {
        let Endpoints { address, protocol, server, own, theirs } = endpoints;
        let config = Config::builder()
            .with_crypto_provider(provider())
            .dangerously_set_rng_seed(seed)
            .flight_start_rto(Duration::from_millis(400))
            .flight_retries(8)
            .handshake_timeout(Duration::from_secs(40))
            .build()
            .expect("DTLS settings");
        let instant = epoch() + Duration::from_micros(now);
        let mut dtls = Dtls::new_12(Arc::new(config), certificate.clone(), instant);
        dtls.set_active(true);
        Self {
            address,
            protocol,
            server,
            own,
            theirs,
            checked: false,
            answers: 0,
            consents: true,
            srtp: None,
            profile: None,
            closed: false,
            tap: None,
            dtls,
            started: false,
            deadline: u64::MAX,
            next_check: now,
            pending: Vec::new(),
            random: Random::new(seed),
            buffer: vec![0; 2048],
        }
    }

    /// The second opener, once there are keys; the checker takes it.
    pub fn take_tap(&mut self) -> Option<Inbound> {
        self.tap.take()
    }

    /// New credentials or another address: checks begin anew, the association goes on.
    pub fn restart(&mut self, now: u64) {
        self.checked = false;
        self.next_check = now;
        self.pending.clear();
    }

    /// Time passes.
    pub fn tick(&mut self, now: u64, out: &mut Datagrams) {
        if now >= self.next_check && !self.closed && (self.consents || !self.checked) {
            self.next_check = now + if self.checked { CONSENT } else { PACE };
            out.push(self.check());
        }
        if self.started && now >= self.deadline {
            self.pass_time(now);
            self.drain(out);
        }
    }

    /// A connectivity check, nominating as browsers do towards a lite agent (RFC 8445 §8.1.1).
    pub fn check(&mut self) -> Vec<u8> {
        let name = format!("{}:{}", self.theirs.ufrag, self.own.ufrag);
        let id = self.transaction();
        let message = StunMessage::binding_request(&name, id, true, 7, 0x7e00_00ff, true);
        self.pending.push(id);
        if self.pending.len() > 64 {
            self.pending.remove(0);
        }
        let mut bytes = vec![0; 512];
        let length = message.to_bytes(Some(self.theirs.pwd.as_bytes()), &mut bytes, hmac_sha1).expect("room");
        bytes.truncate(length);
        bytes
    }

    fn transaction(&mut self) -> TransId {
        let mut id = [0; 12];
        self.random.fill(&mut id);
        // The type makes itself from the system's chance alone, and is read from anywhere.
        serde_json::from_value(serde_json::json!(id)).expect("twelve bytes")
    }

    /// An answer to a check. Returns whether it was a good one.
    pub fn handle_stun(&mut self, now: u64, packet: &[u8], out: &mut Datagrams) -> bool {
        let Ok(message) = StunMessage::parse(packet) else { return false };
        let Some(place) = self.pending.iter().position(|id| *id == message.trans_id()) else { return false };
        if !message.is_successful_binding_response()
            || !message.verify(self.theirs.pwd.as_bytes(), hmac_sha1)
            || message.mapped_address() != Some(self.address)
        {
            return false;
        }
        self.pending.remove(place);
        self.answers += 1;
        if !self.checked {
            self.checked = true;
            self.next_check = now + CONSENT;
        }
        if !self.started {
            self.started = true;
            self.pass_time(now);
            self.drain(out);
        }
        true
    }

    /// A DTLS record.
    pub fn handle_dtls(&mut self, now: u64, packet: &[u8], out: &mut Datagrams) {
        if self.closed || !self.started {
            return;
        }
        self.pass_time(now);
        if self.dtls.handle_packet(packet).is_err() {
            self.closed = true;
        }
        self.drain(out);
    }

    /// Says good-bye.
    pub fn close(&mut self, out: &mut Datagrams) {
        if self.dtls.close().is_ok() {
            self.drain(out);
        }
        self.closed = true;
    }

    fn pass_time(&mut self, now: u64) {
        if self.dtls.handle_timeout(epoch() + Duration::from_micros(now)).is_err() {
            self.closed = true;
        }
    }

    fn drain(&mut self, out: &mut Datagrams) {
        loop {
            match self.dtls.poll_output(&mut self.buffer) {
                Output::Packet(packet) => out.push(packet.to_vec()),
                Output::KeyingMaterial(material, profile) => {
                    let profile = match profile {
                        dimpl::SrtpProfile::AEAD_AES_256_GCM => SrtpProfile::AeadAes256Gcm,
                        dimpl::SrtpProfile::AEAD_AES_128_GCM => SrtpProfile::AeadAes128Gcm,
                        _ => SrtpProfile::AesCm128HmacSha1_80,
                    };
                    let (inbound, outbound) = KeyMaterial::split(profile, &material, false).expect("keys");
                    let open = || Inbound::new(&inbound).expect("keys");
                    self.tap = Some(open());
                    self.srtp = Some((open(), Outbound::new(&outbound).expect("keys")));
                    self.profile = Some(profile);
                }
                Output::CloseNotify => self.closed = true,
                Output::Timeout(at) => {
                    self.deadline = at.saturating_duration_since(epoch()).as_micros() as u64;
                    return;
                }
                Output::BufferTooSmall { needed } => self.buffer.resize(needed, 0),
                _ => {}
            }
        }
    }
}

/// HMAC-SHA1 as STUN's message integrity wants it (RFC 8489 §14.5).
pub fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(part);
    }
    context.sign().as_ref().try_into().expect("20 bytes")
}
