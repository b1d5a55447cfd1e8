//! A certificate and its key in two files, which somebody else renews.

use super::certificate::{Certificate, Unfit};
use crate::file::bounded;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

/// Larger files are none: the longest chains have some 20 KiB.
const MAX_BYTES: u64 = 1 << 20;

/// The two files.
#[derive(Debug)]
pub struct Files {
    certificate: PathBuf,
    key: PathBuf,
    /// As they were when they were read last and were fit.
    seen: Mutex<Seen>,
}

/// What tells that a file is another: length and time of its change; `None` where it is not there.
type Seen = [Option<(u64, Option<SystemTime>)>; 2];

impl Files {
    /// Reads both.
    ///
    /// # Errors
    /// Which file is wrong, and in what.
    pub fn open(certificate: &str, key: &str) -> Result<(Self, Certificate), String> {
        let files = Self { certificate: certificate.into(), key: key.into(), seen: Mutex::default() };
        *files.seen() = files.now();
        let certificate = files.read()?;
        Ok((files, certificate))
    }

    /// What they hold, if they are others than before.
    ///
    /// # Errors
    /// They cannot be used; asked again, it is said again.
    pub fn newer(&self) -> Result<Option<Certificate>, String> {
        let (now, mut seen) = (self.now(), self.seen());
        if *seen == now {
            return Ok(None);
        }
        let certificate = self.read()?;
        *seen = now;
        Ok(Some(certificate))
    }

    fn now(&self) -> Seen {
        [&self.certificate, &self.key].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.len(), metadata.modified().ok()))
        })
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> Result<Certificate, String> {
        let (chain, key) = (read(&self.certificate, "tls_certificate")?, read(&self.key, "tls_key")?);
        Certificate::from_pem(&chain, &key).map_err(|unfit| match unfit {
            Unfit::Chain(what) => fault(&self.certificate, "tls_certificate", &what),
            Unfit::Key(what) => fault(&self.key, "tls_key", &what),
            Unfit::Pair(what) => {
                let certificate = self.certificate.display();
                fault(&self.key, "tls_key", &format!("it is not the key of {certificate} ({what})"))
            }
        })
    }
}

fn read(path: &Path, setting: &str) -> Result<Vec<u8>, String> {
    bounded(path, MAX_BYTES).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => fault(path, setting, &"it is too large to be one"),
        _ => fault(path, setting, &error),
    })
}

fn fault(path: &Path, setting: &str, what: &dyn std::fmt::Display) -> String {
    format!("`{setting}`, {}: {what}", path.display())
}
