//! Who waits for a password to be hashed: a few hashes at a time, strangers one of each address after the other, and
//! those who are known in a lane of their own.

use crate::limit::network;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a password waits for its turn to be hashed.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How many of one address wait: a hall of staff that begins at the same second.
const PLACES: usize = 64;

/// In which lane somebody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Signed in before, or signed in now.
    Known,
    /// From this address.
    Stranger(IpAddr),
}

/// The lanes. Of each address only one stands in the lane of strangers, so that these take turns whatever one of them
/// sends.
#[derive(Debug)]
pub(super) struct Queue {
    patience: Duration,
    known: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    addresses: Mutex<HashMap<IpAddr, Address>>,
}

#[derive(Debug)]
struct Address {
    turn: Arc<Semaphore>,
    places: usize,
}

/// The turn of one; the next comes when it is dropped.
pub(super) struct Turn {
    _lane: OwnedSemaphorePermit,
    _address: Option<(OwnedSemaphorePermit, QueuePlace)>,
}

/// A place among those who wait behind one address.
struct QueuePlace {
    queue: Arc<Queue>,
    network: IpAddr,
    turn: Arc<Semaphore>,
}

impl Queue {
    /// Lanes in which so many are served at once, for those who wait so long at most.
    pub fn new(at_once: usize, patience: Duration) -> Self {
        let lane = || Arc::new(Semaphore::new(at_once));
        Self { patience, known: lane(), strangers: lane(), addresses: Mutex::default() }
    }

    /// Waits for a turn; none when it takes too long, or too many wait behind the address.
    pub async fn turn(self: &Arc<Self>, lane: Lane) -> Option<Turn> {
        timeout(self.patience, self.wait(lane)).await.ok().flatten()
    }

    async fn wait(self: &Arc<Self>, lane: Lane) -> Option<Turn> {
        match lane {
            Lane::Known => {
                Some(Turn { _lane: self.known.clone().acquire_owned().await.ok()?, _address: None })
            }
            Lane::Stranger(address) => {
                let place = self.place(network(address))?;
                let turn = place.turn.clone().acquire_owned().await.ok()?;
                let lane = self.strangers.clone().acquire_owned().await.ok()?;
                Some(Turn { _lane: lane, _address: Some((turn, place)) })
            }
        }
    }

    fn place(self: &Arc<Self>, network: IpAddr) -> Option<QueuePlace> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Address { turn: Arc::new(Semaphore::new(1)), places: 0 };
        let address = addresses.entry(network).or_insert_with(new);
        if address.places >= PLACES {
            return None;
        }
        address.places += 1;
        Some(QueuePlace { queue: self.clone(), network, turn: address.turn.clone() })
    }
}

impl Drop for QueuePlace {
    fn drop(&mut self) {
        let mut addresses = self.queue.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = addresses.get_mut(&self.network) {
            address.places -= 1;
            if address.places == 0 {
                addresses.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{sync::mpsc, task::yield_now};

    const FLOOD: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    /// Waits in this lane, and tells when it was served.
    fn waits(
        queue: &Arc<Queue>,
        lane: Lane,
        name: &'static str,
        served: &mpsc::UnboundedSender<&'static str>,
    ) {
        let (queue, served) = (queue.clone(), served.clone());
        tokio::spawn(async move {
            let turn = queue.turn(lane).await;
            served.send(if turn.is_some() { name } else { "refused" }).unwrap();
        });
    }

    #[tokio::test]
    async fn a_flood_from_one_address_starves_no_other_and_is_bounded() {
        let queue = Arc::new(Queue::new(1, PATIENCE));
        let first = queue.turn(Lane::Stranger(FLOOD)).await.unwrap();
        let (served, mut order) = mpsc::unbounded_channel();
        for _ in 0..100 {
            waits(&queue, Lane::Stranger(FLOOD), "flood", &served);
        }
        for _ in 0..1000 {
            yield_now().await;
        }
        waits(&queue, Lane::Stranger(OTHER), "other", &served);
        waits(&queue, Lane::Known, "known", &served);
        let mut seen = Vec::new();
        while seen.len() < 38 {
            seen.push(order.recv().await.unwrap());
        }
        assert_eq!(seen.iter().filter(|name| **name == "refused").count(), 37, "64 of 101 have a place");
        assert_eq!(seen.last(), Some(&"known"), "does not wait for strangers at all");
        drop(first);
        let next = [order.recv().await.unwrap(), order.recv().await.unwrap()];
        assert!(next.contains(&"other"), "{next:?}");
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_so_and_leaves_nothing_behind() {
        let queue = Arc::new(Queue::new(1, Duration::ZERO));
        let first = queue.turn(Lane::Stranger(FLOOD)).await.unwrap();
        assert!(queue.turn(Lane::Stranger(OTHER)).await.is_none());
        assert!(queue.turn(Lane::Stranger(FLOOD)).await.is_none());
        drop(first);
        assert!(queue.turn(Lane::Stranger(OTHER)).await.is_some());
        assert!(queue.addresses.lock().unwrap().is_empty());
    }
}
