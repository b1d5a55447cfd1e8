//! The relay between real sockets.

use super::*;
use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream, UdpSocket},
    thread,
    time::{Duration, Instant},
};

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Nothing between two sockets of one machine takes longer, whatever else it does.
const PATIENCE: Duration = Duration::from_secs(20);

fn relay(server: SocketAddr, up: &str, down: &str) -> Relay {
    let schedule = |text: &str| text.parse().expect("a schedule");
    let plan = Plan { listen: ANY, server, up: schedule(up), down: schedule(down), seed: 3 };
    Relay::start(plan).expect("a relay")
}

fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind(ANY).expect("a port");
    socket.set_read_timeout(Some(PATIENCE)).expect("a patience");
    let address = socket.local_addr().expect("an address");
    (socket, address)
}

/// The numbers of datagrams that arrive, up to and with the last.
fn numbers(socket: &UdpSocket, last: u32) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut buffer = [0; 2_000];
    while numbers.last() != Some(&last) {
        let length = socket.recv(&mut buffer).expect("a datagram");
        numbers.push(u32::from_be_bytes(buffer[..length][..4].try_into().expect("a number")));
    }
    numbers
}

fn send(socket: &UdpSocket, to: SocketAddr, range: std::ops::RangeInclusive<u32>) {
    for number in range {
        let mut packet = [0; 200];
        packet[..4].copy_from_slice(&number.to_be_bytes());
        socket.send_to(&packet, to).expect("sent");
        // The kernel holds some hundreds.
        if number % 100 == 0 {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Waits until so much was counted on a way: what has arrived is counted a moment after it.
fn until(relay: &Relay, direction: Direction, counted: impl Fn(Counts) -> bool) {
    let begun = Instant::now();
    while !counted(relay.counts(direction)) {
        assert!(begun.elapsed() < PATIENCE, "{}", relay.counts(direction));
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn datagrams_pass_both_ways_in_order_and_so_many_are_lost_as_was_said() {
    let (server, address) = socket();
    let relay = relay(address, "delay=5ms jitter=10ms loss=10%", "jitter=10ms");
    let (client, _) = socket();
    let reading = server.try_clone().expect("the same socket");
    let reader = thread::spawn(move || numbers(&reading, 3_001));
    for round in 0..30 {
        send(&client, relay.address(), 100 * round + 1..=100 * round + 100);
        // The kernel holds no more than some hundreds.
        until(&relay, Direction::Up, |counts| counts.passed + counts.lost == u64::from(100 * round + 100));
    }
    // One at the end that is not lost: the line is good by then.
    relay.change(Direction::Up, Conditions::FREE.into());
    thread::sleep(Duration::from_millis(200));
    send(&client, relay.address(), 3_001..=3_001);
    let came = reader.join().expect("a reader");
    assert!(came.is_sorted(), "they overtook each other");
    let counts = relay.counts(Direction::Up);
    assert_eq!(counts.came, 3_001);
    assert_eq!(counts.lost + came.len() as u64, 3_001, "{counts}");
    assert!((240..360).contains(&counts.lost), "{counts}");
    // The server answers to where a client's datagrams come from.
    let mut buffer = [0; 2_000];
    send(&client, relay.address(), 1..=1);
    let (_, from) = server.recv_from(&mut buffer).expect("a datagram");
    send(&server, from, 1..=100);
    assert_eq!(numbers(&client, 100), (1..=100).collect::<Vec<_>>());
    until(&relay, Direction::Down, |counts| counts.passed == 100);
}

#[test]
fn what_the_queue_has_no_room_for_is_dropped_and_counted() {
    let (server, address) = socket();
    let relay = relay(address, "rate=1Mbit queue=100ms", "");
    let (client, _) = socket();
    send(&client, relay.address(), 1..=400);
    thread::sleep(Duration::from_millis(300));
    send(&client, relay.address(), 401..=401);
    let came = numbers(&server, 401).len() as u64;
    until(&relay, Direction::Up, |counts| counts.passed + counts.overflowed == 401);
    let counts = relay.counts(Direction::Up);
    assert_eq!((counts.came, counts.passed), (401, came), "{counts}");
    // 12,500 bytes wait at most; the sending itself takes time in which some leave.
    assert!((50..250).contains(&came), "{came}");
}

/// A million bytes that are not the same as others'.
fn bytes(seed: u32) -> Vec<u8> {
    (0..1_000_000_u32).map(|at| (at.wrapping_add(seed).wrapping_mul(0x9e37_79b1) >> 24) as u8).collect()
}

/// Says a million bytes in pieces of all sizes, then ends; what was heard by then.
fn talk(mut stream: TcpStream, says: u32) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).expect("a patience");
    let mut out = stream.try_clone().expect("the same stream");
    let writer = thread::spawn(move || {
        let said = bytes(says);
        let mut rest = said.as_slice();
        for size in (1..5_000).step_by(617).cycle() {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            out.write_all(piece).expect("written");
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        out.shutdown(Shutdown::Write).expect("the end");
    });
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).expect("all of it");
    writer.join().expect("a writer");
    heard
}

#[test]
fn a_stream_stays_as_it_was_byte_for_byte_both_ways() {
    let listener = TcpListener::bind(ANY).expect("a port");
    let line = "rate=20Mbit queue=20ms delay=3ms jitter=5ms reorders=yes loss=2%";
    let relay = relay(listener.local_addr().expect("an address"), line, line);
    let client = TcpStream::connect(relay.address()).expect("a connection");
    let client = thread::spawn(move || talk(client, 1));
    let (server, _) = listener.accept().expect("a connection");
    assert!(talk(server, 2) == bytes(1), "the server heard something else");
    assert!(client.join().expect("a client") == bytes(2), "the client heard something else");
    for direction in [Direction::Up, Direction::Down] {
        let counts = relay.counts(direction);
        assert_eq!((counts.came_bytes, counts.passed_bytes), (1_000_000, 1_000_000), "{counts}");
        assert!(counts.repeated > 0 && counts.overflowed == 0, "{counts}");
    }
}

#[test]
fn a_connection_that_nobody_takes_is_closed_and_others_go_on() {
    let (_server, nobody) = socket();
    let relay = relay(nobody, "", "");
    for _ in 0..100 {
        let mut client = TcpStream::connect(relay.address()).expect("a connection");
        client.set_read_timeout(Some(PATIENCE)).expect("a patience");
        let ended = client.read(&mut [0; 10]);
        assert!(ended.as_ref().map_or(true, |length| *length == 0), "{ended:?}");
    }
}

#[test]
fn of_very_many_clients_those_are_forgotten_who_were_silent_the_longest() {
    let (server, address) = socket();
    let relay = relay(address, "", "");
    let clients: Vec<_> = (0..400).map(|_| socket().0).collect();
    let mut buffer = [0; 2_000];
    let mut ways = Vec::new();
    for (client, number) in clients.iter().zip(1..) {
        send(client, relay.address(), number..=number);
        ways.push(server.recv_from(&mut buffer).expect("a datagram").1);
    }
    // The newest are still there.
    send(&server, ways[399], 7..=7);
    assert_eq!(numbers(&clients[399], 7), [7]);
    // The first one was forgotten: what comes from it has a new way.
    send(&clients[0], relay.address(), 1..=1);
    let (_, again) = server.recv_from(&mut buffer).expect("a datagram");
    send(&server, again, 8..=8);
    assert_eq!(numbers(&clients[0], 8), [8]);
}

#[test]
fn a_relay_that_is_dropped_gives_its_port_back() {
    let (_server, address) = socket();
    let relay = relay(address, "", "");
    let at = relay.address();
    drop(relay);
    UdpSocket::bind(at).expect("the port is free");
}
