//! TLS of its own: a certificate from files, exchanged for a newer one while connections go on.
//!
//! Versions and suites are those of rustls: TLS 1.2 and 1.3, forward secrecy and AEAD alone (RFC 9325 §3 and §4).

mod certificate;
#[cfg(test)]
pub(crate) mod tests;

use crate::{health::Health, settings::Settings, stop::Stop};
use certificate::{Files, Seen};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{MissedTickBehavior, interval},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs::default_provider,
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
    server::TlsStream,
};

/// How often it is looked whether the files are others.
const LOOK: Duration = Duration::from_secs(30);
/// What pages and rules of alerts go by while newer files cannot be used.
const STALE: &str = "tls_certificate";
/// The first byte of a TLS connection: a record of the handshake (RFC 8446 §5.1).
pub const HANDSHAKE: u8 = 22;
/// What is spoken after the handshake, by ALPN (RFC 9113 §3.1, RFC 7301 §6).
pub const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// Takes connections in. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    /// Where people are sent who speak plain HTTP here.
    base: Arc<str>,
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Current {
    files: Files,
    key: RwLock<Arc<CertifiedKey>>,
    /// The files as they were when they were read last, whatever came of it.
    seen: Mutex<Seen>,
}

impl Tls {
    /// As the settings say; `None` where somebody in front speaks TLS, or nobody does.
    ///
    /// # Errors
    /// The files cannot be read, or are no certificate with its key.
    pub fn open(settings: &Settings) -> io::Result<Option<Self>> {
        if settings.tls_certificate.is_empty() {
            return Ok(None);
        }
        let files = Files::new(&settings.tls_certificate, &settings.tls_key);
        let seen = files.seen();
        let key = files.read().map_err(io::Error::other)?;
        let current = Arc::new(Current { files, key: RwLock::new(Arc::new(key)), seen: Mutex::new(seen) });
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let mut config = config.with_no_client_auth().with_cert_resolver(current.clone());
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Some(Self { acceptor, current, base: settings.base_url().into() }))
    }

    /// Shakes hands with a client; who takes too long for it, the caller closes.
    ///
    /// # Errors
    /// The client speaks something else, or breaks off.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        self.acceptor.accept(stream).await
    }

    /// Where this server is reached, for those who come without TLS.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Reads the files again if they are others; whether new connections get another certificate now.
    ///
    /// # Errors
    /// They cannot be used, in words for the operator: what was there goes on.
    pub fn renew(&self) -> Result<bool, String> {
        let newest = self.current.files.seen();
        let mut seen = self.current.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == newest {
            return Ok(false);
        }
        let key = self.current.files.read()?;
        *seen = newest;
        *self.current.key.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
        Ok(true)
    }

    /// Reads the files again whenever they are others, until the server stops. One of two that are written one after the other
    /// does not fit yet: only what stays unfit is told.
    pub async fn watch(self, health: Health, mut stop: Stop) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut fails = 0;
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                _ = looks.tick() => {}
            }
            match self.renew() {
                Ok(renewed) => {
                    fails = 0;
                    health.forget(STALE);
                    if renewed {
                        tracing::info!("new connections get the newer certificate");
                    }
                }
                Err(error) => {
                    fails += 1;
                    if fails == 2 {
                        health.note(STALE, format!("{error}; the certificate from before goes on"));
                    }
                }
            }
        }
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.key.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}
