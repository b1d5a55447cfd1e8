//! Passive ICE-TCP (RFC 6544) of one shard: listeners, connections, and what they may cost.
//!
//! A connection costs a file descriptor before its peer has proven anything. So their number is bounded, in all and
//! for each origin; the first frame must be STUN; and the unit must have answered, which it does only to those
//! who know its credentials, within [`TcpLimits::first_frame`].

mod connection;
mod framing;

use self::connection::{Connection, ReadOutcome, SCRATCH};
use crate::{settings::TcpLimits, stats::IoStats};
use mio::{
    Interest, Registry, Token,
    net::{TcpListener, TcpStream},
};
use socket2::{Domain, SockRef, Socket, Type};
use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    os::fd::AsFd,
    time::Duration,
};
use viva_media::{Carrier, Path};
use viva_sfu::{Micros, Transmit};

/// A bound listening socket.
pub(crate) struct Listener {
    socket: TcpListener,
    local: SocketAddr,
    /// May somebody be waiting? Edge-triggered: true until accepting would block.
    readable: bool,
}

impl Listener {
    const PENDING: i32 = 1024;

    /// Binds to `address`, even while connections of an earlier process linger there.
    ///
    /// # Errors
    /// Of the system calls.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(Self::PENDING)?;
        let socket = TcpListener::from_std(socket.into());
        let local = socket.local_addr()?;
        Ok(Self { socket, local, readable: true })
    }

    pub(crate) const fn local(&self) -> SocketAddr {
        self.local
    }
}

/// All TCP of one shard.
pub(crate) struct Tcp {
    limits: TcpLimits,
    listeners: Vec<Listener>,
    first_token: usize,
    next_token: usize,
    connections: HashMap<Token, Connection>,
    paths: HashMap<Path, Token>,
    origins: HashMap<IpAddr, usize>,
    /// Connections that may have something to read, each once.
    to_read: VecDeque<Token>,
    /// Connections that have something queued and may take it, each once.
    to_write: Vec<Token>,
    /// Paths that are gone and that the unit does not know of yet.
    gone: Vec<Path>,
    scratch: Box<[u8]>,
    /// When the deadlines of connections are looked at next.
    sweep_at: Micros,
    /// When accepting is tried again after the process ran out of something.
    accept_at: Micros,
}

impl Tcp {
    /// Connections accepted from one listener in one turn.
    const ACCEPTS: usize = 16;
    /// Connections read from in one turn, once each.
    const READS: usize = 64;
    /// How exactly deadlines of connections are kept, unless one of them is shorter.
    const SWEEP: Duration = Duration::from_secs(1);
    const SHORTEST_SWEEP: Duration = Duration::from_millis(10);
    /// After running out of file descriptors.
    const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
    /// Bytes that the kernel may hold unsent: what waits longer is stale, and is better dropped by us.
    const UNSENT: u32 = 32 << 10;

    /// Registers the listeners under tokens from `first_token` on; all tokens above are for connections.
    ///
    /// # Errors
    /// When registering fails.
    pub(crate) fn new(
        mut listeners: Vec<Listener>,
        limits: TcpLimits,
        registry: &Registry,
        first_token: usize,
    ) -> io::Result<Self> {
        for (index, listener) in listeners.iter_mut().enumerate() {
            registry.register(&mut listener.socket, Token(first_token + index), Interest::READABLE)?;
        }
        Ok(Self {
            limits,
            next_token: first_token + listeners.len(),
            listeners,
            first_token,
            connections: HashMap::new(),
            paths: HashMap::new(),
            origins: HashMap::new(),
            to_read: VecDeque::new(),
            to_write: Vec::new(),
            gone: Vec::new(),
            scratch: vec![0; SCRATCH].into(),
            sweep_at: Micros::NEVER,
            accept_at: Micros::NEVER,
        })
    }

    /// Notes what the kernel says about a socket of ours.
    pub(crate) fn note(&mut self, event: &mio::event::Event) {
        if let Some(listener) = self.listeners.get_mut(event.token().0.wrapping_sub(self.first_token)) {
            listener.readable = true;
        } else if let Some(connection) = self.connections.get_mut(&event.token()) {
            let readable = event.is_readable() || event.is_read_closed() || event.is_error();
            if readable && !std::mem::replace(&mut connection.listed_to_read, true) {
                self.to_read.push_back(event.token());
            }
            let writable = event.is_writable() && !connection.queue.is_empty();
            if writable && !std::mem::replace(&mut connection.listed_to_write, true) {
                self.to_write.push(event.token());
            }
        }
    }

    /// May something be accepted or read without waiting?
    pub(crate) fn has_work(&self) -> bool {
        !self.to_read.is_empty() || self.listeners.iter().any(|listener| listener.readable)
    }

    /// When [`Tcp::sweep`] is due.
    pub(crate) fn deadline(&self) -> Micros {
        self.sweep_at.min(self.accept_at)
    }

    /// Accepts who waits, within the limits.
    pub(crate) fn accept(&mut self, now: Micros, registry: &Registry, stats: &mut IoStats) {
        for index in 0..self.listeners.len() {
            for _ in 0..Self::ACCEPTS {
                let Some(listener) = self.listeners.get_mut(index).filter(|listener| listener.readable)
                else {
                    break;
                };
                match listener.socket.accept() {
                    Ok((stream, remote)) => self.admit(now, stream, remote, registry, stats),
                    Err(error) => {
                        listener.readable = is_about_one_connection(&error);
                        if !listener.readable && error.kind() != io::ErrorKind::WouldBlock {
                            tracing::error!(%error, "TCP connections cannot be accepted");
                            self.accept_at = now + Self::ACCEPT_PAUSE;
                        }
                    }
                }
            }
        }
    }

    fn admit(
        &mut self,
        now: Micros,
        mut stream: TcpStream,
        remote: SocketAddr,
        registry: &Registry,
        stats: &mut IoStats,
    ) {
        let origin = origin_of(remote.ip());
        let from_there = self.origins.get(&origin).copied().unwrap_or(0);
        let full = self.connections.len() >= self.limits.connections || from_there >= self.limits.per_address;
        let Ok(local) = stream.local_addr() else { return };
        let token = Token(self.next_token);
        let interest = Interest::READABLE | Interest::WRITABLE;
        if full || registry.register(&mut stream, token, interest).is_err() {
            stats.tcp_refused += 1;
            return;
        }
        prepare(&stream);
        let path = Path { carrier: Carrier::Tcp, local, remote };
        // The same two ends again: the connection before must have died without our noticing.
        if let Some(older) = self.paths.get(&path).copied() {
            self.drop_connection(older);
        }
        self.next_token += 1;
        stats.tcp_accepted += 1;
        *self.origins.entry(origin).or_default() += 1;
        self.paths.insert(path, token);
        self.connections.insert(token, Connection::new(stream, path, origin, now, self.limits.queue));
        self.sweep_at = self.sweep_at.min(now + self.sweep_interval());
    }

    /// Reads once from each connection that may have something, and hands out the packets.
    pub(crate) fn read(&mut self, now: Micros, stats: &mut IoStats, mut handle: impl FnMut(Path, &mut [u8])) {
        for _ in 0..self.to_read.len().min(Self::READS) {
            let Some(token) = self.to_read.pop_front() else { return };
            let Some(connection) = self.connections.get_mut(&token) else { continue };
            match connection.read(now, &mut self.scratch, stats, &mut handle) {
                ReadOutcome::More => self.to_read.push_back(token),
                ReadOutcome::Dry => connection.listed_to_read = false,
                ReadOutcome::Closed => self.drop_connection(token),
                ReadOutcome::Malformed => {
                    stats.tcp_malformed += 1;
                    self.drop_connection(token);
                }
            }
        }
    }

    /// Queues packets, each as one frame; they leave with the next [`Tcp::flush`].
    pub(crate) fn send(&mut self, transmit: &Transmit<'_>, stats: &mut IoStats) {
        let packets = transmit.bytes.chunks(transmit.segment.max(1));
        let Some(token) = self.paths.get(&transmit.path) else {
            stats.no_socket += packets.len() as u64;
            return;
        };
        let Some(connection) = self.connections.get_mut(token) else { return };
        connection.proven = true;
        for packet in packets {
            if connection.queue(packet) {
                stats.tcp_frames_out += 1;
            } else {
                stats.tcp_queue_drops += 1;
            }
        }
        let worth_trying = !connection.queue.is_blocked() && !connection.queue.is_empty();
        if worth_trying && !std::mem::replace(&mut connection.listed_to_write, true) {
            self.to_write.push(*token);
        }
    }

    /// Writes what is queued.
    pub(crate) fn flush(&mut self, now: Micros, stats: &mut IoStats) {
        while let Some(token) = self.to_write.pop() {
            let Some(connection) = self.connections.get_mut(&token) else { continue };
            connection.listed_to_write = false;
            if connection.write(now, stats).is_err() {
                self.drop_connection(token);
            }
        }
    }

    /// Closes a connection that the unit is done with; what is queued is offered to the kernel once more.
    pub(crate) fn close(&mut self, now: Micros, path: &Path, stats: &mut IoStats) {
        let Some(token) = self.paths.get(path).copied() else { return };
        if let Some(connection) = self.connections.get_mut(&token) {
            // It ends here either way.
            let _ = connection.write(now, stats);
        }
        self.forget(token);
    }

    /// Closes connections whose time is up.
    pub(crate) fn sweep(&mut self, now: Micros, stats: &mut IoStats) {
        if now >= self.accept_at {
            self.accept_at = Micros::NEVER;
            self.listeners.iter_mut().for_each(|listener| listener.readable = true);
        }
        if now < self.sweep_at {
            return;
        }
        let limits = self.limits;
        let mut expired = Vec::new();
        for (&token, connection) in &mut self.connections {
            if !connection.proven && now.since(connection.opened) >= limits.first_frame {
                stats.tcp_unproven += 1;
                expired.push(token);
            } else if now.since(connection.heard) >= limits.idle {
                stats.tcp_idle += 1;
                expired.push(token);
            } else if connection.queue.is_stuck(now, limits.stuck) {
                stats.tcp_stuck += 1;
                expired.push(token);
            } else {
                connection.queue.shrink();
            }
        }
        expired.into_iter().for_each(|token| self.drop_connection(token));
        self.sweep_at = if self.connections.is_empty() { Micros::NEVER } else { now + self.sweep_interval() };
    }

    fn sweep_interval(&self) -> Duration {
        let TcpLimits { first_frame, idle, stuck, .. } = self.limits;
        Self::SWEEP.min(first_frame).min(idle).min(stuck).max(Self::SHORTEST_SWEEP)
    }

    /// A connection that is gone and that the unit must hear of.
    pub(crate) fn next_gone(&mut self) -> Option<Path> {
        self.gone.pop()
    }

    /// Connections that are open now, proven or not.
    pub(crate) fn len(&self) -> usize {
        self.connections.len()
    }

    /// Does something wait to be taken by a peer?
    pub(crate) fn has_queue(&self) -> bool {
        self.connections.values().any(|connection| !connection.queue.is_empty())
    }

    fn drop_connection(&mut self, token: Token) {
        if let Some(path) = self.forget(token) {
            self.gone.push(path);
        }
    }

    fn forget(&mut self, token: Token) -> Option<Path> {
        let connection = self.connections.remove(&token)?;
        self.paths.remove(&connection.path);
        if let Some(count) = self.origins.get_mut(&connection.origin) {
            *count -= 1;
            if *count == 0 {
                self.origins.remove(&connection.origin);
            }
        }
        Some(connection.path)
    }
}

/// Small packets leave at once, and the kernel hoards no more than it needs. A kernel that cannot do so serves too.
pub(crate) fn prepare(stream: &impl AsFd) {
    let socket = SockRef::from(stream);
    if let Err(error) = socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_notsent_lowat(Tcp::UNSENT))
    {
        tracing::debug!(%error, "a TCP connection keeps the kernel's defaults");
    }
}

/// Errors of accept(2) that concern only the connection at the head of the queue: the next may be sound.
fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

/// Whom a connection counts for: an IPv4 address, or an IPv6 /64, which is what one subscriber has.
fn origin_of(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}
