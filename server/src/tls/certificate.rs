//! A certificate with its key, from PEM (RFC 7468).

use std::{sync::Arc, time::Duration};
use tokio_rustls::rustls::{
    client::verify_server_name,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
    sign::CertifiedKey,
};
use x509_parser::{extensions::GeneralName, parse_x509_certificate};

/// What clients are shown.
#[derive(Debug)]
pub struct Certificate {
    key: Arc<CertifiedKey>,
    begins: Duration,
    ends: Duration,
    /// It says for which names it is.
    has_names: bool,
}

/// Why PEM is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Of the chain.
    #[error("{0}")]
    Chain(String),
    /// Of the key.
    #[error("{0}")]
    Key(String),
    /// They do not belong together.
    #[error("the key is not that of the certificate ({0})")]
    Pair(String),
}

impl Certificate {
    /// The chain, with the certificate first, and its key.
    ///
    /// # Errors
    /// Which of both is wrong, and in what.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Unfit> {
        let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| Unfit::Chain(error.to_string()))?;
        let none = || Unfit::Chain("it holds no certificate in PEM".to_owned());
        let own = chain.first().ok_or_else(none)?.clone();
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| Unfit::Key(format!("it holds no private key in PEM ({error})")))?;
        let key = CertifiedKey::from_der(chain, key, &default_provider())
            .map_err(|error| Unfit::Pair(error.to_string()))?;
        let (_, read) = parse_x509_certificate(&own).map_err(|error| Unfit::Chain(error.to_string()))?;
        let since_1970 = |time: i64| Duration::from_secs(u64::try_from(time).unwrap_or(0));
        let names = read.subject_alternative_name().ok().flatten();
        let has_names = names.is_some_and(|names| {
            names.value.general_names.iter().any(|name| matches!(name, GeneralName::DNSName(_)))
        });
        Ok(Self {
            key: Arc::new(key),
            begins: since_1970(read.validity().not_before.timestamp()),
            ends: since_1970(read.validity().not_after.timestamp()),
            has_names,
        })
    }

    /// For the handshake.
    pub fn key(&self) -> Arc<CertifiedKey> {
        self.key.clone()
    }

    /// Since when it counts, since 1970.
    pub const fn begins(&self) -> Duration {
        self.begins
    }

    /// Until when.
    pub const fn ends(&self) -> Duration {
        self.ends
    }

    /// Is it for this name? One that says no names is for all.
    pub fn covers(&self, name: &str) -> bool {
        if !self.has_names {
            return true;
        }
        let Ok(name) = ServerName::try_from(name) else { return false };
        let own = self.key.end_entity_cert().and_then(ParsedCertificate::try_from);
        own.is_ok_and(|own| verify_server_name(&own, &name).is_ok())
    }
}
