//! A modelled browser's transport: full ICE checks, a real DTLS client, real SRTP, of which every byte follows from a seed.

use super::handshake::{certificate, epoch, provider};
use dimpl::{Config, DtlsCertificate};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use viva_media::{Path, Protocol, TransportParameters};
use viva_peer::{
    CONSENT, Connectivity, Credentials, Datagrams, Ends, Handshake, Random, Rhythm, Transport, fingerprint,
};
use viva_wire::{Micros, srtp::Inbound};

/// As browsers pace their checks.
const RHYTHM: Rhythm = Rhythm { pace: Duration::from_millis(50), first_consent: CONSENT };

/// Where a client and its unit are, and how they know each other.
pub struct Endpoints {
    /// Where the client's packets come from.
    pub address: SocketAddr,
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Where the unit is.
    pub server: SocketAddr,
    /// How they know each other.
    pub credentials: Credentials,
}

/// The transport of one modelled peer.
pub struct Client {
    /// Where its packets come from, as the unit sees it.
    pub address: SocketAddr,
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Where the unit is.
    pub server: SocketAddr,
    /// Checks, handshake, keys.
    pub transport: Transport,
    tapped: bool,
}

impl Client {
    /// A client that has its answer and may begin to check. `seed` is for its handshake and its checks.
    pub fn new(now: u64, endpoints: Endpoints, certificate: &DtlsCertificate, seed: u64) -> Self {
        let Endpoints { address, protocol, server, credentials } = endpoints;
        let config = Config::builder()
            .with_crypto_provider(provider())
            .dangerously_set_rng_seed(seed)
            .flight_start_rto(Duration::from_millis(400))
            .flight_retries(8)
            .handshake_timeout(Duration::from_secs(40))
            .build()
            .expect("DTLS settings");
        let instant = epoch() + Duration::from_micros(now);
        let handshake = Handshake::new(Micros(now), instant, Arc::new(config), certificate.clone(), true);
        let connectivity = Connectivity::new(Micros(now), credentials, RHYTHM, Random::new(seed));
        let transport = Transport::new(connectivity, handshake);
        Self { address, protocol, server, transport, tapped: false }
    }

    /// Its way to the unit as the unit sees it.
    pub fn path(&self) -> Path {
        Path { carrier: self.protocol.into(), local: self.server, remote: self.address }
    }

    /// What the unit is told of it; the offer names the first certificate of peers, whichever is shown.
    pub fn parameters(&self) -> TransportParameters {
        let Credentials { own, theirs } = self.transport.connectivity.credentials().clone();
        TransportParameters { local: theirs, remote: own, fingerprint: fingerprint(certificate(1)) }
    }

    /// A second opener of what comes, once there are keys; the checker takes it.
    pub fn take_tap(&mut self) -> Option<Inbound> {
        let sealing = self.transport.sealing.as_ref().filter(|_| !self.tapped)?;
        self.tapped = true;
        Some(sealing.second_inbound().expect("keys"))
    }

    /// An answer to a check.
    pub fn receive_stun(&mut self, now: u64, packet: &[u8], out: &mut Datagrams) {
        let ends = Ends { local: Some(self.address), remote: self.server };
        self.transport.receive_stun(Micros(now), packet, ends, out);
    }
}
