//! A load client's transport: one certificate for all, checks that come at moments of their own.

use dimpl::{Config, DtlsCertificate, certificate::generate_self_signed_certificate};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::Fingerprint;
use viva_peer::{CONSENT, Connectivity, Credentials, Handshake, Random, Rhythm, Transport, fingerprint};
use viva_wire::Micros;

/// Between checks until the first answer.
const PACE: Duration = Duration::from_millis(100);

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

    /// The transport of a client that shows this certificate.
    pub(super) fn transport(&self, now: Micros, endpoints: Endpoints, mut random: Random) -> Transport {
        let Endpoints { credentials, active } = endpoints;
        // Clients that came at one moment shall not check at one moment for ever.
        let shift = Duration::from_millis(random.below(CONSENT.as_millis() as u64));
        let rhythm = Rhythm { pace: PACE, first_consent: CONSENT / 2 + shift };
        let (config, certificate) = (Arc::clone(&self.config), self.certificate.clone());
        let handshake = Handshake::new(now, self.begin, config, certificate, active);
        Transport::new(Connectivity::new(now, credentials, rhythm, random), handshake)
    }
}

/// How a client and its unit know each other.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// Of both sides.
    pub credentials: Credentials,
    /// The client starts the DTLS handshake.
    pub active: bool,
}
