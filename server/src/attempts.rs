//! How often something may be guessed: per address, per thing that is guessed, and in total.

use crate::rate::Rate;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The most buckets that are kept at once; beyond it the full ones go, and when none is full, all.
const KEPT: usize = 100_000;

/// How much is allowed: at once, and how long until one more.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// At once.
    pub burst: u32,
    /// Until one more.
    pub refill: Duration,
}

impl Allowance {
    const fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill }
    }

    fn rate(self, now: Instant) -> Rate {
        Rate::new(1.0 / self.refill.as_secs_f64(), f64::from(self.burst), now)
    }
}

/// Counts wrong guesses. A whole class behind one address enters without being counted: only what is wrong counts there.
#[derive(Debug)]
pub struct Attempts {
    by_address: Buckets<IpAddr>,
    by_thing: Buckets<String>,
    total: Buckets<()>,
}

impl Attempts {
    /// For invitation codes.
    pub fn at_codes() -> Self {
        Self {
            by_address: Buckets::new(Allowance::new(20, Duration::from_secs(15))),
            by_thing: Buckets::new(Allowance::new(10, Duration::from_secs(10))),
            total: Buckets::new(Allowance::new(1000, Duration::from_millis(100))),
        }
    }

    /// May somebody there guess once more? Otherwise how long to wait. `thing` is what is guessed, where it could be one.
    ///
    /// # Errors
    /// The time to wait.
    pub fn check(&self, address: IpAddr, thing: Option<&str>, now: Instant) -> Result<(), Duration> {
        // The right holder of a code, too, tries it only so often: whoever stands behind many addresses as well.
        if let Some(thing) = thing {
            self.by_thing.take(thing.to_owned(), now)?;
        }
        self.by_address.look(&subnet(address), now)?;
        self.total.look(&(), now)
    }

    /// It was wrong.
    pub fn wrong(&self, address: IpAddr, now: Instant) {
        let _ = self.by_address.take(subnet(address), now);
        let _ = self.total.take((), now);
    }
}

/// How often each address may do something that costs the server.
#[derive(Debug)]
pub struct Visits(Buckets<IpAddr>);

impl Visits {
    /// Connection tests.
    pub fn of_tests() -> Self {
        Self(Buckets::new(Allowance::new(60, Duration::from_secs(5))))
    }

    /// Once more from there.
    ///
    /// # Errors
    /// The time to wait.
    pub fn take(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.take(subnet(address), Instant::now())
    }
}

/// One household has a whole /64 of IPv6.
fn subnet(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
    }
}

#[derive(Debug)]
struct Buckets<K> {
    allowance: Allowance,
    buckets: Mutex<HashMap<K, Rate>>,
}

impl<K: std::hash::Hash + Eq> Buckets<K> {
    fn new(allowance: Allowance) -> Self {
        Self { allowance, buckets: Mutex::default() }
    }

    fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEPT {
            buckets.retain(|_, rate| !rate.is_full(now));
            if buckets.len() >= KEPT {
                buckets.clear();
            }
        }
        let rate = buckets.entry(key).or_insert_with(|| self.allowance.rate(now));
        if rate.take(1.0, now) { Ok(()) } else { Err(self.allowance.refill) }
    }

    fn look(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let left = buckets.get_mut(key).is_none_or(|rate| rate.has(1.0, now));
        if left { Ok(()) } else { Err(self.allowance.refill) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn wrong_guesses_are_limited_by_address_and_right_ones_are_not() {
        let (attempts, now) = (Attempts::at_codes(), Instant::now());
        for class in 0..500 {
            assert!(attempts.check(HERE, Some(&class.to_string()), now).is_ok());
        }
        for _ in 0..20 {
            attempts.wrong(HERE, now);
        }
        assert!(attempts.check(HERE, Some("a"), now).is_err());
        assert!(attempts.check([192, 0, 2, 2].into(), None, now).is_ok());
        assert!(attempts.check(HERE, None, now + Duration::from_secs(16)).is_ok());
    }

    #[test]
    fn one_code_is_tried_only_so_often_from_whatever_address() {
        let (attempts, now) = (Attempts::at_codes(), Instant::now());
        let tried = (0..20_u8).filter(|n| attempts.check([192, 0, 2, *n].into(), Some("code"), now).is_ok());
        assert_eq!(tried.count(), 10);
    }

    #[test]
    fn guessing_from_very_many_addresses_is_limited_in_total() {
        let (attempts, now) = (Attempts::at_codes(), Instant::now());
        for n in 0..1000_u32 {
            attempts.wrong(std::net::Ipv4Addr::from(n).into(), now);
        }
        assert!(attempts.check(HERE, Some("a"), now).is_err());
    }

    #[test]
    fn neighbours_in_one_subnet_of_ipv6_count_as_one() {
        let of = |text: &str| subnet(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
