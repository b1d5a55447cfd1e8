//! The whole plane over real loopback sockets, with a unit that does what the packets tell it.

mod mailbox;
mod real_unit;
mod relay;
mod tcp;
mod udp;

use crate::{Core, Events, MediaPlane, PlaneEvent, Settings, Shard};
use dimpl::DtlsCertificate;
use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr, UdpSocket},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};
use viva_media::{Carrier, ParticipantId, Path, Protocol, RoomId};
use viva_sfu::{Command, Event, LeaveReason, Message, Micros, Output, Refused, Stats, Transmits};

/// Nothing here takes so long unless it is broken.
const BOUND: Duration = Duration::from_secs(20);

/// What a packet asks of the [`Double`]: the byte after a STUN header.
#[derive(Debug, Clone, Copy)]
enum Ask {
    /// The packet back.
    Echo = 1,
    /// No answer at all.
    Silence = 2,
    /// [`RUN`] bytes in segments of [`SEGMENT`], in one transmit.
    Run = 3,
    /// A close of the path, after an echo.
    Close = 4,
    /// An echo, but [`DELAY`] later.
    Later = 5,
}

const SEGMENT: usize = 1000;
const RUN: usize = 150 * SEGMENT + 1;
const DELAY: Duration = Duration::from_millis(50);

/// Closing this room is the double's end.
const CURSED: RoomId = RoomId(0xdead);

/// A packet that looks like STUN, with `tail` behind what it asks.
fn packet(ask: Ask, tail: &[u8]) -> Vec<u8> {
    let mut packet = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    packet.extend([7; 12]);
    packet.push(ask as u8);
    packet.extend(tail);
    let length = ((packet.len() - 20) as u16).to_be_bytes();
    packet[2..4].copy_from_slice(&length);
    packet
}

fn run_bytes() -> Vec<u8> {
    (0..RUN).map(|index| (index / SEGMENT) as u8 ^ (index % 251) as u8).collect()
}

/// A unit that does what the packets ask, and tells of commands and closed connections as events.
struct Double {
    todo: VecDeque<Todo>,
    bytes: Vec<u8>,
    messages: Vec<Message>,
    timers: Vec<(Micros, Path, Vec<u8>)>,
    gate: Gate,
}

enum Todo {
    Send(Path, Vec<u8>, usize),
    Tell(Event),
    Close(Path),
}

/// Holds a shard inside [`Command::Leave`] until the test lets it go.
#[derive(Clone, Default)]
struct Gate(Arc<Mutex<Option<Held>>>);

/// Says that the shard has come, and waits for its release.
type Held = (mpsc::Sender<()>, mpsc::Receiver<()>);

impl Gate {
    /// The next leave says so on the first channel and waits for the second.
    fn shut(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (entered, seen) = mpsc::channel();
        let (release, released) = mpsc::channel();
        *self.0.lock().expect("whole") = Some((entered, released));
        (seen, release)
    }

    fn pass(&self) {
        let held = self.0.lock().expect("whole").take();
        if let Some((entered, released)) = held {
            entered.send(()).expect("the test listens");
            // When the test has ended, nobody needs to be held.
            let _ = released.recv();
        }
    }
}

impl Double {
    const fn new(gate: Gate) -> Self {
        Self { todo: VecDeque::new(), bytes: Vec::new(), messages: Vec::new(), timers: Vec::new(), gate }
    }
}

impl Core for Double {
    fn handle_packet(&mut self, now: Micros, path: Path, packet: &mut [u8]) {
        let ask = packet.get(20).copied().unwrap_or_default();
        let echo = || Todo::Send(path, packet.to_vec(), packet.len());
        if ask == Ask::Echo as u8 {
            self.todo.push_back(echo());
        } else if ask == Ask::Run as u8 {
            self.todo.push_back(Todo::Send(path, run_bytes(), SEGMENT));
        } else if ask == Ask::Close as u8 {
            self.todo.extend([echo(), Todo::Close(path)]);
        } else if ask == Ask::Later as u8 {
            self.timers.push((now + DELAY, path, packet.to_vec()));
        }
    }

    fn handle_command(&mut self, _: Micros, command: Command) -> Result<(), Refused> {
        match command {
            Command::CloseRoom { room } => {
                assert_ne!(room, CURSED, "the test wants this panic");
                self.todo.push_back(Todo::Tell(Event::ActiveSpeaker { room, participant: None }));
                Ok(())
            }
            Command::Leave { .. } => {
                self.gate.pass();
                Ok(())
            }
            _ => Err(Refused::UnknownParticipant),
        }
    }

    fn handle_closed(&mut self, _: Micros, path: Path) {
        assert!(path.carrier == Carrier::Tcp || path.carrier.is_relayed());
        let participant = ParticipantId(path.remote.port().into());
        self.todo.push_back(Todo::Tell(Event::Left { participant, reason: LeaveReason::Closed }));
    }

    fn handle_timeout(&mut self, now: Micros) {
        for (_, path, packet) in self.timers.extract_if(.., |(at, ..)| *at <= now) {
            let segment = packet.len();
            self.todo.push_back(Todo::Send(path, packet, segment));
        }
    }

    fn poll_output(&mut self, _: Micros) -> Output<'_> {
        self.bytes.clear();
        self.messages.clear();
        while let Some(Todo::Send(path, bytes, segment)) =
            self.todo.pop_front_if(|todo| matches!(todo, Todo::Send(..)))
        {
            let start = self.bytes.len();
            self.bytes.extend(bytes);
            self.messages.push(Message { path, start, end: self.bytes.len(), segment });
        }
        if !self.messages.is_empty() {
            return Output::Transmit(Transmits::new(&self.bytes, &self.messages));
        }
        match self.todo.pop_front() {
            Some(Todo::Tell(event)) => Output::Event(event),
            Some(Todo::Close(path)) => Output::Close(path),
            Some(Todo::Send(..)) | None => {
                Output::Timeout(self.timers.iter().map(|&(at, ..)| at).min().unwrap_or(Micros::NEVER))
            }
        }
    }

    fn stats(&mut self, _: Micros) -> Stats {
        Stats::default()
    }
}

/// One shard on the loopback addresses of both families; `change` may say otherwise.
fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let certificate = DtlsCertificate { certificate: Vec::new(), private_key: Vec::new() };
    let mut settings = Settings::new(certificate, 1);
    settings.shards = 1;
    settings.bind = vec![ip("127.0.0.1"), ip("::1")];
    change(&mut settings);
    settings
}

fn start(settings: &Settings) -> (MediaPlane, Events) {
    start_with_gate(settings, Gate::default())
}

fn start_with_gate(settings: &Settings, gate: Gate) -> (MediaPlane, Events) {
    let unit = move |_| Ok(Double::new(gate.clone()));
    MediaPlane::start_with(settings, unit).expect("starts")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn shard(plane: &MediaPlane) -> Shard {
    plane.shards()[0].clone()
}

/// Where the first shard is reached by this protocol at this address.
fn address(plane: &MediaPlane, protocol: Protocol, at: &str) -> SocketAddr {
    let candidates = plane.shards()[0].candidates();
    let found = candidates.iter().find(|it| it.protocol == protocol && it.address.ip() == ip(at));
    found.expect("a candidate").address
}

/// A UDP client that hears only `server`.
fn udp_client(server: SocketAddr) -> UdpSocket {
    let any = if server.is_ipv4() { ip("0.0.0.0") } else { ip("::") };
    let client = UdpSocket::bind((any, 0)).expect("binds");
    client.set_read_timeout(Some(BOUND)).expect("a bound");
    client.connect(server).expect("a route");
    client
}

fn receive(client: &UdpSocket) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let count = client.recv(&mut buffer).expect("a packet");
    buffer[..count].to_vec()
}

async fn next_event(events: &mut Events) -> PlaneEvent {
    let event = tokio::time::timeout(BOUND, events.recv()).await.expect("an event in time");
    event.expect("the plane lives")
}
