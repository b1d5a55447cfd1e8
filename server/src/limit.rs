//! How often each of very many may do something: token buckets by key, in bounded memory.
//!
//! Times are spans since any fixed moment. A clock that jumps back costs nobody more than an empty bucket.

use indexmap::IndexMap;
use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The most buckets that are kept of one kind.
const KEPT: usize = 100_000;
/// How many of them are looked at for one that can go, when one more is wanted.
const LOOKED_AT: usize = 16;
/// How much more a whole site may do than one network in it.
const SITE: u32 = 8;

/// How much is allowed: at once, and how long until one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// At once.
    pub burst: u32,
    /// Until one more.
    pub refill: Duration,
}

impl Allowance {
    /// So much at once, and one more each `refill`.
    pub const fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill }
    }

    /// So many a second for long, and so many at once.
    pub fn per_second(rate: u32, burst: u32) -> Self {
        Self { burst, refill: Duration::from_secs(1) / rate.max(1) }
    }

    /// So many times as much.
    fn times(self, factor: u32) -> Self {
        Self { burst: self.burst.saturating_mul(factor), refill: self.refill / factor.max(1) }
    }

    /// From empty to full.
    fn whole(self) -> Duration {
        self.refill.saturating_mul(self.burst)
    }
}

/// One bucket a key. A bucket is the time at which it is full again (GCRA, as ITU-T I.371 has it), so that it takes
/// little room and nothing needs to fill it.
#[derive(Debug)]
pub struct Buckets<K> {
    allowance: Allowance,
    table: Mutex<Table<K>>,
}

#[derive(Debug)]
struct Table<K> {
    full_at: IndexMap<K, Duration>,
    /// Where the search for a bucket that can go begins.
    hand: usize,
}

impl<K: Hash + Eq> Buckets<K> {
    /// Full ones for everybody.
    pub fn new(allowance: Allowance) -> Self {
        Self { allowance, table: Mutex::new(Table { full_at: IndexMap::new(), hand: 0 }) }
    }

    /// Takes one.
    ///
    /// # Errors
    /// There is none; how long until there is.
    pub fn take(&self, key: K, now: Duration) -> Result<(), Duration> {
        let Allowance { refill, .. } = self.allowance;
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.full_at.len() >= KEPT && !table.full_at.contains_key(&key) {
            table.make_room();
        }
        let full_at = table.full_at.entry(key).or_insert(now);
        *full_at = (*full_at).clamp(now, now.saturating_add(self.allowance.whole()));
        let missing = self.missing(*full_at, now);
        if missing.is_zero() {
            *full_at = full_at.saturating_add(refill);
            return Ok(());
        }
        Err(missing)
    }

    /// Is one there?
    ///
    /// # Errors
    /// No; how long until it is.
    pub fn look(&self, key: &K, now: Duration) -> Result<(), Duration> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = table.full_at.get(key).copied().unwrap_or(now);
        let missing = self.missing(full_at.min(now.saturating_add(self.allowance.whole())), now);
        if missing.is_zero() { Ok(()) } else { Err(missing) }
    }

    /// Gives one back that was taken for nothing.
    pub fn give_back(&self, key: &K) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = table.full_at.get_mut(key) {
            *full_at = full_at.saturating_sub(self.allowance.refill);
        }
    }

    /// How long until one is in a bucket that is full at this time.
    fn missing(&self, full_at: Duration, now: Duration) -> Duration {
        let after = full_at.max(now).saturating_add(self.allowance.refill);
        after.saturating_sub(now.saturating_add(self.allowance.whole()))
    }
}

impl<K: Hash + Eq> Table<K> {
    /// Forgets the fullest of some: whose bucket is empty stays, however many others come.
    fn make_room(&mut self) {
        let len = self.full_at.len();
        let seen = (0..LOOKED_AT.min(len)).map(|step| (self.hand + step) % len);
        let fullest = seen.min_by_key(|index| self.full_at.get_index(*index).map(|(_, full_at)| *full_at));
        if let Some(index) = fullest {
            self.full_at.swap_remove_index(index);
        }
        self.hand = (self.hand + LOOKED_AT) % len.max(1);
    }
}

/// Buckets of addresses. A household has a whole /64 of IPv6, and who has a /48 has 65,536 of these: the wider network
/// has a bucket too, a larger one.
#[derive(Debug)]
pub struct ByAddress {
    networks: Buckets<IpAddr>,
    sites: Buckets<IpAddr>,
}

impl ByAddress {
    /// Full ones, so large for one address of IPv4 and one /64 of IPv6.
    pub fn new(allowance: Allowance) -> Self {
        Self { networks: Buckets::new(allowance), sites: Buckets::new(allowance.times(SITE)) }
    }

    /// Takes one.
    ///
    /// # Errors
    /// There is none; how long until there is.
    pub fn take(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        let site = site(address);
        if let Some(site) = &site {
            self.sites.look(site, now)?;
        }
        self.networks.take(network(address), now)?;
        site.map_or(Ok(()), |site| self.sites.take(site, now))
    }

    /// Is one there?
    ///
    /// # Errors
    /// No; how long until it is.
    pub fn look(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        if let Some(site) = site(address) {
            self.sites.look(&site, now)?;
        }
        self.networks.look(&network(address), now)
    }

    /// Gives one back that was taken for nothing.
    pub fn give_back(&self, address: IpAddr) {
        self.networks.give_back(&network(address));
        if let Some(site) = site(address) {
            self.sites.give_back(&site);
        }
    }
}

/// What counts as one address: of IPv6 the /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => prefix(six, 64),
        four @ IpAddr::V4(_) => four,
    }
}

/// The /48 of an address of IPv6.
fn site(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        IpAddr::V6(six) => Some(prefix(six, 48)),
        IpAddr::V4(_) => None,
    }
}

fn prefix(address: Ipv6Addr, bits: u32) -> IpAddr {
    let rest = 128 - bits;
    IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> rest << rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);
    const START: Duration = Duration::from_secs(1_800_000_000);

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn a_burst_passes_and_then_one_each_time_of_refill_and_the_wait_is_exact() {
        let buckets = Buckets::new(Allowance::new(3, SECOND * 2));
        let taken = |now| (0..5).filter(|_| buckets.take("a", now).is_ok()).count();
        assert_eq!(taken(START), 3);
        assert_eq!(buckets.take("a", START + SECOND / 2), Err(SECOND * 3 / 2));
        assert_eq!(buckets.look(&"a", START + SECOND / 2), Err(SECOND * 3 / 2));
        assert_eq!(buckets.take("a", START + SECOND * 2), Ok(()));
        assert_eq!(buckets.take("b", START), Ok(()), "another has its own");
        assert_eq!(taken(START + SECOND * 5), 1);
        assert_eq!(taken(START + SECOND * 3600), 3, "no more than full");
        buckets.give_back(&"a");
        assert_eq!(taken(START + SECOND * 3600), 1);
    }

    #[test]
    fn a_clock_that_jumps_back_costs_an_empty_bucket_and_no_more() {
        let buckets = Buckets::new(Allowance::new(3, SECOND));
        buckets.take("a", START).unwrap();
        assert_eq!(buckets.take("a", Duration::ZERO), Err(SECOND));
        assert_eq!(buckets.take("a", SECOND), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_whoever_is_refused_stays_so_however_many_others_come() {
        let buckets = Buckets::new(Allowance::new(2, SECOND * 60));
        let guesser = u64::MAX;
        while buckets.take(guesser, START).is_ok() {}
        for other in 0..3 * KEPT as u64 {
            assert_eq!(buckets.take(other, START + SECOND), Ok(()));
        }
        assert!(buckets.table.lock().unwrap().full_at.len() <= KEPT);
        assert!(buckets.take(guesser, START + SECOND).is_err());
    }

    #[test]
    fn ipv6_counts_by_network_and_more_widely_by_site() {
        let addresses = ByAddress::new(Allowance::new(2, SECOND));
        let taken = |address: &str| (0..100).filter(|_| addresses.take(at(address), START).is_ok()).count();
        assert_eq!(taken("192.0.2.1"), 2);
        assert_eq!(taken("::ffff:192.0.2.1"), 0, "the same in the clothes of IPv6");
        assert_eq!(taken("192.0.2.2"), 2);
        assert_eq!(taken("2001:db8::1"), 2);
        assert_eq!(taken("2001:db8::ffff:1"), 0, "one /64");
        let site: usize = (1..100).map(|n| taken(&format!("2001:db8:0:{n}::1"))).sum();
        assert_eq!(2 + site, 16, "one /48");
        assert!(addresses.look(at("2001:db8:0:ffff::1"), START).is_err());
        assert_eq!(taken("2001:db8:1::1"), 2, "another site");
        addresses.give_back(at("2001:db8:1::1"));
        assert_eq!(taken("2001:db8:1::1"), 1);
    }

    proptest! {
        /// Over any span no more pass than the burst and what was refilled, and who waits as told gets one.
        #[test]
        fn nobody_gets_more_than_allowed_and_who_waits_as_told_gets_one(
            burst in 1..20_u32,
            refill in 1..5000_u64,
            pauses in prop::collection::vec(0..4000_u64, 1..200),
        ) {
            let allowance = Allowance::new(burst, Duration::from_millis(refill));
            let buckets = Buckets::new(allowance);
            let (mut now, mut passed) = (START, 0);
            for pause in pauses {
                now += Duration::from_millis(pause);
                match buckets.take((), now) {
                    Ok(()) => passed += 1,
                    Err(wait) => {
                        prop_assert!(!wait.is_zero() && wait <= allowance.refill);
                        now += wait;
                        prop_assert_eq!(buckets.take((), now), Ok(()));
                        passed += 1;
                    }
                }
            }
            let refilled = (now - START).as_millis() / u128::from(refill);
            prop_assert!(passed <= u128::from(burst) + refilled);
        }
    }
}
