//! The world: units, peers and the network between them on virtual time, one event after the other.

mod control;
mod deliver;
mod hostile;
mod settle;

pub use control::{ALL, PeerSpec, mid};

use super::{
    line::Line,
    model::Model,
    network::Link,
    peer::{Peer, seed_shares},
    tap::Tap,
    unit,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, VecDeque},
    net::SocketAddr,
};
use viva_media::{Carrier, LayerSet, Mid, Path};
use viva_peer::Random;
use viva_sfu::{Event, HandshakeFailure, LeaveReason, Limits, Sfu, Stats, TransportState};
use viva_wire::{Micros, ntp::NtpClock};

/// Peers look at their clocks so often.
const TICK: u64 = 5_000;

/// Lines of the log that are kept.
const LOG: usize = 5_000;

/// Signaling takes so long.
const SIGNALING: u64 = 40_000;

/// One unit with what is known of it.
pub struct Unit {
    /// The real thing.
    pub sfu: Sfu,
    /// Where its peers find it.
    pub address: SocketAddr,
    /// The truth about its rooms.
    pub model: Model,
    wake: u64,
}

/// A peer with its two directions and its checker.
pub struct Place {
    /// The peer.
    pub peer: Peer,
    /// From the peer to its unit.
    pub up: Link,
    /// From the unit to the peer.
    pub down: Link,
    /// The line of the world that media takes instead of `down`, from the unit to the peer.
    pub line: Option<usize>,
    /// The checker of what goes down.
    pub tap: Tap,
    /// What the unit told of the transport last.
    pub state: TransportState,
    /// Why the unit let it go.
    pub left: Option<LeaveReason>,
}

/// Everything.
pub struct World {
    /// Now.
    pub now: u64,
    /// The seed that it grew from.
    pub seed: u64,
    /// Units.
    pub units: Vec<Unit>,
    /// Peers, those that left included.
    pub places: Vec<Place>,
    /// Bottlenecks, of which each may lead to several peers.
    pub lines: Vec<Line>,
    /// Every packet is opened and checked when a unit sends it. A scoreboard, which only counts, does without.
    pub checked: bool,
    /// Chance for scenarios.
    pub random: Random,
    /// All that units told.
    pub events: Vec<(u64, usize, Event)>,
    /// Folds all that was sent, in clear.
    pub trace: u64,
    /// Folds every datagram as it was sent, byte for byte, with its moment and its way.
    pub wire: u64,
    /// Sends hostile datagrams so often, in microseconds; zero is never.
    pub hostility: u64,
    /// Hostile datagrams sent.
    pub attacks: u64,
    /// Addresses that peers had before, and whose.
    pub former: BTreeMap<SocketAddr, usize>,
    queue: BinaryHeap<Reverse<Due>>,
    order: u64,
    by_address: BTreeMap<SocketAddr, usize>,
    overheard: VecDeque<(usize, Path, Vec<u8>)>,
    log: Option<VecDeque<String>>,
    next_id: u64,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: u64,
    order: u64,
    what: What,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    ToUnit { unit: usize, path: Path, packet: Vec<u8> },
    ToPeer { place: usize, path: Path, packet: Vec<u8> },
    Tick { place: usize },
    Wake { unit: usize },
    Wanted { place: usize, mid: Mid, encodings: LayerSet },
    Attack,
}

impl World {
    /// A world with one unit and nobody in it.
    pub fn new(seed: u64) -> Self {
        Self::with_units(seed, 1, Limits::default())
    }

    /// A world with several units.
    pub fn with_units(seed: u64, units: usize, limits: Limits) -> Self {
        let mut random = Random::new(seed);
        seed_shares(seed);
        let units = (0..units)
            .map(|unit| Unit {
                sfu: unit::unit(random.draw(), seed, limits),
                address: SocketAddr::from(([192, 0, 2, 1 + unit as u8], 3478)),
                model: Model::default(),
                wake: u64::MAX,
            })
            .collect();
        Self {
            now: 1_000_000,
            seed,
            units,
            places: Vec::new(),
            lines: Vec::new(),
            checked: true,
            random,
            events: Vec::new(),
            trace: 0,
            wire: 0,
            hostility: 0,
            attacks: 0,
            former: BTreeMap::new(),
            queue: BinaryHeap::new(),
            order: 0,
            by_address: BTreeMap::new(),
            overheard: VecDeque::new(),
            log: None,
            next_id: 0,
        }
    }

    /// Keeps the newest lines of what happens, to be told when something fails.
    pub fn keep_log(&mut self) {
        self.log = Some(VecDeque::new());
    }

    /// Is the log kept?
    pub const fn keeps_log(&self) -> bool {
        self.log.is_some()
    }

    /// Goes on for so many milliseconds.
    pub fn run(&mut self, millis: u64) {
        let until = self.now + millis * 1000;
        while let Some(Reverse(next)) = self.queue.peek() {
            if next.at > until {
                break;
            }
            let Some(Reverse(due)) = self.queue.pop() else { break };
            self.now = self.now.max(due.at);
            self.happen(due.what);
        }
        self.now = until;
    }

    /// Goes on until `done`, for at most so many milliseconds; whether it came to that.
    pub fn run_until(&mut self, millis: u64, done: impl Fn(&Self) -> bool) -> bool {
        for _ in 0..millis.div_ceil(5) {
            if done(self) {
                return true;
            }
            self.run(5);
        }
        done(self)
    }

    fn happen(&mut self, what: What) {
        match what {
            What::ToUnit { unit, path, packet } => self.arrive(unit, path, packet),
            What::ToPeer { place, path, packet } => self.reach_peer(place, path, packet),
            What::Tick { place } => self.tick(place),
            What::Wake { unit } => self.wake(unit),
            What::Wanted { place, mid, encodings } => {
                self.places[place].peer.handle_wanted(mid, encodings);
            }
            What::Attack => self.attack(),
        }
    }

    fn schedule(&mut self, at: u64, what: What) {
        self.order += 1;
        self.queue.push(Reverse(Due { at: at.max(self.now), order: self.order, what }));
    }

    fn wake(&mut self, unit: usize) {
        if self.units[unit].wake <= self.now {
            self.units[unit].wake = u64::MAX;
            self.units[unit].sfu.handle_timeout(Micros(self.now));
        }
        self.drain(unit);
    }

    /// A unit's counters now.
    pub fn stats(&mut self, unit: usize) -> Stats {
        self.units[unit].sfu.stats(Micros(self.now))
    }

    /// Why a peer's handshakes failed, as its unit told.
    pub fn failures(&self, place: usize) -> Vec<HandshakeFailure> {
        let told = self.events.iter().filter_map(|(_, _, event)| match event {
            Event::HandshakeFailed { participant, reason, .. }
                if *participant == self.places[place].peer.id =>
            {
                Some(*reason)
            }
            _ => None,
        });
        told.collect()
    }

    /// Microseconds of the world as the units count them.
    pub fn micros(&self) -> Micros {
        Micros(self.now)
    }

    /// The clock of all units.
    pub fn ntp_clock() -> NtpClock {
        NtpClock::new(unit::UNIX_TIME)
    }

    /// Folds a value into the trace.
    pub fn fold(&mut self, value: u64) {
        self.trace = folded(self.trace, value);
    }

    /// Folds a datagram that leaves now.
    fn fold_datagram(&mut self, path: Path, packet: &[u8]) {
        if !self.checked {
            return;
        }
        let head = format!("{} {path} {}", self.now, packet.len());
        for bytes in [head.as_bytes(), packet] {
            for chunk in bytes.chunks(8) {
                let value = chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
                self.wire = folded(self.wire, value);
            }
        }
    }

    /// The hash of all that happened: the same for the same seed.
    pub fn trace(&self) -> u64 {
        self.places.iter().fold(self.trace, |trace, place| trace.rotate_left(7) ^ place.tap.trace)
    }

    /// Writes a line of the log, if it is kept.
    pub fn note(&mut self, line: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(log) = &mut self.log {
            log.push_back(format!("{:>11.6} {}", now as f64 / 1e6, line()));
            if log.len() > LOG {
                log.pop_front();
            }
        }
    }

    /// Ends the run: something is not as it must be.
    #[track_caller]
    pub fn fail(&mut self, message: &str) -> ! {
        for line in self.log.iter().flatten() {
            eprintln!("{line}");
        }
        panic!("seed {} at {:.6} s: {message}", self.seed, self.now as f64 / 1e6);
    }

    fn path(&self, place: usize) -> Path {
        self.places[place].peer.client.path()
    }

    fn is_tcp(path: Path) -> bool {
        path.carrier == Carrier::Tcp
    }
}

/// One step of a hash in which every bit and every place counts.
pub(super) const fn folded(sum: u64, value: u64) -> u64 {
    (sum ^ value).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23)
}
