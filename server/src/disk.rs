//! How much room a disk has.

use rustix::fs::statvfs;
use std::{fmt, io, path::Path};

const MIB: u64 = 1 << 20;

/// The disk that holds a folder, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// What this user may still write.
    pub free: u64,
    /// All of it.
    pub size: u64,
}

impl Disk {
    /// The disk of this folder.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let told = statvfs(folder)?;
        let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
        Ok(Self { free: bytes(told.f_bavail), size: bytes(told.f_blocks) })
    }
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} MiB", self.free / MIB, self.size / MIB)
    }
}
