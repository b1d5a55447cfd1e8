//! Runs and single packets, to one and to many, as they arrive.

use super::*;
use crate::plan::Plan;
use std::net::{Ipv4Addr, UdpSocket as Client};
use std::time::Duration;
use viva_sfu::{Message, Transmit, Transmits};

const SEGMENT: usize = 100;

fn endpoint() -> UdpEndpoint {
    UdpEndpoint::bind((Ipv4Addr::LOCALHOST, 0).into(), 1 << 20, 1 << 20, true).expect("binds")
}

fn client() -> Client {
    let client = Client::bind((Ipv4Addr::LOCALHOST, 0)).expect("binds");
    client.set_read_timeout(Some(Duration::from_secs(10))).expect("a bound");
    client
}

fn send(endpoint: &mut UdpEndpoint, remote: SocketAddr, bytes: &[u8]) -> IoStats {
    let mut stats = IoStats::default();
    let path = Path { carrier: Carrier::Udp, local: endpoint.local(), remote };
    let transmit = Transmit { path, bytes, segment: SEGMENT };
    endpoint.send(&transmit, &mut Patience::of_one_batch(), &mut stats);
    stats
}

fn numbered(packets: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..packets).flat_map(|packet| [packet as u8; SEGMENT]).collect();
    bytes.truncate(bytes.len() - 1);
    bytes
}

fn received(client: &Client, packets: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 2 * SEGMENT];
    for _ in 0..packets {
        let count = client.recv(&mut buffer).expect("a packet");
        bytes.extend(&buffer[..count]);
    }
    bytes
}

#[test]
fn a_run_that_the_kernel_refuses_leaves_packet_by_packet_and_ends_the_trying() {
    let (mut endpoint, client) = (endpoint(), client());
    // More segments than any kernel takes in one call, which fails just as a lack of offload does.
    endpoint.max_segments = 1000;
    let bytes = numbered(200);
    let stats = send(&mut endpoint, client.local_addr().expect("bound"), &bytes);
    assert_eq!((stats.datagrams_out, stats.send_errors, stats.gso_runs), (200, 0, 0));
    assert!(!endpoint.gso());
    assert_eq!(received(&client, 200), bytes);
    let stats = send(&mut endpoint, client.local_addr().expect("bound"), &bytes);
    assert_eq!((stats.datagrams_out, stats.send_calls), (200, 200));
    assert_eq!(received(&client, 200), bytes);
}

#[test]
fn a_path_that_takes_no_packet_at_all_does_not_end_offload_for_the_others() {
    let (mut endpoint, client) = (endpoint(), client());
    let before = endpoint.gso();
    let stats = send(&mut endpoint, (Ipv4Addr::LOCALHOST, 0).into(), &numbered(10));
    assert_eq!((stats.datagrams_out, stats.send_errors), (0, 10));
    assert_eq!(endpoint.gso(), before);
    let bytes = numbered(10);
    let stats = send(&mut endpoint, client.local_addr().expect("bound"), &bytes);
    assert_eq!((stats.datagrams_out, stats.send_errors), (10, 0));
    assert_eq!(received(&client, 10), bytes);
}

/// Everything at once, as after one look at the unit: receiver, bytes, segment.
fn send_all(endpoint: &mut UdpEndpoint, all: &[(SocketAddr, &[u8], usize)]) -> IoStats {
    let (mut bytes, mut messages, mut stats) = (Vec::new(), Vec::new(), IoStats::default());
    for &(remote, content, segment) in all {
        let start = bytes.len();
        bytes.extend(content);
        let path = Path { carrier: Carrier::Udp, local: endpoint.local(), remote };
        messages.push(Message { path, start, end: bytes.len(), segment });
    }
    let transmits = Transmits::new(&bytes, &messages);
    let mut plan = Plan::default();
    for (index, transmit) in transmits.iter().enumerate() {
        plan.add(0, index, &transmit);
    }
    for planned in plan.arrange() {
        endpoint.send_planned(transmits, planned, &mut Patience::of_one_batch(), &mut stats);
    }
    stats
}

#[test]
fn messages_for_many_arrive_whole_in_few_calls() {
    let mut endpoint = endpoint();
    let clients: Vec<Client> = (0..20).map(|_| client()).collect();
    let (frame, voice) = (numbered(7), [9; 60]);
    let all = clients.iter().flat_map(|client| {
        let remote = client.local_addr().expect("bound");
        [(remote, &frame[..], SEGMENT), (remote, &voice[..], voice.len()), (remote, &frame[..], SEGMENT)]
    });
    let stats = send_all(&mut endpoint, &all.collect::<Vec<_>>());
    assert_eq!((stats.datagrams_out, stats.send_errors, stats.gso_run_segments), (300, 0, 280));
    assert!(!endpoint.gso() || stats.send_calls <= 3, "{} calls", stats.send_calls);
    for client in &clients {
        assert_eq!(received(client, 15), [&frame[..], &voice, &frame].concat());
    }
}

#[test]
fn a_receiver_that_cannot_be_reached_costs_the_others_nothing() {
    let (mut endpoint, client) = (endpoint(), client());
    let (here, nowhere) = (client.local_addr().expect("bound"), (Ipv4Addr::LOCALHOST, 0).into());
    let (before, bytes) = (endpoint.gso(), numbered(10));
    let all: Vec<_> = [here, nowhere, here, nowhere].map(|remote| (remote, &bytes[..], SEGMENT)).into();
    let stats = send_all(&mut endpoint, &all);
    assert_eq!((stats.datagrams_out, stats.send_errors, endpoint.gso()), (20, 20, before));
    assert_eq!(received(&client, 20), bytes.repeat(2));
}

#[test]
fn many_of_which_the_kernel_refuses_a_run_all_leave_packet_by_packet() {
    let (mut endpoint, client) = (endpoint(), client());
    endpoint.max_segments = 1000;
    let (remote, long, short) = (client.local_addr().expect("bound"), numbered(200), numbered(3));
    let all = [(remote, &short[..], SEGMENT), (remote, &long[..], SEGMENT), (remote, &short[..], SEGMENT)];
    let stats = send_all(&mut endpoint, &all);
    assert_eq!((stats.datagrams_out, stats.send_errors, endpoint.gso()), (206, 0, false));
    assert_eq!(received(&client, 206), [&short[..], &long, &short].concat());
}

#[test]
fn patience_ends_even_where_the_kernel_claims_that_there_is_room() {
    let endpoint = endpoint();
    let mut patience = Patience::of_one_batch();
    let waits = (0..1000).take_while(|_| {
        patience.wait_for_room(&endpoint.socket);
        patience.is_left()
    });
    assert!(waits.count() < 1000);
}
