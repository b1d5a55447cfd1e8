//! What is kept of ACME in the data directory, readable by the owner alone: the account, and the certificate with its key.

use super::Certificate;
use crate::{random, settings::Settings};
use aws_lc_rs::digest::{SHA256, digest};
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
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
        let name: String = directory.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self(settings.data_dir.join("acme").join(name))
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
        let draft = self.0.join(format!("{name}.{}", random::hex::<8>()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        let renamed = written.and_then(|()| fs::rename(&draft, self.0.join(name)));
        if renamed.is_err() {
            let _ = fs::remove_file(&draft);
        }
        renamed.and_then(|()| sync(&self.0))
    }
}

/// The name of a file is on the disk, too.
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
