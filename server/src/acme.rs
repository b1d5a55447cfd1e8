//! Certificates by ACME (RFC 8555): the first one, and newer ones well before it ends.
//!
//! Whatever the ACME server does, what is there goes on; whoever watches over the program is told.

mod client;
mod order;
mod schedule;
#[cfg(test)]
mod tests;

use crate::{
    clock::unix_time,
    health::Health,
    random,
    settings::{AcmeChallenge, Settings},
    stop::Stop,
    tls::{Kept, Tls},
};
use client::Requests;
use order::{Applicant, Way};
use std::{io, sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};

/// What pages and rules of alerts go by while there is no certificate, or no newer one.
const FAILS: &str = "acme_fails";
/// How long one attempt may take in all.
const ATTEMPT: Duration = Duration::from_secs(300);
/// The clock is looked at again after so long: it may have been set.
const LOOK: Duration = Duration::from_secs(600);

/// The time that the answers of this server bear, since 1970; it is trusted as the ACME server is.
pub async fn date_of(settings: &Settings, url: &str, patience: Duration) -> Option<Duration> {
    Requests::of(settings, patience).ok()?.date(url).await
}

/// Sees to it that there is a certificate.
pub struct Acme {
    settings: Arc<Settings>,
    requests: Requests,
    kept: Kept,
    tls: Tls,
    /// Each attempt after a failure takes the next.
    ways: Vec<Way>,
    pause: fn(u32, Duration, f64) -> Duration,
}

impl Acme {
    /// For the names of the settings; `None`: certificates come from elsewhere.
    ///
    /// # Errors
    /// The file of the ACME server's certificates cannot be read.
    pub fn open(settings: &Arc<Settings>, tls: &Tls) -> io::Result<Option<Self>> {
        if settings.domain.0.is_empty() {
            return Ok(None);
        }
        let requests = Requests::of(settings, client::PATIENCE).map_err(io::Error::other)?;
        let has_plain = !settings.http_listen.0.is_empty();
        let ways = match settings.acme_challenge {
            AcmeChallenge::Auto if has_plain => vec![Way::Plain, Way::Handshake],
            AcmeChallenge::Http => vec![Way::Plain],
            AcmeChallenge::Auto | AcmeChallenge::TlsAlpn => vec![Way::Handshake],
        };
        let kept = Kept::of(settings);
        Ok(Some(Self {
            settings: settings.clone(),
            requests,
            kept,
            tls: tls.clone(),
            ways,
            pause: schedule::pause,
        }))
    }

    /// Goes on until the server stops.
    pub async fn run(self, health: Health, mut stop: Stop) {
        let mut failures = 0_u32;
        let mut next = None;
        loop {
            let wait = next.unwrap_or_else(|| self.due()).saturating_sub(unix_time());
            if wait > Duration::ZERO {
                tokio::select! {
                    () = stop.stopped() => return,
                    () = sleep(wait.min(LOOK)) => continue,
                }
            }
            let attempt = tokio::select! {
                () = stop.stopped() => return,
                attempt = self.attempt(failures) => attempt,
            };
            match attempt {
                Ok(()) => {
                    (failures, next) = (0, None);
                    health.forget(FAILS);
                }
                Err(why) => {
                    failures = failures.saturating_add(1);
                    self.tls.failed();
                    let pause = (self.pause)(failures, self.counts(), jitter());
                    let pause = self.requests.later().map_or(pause, |later| pause.max(later));
                    health.note(FAILS, self.said(&why, pause));
                    next = Some(unix_time() + pause);
                }
            }
        }
    }

    async fn attempt(&self, failures: u32) -> Result<(), String> {
        let mut ways = self.ways.iter().cycle().skip(failures as usize % self.ways.len().max(1)).copied();
        let way = ways.next().unwrap_or(Way::Handshake);
        let (settings, requests, kept) = (&*self.settings, &self.requests, &self.kept);
        let applicant = Applicant { settings, requests, kept, challenges: self.tls.challenges() };
        let obtained = timeout(ATTEMPT, applicant.obtain(way)).await;
        let certificate = obtained.map_err(|_| format!("no end within {} s", ATTEMPT.as_secs()))??;
        let days = certificate.ends().saturating_sub(unix_time()).as_secs() / 86_400;
        tracing::info!(names = ?self.names(), days, ?way, "there is a new certificate");
        self.tls.present(certificate);
        Ok(())
    }

    /// When the next certificate is asked for, since 1970.
    fn due(&self) -> Duration {
        let Some(current) = self.tls.certificate() else { return Duration::ZERO };
        if !self.names().iter().all(|name| current.covers(name)) {
            return Duration::ZERO;
        }
        schedule::renewal(current.begins(), current.ends(), steady_jitter(current.ends()))
    }

    /// How long the present certificate counts.
    fn counts(&self) -> Duration {
        self.tls.certificate().map_or(Duration::ZERO, |current| current.ends().saturating_sub(unix_time()))
    }

    fn names(&self) -> Vec<&str> {
        self.settings.domains().collect()
    }

    fn said(&self, why: &str, pause: Duration) -> String {
        let counts = self.counts();
        let meanwhile = if counts > Duration::ZERO {
            format!("the certificate from before counts for {} days", counts.as_secs() / 86_400)
        } else {
            "nobody gets in by https".to_owned()
        };
        let directory = &self.settings.acme_directory;
        format!("{directory} gives no certificate: {why}; {meanwhile}; next try in {} s", pause.as_secs())
    }
}

/// From 0 to 1.
fn jitter() -> f64 {
    f64::from(u32::from_le_bytes(random::bytes())) / f64::from(u32::MAX)
}

/// The same for a certificate each time it is asked for, and another for each.
fn steady_jitter(ends: Duration) -> f64 {
    let mixed = ends.as_secs().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64
}
