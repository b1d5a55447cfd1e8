//! How often passwords may be tried: per account, per address, in all. In memory, and bounded.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
};

/// How often passwords may be tried.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wrong passwords for one account within the window.
    pub per_account: u32,
    /// Wrong passwords from one address within the window.
    pub per_address: u32,
    /// The window, in milliseconds.
    pub window: u64,
    /// Attempts in all, right ones too, that may come at once.
    pub burst: u32,
    /// Attempts in all that may come each second for long.
    pub per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_account: 8, per_address: 40, window: 15 * 60_000, burst: 100, per_second: 5 }
    }
}

/// Accounts or addresses that are remembered at most; the limit in all lets far fewer fail within a window.
const MAX_ENTRIES: usize = 20_000;

/// Too many; how many milliseconds to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// For this account.
    Account { wait: u64 },
    /// From this address, or in all.
    Others { wait: u64 },
}

/// What is remembered of attempts.
#[derive(Debug)]
pub(super) struct Attempts {
    limits: Limits,
    accounts: Failures<String>,
    addresses: Failures<IpAddr>,
    /// Thousandths of an attempt that are free.
    free: u64,
    filled_at: u64,
}

impl Attempts {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            accounts: Failures::default(),
            addresses: Failures::default(),
            free: u64::from(limits.burst) * 1000,
            filled_at: 0,
        }
    }

    /// Admits an attempt, and counts it as failed until told otherwise: guesses side by side count too.
    pub fn admit(&mut self, account: Option<&str>, address: IpAddr, now: u64) -> Result<(), Denied> {
        let address = network(address);
        let Limits { per_account, per_address, window, burst, per_second } = self.limits;
        if let Some(wait) = self.addresses.wait(&address, per_address, now, window) {
            return Err(Denied::Others { wait });
        }
        let account = account.map(str::to_owned);
        if let Some(wait) =
            account.as_ref().and_then(|name| self.accounts.wait(name, per_account, now, window))
        {
            return Err(Denied::Account { wait });
        }
        let gained = now.saturating_sub(self.filled_at).saturating_mul(u64::from(per_second));
        self.free = self.free.saturating_add(gained).min(u64::from(burst) * 1000);
        self.filled_at = now;
        let Some(left) = self.free.checked_sub(1000) else {
            return Err(Denied::Others { wait: (1000 - self.free) / u64::from(per_second.max(1)) });
        };
        let room = self.addresses.room(&address, now, window)
            && account.as_ref().is_none_or(|name| self.accounts.room(name, now, window));
        if !room {
            return Err(Denied::Others { wait: window });
        }
        self.free = left;
        self.addresses.count(address, now, window);
        if let Some(account) = account {
            self.accounts.count(account, now, window);
        }
        Ok(())
    }

    /// The attempt succeeded: the account begins anew, the address is not to blame for it.
    pub fn succeeded(&mut self, account: Option<&str>, address: IpAddr) {
        if let Some(account) = account {
            self.accounts.0.remove(account);
        }
        self.addresses.forgive(&network(address));
    }

    /// The attempt did not take place.
    pub fn forgive(&mut self, account: Option<&str>, address: IpAddr) {
        if let Some(account) = account {
            self.accounts.forgive(&account.to_owned());
        }
        self.addresses.forgive(&network(address));
    }
}

/// Failures by account or address: how many since when.
#[derive(Debug)]
struct Failures<K>(HashMap<K, (u32, u64)>);

impl<K> Default for Failures<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Failures<K> {
    /// How long to wait, if there were `limit` failures in the window.
    fn wait(&self, key: &K, limit: u32, now: u64, window: u64) -> Option<u64> {
        let (count, since) = *self.0.get(key)?;
        let left = since.saturating_add(window).checked_sub(now).filter(|left| *left > 0)?;
        // A clock that jumped back shall not lock anybody for longer than the window.
        (count >= limit).then(|| left.min(window))
    }

    /// Whether this one is remembered, or can be.
    fn room(&mut self, key: &K, now: u64, window: u64) -> bool {
        if self.0.len() >= MAX_ENTRIES && !self.0.contains_key(key) {
            self.0.retain(|_, (_, since)| since.saturating_add(window) > now);
        }
        self.0.len() < MAX_ENTRIES || self.0.contains_key(key)
    }

    fn count(&mut self, key: K, now: u64, window: u64) {
        let entry = self.0.entry(key).or_insert((0, now));
        if entry.1.saturating_add(window) <= now {
            *entry = (0, now);
        }
        // The window begins with the latest failure: whoever goes on trying goes on waiting.
        *entry = (entry.0.saturating_add(1), now);
    }

    fn forgive(&mut self, key: &K) {
        if let Some((count, _)) = self.0.get_mut(key) {
            *count = count.saturating_sub(1);
        }
    }
}

/// What counts as one address: a subscriber has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { per_account: 3, per_address: 5, window: 1000, burst: 20, per_second: 1 };

    fn from(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn an_account_is_locked_after_its_failures_and_opens_by_itself() {
        let mut attempts = Attempts::new(LIMITS);
        for now in [0, 10, 20] {
            assert_eq!(attempts.admit(Some("li"), from("192.0.2.1"), now), Ok(()));
        }
        let denied = attempts.admit(Some("li"), from("192.0.2.2"), 30);
        assert_eq!(denied, Err(Denied::Account { wait: 990 }), "whatever the address");
        assert_eq!(attempts.admit(Some("wang"), from("192.0.2.2"), 30), Ok(()));
        assert_eq!(attempts.admit(Some("li"), from("192.0.2.2"), 1020), Ok(()));
    }

    #[test]
    fn an_address_is_held_whatever_the_account_and_ipv6_counts_by_network() {
        let mut attempts = Attempts::new(LIMITS);
        for n in 0..5 {
            let address = from(&format!("2001:db8::{n}"));
            assert_eq!(attempts.admit(Some(&format!("a{n}")), address, 0), Ok(()));
        }
        let denied = Err(Denied::Others { wait: 1000 });
        assert_eq!(attempts.admit(Some("b"), from("2001:db8::ffff:1"), 0), denied);
        assert_eq!(attempts.admit(None, from("2001:db8::ffff:1"), 0), denied);
        assert_eq!(attempts.admit(Some("b"), from("2001:db8:0:1::1"), 0), Ok(()));
    }

    #[test]
    fn all_together_are_slowed_down() {
        let mut attempts = Attempts::new(LIMITS);
        let mut try_one = |n: u32, now| attempts.admit(Some(&n.to_string()), IpAddr::V4(n.into()), now);
        assert!((0..20).all(|n| try_one(n, 0).is_ok()));
        assert_eq!(try_one(20, 0), Err(Denied::Others { wait: 1000 }));
        assert_eq!(try_one(21, 1000), Ok(()));
        assert!(try_one(22, 1000).is_err());
    }

    #[test]
    fn a_success_begins_anew_and_what_did_not_take_place_does_not_count() {
        let mut attempts = Attempts::new(LIMITS);
        let address = from("192.0.2.1");
        for _ in 0..6 {
            assert_eq!(attempts.admit(Some("li"), address, 0), Ok(()));
            attempts.succeeded(Some("li"), address);
            assert_eq!(attempts.admit(Some("wang"), address, 0), Ok(()));
            attempts.forgive(Some("wang"), address);
        }
    }

    #[test]
    fn memory_is_bounded_and_a_clock_that_jumps_back_locks_nobody_for_long() {
        let limits = Limits { burst: u32::MAX, per_second: u32::MAX, ..LIMITS };
        let mut attempts = Attempts::new(limits);
        for n in 0..30_000u32 {
            let _ = attempts.admit(Some(&n.to_string()), IpAddr::V4(n.into()), 5_000_000);
        }
        assert!(attempts.accounts.0.len() <= MAX_ENTRIES && attempts.addresses.0.len() <= MAX_ENTRIES);
        for _ in 0..3 {
            let _ = attempts.admit(Some("1"), from("0.0.0.1"), 5_000_000);
        }
        assert_eq!(attempts.admit(Some("1"), from("192.0.2.1"), 0), Err(Denied::Account { wait: 1000 }));
    }
}
