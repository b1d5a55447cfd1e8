//! One way of a line in real time: its bottleneck, and the datagrams that are under way.

use super::{
    Counts, Direction, Schedule,
    bottleneck::{Bottleneck, Fate},
};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    net::SocketAddr,
    rc::Rc,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tokio::{
    net::UdpSocket,
    sync::Notify,
    time::{Instant, sleep_until},
};

/// Bytes that are under way at most, with what it takes to hold them.
const MOST: usize = 32 << 20;
/// What holding a datagram takes beside its bytes.
const EACH: usize = 128;

/// One way. Whoever sends into it and whoever delivers share it.
#[derive(Clone)]
pub(super) struct Way {
    inside: Rc<RefCell<Inside>>,
    due: Rc<Notify>,
    direction: Direction,
    counts: Arc<Mutex<[Counts; 2]>>,
}

struct Inside {
    bottleneck: Bottleneck,
    /// By arrival, and in the order of sending.
    under_way: BTreeMap<(u64, u64), Datagram>,
    held: usize,
    next: u64,
}

/// What is under way.
struct Datagram {
    payload: Box<[u8]>,
    exit: Exit,
}

/// Where a datagram leaves the relay.
#[derive(Clone)]
pub(super) struct Exit {
    pub(super) socket: Rc<UdpSocket>,
    /// `None`: the socket is connected.
    pub(super) to: Option<SocketAddr>,
}

impl Way {
    pub(super) fn new(bottleneck: Bottleneck, direction: Direction, counts: Arc<Mutex<[Counts; 2]>>) -> Self {
        let inside = Inside { bottleneck, under_way: BTreeMap::new(), held: 0, next: 0 };
        Self { inside: Rc::new(RefCell::new(inside)), due: Rc::default(), direction, counts }
    }

    pub(super) fn change(&self, schedule: Schedule) {
        self.inside.borrow_mut().bottleneck.change(now(), schedule);
    }

    /// Sends a datagram, whose headers have so many bytes.
    pub(super) fn send(&self, payload: &[u8], headers: u64, exit: &Exit) {
        let mut inside = self.inside.borrow_mut();
        let bytes = payload.len() as u64;
        let full = inside.held + payload.len() + EACH > MOST;
        let fate = if full { None } else { Some(inside.bottleneck.send(now(), bytes + headers)) };
        self.count(|counts| {
            counts.came += 1;
            counts.came_bytes += bytes;
            match fate {
                Some(Fate::Arrives(_)) => {}
                Some(Fate::Overflowed) => counts.overflowed += 1,
                Some(Fate::Lost) => counts.lost += 1,
                None => counts.refused += 1,
            }
        });
        let Some(Fate::Arrives(at)) = fate else { return };
        let key = (at, inside.next);
        let first = inside.under_way.first_key_value().is_none_or(|(first, _)| key < *first);
        inside.next += 1;
        inside.held += payload.len() + EACH;
        inside.under_way.insert(key, Datagram { payload: payload.into(), exit: exit.clone() });
        if first {
            self.due.notify_one();
        }
    }

    /// Delivers datagrams, each when it is due.
    pub(super) async fn deliver(&self) {
        loop {
            let due = self.inside.borrow().under_way.first_key_value().map(|((at, _), _)| *at);
            match due {
                Some(at) if at <= now() => self.deliver_first().await,
                Some(at) => tokio::select! {
                    () = until(at) => {}
                    () = self.due.notified() => {}
                },
                None => self.due.notified().await,
            }
        }
    }

    async fn deliver_first(&self) {
        let Some((_, Datagram { payload, exit })) = self.take_first() else { return };
        let sent = match exit.to {
            Some(to) => exit.socket.send_to(&payload, to).await,
            None => exit.socket.send(&payload).await,
        };
        self.count(|counts| match sent {
            Ok(_) => {
                counts.passed += 1;
                counts.passed_bytes += payload.len() as u64;
            }
            Err(_) => counts.refused += 1,
        });
    }

    fn take_first(&self) -> Option<((u64, u64), Datagram)> {
        let mut inside = self.inside.borrow_mut();
        let first = inside.under_way.pop_first()?;
        inside.held -= first.1.payload.len() + EACH;
        Some(first)
    }

    /// Waits until the queue has room for a piece of a stream, and sends it: when it arrives.
    pub(super) async fn carry(&self, payload: u64, headers: u64, before: u64) -> u64 {
        self.count(|counts| {
            counts.came += 1;
            counts.came_bytes += payload;
        });
        loop {
            let (at, room) = {
                let at = now();
                (at, self.inside.borrow_mut().bottleneck.fits_at(at, payload + headers))
            };
            if room <= at {
                break;
            }
            until(room).await;
        }
        let (arrival, lost) = self.inside.borrow_mut().bottleneck.carry(now(), payload + headers, before);
        self.count(|counts| counts.repeated += u64::from(lost));
        arrival
    }

    /// A piece of a stream has arrived.
    pub(super) fn arrived(&self, bytes: u64) {
        self.count(|counts| {
            counts.passed += 1;
            counts.passed_bytes += bytes;
        });
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut counts[self.direction as usize]);
    }
}

/// Bytes of the headers of IP and `transport` (8 of UDP, 32 of TCP with timestamps) towards an address.
pub(super) const fn headers(address: SocketAddr, transport: u64) -> u64 {
    transport + if address.is_ipv4() { 20 } else { 40 }
}

/// Microseconds since the first relay of this process began.
pub(super) fn now() -> u64 {
    begin().elapsed().as_micros() as u64
}

/// Waits until then.
pub(super) async fn until(at: u64) {
    sleep_until(begin() + Duration::from_micros(at)).await;
}

fn begin() -> Instant {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    *BEGIN.get_or_init(Instant::now)
}
