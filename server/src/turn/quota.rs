//! How many allocations a seat and an address may have at once.

use crate::limit::network;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use viva_media::ParticipantId;

/// Allocations of one seat. A browser opens one for each URL and each of its networks, and new ones before old ones end.
const OF_SEAT: usize = 24;
/// Allocations from one IPv4 address or one IPv6 /64: a hall of 200 with some each.
const OF_ADDRESS: usize = 4096;
/// Allocations in all: each is a descriptor, and by TLS some 40 KiB.
const IN_ALL: usize = 20_000;

/// Counts what stands. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Quota(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    seats: HashMap<ParticipantId, usize>,
    addresses: HashMap<IpAddr, usize>,
}

/// One allocation; another may take its place when this is dropped.
#[derive(Debug)]
pub struct Permit {
    quota: Quota,
    seat: ParticipantId,
    address: IpAddr,
}

impl Quota {
    /// One more of this seat from there; `None`: there are as many as there may be.
    pub fn take(&self, seat: ParticipantId, from: IpAddr) -> Option<Permit> {
        let address = network(from);
        let mut counts = self.counts();
        let of_seat = counts.seats.get(&seat).copied().unwrap_or(0);
        let of_address = counts.addresses.get(&address).copied().unwrap_or(0);
        let full = of_seat >= OF_SEAT || of_address >= OF_ADDRESS || counts.all >= IN_ALL;
        if full {
            return None;
        }
        counts.all += 1;
        counts.seats.insert(seat, of_seat + 1);
        counts.addresses.insert(address, of_address + 1);
        drop(counts);
        Some(Permit { quota: self.clone(), seat, address })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.quota.counts();
        counts.all -= 1;
        less(&mut counts.seats, self.seat);
        less(&mut counts.addresses, self.address);
    }
}

fn less<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_has_so_many_and_frees_them_for_itself_alone() {
        let quota = Quota::default();
        let from = IpAddr::from([192, 0, 2, 1]);
        let mut held: Vec<Permit> =
            (0..OF_SEAT).map(|_| quota.take(ParticipantId(1), from).expect("room")).collect();
        assert!(quota.take(ParticipantId(1), from).is_none());
        let other = quota.take(ParticipantId(2), from);
        assert!(other.is_some());
        held.pop();
        assert!(quota.take(ParticipantId(1), from).is_some());
        drop((held, other));
        assert!(quota.counts().seats.is_empty() && quota.counts().addresses.is_empty());
    }

    #[test]
    fn an_address_has_so_many_and_a_network_of_ipv6_is_one() {
        let quota = Quota::default();
        let from = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]);
        let all: Vec<_> = (0..OF_ADDRESS)
            .map(|index| quota.take(ParticipantId(index as u64), from(index as u16)).expect("room"))
            .collect();
        assert!(quota.take(ParticipantId(9_999), from(9)).is_none());
        assert!(quota.take(ParticipantId(9_999), IpAddr::from([192, 0, 2, 1])).is_some());
        drop(all);
    }
}
