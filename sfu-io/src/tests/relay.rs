//! Clients of TURN over real sockets: packets reach the unit under a relayed address, and nobody else.

use super::{Ask, BOUND, SEGMENT, address, ip, packet, run_bytes, settings, shard, start};
use crate::{Arrival, Link, MediaPlane};
use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use viva_media::{ParticipantId, Protocol};
use viva_peer::{TurnClient, TurnNews};
use viva_turn::{Gate, Grant, Greeting, Secret, first_length};

const SEAT: ParticipantId = ParticipantId(42);
const UNIX: u64 = 1_800_000_000;

/// Counts allocations as whoever hands them over does.
struct Held(Arc<AtomicUsize>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A client in a stream, whose messages are told apart.
struct Streamed {
    turn: TurnClient,
    socket: TcpStream,
    inbox: Vec<u8>,
}

impl Streamed {
    fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(length) = first_length(&self.inbox).expect("TURN")
                && self.inbox.len() >= length
            {
                return Some(self.inbox.drain(..length).collect());
            }
            let mut buffer = [0; 4096];
            match self.socket.read(&mut buffer) {
                Ok(0) => return None,
                Ok(count) => self.inbox.extend(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn news(&mut self) -> TurnNews {
        let message = self.next().expect("an answer");
        self.turn.handle(&message)
    }

    fn send(&mut self, packet: &[u8]) {
        let mut message = Vec::new();
        TurnClient::wrap(packet, true, &mut message);
        self.socket.write_all(&message).expect("written");
    }

    fn receive(&mut self) -> Vec<u8> {
        let message = self.next().expect("a packet");
        let TurnNews::Packet(range) = self.turn.handle(&message) else { panic!("{message:?}") };
        message[range].to_vec()
    }

    fn bind(&mut self, peer: SocketAddr) -> TurnNews {
        let request = self.turn.bind(peer);
        self.socket.write_all(&request).expect("written");
        self.news()
    }
}

/// The proven wish of a new client.
fn granted(from: SocketAddr) -> (TurnClient, Grant) {
    let secret = Secret::new(b"a secret that is long enough for this", "viva");
    let credentials = secret.issue(SEAT, UNIX + 600);
    let gate = Gate::new(secret);
    let mut turn = TurnClient::new(&credentials.username, &credentials.password, 1);
    let mut request = turn.allocate();
    loop {
        match gate.greet(UNIX, from, &request) {
            Greeting::Allocate(grant) => return (turn, *grant),
            Greeting::Answer(answer) => {
                let TurnNews::Send(next) = turn.handle(&answer) else { panic!("not challenged") };
                request = next;
            }
            Greeting::Nothing => panic!("no answer"),
        }
    }
}

fn by_tcp(plane: &MediaPlane, open: &Arc<AtomicUsize>) -> Streamed {
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    let socket = TcpStream::connect(listener.local_addr().expect("bound")).expect("connects");
    socket.set_read_timeout(Some(BOUND)).expect("a bound");
    socket.set_nodelay(true).expect("a socket");
    let (accepted, from) = listener.accept().expect("accepted");
    let (turn, grant) = granted(from);
    open.fetch_add(1, Ordering::SeqCst);
    let arrival = Arrival {
        link: Link::stream(accepted, None).expect("a socket"),
        grant,
        early: Vec::new(),
        held: Box::new(Held(open.clone())),
    };
    shard(plane).relay(arrival).expect("taken");
    let mut client = Streamed { turn, socket, inbox: Vec::new() };
    assert!(matches!(client.news(), TurnNews::Allocated(_)));
    client
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + BOUND;
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn packets_go_through_a_stream_both_ways_however_it_is_cut() {
    let (plane, _events) = start(&settings(|_| {}));
    let mut client = by_tcp(&plane, &Arc::default());
    let peer = address(&plane, Protocol::Udp, "127.0.0.1");
    assert_eq!(client.bind(peer), TurnNews::Granted);
    for length in [0, 1, 2, 3, 4, 1100] {
        let sent = packet(Ask::Echo, &vec![9; length]);
        client.send(&sent);
        assert_eq!(client.receive(), sent);
    }
    let mut message = Vec::new();
    TurnClient::wrap(&packet(Ask::Echo, b"by single bytes"), true, &mut message);
    for byte in message {
        client.socket.write_all(&[byte]).expect("written");
    }
    assert_eq!(client.receive(), packet(Ask::Echo, b"by single bytes"));
    client.send(&packet(Ask::Run, b""));
    let expected = run_bytes();
    for segment in expected.chunks(SEGMENT) {
        assert_eq!(client.receive(), segment);
    }
    let io = shard(&plane).stats().await.expect("counted").io;
    assert_eq!((io.relays, io.relays_opened, io.relay_packets_in), (1, 1, 8));
    assert_eq!((io.relay_malformed, io.relay_queue_drops), (0, 0));
}

#[tokio::test]
async fn packets_go_by_datagrams_both_ways() {
    let (plane, _events) = start(&settings(|_| {}));
    let server = UdpSocket::bind("127.0.0.1:0").expect("binds");
    let client = UdpSocket::bind("127.0.0.1:0").expect("binds");
    client.connect(server.local_addr().expect("bound")).expect("a route");
    client.set_read_timeout(Some(BOUND)).expect("a bound");
    let from = client.local_addr().expect("bound");
    server.connect(from).expect("a route");
    let (mut turn, grant) = granted(from);
    let link = Link::datagrams(server).expect("a socket");
    shard(&plane).relay(Arrival { link, grant, early: Vec::new(), held: Box::new(()) }).expect("taken");
    let mut buffer = [0; 4096];
    let mut news = |turn: &mut TurnClient| {
        let count = client.recv(&mut buffer).expect("an answer");
        (turn.handle(&buffer[..count]), buffer[..count].to_vec())
    };
    assert!(matches!(news(&mut turn).0, TurnNews::Allocated(relayed) if relayed.ip() == ip("127.0.0.1")));
    let peer = address(&plane, Protocol::Udp, "127.0.0.1");
    client.send(&turn.bind(peer)).expect("sent");
    assert_eq!(news(&mut turn).0, TurnNews::Granted);
    let sent = packet(Ask::Echo, b"one");
    let mut message = Vec::new();
    TurnClient::wrap(&sent, false, &mut message);
    client.send(&message).expect("sent");
    let (TurnNews::Packet(range), message) = news(&mut turn) else { panic!("no packet") };
    assert_eq!(message[range], sent);
    client.send(&turn.refresh(0)).expect("sent");
    assert_eq!(news(&mut turn).0, TurnNews::Refreshed(0));
    let io = shard(&plane).stats().await.expect("counted").io;
    assert_eq!(io.relays, 0, "it has ended");
}

#[tokio::test]
async fn nothing_goes_to_anybody_but_the_shard() {
    let (plane, _events) = start(&settings(|_| {}));
    let victim = UdpSocket::bind("127.0.0.1:0").expect("binds");
    let at = victim.local_addr().expect("bound");
    let mut client = by_tcp(&plane, &Arc::default());
    assert_eq!(client.bind(at), TurnNews::Refused(403));
    client.send(b"by a channel that is not bound");
    let peer = address(&plane, Protocol::Udp, "127.0.0.1");
    assert_eq!(client.bind(peer), TurnNews::Granted);
    client.send(&packet(Ask::Echo, b"still here"));
    assert_eq!(client.receive(), packet(Ask::Echo, b"still here"));
    victim.set_nonblocking(true).expect("a socket");
    assert_eq!(victim.recv(&mut [0; 16]).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
    let io = shard(&plane).stats().await.expect("counted").io;
    assert_eq!(io.relay_no_channel, 1);
}

#[tokio::test]
async fn an_allocation_ends_with_its_seat_and_with_nonsense_and_with_nobody_else() {
    let (plane, _events) = start(&settings(|_| {}));
    let open = Arc::new(AtomicUsize::new(0));
    let (mut one, mut other) = (by_tcp(&plane, &open), by_tcp(&plane, &open));
    let peer = address(&plane, Protocol::Udp, "127.0.0.1");
    assert_eq!(other.bind(peer), TurnNews::Granted);
    one.socket.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("written");
    assert_eq!(one.next(), None, "closed");
    eventually("whoever counts has heard of one end", || open.load(Ordering::SeqCst) == 1);
    other.send(&packet(Ask::Echo, b"x"));
    assert_eq!(other.receive(), packet(Ask::Echo, b"x"));
    shard(&plane).close_relays(ParticipantId(1)).expect("told");
    other.send(&packet(Ask::Echo, b"y"));
    assert_eq!(other.receive(), packet(Ask::Echo, b"y"));
    shard(&plane).close_relays(SEAT).expect("told");
    assert_eq!(other.next(), None, "closed");
    eventually("whoever counts has heard of both ends", || open.load(Ordering::SeqCst) == 0);
}

#[tokio::test]
async fn who_takes_nothing_costs_a_bounded_queue_and_hurts_nobody() {
    let (plane, _events) = start(&settings(|settings| settings.tcp_limits.queue = 64 << 10));
    let mut slow = by_tcp(&plane, &Arc::default());
    let mut brisk = by_tcp(&plane, &Arc::default());
    let peer = address(&plane, Protocol::Udp, "127.0.0.1");
    assert_eq!((slow.bind(peer), brisk.bind(peer)), (TurnNews::Granted, TurnNews::Granted));
    for _ in 0..200 {
        slow.send(&packet(Ask::Run, b""));
    }
    for _ in 0..50 {
        brisk.send(&packet(Ask::Echo, b"brisk"));
        assert_eq!(brisk.receive(), packet(Ask::Echo, b"brisk"));
    }
    let io = shard(&plane).stats().await.expect("counted").io;
    assert!(io.relay_queue_drops > 0, "{io:?}");
    // What it does get is whole.
    for _ in 0..100 {
        assert!(slow.receive().len() <= SEGMENT);
    }
}
