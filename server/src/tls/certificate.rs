//! A certificate and its key in two files of PEM (RFC 7468).

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tokio_rustls::rustls::{
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

/// Larger files are none: the longest chains have some 20 KiB.
const MAX_BYTES: u64 = 1 << 20;

/// The two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// What tells that a file is another: length and time of its change; `None` where it is not there.
pub type Seen = [Option<(u64, Option<SystemTime>)>; 2];

impl Files {
    pub fn new(certificate: &str, key: &str) -> Self {
        Self { certificate: certificate.into(), key: key.into() }
    }

    /// The files as they are now.
    pub fn seen(&self) -> Seen {
        [&self.certificate, &self.key].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.len(), metadata.modified().ok()))
        })
    }

    /// Reads both.
    ///
    /// # Errors
    /// Which file is wrong, and in what.
    pub fn read(&self) -> Result<CertifiedKey, String> {
        let bytes = read(&self.certificate, "tls_certificate")?;
        let chain = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| fault(&self.certificate, "tls_certificate", &error))?;
        if chain.is_empty() {
            return Err(fault(&self.certificate, "tls_certificate", &"it holds no certificate in PEM"));
        }
        let bytes = read(&self.key, "tls_key")?;
        let key = PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| {
            fault(&self.key, "tls_key", &format!("it holds no private key in PEM ({error})"))
        })?;
        CertifiedKey::from_der(chain, key, &default_provider()).map_err(|error| {
            let certificate = self.certificate.display();
            fault(&self.key, "tls_key", &format!("it is not the key of {certificate} ({error})"))
        })
    }
}

fn read(path: &Path, setting: &str) -> Result<Vec<u8>, String> {
    let bytes = fs::metadata(path).map_err(|error| fault(path, setting, &error))?.len();
    if bytes > MAX_BYTES {
        return Err(fault(path, setting, &"it is too large to be one"));
    }
    fs::read(path).map_err(|error| fault(path, setting, &error))
}

fn fault(path: &Path, setting: &str, what: &dyn std::fmt::Display) -> String {
    format!("`{setting}`, {}: {what}", path.display())
}
