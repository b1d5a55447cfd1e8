//! Frames in and out, and peers that misbehave.

use super::*;
use crate::TcpLimits;
use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
};

fn connect(plane: &MediaPlane, at: &str) -> TcpStream {
    let client = TcpStream::connect(address(plane, Protocol::Tcp, at)).expect("connects");
    client.set_nodelay(true).expect("an option");
    client.set_read_timeout(Some(BOUND)).expect("a bound");
    client
}

fn frame(packet: &[u8]) -> Vec<u8> {
    let mut frame = (packet.len() as u16).to_be_bytes().to_vec();
    frame.extend(packet);
    frame
}

/// The next whole frame; `None` when the connection has ended between two frames.
fn read_frame(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 2];
    if client.read(&mut length[..1]).is_ok_and(|count| count == 1) {
        client.read_exact(&mut length[1..]).expect("the rest of a length");
        let mut packet = vec![0; u16::from_be_bytes(length).into()];
        client.read_exact(&mut packet).expect("the rest of a frame");
        return Some(packet);
    }
    None
}

/// Waits until the server has closed the connection.
fn assert_closed(client: &mut TcpStream) {
    match client.read(&mut [0; 16]) {
        Ok(count) => assert_eq!(count, 0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

#[test]
fn frames_torn_at_any_byte_are_put_together_over_both_families() {
    let (plane, _events) = start(&settings(|_| ()));
    for at in ["127.0.0.1", "::1"] {
        let mut client = connect(&plane, at);
        let first = packet(Ask::Echo, b"first");
        let torn = packet(Ask::Echo, b"torn");
        for cut in 0..=frame(&torn).len() {
            let mut bytes = frame(&first);
            bytes.extend(frame(&torn));
            let (now, later) = bytes.split_at(frame(&first).len() + cut);
            client.write_all(now).expect("written");
            // The answer to the first shows that the beginning of the second has been read alone.
            assert_eq!(read_frame(&mut client), Some(first.clone()));
            client.write_all(later).expect("written");
            assert_eq!(read_frame(&mut client), Some(torn.clone()), "cut at {cut}");
        }
    }
}

#[test]
fn runs_are_framed_packet_by_packet() {
    let (plane, _events) = start(&settings(|_| ()));
    let mut client = connect(&plane, "127.0.0.1");
    client.write_all(&frame(&packet(Ask::Run, b""))).expect("written");
    for segment in run_bytes().chunks(SEGMENT) {
        assert_eq!(read_frame(&mut client).as_deref(), Some(segment));
    }
}

#[tokio::test]
async fn what_does_not_greet_by_stun_or_sends_giant_frames_is_closed() {
    let (plane, _events) = start(&settings(|_| ()));
    let greeting = frame(&packet(Ask::Silence, b"fine so far"));
    let giant = [greeting.as_slice(), &[0xff, 0xff, 1, 2, 3]].concat();
    for hostile in [b"GET / HTTP/1.1\r\n\r\n".to_vec(), frame(b"not STUN"), giant] {
        let mut client = connect(&plane, "127.0.0.1");
        client.write_all(&hostile).expect("written");
        assert_closed(&mut client);
    }
    let io = shard(&plane).stats().await.expect("stats").io;
    assert_eq!((io.tcp_malformed, io.tcp_connections, io.tcp_accepted), (3, 0, 3));
}

#[tokio::test]
async fn a_connection_that_the_unit_never_answers_is_closed_in_time() {
    let soon = TcpLimits { first_frame: Duration::from_millis(20), ..TcpLimits::default() };
    let (plane, mut events) = start(&settings(|settings| settings.tcp_limits = soon));
    let mut proven = connect(&plane, "127.0.0.1");
    proven.write_all(&frame(&packet(Ask::Echo, b""))).expect("written");
    let (mut mute, mut stranger) = (connect(&plane, "127.0.0.1"), connect(&plane, "127.0.0.1"));
    stranger.write_all(&frame(&packet(Ask::Silence, b""))).expect("written");
    assert_closed(&mut mute);
    assert_closed(&mut stranger);
    assert_eq!(read_frame(&mut proven), Some(packet(Ask::Echo, b"")));
    proven.write_all(&frame(&packet(Ask::Echo, b"2"))).expect("written");
    assert_eq!(read_frame(&mut proven), Some(packet(Ask::Echo, b"2")));
    // The unit hears of both.
    for _ in 0..2 {
        assert!(matches!(next_event(&mut events).await, PlaneEvent::Unit { event: Event::Left { .. }, .. }));
    }
    assert_eq!(shard(&plane).stats().await.expect("stats").io.tcp_unproven, 2);
}

#[tokio::test]
async fn a_silent_connection_is_closed_though_it_was_proven() {
    let soon = TcpLimits { idle: Duration::from_millis(20), ..TcpLimits::default() };
    let (plane, _events) = start(&settings(|settings| settings.tcp_limits = soon));
    let mut client = connect(&plane, "127.0.0.1");
    client.write_all(&frame(&packet(Ask::Echo, b""))).expect("written");
    assert_eq!(read_frame(&mut client), Some(packet(Ask::Echo, b"")));
    assert_closed(&mut client);
    assert_eq!(shard(&plane).stats().await.expect("stats").io.tcp_idle, 1);
}

#[tokio::test]
async fn connections_are_limited_for_each_address_and_in_all() {
    let limits = TcpLimits { connections: 3, per_address: 2, ..TcpLimits::default() };
    let (plane, mut events) = start(&settings(|settings| settings.tcp_limits = limits));
    let admitted = |at: &str| {
        let mut client = connect(&plane, at);
        // Refused, the client learns of it while writing or while reading.
        let _ = client.write_all(&frame(&packet(Ask::Echo, b"")));
        (read_frame(&mut client).is_some(), client)
    };
    let (first, held) = admitted("127.0.0.1");
    let (second, _held) = admitted("127.0.0.1");
    assert!(first && second);
    assert!(!admitted("127.0.0.1").0, "two from one address");
    let (third, _held_too) = admitted("::1");
    assert!(third, "another address");
    assert!(!admitted("::1").0, "three in all");
    let port = held.local_addr().expect("bound").port();
    drop(held);
    let gone = Event::Left { participant: ParticipantId(port.into()), reason: LeaveReason::Closed };
    assert_eq!(next_event(&mut events).await, PlaneEvent::Unit { shard: 0, event: gone });
    assert!(admitted("127.0.0.1").0, "there is room again");
    assert_eq!(shard(&plane).stats().await.expect("stats").io.tcp_refused, 2);
}

#[tokio::test]
async fn a_slow_reader_costs_a_bounded_queue_hurts_nobody_and_gets_whole_frames() {
    let limits = TcpLimits { stuck: Duration::from_millis(100), queue: 64 << 10, ..TcpLimits::default() };
    let (plane, _events) = start(&settings(|settings| settings.tcp_limits = limits));
    let mut slow = connect(&plane, "127.0.0.1");
    socket2::SockRef::from(&slow).set_recv_buffer_size(8 << 10).expect("shrunk");
    let other = udp_client(address(&plane, Protocol::Udp, "127.0.0.1"));
    for round in 0..200u8 {
        // The server may have given up on the slow one already.
        let _ = slow.write_all(&frame(&packet(Ask::Run, b"")));
        let asked = packet(Ask::Echo, &[round]);
        other.send(&asked).expect("sent");
        assert_eq!(receive(&other), asked);
    }
    let io = loop {
        let io = shard(&plane).stats().await.expect("stats").io;
        if io.tcp_stuck > 0 {
            break io;
        }
        tokio::task::yield_now().await;
    };
    assert!(io.tcp_queue_drops > 0);
    assert_eq!(io.tcp_connections, 0);
    // What came through before the end is whole, save the very last frame, cut off by the end itself.
    let mut received = Vec::new();
    // A reset at the end is as good as an end.
    let _ = slow.read_to_end(&mut received);
    let expected = run_bytes();
    let segments: std::collections::HashSet<&[u8]> = expected.chunks(SEGMENT).collect();
    let mut rest = received.as_slice();
    let mut frames = 0;
    while let Some((length, body)) = rest.split_first_chunk::<2>() {
        let Some((packet, behind)) = body.split_at_checked(u16::from_be_bytes(*length).into()) else { break };
        assert!(segments.contains(packet), "frame {frames} is torn");
        frames += 1;
        rest = behind;
    }
    assert!(frames > 0);
}

#[tokio::test]
async fn the_unit_may_close_a_connection_and_what_it_said_before_arrives() {
    let (plane, mut events) = start(&settings(|_| ()));
    let mut client = connect(&plane, "127.0.0.1");
    client.write_all(&frame(&packet(Ask::Close, b"bye"))).expect("written");
    assert_eq!(read_frame(&mut client), Some(packet(Ask::Close, b"bye")));
    assert_closed(&mut client);
    // The next thing told is about another connection: of its own closing the unit is not told.
    let other = connect(&plane, "127.0.0.1");
    let port = other.local_addr().expect("bound").port();
    other.shutdown(Shutdown::Both).expect("shut");
    let gone = Event::Left { participant: ParticipantId(port.into()), reason: LeaveReason::Closed };
    assert_eq!(next_event(&mut events).await, PlaneEvent::Unit { shard: 0, event: gone });
}

#[test]
fn without_tcp_there_are_no_tcp_candidates() {
    let (plane, _events) = start(&settings(|settings| settings.tcp = false));
    assert!(plane.shards()[0].candidates().iter().all(|candidate| candidate.protocol == Protocol::Udp));
}
