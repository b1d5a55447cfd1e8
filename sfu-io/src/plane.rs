//! All shards together: starting, placing rooms, stopping.

use crate::{
    address::{self, Announcement},
    backlog::{Backlog, Events, PlaneEvent},
    clock::Clock,
    core::Core,
    mailbox::Shared,
    placement::Placement,
    relay::Relays,
    settings::Settings,
    shard::Shard,
    tcp::{Listener, Tcp},
    udp::UdpEndpoint,
    worker::{Equipment, Sockets, WAKE, Worker},
};
use mio::{Poll, Waker};
use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::sync_channel},
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};
use viva_media::{Candidate, Protocol, RoomId};
use viva_sfu::{Config, Micros, Sfu};

/// The media plane of this process. Cheap to clone; when the last clone is dropped, the shards end.
#[derive(Clone)]
pub struct MediaPlane(Arc<Inner>);

struct Inner {
    clock: Clock,
    shards: Vec<Shard>,
    placement: Mutex<Placement>,
    threads: Mutex<Vec<Thread>>,
}

/// A running thread. The channel closes when everything that the thread had is freed.
struct Thread {
    handle: JoinHandle<()>,
    ended: oneshot::Receiver<()>,
}

/// No shard is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no shard is alive")]
pub struct NoShard;

impl MediaPlane {
    /// Binds all sockets and starts the shards, each with a unit of its own.
    ///
    /// # Errors
    /// As with [`MediaPlane::start_with`]; a unit cannot be made when the DTLS engine does not take our settings.
    pub fn start(settings: &Settings) -> io::Result<(Self, Events)> {
        Self::start_with(settings, |config| Sfu::new(config).map_err(io::Error::other))
    }

    /// Binds all sockets and starts the shards, each with a unit that `unit` makes on the shard's own thread.
    ///
    /// # Errors
    /// When an address cannot be bound, a thread cannot be started or a unit cannot be made. A wildcard of a family
    /// that the host lacks is passed over, as long as something remains.
    pub fn start_with<C: Core>(
        settings: &Settings,
        unit: impl Fn(Config) -> io::Result<C> + Clone + Send + 'static,
    ) -> io::Result<(Self, Events)> {
        let clock = Clock::start();
        let count = settings.shards.max(1);
        // One place more for each shard, reserved below, so that its death can always be told.
        let (events, received) = mpsc::channel(settings.events.max(1) + count);
        let wildcard = settings.bind.iter().any(IpAddr::is_unspecified);
        let interfaces = if wildcard { address::interface_addresses()? } else { Vec::new() };
        let equip = |index| equip(settings, index, clock, &interfaces, events.clone());
        let (shards, equipments): (Vec<_>, Vec<_>) =
            (0..count).map(equip).collect::<io::Result<Vec<_>>>()?.into_iter().unzip();

        let placement = Mutex::new(Placement::new(count));
        // From here on, an error drops the plane, which ends the threads that run already.
        let plane = Self(Arc::new(Inner { clock, shards, placement, threads: Mutex::default() }));
        for (index, equipment) in equipments.into_iter().enumerate() {
            let config = Config {
                certificate: settings.certificate.clone(),
                epoch: clock.epoch(),
                unix_time: clock.unix_time(),
                seed: settings.shard_seed(index),
                limits: settings.unit,
                chance: None,
            };
            let core = settings.pin.then_some(index);
            let death_notice = events.clone().try_reserve_owned().map_err(io::Error::other)?;
            let unit = unit.clone();
            let thread = spawn(equipment, core, death_notice, move || unit(config))?;
            plane.threads().push(thread);
        }
        Ok((plane, received))
    }

    /// All shards, by index.
    pub fn shards(&self) -> &[Shard] {
        &self.0.shards
    }

    /// The shard that a room lives on, chosen by load when it is first asked for and kept until
    /// [`MediaPlane::release`]. A room whose shard has died gets a new one.
    ///
    /// # Errors
    /// [`NoShard`] when none is alive.
    pub fn place(&self, room: RoomId) -> Result<Shard, NoShard> {
        let now = self.0.clock.now().since(Micros(0)).as_micros() as u64;
        let mut placement = self.placement();
        for shard in &self.0.shards {
            placement.sample(shard.index(), now, shard.load().busy.as_micros() as u64);
        }
        let alive = |index: usize| self.0.shards.get(index).is_some_and(Shard::is_alive);
        let index = placement.place(room, alive).ok_or(NoShard)?;
        self.0.shards.get(index).cloned().ok_or(NoShard)
    }

    /// The shard of a room that has been placed.
    pub fn find(&self, room: RoomId) -> Option<Shard> {
        let index = self.placement().find(room)?;
        self.0.shards.get(index).cloned()
    }

    /// The room is no more; if it comes again, it may live elsewhere.
    pub fn release(&self, room: RoomId) {
        self.placement().release(room);
    }

    /// Shards whose thread has ended; anything in here makes the process not ready.
    pub fn dead_shards(&self) -> Vec<usize> {
        self.0.shards.iter().filter(|shard| !shard.is_alive()).map(Shard::index).collect()
    }

    /// Ends all shards: they do what is in their mailboxes, send what comes of it, and free their sockets. True
    /// when all have done so `within` this time; those that have not go on trying by themselves.
    pub async fn shutdown(&self, within: Duration) -> bool {
        self.0.stop();
        let threads = std::mem::take(&mut *self.threads());
        let all_ended = async {
            for thread in threads {
                // The sender is dropped, never used.
                let _ = thread.ended.await;
                // Nothing is left to do on that thread; its panics have been caught.
                let _ = thread.handle.join();
            }
        };
        tokio::time::timeout(within, all_ended).await.is_ok()
    }

    fn placement(&self) -> MutexGuard<'_, Placement> {
        self.0.placement.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn threads(&self) -> MutexGuard<'_, Vec<Thread>> {
        self.0.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MediaPlane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaPlane").field("shards", &self.0.shards).finish_non_exhaustive()
    }
}

impl Inner {
    fn stop(&self) {
        self.shards.iter().for_each(Shard::stop);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Binds the sockets of one shard and makes its handle.
fn equip(
    settings: &Settings,
    index: usize,
    clock: Clock,
    interfaces: &[IpAddr],
    events: mpsc::Sender<PlaneEvent>,
) -> io::Result<(Shard, Equipment)> {
    let port = shard_port(settings, index)?;
    let (receive, send) = (settings.receive_buffer, settings.send_buffer);
    let udp = bind_all(settings, port, |address| {
        let endpoint = UdpEndpoint::bind(address, receive, send, settings.gso)?;
        Ok(endpoint.with_source(address::source(address.ip(), interfaces)))
    })?;
    let listeners = if settings.tcp { bind_all(settings, port, Listener::bind)? } else { Vec::new() };

    let announcement =
        Announcement { interfaces, public: &settings.public, announce_bound: settings.announce_bound };
    let locals: Vec<_> = udp.iter().map(UdpEndpoint::local).collect();
    let mut candidates = announcement.candidates(Protocol::Udp, &locals);
    let locals: Vec<_> = listeners.iter().map(Listener::local).collect();
    candidates.extend(announcement.candidates(Protocol::Tcp, &locals));

    let poll = Poll::new()?;
    let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
    let tcp = |first_token| Tcp::new(listeners, settings.tcp_limits, poll.registry(), first_token);
    let sockets = Sockets::new(udp, &poll, tcp, Relays::new(peers(&candidates), settings.tcp_limits))?;
    let (sender, mailbox) = sync_channel(settings.mailbox.max(1));
    let shared = Arc::new(Shared::default());
    let shard = Shard::new(index, candidates, sender, Arc::clone(&waker), Arc::clone(&shared));
    let backlog = Backlog::new(index, events, settings.event_backlog());
    Ok((shard, Equipment { index, clock, poll, waker, mailbox, shared, sockets, backlog }))
}

/// What clients of TURN may reach: the sockets of this shard for UDP, as they are told.
fn peers(candidates: &[Candidate]) -> Arc<[SocketAddr]> {
    let udp = candidates.iter().filter(|candidate| candidate.protocol == Protocol::Udp);
    udp.map(|candidate| candidate.address).collect()
}

fn shard_port(settings: &Settings, index: usize) -> io::Result<u16> {
    if settings.base_port == 0 {
        return Ok(0);
    }
    let port = u16::try_from(index).ok().and_then(|index| settings.base_port.checked_add(index));
    port.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the ports of the shards end above 65535"))
}

/// One socket for every address of the settings.
fn bind_all<S>(
    settings: &Settings,
    port: u16,
    bind: impl Fn(SocketAddr) -> io::Result<S>,
) -> io::Result<Vec<S>> {
    let mut sockets = Vec::new();
    let mut lacking = None;
    for &ip in &settings.bind {
        match bind(SocketAddr::new(ip, port)) {
            Ok(socket) => sockets.push(socket),
            Err(error) if ip.is_unspecified() && lacks_family(&error) => lacking = Some(error),
            Err(error) => {
                return Err(io::Error::new(error.kind(), format!("cannot bind {ip}:{port}: {error}")));
            }
        }
    }
    match lacking {
        Some(error) if sockets.is_empty() => Err(error),
        None if sockets.is_empty() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "there is no address to bind"))
        }
        _ => Ok(sockets),
    }
}

/// Could an address not be bound since the host has no IPv6, or no IPv4?
pub fn lacks_family(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(Errno::from_io_error(error), Some(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL))
}

/// Starts the thread of a shard and waits until it has its unit. Whatever ends it later, its handles learn of it, and
/// the plane too unless it was asked to end.
fn spawn<C: Core>(
    equipment: Equipment,
    core: Option<usize>,
    death_notice: mpsc::OwnedPermit<PlaneEvent>,
    unit: impl FnOnce() -> io::Result<C> + Send + 'static,
) -> io::Result<Thread> {
    let index = equipment.index;
    let shared = Arc::clone(&equipment.shared);
    let (ending, ended) = oneshot::channel();
    let (made, first_word) = sync_channel(1);
    let body = move || {
        if let Some(core) = core {
            pin_to(core);
        }
        let result = catch_unwind(AssertUnwindSafe(|| match unit() {
            Ok(unit) => {
                // Who started us waits for this, and for nothing after it.
                let _ = made.send(Ok(()));
                Worker::new(equipment, unit).run()
            }
            Err(error) => {
                let _ = made.send(Err(error));
                Ok(())
            }
        }));
        shared.mark_dead();
        let defect = match result {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("it panicked".to_owned()),
        };
        if let Some(reason) = defect {
            tracing::error!(shard = index, reason, "a shard has died; its rooms are gone");
            death_notice.send(PlaneEvent::Died { shard: index });
        }
        drop(ending);
    };
    let handle = thread::Builder::new().name(format!("viva-shard-{index}")).spawn(body)?;
    first_word.recv().map_err(|_| io::Error::other("a unit could not be made"))??;
    Ok(Thread { handle, ended })
}

/// Pins this thread to the `nth` core that it may run on, counted around. Failing costs speed only.
fn pin_to(nth: usize) {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let pinned = sched_getaffinity(None).and_then(|allowed| {
        let cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
        let Some(core) = cores.cycle().nth(nth) else { return Ok(()) };
        let mut only = CpuSet::new();
        only.set(core);
        sched_setaffinity(None, &only)
    });
    if let Err(error) = pinned {
        tracing::warn!(%error, "a shard could not be pinned to a core");
    }
}
