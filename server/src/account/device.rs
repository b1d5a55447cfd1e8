//! A device that signed in before: its wrong passwords count apart, so that nobody elsewhere can lock it out.

use super::session::digest_of;
use std::{fmt, net::IpAddr};

/// Accounts that one device is known to; beyond it the oldest goes.
const ACCOUNTS: usize = 8;
/// Digits of an account's digest: enough to tell accounts apart, and no name in a cookie.
const DIGITS: usize = 16;

/// Who tries a password, as far as it is known before the password is.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Where the request comes from.
    pub address: IpAddr,
    /// The device, where it has signed in before.
    pub device: Option<KnownDevice>,
}

impl From<IpAddr> for Visitor {
    fn from(address: IpAddr) -> Self {
        Self { address, device: None }
    }
}

/// A device by its number, and the accounts that have signed in on it. As text for a cookie, to be sealed by whoever sets
/// that: 16 digits of the number, then those of each account, with hyphens between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    id: u64,
    accounts: Vec<String>,
}

impl KnownDevice {
    /// A device on which nobody has signed in.
    pub const fn new(id: u64) -> Self {
        Self { id, accounts: Vec::new() }
    }

    /// Reads what `Display` wrote; nothing from any other text.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let id = u64::from_str_radix(parts.next()?, 16).ok()?;
        Some(Self { id, accounts: parts.take(ACCOUNTS).map(str::to_owned).collect() })
    }

    /// The same device, with this account as the newest.
    #[must_use]
    pub fn with(mut self, account: &str) -> Self {
        let digest = digest(account);
        self.accounts.retain(|known| *known != digest);
        self.accounts.insert(0, digest);
        self.accounts.truncate(ACCOUNTS);
        self
    }

    /// Has this account signed in on it?
    pub fn knows(&self, account: &str) -> bool {
        self.accounts.contains(&digest(account))
    }

    /// Its number.
    pub const fn id(&self) -> u64 {
        self.id
    }
}

impl fmt::Display for KnownDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.id)?;
        self.accounts.iter().try_for_each(|account| write!(f, "-{account}"))
    }
}

fn digest(account: &str) -> String {
    let mut digest = digest_of(&format!("account {account}"));
    digest.truncate(DIGITS);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_read_back_and_knows_the_newest_accounts() {
        let device = (0..20).fold(KnownDevice::new(7), |device, n| device.with(&format!("account{n}")));
        let read = KnownDevice::read(&device.to_string()).unwrap();
        assert_eq!((&read, read.id()), (&device, 7));
        assert!(read.knows("account19") && read.knows("account12") && !read.knows("account11"));
        assert!(read.clone().with("account12").knows("account13"), "the same one again puts nobody out");
        for nonsense in ["", "x", "-", "zz-1"] {
            assert_eq!(KnownDevice::read(nonsense), None, "{nonsense}");
        }
    }
}
