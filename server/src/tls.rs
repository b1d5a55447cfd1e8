//! TLS of its own: a certificate from files or by ACME, exchanged for a newer one while connections go on.
//!
//! Versions and suites are those of rustls: TLS 1.2 and 1.3, forward secrecy and AEAD alone (RFC 9325 §3 and §4).

mod certificate;
mod challenges;
mod files;
mod handshakes;
mod kept;
#[cfg(test)]
pub(crate) mod tests;

pub use certificate::Certificate;
pub use challenges::{Answers, Challenges};
pub use files::Files;
pub use kept::Kept;

use crate::{clock::unix_time, health::Health, settings::Settings, stop::Stop};
use challenges::ALPN;
use handshakes::Handshakes;
use std::{
    io,
    net::IpAddr,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
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
        crypto::aws_lc_rs::{Ticketer, default_provider},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
    server::TlsStream,
};

/// How often it is looked whether the files are others, and how long the certificate still counts.
const LOOK: Duration = Duration::from_secs(10);
/// What pages and rules of alerts go by while newer files cannot be used.
const STALE: &str = "tls_certificate";
/// The same, where the certificate ends soon or has ended.
const ENDS: &str = "tls_expires";
/// So long before the end of a certificate somebody has to look after it; of a short one the last sixth.
const SOON: Duration = Duration::from_secs(7 * 86_400);
/// The first byte of a TLS connection: a record of the handshake (RFC 8446 §5.1).
pub const HANDSHAKE: u8 = 22;
/// What is spoken after the handshake, by ALPN (RFC 9113 §3.1, RFC 7301 §6).
pub const HTTP_2: &[u8] = b"h2";
/// The same for HTTP/1.1.
const HTTP_1: &[u8] = b"http/1.1";
/// TURN, where a client says so (RFC 7443).
const TURN: &[u8] = b"stun.turn";

/// Takes connections in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    acceptor: TlsAcceptor,
    presented: Arc<Presented>,
    files: Option<Files>,
    handshakes: Handshakes,
    /// Renewals that failed.
    failures: AtomicU64,
    /// Where people are sent who speak plain HTTP here.
    base: String,
}

/// What clients are shown.
#[derive(Debug)]
struct Presented {
    current: RwLock<Option<Arc<Certificate>>>,
    challenges: Challenges,
    /// Whoever asks for no name, or for another than these, is refused. Empty: those of the certificate are meant.
    names: Vec<String>,
}

/// What the metrics say.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// When the certificate ends, in seconds since 1970; `None`: there is none yet.
    pub ends: Option<u64>,
    /// Renewals that failed since the start.
    pub failures: u64,
    /// Handshakes that had to wait since then.
    pub delayed: u64,
}

impl Tls {
    /// As the settings say; `None` where somebody in front speaks TLS, or nobody does.
    ///
    /// # Errors
    /// The files cannot be read, or are no certificate with its key.
    pub fn open(settings: &Settings) -> io::Result<Option<Self>> {
        if !settings.speaks_tls() {
            return Ok(None);
        }
        let (mut files, mut current) = (None, None);
        if settings.domain.0.is_empty() {
            let opened = Files::open(&settings.tls_certificate, &settings.tls_key);
            let (opened, certificate) = opened.map_err(io::Error::other)?;
            (files, current) = (Some(opened), Some(Arc::new(certificate)));
        } else if let Some(certificate) = Kept::of(settings).certificate() {
            current = Some(Arc::new(certificate));
        }
        let names = settings.domains().map(str::to_owned).collect();
        let presented =
            Arc::new(Presented { current: RwLock::new(current), challenges: Challenges::default(), names });
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let mut config = config.with_no_client_auth().with_cert_resolver(presented.clone());
        config.alpn_protocols = [HTTP_2, HTTP_1, TURN, ALPN].map(<[u8]>::to_vec).to_vec();
        // Who comes again shakes hands by a ticket: the server keeps nothing for it, and signs nothing.
        config.ticketer = Ticketer::new().map_err(io::Error::other)?;
        let (acceptor, failures) = (TlsAcceptor::from(Arc::new(config)), AtomicU64::new(0));
        let (handshakes, base) =
            (Handshakes::new(settings.handshake_rate, settings.handshake_burst), settings.base_url());
        Ok(Some(Self(Arc::new(Inner { acceptor, presented, files, handshakes, failures, base }))))
    }

    /// Returns when somebody from this address may shake hands.
    pub async fn may_shake_hands(&self, address: IpAddr) {
        self.0.handshakes.wait(address).await;
    }

    /// Shakes hands with a client; who takes too long for it, the caller closes. `None`: it was a question of the ACME server,
    /// which is answered.
    ///
    /// # Errors
    /// The client speaks something else, or breaks off.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> io::Result<Option<TlsStream<S>>> {
        let stream = self.0.acceptor.accept(stream).await?;
        Ok((stream.get_ref().1.alpn_protocol() != Some(ALPN)).then_some(stream))
    }

    /// Where this server is reached, for those who come without TLS.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The answers to the ACME server.
    pub fn challenges(&self) -> &Challenges {
        &self.0.presented.challenges
    }

    /// What new connections get; `None`: nobody gets in yet.
    pub fn certificate(&self) -> Option<Arc<Certificate>> {
        self.0.presented.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on new connections get this one.
    pub fn present(&self, certificate: Certificate) {
        let mut current = self.0.presented.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::new(certificate));
    }

    /// A renewal has failed.
    pub fn failed(&self) {
        self.0.failures.fetch_add(1, Relaxed);
    }

    /// For the metrics.
    pub fn standing(&self) -> Standing {
        let ends = self.certificate().map(|certificate| certificate.ends().as_secs());
        Standing { ends, failures: self.0.failures.load(Relaxed), delayed: self.0.handshakes.delayed() }
    }

    /// Reads the files again if they are others; whether new connections get another certificate now.
    ///
    /// # Errors
    /// They cannot be used, in words for the operator: what was there goes on.
    pub fn renew(&self) -> Result<bool, String> {
        let Some(files) = &self.0.files else { return Ok(false) };
        let newer = files.newer()?;
        let is_newer = newer.is_some();
        if let Some(certificate) = newer {
            self.present(certificate);
        }
        Ok(is_newer)
    }

    /// Reads the files again whenever they are others, and says when the certificate ends soon, until the server stops. One of
    /// two files that are written one after the other does not fit yet: only what stays unfit is told.
    pub async fn watch(self, health: Health, mut stop: Stop) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut fails, mut said) = (0, None);
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
                        self.failed();
                        health.note(STALE, format!("{error}; the certificate from before goes on"));
                    }
                }
            }
            let says = self.certificate().and_then(|certificate| said_of(&certificate, unix_time()));
            if says != said {
                match &says {
                    Some(says) => health.note(ENDS, says.clone()),
                    None => health.forget(ENDS),
                }
                said = says;
            }
        }
    }
}

/// What somebody should know of this certificate, as it stands now (since 1970).
pub fn said_of(certificate: &Certificate, now: Duration) -> Option<String> {
    let (begins, ends) = (certificate.begins(), certificate.ends());
    let soon = SOON.min(ends.saturating_sub(begins) / 6);
    let days = |span: Duration| span.as_secs() / 86_400;
    if now >= ends {
        Some(format!(
            "the certificate has ended {} days ago: browsers let nobody in who does not insist",
            days(now - ends)
        ))
    } else if now < begins {
        Some("the certificate does not count yet: is the clock of this machine right?".to_owned())
    } else if ends - now < soon {
        Some(format!("the certificate ends in {} days", days(ends - now)))
    } else {
        None
    }
}

impl ResolvesServerCert for Presented {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name();
        // Whoever answers for a name offers this protocol alone (RFC 8737 §3).
        if hello.alpn().is_some_and(|mut offered| offered.next() == Some(ALPN)) {
            return self.challenges.shown(name?);
        }
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let is_ours = match (name, self.names.as_slice()) {
            (Some(name), []) => current.covers(name),
            (None, []) => true,
            // Who goes through all addresses learns no name here.
            (name, names) => {
                name.is_some_and(|name| names.iter().any(|ours| ours.eq_ignore_ascii_case(name)))
            }
        };
        is_ours.then(|| current.key())
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls")
            .field("presented", &self.presented)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}
