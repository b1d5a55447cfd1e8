//! Who may come in: so many in all, so many from one address.

use super::watch::{Late, Times, Watch};
use crate::metrics::Metrics;
use std::{
    collections::HashMap,
    fmt,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// Of the connections that do nothing so many are closed at once when none is free, so that not every newcomer has to look.
const SHARE: usize = 32;

/// Bounds of HTTP connections.
#[derive(Clone)]
pub struct Limits {
    /// In all.
    pub connections: usize,
    /// From one IPv4 address or one IPv6 /64. A whole school may sit behind one.
    pub per_address: usize,
    /// Behind these addresses are many people: a proxy of ours.
    pub many_behind: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// How long a connection may take for what it owes.
    pub times: Times,
}

impl Limits {
    /// The usual times and one address's share, for so many connections.
    pub fn new(
        connections: usize,
        per_address: usize,
        times: (std::time::Duration, std::time::Duration),
    ) -> Self {
        let (head, idle) = times;
        let many_behind = Arc::new(|_: IpAddr| false);
        Self { connections, per_address, many_behind, times: Times { head, idle, stuck: head * 2 } }
    }
}

/// All open connections.
pub struct Doors {
    limits: Limits,
    metrics: Metrics,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: u64,
    open: HashMap<u64, (IpAddr, Arc<Watch>)>,
    by_origin: HashMap<IpAddr, usize>,
}

/// A place; free again when it is dropped.
pub struct Ticket {
    doors: Arc<Doors>,
    number: u64,
    origin: IpAddr,
    /// Behind its address are many people: a proxy of ours, or this machine.
    pub is_many: bool,
    /// What the connection does.
    pub watch: Arc<Watch>,
}

impl Doors {
    pub fn new(limits: Limits, metrics: Metrics) -> Self {
        Self { limits, metrics, state: Mutex::default() }
    }

    /// A place for somebody from there.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Ticket> {
        let origin = origin_of(address);
        let mut state = self.state();
        let from_there = state.by_origin.get(&origin).copied().unwrap_or(0);
        let is_many = address.is_loopback() || (self.limits.many_behind)(address);
        if from_there >= self.limits.per_address && !is_many {
            self.metrics.http_refused("address");
            return None;
        }
        if state.open.len() >= self.limits.connections && self.close_idle(&state) == 0 {
            self.metrics.http_refused("full");
            return None;
        }
        let number = state.next;
        state.next += 1;
        let watch = Arc::new(Watch::new(self.limits.times, Instant::now()));
        state.open.insert(number, (origin, watch.clone()));
        *state.by_origin.entry(origin).or_default() += 1;
        self.metrics.http_opened();
        Some(Ticket { doors: self.clone(), number, origin, is_many, watch })
    }

    /// Closes some of those that do nothing: the system has no descriptors left.
    pub fn make_room(&self) {
        self.close_idle(&self.state());
    }

    /// Tells those that have done nothing for longest, of the address that has the most of such; how many.
    fn close_idle(&self, state: &State) -> usize {
        let now = Instant::now();
        let mut idle: HashMap<IpAddr, Vec<_>> = HashMap::new();
        for (origin, watch) in state.open.values() {
            if let Some(since) = watch.does_nothing_for(now) {
                idle.entry(*origin).or_default().push((since, watch));
            }
        }
        let Some(mut most) = idle.into_values().max_by_key(Vec::len) else { return 0 };
        most.sort_by_key(|(since, _)| std::cmp::Reverse(*since));
        let share = (self.limits.connections / SHARE).max(1);
        most.truncate(share);
        most.iter().for_each(|(_, watch)| watch.crowded.notify_one());
        most.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// The connection is closed from here.
    pub fn late(&self, late: Late) {
        self.doors.metrics.http_refused(late.label());
    }

    /// The same, for a reason that the metrics name.
    pub fn refused(&self, reason: &str) {
        self.doors.metrics.http_refused(reason);
    }

    /// The same, since others need its place.
    pub fn crowded(&self) {
        self.doors.metrics.http_refused("crowded");
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.doors.state();
        state.open.remove(&self.number);
        if let Some(count) = state.by_origin.get_mut(&self.origin) {
            *count -= 1;
            if *count == 0 {
                state.by_origin.remove(&self.origin);
            }
        }
        drop(state);
        self.doors.metrics.http_closed();
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({})", self.number)
    }
}

/// Whom a connection counts for: an IPv4 address, or an IPv6 /64, which is what one subscriber has.
fn origin_of(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}
