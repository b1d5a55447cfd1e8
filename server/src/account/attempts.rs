//! How often passwords may be tried, so that who guesses is stopped and who has the password is not: strangers to an
//! account share one bucket, a device and a network that signed in to it before have each its own.

use super::{KnownDevice, Visitor};
use crate::limit::{Allowance, Buckets, ByAddress, network};
use indexmap::IndexSet;
use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How often wrong passwords may be tried.
#[derive(Debug, Clone, Copy)]
pub struct PasswordLimits {
    /// For one account by all who never signed in to it: eight, and eight more in a quarter of an hour.
    pub strangers: Allowance,
    /// For one account by one device that signed in to it before.
    pub device: Allowance,
    /// For one account from one network from which it was signed in to before: colleagues may sit there.
    pub place: Allowance,
    /// From one address for whatever accounts, by strangers to them.
    pub address: Allowance,
}

impl Default for PasswordLimits {
    fn default() -> Self {
        Self {
            strangers: Allowance::new(8, Duration::from_millis(112_500)),
            device: Allowance::new(8, Duration::from_millis(112_500)),
            place: Allowance::new(16, Duration::from_secs(60)),
            address: Allowance::new(100, Duration::from_secs(9)),
        }
    }
}

/// Pairs of account and network that are remembered: only who signed in comes in here.
const KNOWN: usize = 20_000;

/// Too many; how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// For this account.
    Account { wait: Duration },
    /// From this address.
    Address { wait: Duration },
}

/// Against whose allowance an attempt counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountedFor {
    /// By a device that signed in to the account before.
    Device(u64),
    /// From a network from which the account was signed in to before.
    Network(IpAddr),
    /// From anywhere.
    Stranger(IpAddr),
}

/// What is remembered of attempts.
#[derive(Debug)]
pub(super) struct PasswordAttempts {
    strangers: Buckets<String>,
    devices: Buckets<(String, u64)>,
    places: Buckets<(String, IpAddr)>,
    addresses: ByAddress,
    known: Mutex<IndexSet<(String, IpAddr)>>,
}

impl PasswordAttempts {
    pub fn new(limits: PasswordLimits) -> Self {
        Self {
            strangers: Buckets::new(limits.strangers),
            devices: Buckets::new(limits.device),
            places: Buckets::new(limits.place),
            addresses: ByAddress::new(limits.address),
            known: Mutex::default(),
        }
    }

    /// Admits an attempt, and counts it as failed until told otherwise: guesses side by side count too.
    pub fn admit(&self, account: &str, visitor: &Visitor, now: Duration) -> Result<CountedFor, Denied> {
        let locked = |wait| Denied::Account { wait };
        let counted = self.counted_for(account, visitor);
        match counted {
            CountedFor::Device(id) => self.devices.take((account.to_owned(), id), now).map_err(locked)?,
            CountedFor::Network(place) => {
                self.places.take((account.to_owned(), place), now).map_err(locked)?
            }
            CountedFor::Stranger(address) => {
                self.addresses.take(address, now).map_err(|wait| Denied::Address { wait })?;
                self.strangers.take(account.to_owned(), now).map_err(|wait| {
                    self.addresses.give_back(address);
                    locked(wait)
                })?;
            }
        }
        Ok(counted)
    }

    /// The attempt succeeded: nobody is to blame for it, and who came so is known from now on.
    pub fn succeeded(&self, account: &str, visitor: &Visitor, counted: CountedFor) {
        self.forgive(account, counted);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            // The oldest one; `shift_remove` would move all the others.
            known.swap_remove_index(0);
        }
        known.insert((account.to_owned(), network(visitor.address)));
    }

    /// The attempt did not take place.
    pub fn forgive(&self, account: &str, counted: CountedFor) {
        match counted {
            CountedFor::Device(id) => self.devices.give_back(&(account.to_owned(), id)),
            CountedFor::Network(place) => self.places.give_back(&(account.to_owned(), place)),
            CountedFor::Stranger(address) => {
                self.strangers.give_back(&account.to_owned());
                self.addresses.give_back(address);
            }
        }
    }

    /// A code that nobody guesses was wrong.
    ///
    /// # Errors
    /// There were too many from there: how long to wait.
    pub fn wrong_code(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.addresses.take(address, now)
    }

    fn counted_for(&self, account: &str, visitor: &Visitor) -> CountedFor {
        if let Some(id) = visitor.device.as_ref().filter(|device| device.knows(account)).map(KnownDevice::id)
        {
            return CountedFor::Device(id);
        }
        let place = network(visitor.address);
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&(account.to_owned(), place)) {
            CountedFor::Network(place)
        } else {
            CountedFor::Stranger(visitor.address)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    fn from(address: &str) -> Visitor {
        Visitor { address: address.parse().unwrap(), device: None }
    }

    fn by(device: &KnownDevice, address: &str) -> Visitor {
        Visitor { device: Some(device.clone()), ..from(address) }
    }

    /// Wrong passwords until it is refused.
    fn exhaust(attempts: &PasswordAttempts, account: &str, visitor: &Visitor) -> (usize, Denied) {
        let mut admitted = 0;
        loop {
            match attempts.admit(account, visitor, NOW) {
                Ok(_) => admitted += 1,
                Err(denied) => return (admitted, denied),
            }
        }
    }

    #[test]
    fn strangers_share_what_is_allowed_for_an_account_and_it_opens_by_itself() {
        let attempts = PasswordAttempts::new(PasswordLimits::default());
        let wait = Duration::from_millis(112_500);
        assert_eq!(exhaust(&attempts, "li", &from("192.0.2.1")), (8, Denied::Account { wait }));
        assert_eq!(exhaust(&attempts, "li", &from("192.0.2.2")).0, 0, "whatever the address");
        assert_eq!(exhaust(&attempts, "wang", &from("192.0.2.2")).0, 8);
        assert!(attempts.admit("li", &from("192.0.2.2"), NOW + wait).is_ok());
    }

    #[test]
    fn who_signed_in_before_gets_through_however_many_strangers_guess() {
        let attempts = PasswordAttempts::new(PasswordLimits::default());
        let (office, home) = (from("192.0.2.1"), from("203.0.113.9"));
        let counted = attempts.admit("li", &office, NOW).unwrap();
        attempts.succeeded("li", &office, counted);
        exhaust(&attempts, "li", &from("198.51.100.7"));
        assert_eq!(
            attempts.admit("li", &office, NOW),
            Ok(CountedFor::Network(office.address)),
            "the same network"
        );
        assert!(attempts.admit("li", &home, NOW).is_err(), "a stranger's device at a stranger's place");
        let own = KnownDevice::new(1).with("li");
        assert_eq!(attempts.admit("li", &by(&own, "203.0.113.9"), NOW), Ok(CountedFor::Device(1)));
        assert!(attempts.admit("li", &by(&KnownDevice::new(2).with("wang"), "203.0.113.9"), NOW).is_err());
        // A colleague at the same network guesses: the own device gets through all the same.
        exhaust(&attempts, "li", &office);
        assert!(attempts.admit("li", &by(&own, "192.0.2.1"), NOW).is_ok());
        // And a device that guesses stops itself alone.
        exhaust(&attempts, "li", &by(&own, "203.0.113.9"));
        assert!(attempts.admit("li", &by(&KnownDevice::new(3).with("li"), "203.0.113.9"), NOW).is_ok());
    }

    #[test]
    fn an_address_is_held_whatever_the_account_and_known_devices_behind_it_are_not() {
        let attempts = PasswordAttempts::new(PasswordLimits::default());
        let school = from("192.0.2.1");
        for n in 0..100 {
            assert!(attempts.admit(&format!("a{n}"), &school, NOW).is_ok());
        }
        let held = Err(Denied::Address { wait: Duration::from_secs(9) });
        assert_eq!(attempts.admit("b", &school, NOW), held);
        assert!(attempts.admit("b", &by(&KnownDevice::new(1).with("b"), "192.0.2.1"), NOW).is_ok());
        assert!(attempts.admit("b", &from("192.0.2.2"), NOW).is_ok());
    }

    #[test]
    fn all_together_are_not_held_and_no_success_counts() {
        let attempts = PasswordAttempts::new(PasswordLimits::default());
        for n in 0..10_000_u32 {
            let visitor = Visitor { address: IpAddr::V4(n.into()), device: None };
            assert!(attempts.admit(&n.to_string(), &visitor, NOW).is_ok(), "{n}");
        }
        let hall = from("192.0.2.1");
        for person in 0..1000 {
            let account = person.to_string();
            let counted = attempts.admit(&account, &hall, NOW).unwrap();
            attempts.succeeded(&account, &hall, counted);
        }
        let counted = attempts.admit("li", &from("192.0.2.3"), NOW).unwrap();
        attempts.forgive("li", counted);
        assert_eq!(exhaust(&attempts, "li", &from("192.0.2.3")).0, 8);
    }

    #[test]
    fn memory_is_bounded_by_who_really_signed_in() {
        let attempts = PasswordAttempts::new(PasswordLimits::default());
        for n in 0..30_000_u32 {
            let visitor = Visitor { address: IpAddr::V4(n.into()), device: None };
            let counted = attempts.admit("li", &visitor, NOW + Duration::from_secs(1000) * n).unwrap();
            attempts.succeeded("li", &visitor, counted);
        }
        assert!(attempts.known.lock().unwrap().len() <= KNOWN);
    }
}
