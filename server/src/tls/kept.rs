//! What is kept of ACME in the data directory, readable by the owner alone: the account, and the certificate with its key.

use super::Certificate;
use crate::{file::Draft, settings::Settings, text::hex};
use aws_lc_rs::digest::{SHA256, digest};
use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
};

const ACCOUNT: &str = "account.json";
/// Key and chain in one file, so that nobody ever reads a key with the chain of another.
const CERTIFICATE: &str = "certificate.pem";

/// The folder of one ACME server: another one's account and certificates are others.
#[derive(Debug, Clone)]
pub struct Kept(PathBuf);

impl Kept {
    /// As the settings say.
    pub fn of(settings: &Settings) -> Self {
        let directory = digest(&SHA256, settings.acme_directory.as_bytes());
        Self(settings.data_dir.join("acme").join(hex(&directory.as_ref()[..6])))
    }

    /// The certificate of before, if there is one that can be used.
    pub fn certificate(&self) -> Option<Certificate> {
        let path = self.0.join(CERTIFICATE);
        let pem = match fs::read(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "the certificate cannot be read");
                return None;
            }
        };
        let read = Certificate::from_pem(&pem, &pem);
        read.inspect_err(
            |error| tracing::warn!(%error, path = %path.display(), "the certificate cannot be used"),
        )
        .ok()
    }

    /// Keeps a new one.
    ///
    /// # Errors
    /// The disk fails.
    pub fn keep_certificate(&self, chain: &str, key: &str) -> io::Result<()> {
        self.write(CERTIFICATE, &format!("{key}\n{chain}"))
    }

    /// The account of before.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn account(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.0.join(ACCOUNT)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a new account.
    ///
    /// # Errors
    /// The disk fails.
    pub fn keep_account(&self, account: &str) -> io::Result<()> {
        self.write(ACCOUNT, account)
    }

    /// The ACME server knows it no more.
    ///
    /// # Errors
    /// The disk fails.
    pub fn forget_account(&self) -> io::Result<()> {
        fs::remove_file(self.0.join(ACCOUNT))
    }

    /// Whole, or not at all.
    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        Draft::write(&self.0.join(name), text.as_bytes())?.replace()
    }
}
