//! How often handshakes may come: they cost more than all else that a stranger can ask for, so who asks too often waits.

use crate::limit::{Allowance, Buckets, ByAddress};
use std::{
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// From all addresses together: a third of a core at most, whatever comes.
const ALL: (u32, u32) = (1000, 4000);

/// Those who wait are let go on in any order; nobody is kept a place.
#[derive(Debug)]
pub struct Handshakes {
    began: Instant,
    by_address: ByAddress,
    all: Buckets<()>,
    delayed: AtomicU64,
}

impl Handshakes {
    /// So many a second for long from one address, and so many at once.
    pub fn new(rate: u32, burst: u32) -> Self {
        let (by_address, all) = (Allowance::per_second(rate, burst), Allowance::per_second(ALL.0, ALL.1));
        let (by_address, all) = (ByAddress::new(by_address), Buckets::new(all));
        Self { began: Instant::now(), by_address, all, delayed: AtomicU64::new(0) }
    }

    /// Returns when it is the turn of somebody from there.
    pub async fn wait(&self, address: IpAddr) {
        let mut waited = false;
        while let Err(wait) = self.take(address, self.began.elapsed()) {
            if !std::mem::replace(&mut waited, true) {
                self.delayed.fetch_add(1, Relaxed);
            }
            sleep(wait).await;
        }
    }

    /// Those who had to wait.
    pub fn delayed(&self) -> u64 {
        self.delayed.load(Relaxed)
    }

    fn take(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.by_address.take(address, now)?;
        self.all.take((), now).inspect_err(|_| self.by_address.give_back(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const NOW: Duration = Duration::from_secs(1000);

    /// How many of so many get a turn from this moment on until so much later, each looking again when it may.
    fn granted(handshakes: &Handshakes, address: impl Fn(u32) -> IpAddr, asked: u32, lasts: Duration) -> u32 {
        let mut now = NOW;
        let mut got = 0;
        while got < asked {
            match handshakes.take(address(got), now) {
                Ok(()) => got += 1,
                Err(wait) if now + wait <= NOW + lasts => now += wait,
                Err(_) => break,
            }
        }
        got
    }

    #[test]
    fn who_floods_waits_and_others_do_not() {
        let all = Handshakes::new(200, 500);
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert_eq!(granted(&all, |_| one, 10_000, Duration::ZERO), 500, "a hall comes at once");
        assert_eq!(granted(&all, |_| one, 10_000, Duration::from_secs(2)), 400, "and so many a second later");
        assert_eq!(all.take(other, NOW), Ok(()));
    }

    #[test]
    fn a_flood_from_everywhere_leaves_the_rest_of_the_machine_to_others() {
        let all = Handshakes::new(200, 500);
        let everywhere = |n| IpAddr::from(Ipv4Addr::from_bits(n));
        assert_eq!(granted(&all, everywhere, 100_000, Duration::ZERO), ALL.1);
        assert_eq!(granted(&all, everywhere, 100_000, Duration::from_secs(2)), 2 * ALL.0);
    }

    #[tokio::test]
    async fn who_waits_is_counted_and_gets_a_turn() {
        let all = Handshakes::new(20, 1);
        let one = [192, 0, 2, 1].into();
        let began = Instant::now();
        all.wait(one).await;
        all.wait(one).await;
        assert!(began.elapsed() >= Duration::from_millis(45));
        assert_eq!(all.delayed(), 1);
    }
}
