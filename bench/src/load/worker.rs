//! One thread of the load: its clients, their timers, their sockets.
//!
//! Sockets are looked at in turns rather than waited for: a receiver that sleeps in the kernel would have to be woken by
//! the sender, and the price of that would be charged to the server under test.

use super::{NewClient, now};
use crate::{
    client::{Client, Identity, Observed},
    line::{Faults, Line},
    tally::Tally,
};
use nix::sys::socket::{setsockopt, sockopt::UdpGroSegment};
use quinn_udp::{RecvMeta, UdpSockRef, UdpSocketState};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr, UdpSocket},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, TryRecvError},
    },
    thread,
    time::Duration,
};
use tokio::sync::mpsc::UnboundedSender;
use viva_media::SrtpProfile;
use viva_peer::Random;

/// Between two looks at the sockets, if the round before did not take longer.
const ROUND: u64 = 1_000;
/// Rounds in which every socket is looked at once: an empty look costs as much as a packet.
const TURNS: usize = 4;
/// Datagrams of one read.
const BATCH: usize = 16;
/// Bytes of the longest datagram.
const DATAGRAM: usize = 2048;
/// Bytes that wait in a socket; a client that is looked at each millisecond needs far less.
const BUFFER: usize = 1 << 20;

/// Names a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId {
    pub(super) worker: usize,
    pub(super) client: u64,
}

/// How far a client is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// When its keys were there.
    pub connected: Option<u64>,
    /// When its first media came.
    pub first_media: Option<u64>,
    /// Its transport is closed.
    pub closed: bool,
    /// How it is sealed.
    pub profile: Option<SrtpProfile>,
}

/// What a thread is told.
pub(super) enum Command {
    Add(ClientId, Box<NewClient>),
    Remove(ClientId, bool),
    Play(bool),
    Faults(Faults),
    Wanted(ClientId, String, Vec<String>, bool),
    Observe(ClientId, UnboundedSender<Observed>),
    AskKeyFrames(ClientId),
    Tally(Sender<Tally>),
    Progress(Sender<Vec<(ClientId, Progress)>>),
    Sinks(IpAddr, usize, Sender<Vec<SocketAddr>>),
}

/// One client with its socket.
struct Driven {
    id: ClientId,
    client: Client,
    socket: UdpSocket,
    state: UdpSocketState,
    /// When its timer goes off; entries of the heap with another time are stale.
    armed: u64,
}

pub(super) struct Worker {
    identity: Arc<Identity>,
    inbox: Receiver<Command>,
    clients: Vec<Option<Driven>>,
    timers: BinaryHeap<Reverse<(u64, usize)>>,
    sinks: Vec<UdpSocket>,
    playing: bool,
    faults: Faults,
    tally: Tally,
    dice: Random,
    buffers: Vec<u8>,
    turn: usize,
    since: u64,
}

impl Worker {
    pub(super) fn new(identity: Arc<Identity>, inbox: Receiver<Command>, index: u64) -> Self {
        Self {
            identity,
            inbox,
            clients: Vec::new(),
            timers: BinaryHeap::new(),
            sinks: Vec::new(),
            playing: true,
            faults: Faults::default(),
            tally: Tally::default(),
            dice: Random::new(index),
            buffers: vec![0; BATCH * DATAGRAM],
            turn: 0,
            since: now(),
        }
    }

    /// Runs until the load is dropped.
    pub(super) fn run(mut self) {
        loop {
            let begin = now();
            loop {
                match self.inbox.try_recv() {
                    Ok(command) => self.handle(command),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            self.pass_time();
            // The floor is measured while nobody plays.
            let came = self.look() + if self.playing { 0 } else { self.drain_sinks() };
            let spent = now().saturating_sub(begin);
            // A round that brought nothing is waiting, however long its looking took.
            self.tally.busy += if came > 0 { spent } else { 0 };
            if spent < ROUND {
                thread::sleep(Duration::from_micros(ROUND - spent));
            }
        }
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Add(id, new) => {
                if let Err(error) = self.add(id, *new) {
                    tracing::warn!(%error, "a client was not made");
                }
            }
            Command::Remove(id, vanishes) => self.remove(id, vanishes),
            Command::Play(playing) => {
                self.playing = playing;
                for (index, driven) in self.clients.iter_mut().enumerate() {
                    if let Some(driven) = driven {
                        driven.armed = 0;
                        self.timers.push(Reverse((0, index)));
                    }
                }
            }
            Command::Faults(faults) => self.faults = faults,
            Command::Wanted(id, mid, rids, any) => {
                if let Some(driven) = find(&mut self.clients, id) {
                    driven.client.wanted(&mid, &rids, any);
                }
            }
            Command::Observe(id, observer) => {
                if let Some(driven) = find(&mut self.clients, id) {
                    driven.client.observer = Some(observer);
                }
            }
            Command::AskKeyFrames(id) => {
                if let Some(driven) = find(&mut self.clients, id) {
                    let (tally, dice) = (&mut self.tally, &mut self.dice);
                    let mut line = Line { socket: &driven.socket, faults: self.faults, tally, dice };
                    driven.client.ask_key_frames(&mut line);
                }
            }
            Command::Tally(reply) => {
                let now = now();
                self.tally.elapsed = now - self.since;
                self.since = now;
                let _ = reply.send(std::mem::take(&mut self.tally));
            }
            Command::Progress(reply) => {
                let _ = reply.send(self.clients.iter().flatten().map(Driven::progress).collect());
            }
            Command::Sinks(local, count, reply) => {
                while self.sinks.len() < count {
                    let Ok((socket, _)) = socket(local) else { break };
                    self.sinks.push(socket);
                }
                let sinks = self.sinks.iter().take(count);
                let _ = reply.send(sinks.filter_map(|sink| sink.local_addr().ok()).collect());
            }
        }
    }

    fn add(&mut self, id: ClientId, new: NewClient) -> Result<(), String> {
        let (socket, state) = socket(new.local).map_err(|error| error.to_string())?;
        socket.connect(new.server).map_err(|error| error.to_string())?;
        let client = Client::new(now(), new.plan, &self.identity, self.dice.fork());
        let driven = Driven { id, client, socket, state, armed: 0 };
        let place = self.clients.iter().position(Option::is_none).unwrap_or(self.clients.len());
        if place == self.clients.len() {
            self.clients.push(None);
        }
        self.clients[place] = Some(driven);
        self.timers.push(Reverse((0, place)));
        Ok(())
    }

    fn remove(&mut self, id: ClientId, vanishes: bool) {
        let place = self.clients.iter().position(|driven| driven.as_ref().is_some_and(|d| d.id == id));
        let Some(mut driven) = place.and_then(|place| self.clients.get_mut(place)?.take()) else { return };
        if !vanishes {
            let (tally, dice) = (&mut self.tally, &mut self.dice);
            let mut line = Line { socket: &driven.socket, faults: self.faults, tally, dice };
            driven.client.close(&mut line);
        }
    }

    fn pass_time(&mut self) {
        let mut now = now();
        let mut ticks = 0u32;
        while let Some(Reverse((due, index))) = self.timers.peek().copied().filter(|entry| entry.0.0 <= now) {
            self.timers.pop();
            let Some(Some(driven)) = self.clients.get_mut(index) else { continue };
            if driven.armed != due {
                continue;
            }
            let (tally, dice) = (&mut self.tally, &mut self.dice);
            let mut line = Line { socket: &driven.socket, faults: self.faults, tally, dice };
            driven.client.tick(now, self.playing, &mut line);
            driven.armed = driven.client.due(self.playing).max(now + 1);
            self.timers.push(Reverse((driven.armed, index)));
            ticks += 1;
            if ticks.is_multiple_of(16) {
                now = super::now();
            }
        }
    }

    /// Reads the sockets whose turn it is, and those of clients that are not connected yet; says how many datagrams
    /// came. The kernel's time stamps are right however late a datagram is read.
    fn look(&mut self) -> usize {
        let mut came = 0;
        self.turn = (self.turn + 1) % TURNS;
        for (index, place) in self.clients.iter_mut().enumerate() {
            let Some(driven) = place else { continue };
            if index % TURNS != self.turn && driven.client.transport.sealing.is_some() {
                continue;
            }
            let (tally, dice) = (&mut self.tally, &mut self.dice);
            let mut line = Line { socket: &driven.socket, faults: self.faults, tally, dice };
            let count = read(&driven.state, &driven.socket, &mut self.buffers, |at, packet| {
                let lost = packet.first().is_some_and(|first| (128..192).contains(first)) && line.loses();
                if lost {
                    line.tally.dropped_down += 1;
                } else {
                    driven.client.receive(at, packet, &mut line);
                }
            });
            if count == 0 {
                continue;
            }
            came += count;
            let due = driven.client.due(self.playing);
            if due < driven.armed {
                driven.armed = due;
                self.timers.push(Reverse((due, index)));
            }
        }
        came
    }

    fn drain_sinks(&mut self) -> usize {
        let mut packet = [0; DATAGRAM];
        let mut came = 0;
        for sink in &self.sinks {
            while sink.recv(&mut packet).is_ok() {
                came += 1;
            }
        }
        came
    }
}

impl Driven {
    fn progress(&self) -> (ClientId, Progress) {
        let transport = &self.client.transport;
        let progress = Progress {
            connected: transport.connected_at.map(|at| at.0),
            first_media: self.client.first_media,
            closed: transport.closed().is_some(),
            profile: transport.sealing.as_ref().map(|sealing| sealing.profile),
        };
        (self.id, progress)
    }
}

fn find(clients: &mut [Option<Driven>], id: ClientId) -> Option<&mut Driven> {
    clients.iter_mut().flatten().find(|driven| driven.id == id)
}

/// A socket as a browser has it: without receive offload, which would spare the sender the work of segmenting.
fn socket(address: IpAddr) -> io::Result<(UdpSocket, UdpSocketState)> {
    let socket = UdpSocket::bind((address, 0))?;
    socket.set_nonblocking(true)?;
    let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
    setsockopt(&socket, UdpGroSegment, &false)?;
    if rustix::net::sockopt::set_socket_recv_buffer_size_force(&socket, BUFFER).is_err() {
        state.set_recv_buffer_size(UdpSockRef::from(&socket), BUFFER)?;
    }
    Ok((socket, state))
}

/// Reads until nothing is there; `take` gets each datagram with the time at which the kernel had it.
fn read(
    state: &UdpSocketState,
    socket: &UdpSocket,
    buffers: &mut [u8],
    mut take: impl FnMut(u64, &mut [u8]),
) -> usize {
    let mut came = 0;
    loop {
        let mut metas = [RecvMeta::default(); BATCH];
        let mut slices: [IoSliceMut<'_>; BATCH] = std::array::from_fn(|_| IoSliceMut::new(&mut []));
        for (slice, buffer) in slices.iter_mut().zip(buffers.chunks_exact_mut(DATAGRAM)) {
            *slice = IoSliceMut::new(buffer);
        }
        let Ok(count) = state.recv(UdpSockRef::from(socket), &mut slices, &mut metas) else { return came };
        for (meta, buffer) in metas.iter().zip(&mut slices).take(count) {
            let at = meta.timestamp.map_or_else(now, |at| at.as_micros() as u64);
            take(at, buffer.get_mut(..meta.len).unwrap_or_default());
        }
        came += count;
        if count < BATCH {
            return came;
        }
    }
}
