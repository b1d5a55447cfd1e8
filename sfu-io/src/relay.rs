//! TURN allocations of one shard: clients whose packets come through the server's doors instead of the media ports.
//!
//! Who opened the connection, which seat it is for and that it may be are settled before it comes here, whole: the socket, the
//! TLS session, what has been read. From then on it is one more way in and out of the unit, under a relayed address that is a
//! name and no socket.

mod client;
mod link;

pub use link::Link;

use self::client::{Client, Heard, SCRATCH};
use crate::{settings::TcpLimits, stats::IoStats};
use mio::{Interest, Registry, Token};
use std::{
    any::Any,
    collections::{HashMap, VecDeque},
    fmt,
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use viva_media::{ParticipantId, Path};
use viva_sfu::{Micros, Transmit};
use viva_turn::{Allocation, Grant};

/// Tokens from here on are those of relayed clients.
pub(crate) const FIRST_TOKEN: usize = 1 << 48;

/// A client that has proven whose it is, with all that belongs to its connection.
pub struct Arrival {
    /// Its socket.
    pub link: Link,
    /// What it has proven.
    pub grant: Grant,
    /// What came behind its request and has been read already.
    pub early: Vec<u8>,
    /// Lives as long as the allocation: whoever counts allocations learns here that one has ended.
    pub held: Box<dyn Any + Send>,
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arrival({:?})", self.grant.participant)
    }
}

/// All allocations of one shard.
pub(crate) struct Relays {
    limits: TcpLimits,
    /// The shard's own sockets, as clients are told them.
    peers: Arc<[SocketAddr]>,
    clients: HashMap<Token, Client>,
    by_relayed: HashMap<SocketAddr, Token>,
    next_token: usize,
    next_port: u16,
    /// Clients that may have something to read, each once.
    to_read: VecDeque<Token>,
    /// Clients that have something queued and may take it, each once.
    to_write: Vec<Token>,
    /// Paths that are gone and that the unit does not know of yet.
    gone: Vec<Path>,
    scratch: Box<[u8]>,
    sweep_at: Micros,
}

impl Relays {
    /// Clients read from in one turn, once each.
    const READS: usize = 64;
    /// How exactly lifetimes are kept.
    const SWEEP: Duration = Duration::from_secs(1);
    /// Relayed addresses have ports from here on, none of which is bound.
    const FIRST_PORT: u16 = 1024;

    pub(crate) fn new(peers: Arc<[SocketAddr]>, limits: TcpLimits) -> Self {
        Self {
            limits,
            peers,
            clients: HashMap::new(),
            by_relayed: HashMap::new(),
            next_token: FIRST_TOKEN,
            next_port: Self::FIRST_PORT,
            to_read: VecDeque::new(),
            to_write: Vec::new(),
            gone: Vec::new(),
            scratch: vec![0; SCRATCH].into(),
            sweep_at: Micros::NEVER,
        }
    }

    /// Opens an allocation for who has come; or tells the client why not: there is no name for it, or the kernel does not
    /// watch its socket.
    pub(crate) fn admit(&mut self, now: Micros, arrival: Arrival, registry: &Registry, stats: &mut IoStats) {
        let Arrival { mut link, grant, early, held } = arrival;
        let refusal = match self.name(grant.wants_ipv6(), grant.wants_even_port()) {
            Named::Here(relayed) => {
                let token = Token(self.next_token);
                let interest = Interest::READABLE | Interest::WRITABLE;
                if registry.register(link.source(), token, interest).is_ok() {
                    self.next_token += 1;
                    stats.relays_opened += 1;
                    let (allocation, answer) = Allocation::open(grant, relayed, self.peers.clone(), now);
                    let mut client = Client::new(link, allocation, early, held, self.limits.queue);
                    client.say(&answer, stats);
                    client.listed_to_read = true;
                    client.listed_to_write = true;
                    self.by_relayed.insert(relayed, token);
                    self.clients.insert(token, client);
                    self.to_read.push_back(token);
                    self.to_write.push(token);
                    self.sweep_at = self.sweep_at.min(now + Self::SWEEP);
                    return;
                }
                grant.no_capacity()
            }
            Named::NoFamily => grant.no_such_family(),
            Named::Full => grant.no_capacity(),
        };
        stats.relays_refused += 1;
        link.say_last(&refusal);
    }

    /// A relayed address that nobody has: the shard's own, with a port that means nothing. IPv4 unless IPv6 is asked for
    /// (RFC 8656 §7.2), or there is nothing else to reach.
    fn name(&mut self, ipv6: Option<bool>, even: bool) -> Named {
        let of_family = |ipv6: bool| self.peers.iter().map(SocketAddr::ip).find(|ip| ip.is_ipv6() == ipv6);
        let ip = match ipv6 {
            Some(ipv6) => of_family(ipv6),
            None => of_family(false).or_else(|| of_family(true)),
        };
        let Some(ip) = ip else { return Named::NoFamily };
        for _ in Self::FIRST_PORT..=u16::MAX {
            let relayed = SocketAddr::new(ip, self.next_port);
            self.next_port = self.next_port.checked_add(1).unwrap_or(Self::FIRST_PORT);
            let fits = !even || relayed.port().is_multiple_of(2);
            if fits && !self.by_relayed.contains_key(&relayed) {
                return Named::Here(relayed);
            }
        }
        Named::Full
    }

    /// Ends all allocations of a seat that is gone.
    pub(crate) fn close_of(&mut self, participant: ParticipantId) {
        let theirs = |client: &&Client| client.allocation.participant() == participant;
        let tokens: Vec<Token> =
            self.clients.iter().filter(|(_, client)| theirs(client)).map(|(token, _)| *token).collect();
        tokens.into_iter().for_each(|token| self.drop_client(token));
    }

    /// Notes what the kernel says about a socket of ours.
    pub(crate) fn note(&mut self, event: &mio::event::Event) {
        let Some(client) = self.clients.get_mut(&event.token()) else { return };
        let readable = event.is_readable() || event.is_read_closed() || event.is_error();
        if readable && !std::mem::replace(&mut client.listed_to_read, true) {
            self.to_read.push_back(event.token());
        }
        let writable = event.is_writable() && client.has_queue();
        if writable && !std::mem::replace(&mut client.listed_to_write, true) {
            self.to_write.push(event.token());
        }
    }

    /// May something be read without waiting?
    pub(crate) fn has_work(&self) -> bool {
        !self.to_read.is_empty()
    }

    /// When [`Relays::sweep`] is due.
    pub(crate) const fn deadline(&self) -> Micros {
        self.sweep_at
    }

    /// Reads once from each client that may have something, and hands out the packets for the unit.
    pub(crate) fn read(&mut self, now: Micros, stats: &mut IoStats, mut handle: impl FnMut(Path, &mut [u8])) {
        for _ in 0..self.to_read.len().min(Self::READS) {
            let Some(token) = self.to_read.pop_front() else { return };
            let Some(client) = self.clients.get_mut(&token) else { continue };
            let heard = client.read(now, &mut self.scratch, stats, &mut handle);
            if client.has_queue() && !std::mem::replace(&mut client.listed_to_write, true) {
                self.to_write.push(token);
            }
            match heard {
                Heard::More => self.to_read.push_back(token),
                Heard::Dry => client.listed_to_read = false,
                Heard::Ended => {
                    // It ends here either way.
                    let _ = client.write(now, stats);
                    self.drop_client(token);
                }
                Heard::Malformed => {
                    stats.relay_malformed += 1;
                    self.drop_client(token);
                }
            }
        }
    }

    /// Sends packets of the unit to a client; in a stream they leave with the next [`Relays::flush`].
    pub(crate) fn send(&mut self, now: Micros, transmit: &Transmit<'_>, stats: &mut IoStats) {
        let token = self.by_relayed.get(&transmit.path.remote).copied();
        let Some((token, client)) = token.and_then(|token| Some((token, self.clients.get_mut(&token)?)))
        else {
            stats.no_socket += transmit.packets().len() as u64;
            return;
        };
        let packets = transmit.bytes.chunks(transmit.segment.max(1));
        client.send(now, transmit.path.local, packets, &mut self.scratch, stats);
        let worth_trying = !client.queue.is_blocked() && client.has_queue();
        if worth_trying && !std::mem::replace(&mut client.listed_to_write, true) {
            self.to_write.push(token);
        }
    }

    /// Writes what is queued.
    pub(crate) fn flush(&mut self, now: Micros, stats: &mut IoStats) {
        while let Some(token) = self.to_write.pop() {
            let Some(client) = self.clients.get_mut(&token) else { continue };
            client.listed_to_write = false;
            if client.write(now, stats).is_err() {
                self.drop_client(token);
            }
        }
    }

    /// Ends what is not refreshed, and who takes nothing.
    pub(crate) fn sweep(&mut self, now: Micros, stats: &mut IoStats) {
        if now < self.sweep_at {
            return;
        }
        let mut over = Vec::new();
        for (&token, client) in &mut self.clients {
            let stuck = client.queue.is_stuck(now, self.limits.stuck);
            if stuck {
                stats.relay_stuck += 1;
            }
            if stuck || client.allocation.expires() <= now {
                over.push(token);
            } else {
                client.queue.shrink();
            }
        }
        over.into_iter().for_each(|token| self.drop_client(token));
        self.sweep_at = if self.clients.is_empty() { Micros::NEVER } else { now + Self::SWEEP };
    }

    /// A path that is gone and that the unit must hear of.
    pub(crate) fn next_gone(&mut self) -> Option<Path> {
        self.gone.pop()
    }

    /// Allocations that stand now.
    pub(crate) fn len(&self) -> usize {
        self.clients.len()
    }

    /// Does something wait to be taken by a client?
    pub(crate) fn has_queue(&self) -> bool {
        self.clients.values().any(Client::has_queue)
    }

    fn drop_client(&mut self, token: Token) {
        let Some(client) = self.clients.remove(&token) else { return };
        self.by_relayed.remove(&client.allocation.relayed());
        self.gone.extend(client.paths());
    }
}

enum Named {
    Here(SocketAddr),
    NoFamily,
    Full,
}
