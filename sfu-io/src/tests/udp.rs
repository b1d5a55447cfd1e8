//! Datagrams in and out.

use super::*;
use quinn_udp::{UdpSockRef, UdpSocketState};

#[test]
fn packets_are_answered_over_both_families_and_junk_is_not() {
    let (plane, _events) = start(&settings(|_| ()));
    for at in ["127.0.0.1", "::1"] {
        let client = udp_client(address(&plane, Protocol::Udp, at));
        for silent in [packet(Ask::Silence, b""), Vec::new(), vec![0xff; 1400]] {
            client.send(&silent).expect("sent");
        }
        let asked = packet(Ask::Echo, at.as_bytes());
        client.send(&asked).expect("sent");
        assert_eq!(receive(&client), asked, "the first answer is to the first packet that asks for one");
    }
}

#[test]
fn a_reply_leaves_from_the_address_that_was_asked() {
    let wildcards = settings(|settings| settings.bind = vec![ip("0.0.0.0"), ip("::")]);
    let (plane, _events) = start(&wildcards);
    let udp = |ip: &IpAddr| {
        let mut candidates = plane.shards()[0].candidates().iter();
        candidates.find(|it| it.protocol == Protocol::Udp && it.address.is_ipv4() == ip.is_ipv4())
    };
    let mut asked = 0;
    let own = plane.shards()[0].candidates().iter().map(|candidate| candidate.address.ip());
    for at in own.chain(["127.0.0.1", "127.0.0.2", "127.1.2.3", "::1"].map(ip)) {
        // A host may have no address of the family besides loopback, which is not announced then.
        let Some(candidate) = udp(&at) else { continue };
        let client = udp_client(SocketAddr::new(at, candidate.address.port()));
        client.send(&packet(Ask::Echo, b"?")).expect("sent");
        assert_eq!(receive(&client), packet(Ask::Echo, b"?"), "{at}");
        asked += 1;
    }
    assert!(asked >= 3);
}

#[tokio::test]
async fn runs_carry_the_same_bytes_with_segmentation_offload_and_without() {
    for gso in [true, false] {
        let (plane, _events) = start(&settings(|settings| settings.gso = gso));
        let client = udp_client(address(&plane, Protocol::Udp, "127.0.0.1"));
        socket2::SockRef::from(&client).set_recv_buffer_size(4 << 20).expect("grown");
        client.send(&packet(Ask::Run, b"")).expect("sent");
        let expected = run_bytes();
        for (index, segment) in expected.chunks(SEGMENT).enumerate() {
            assert_eq!(receive(&client), segment, "packet {index}, gso {gso}");
        }
        let io = shard(&plane).stats().await.expect("stats").io;
        assert_eq!(io.datagrams_out, 151);
        assert_eq!((io.send_errors, io.would_block_drops), (0, 0));
        if io.gso {
            assert!(io.send_calls <= 4, "{} calls", io.send_calls);
            assert!(io.gso_run_segments >= 150);
        } else {
            assert_eq!((io.send_calls, io.gso_runs), (151, 0));
        }
        assert!(gso || !io.gso);
    }
}

#[tokio::test]
async fn packets_that_the_kernel_merged_are_taken_apart() {
    let (plane, _events) = start(&settings(|_| ()));
    let server = address(&plane, Protocol::Udp, "127.0.0.1");
    let client = udp_client(server);
    let state = UdpSocketState::new(UdpSockRef::from(&client)).expect("a state");
    client.set_nonblocking(false).expect("blocking again");
    let asked: Vec<Vec<u8>> = (0..20).map(|n| packet(Ask::Echo, &[n; 100])).collect();
    let mut contents = asked.concat();
    contents.truncate(contents.len() - 60);
    let segment = asked[0].len();
    if state.max_gso_segments() < asked.len() {
        return;
    }
    let run = quinn_udp::Transmit {
        destination: server,
        ecn: None,
        contents: &contents,
        segment_size: Some(segment),
        src_ip: None,
    };
    state.try_send(UdpSockRef::from(&client), &run).expect("sent");
    let mut echoed = Vec::new();
    while echoed.len() < contents.len() {
        echoed.extend(receive(&client));
    }
    assert_eq!(echoed, contents);
    let io = shard(&plane).stats().await.expect("stats").io;
    assert_eq!(io.datagrams_in, 20);
    assert_eq!(io.forward_delay.count(), io.receive_batches);
}

#[tokio::test]
async fn a_shard_wakes_for_its_unit_and_sleeps_otherwise() {
    let (plane, _events) = start(&settings(|settings| settings.pin = true));
    let client = udp_client(address(&plane, Protocol::Udp, "127.0.0.1"));
    let before = shard(&plane).stats().await.expect("stats").io;
    for round in 0..3 {
        let asked = packet(Ask::Later, &[round]);
        client.send(&asked).expect("sent");
        assert_eq!(receive(&client), asked);
    }
    let after = shard(&plane).stats().await.expect("stats").io;
    let turns = after.turns - before.turns;
    // A packet, its empty queue, the timer; a spinning loop would make thousands in 150 ms.
    assert!(turns <= 20, "{turns} turns");
    assert_eq!(shard(&plane).load().packets, 3);
}

#[test]
fn every_shard_has_ports_of_its_own() {
    let (plane, _events) = start(&settings(|settings| settings.shards = 3));
    let all: Vec<_> = plane.shards().iter().flat_map(Shard::candidates).collect();
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (3 * 4, 3 * 4));
    assert!(all.iter().all(|candidate| candidate.address.port() != 0));
}

#[test]
fn ports_that_do_not_exist_are_refused() {
    let (one, two) = (settings(|it| (it.base_port, it.shards) = (65535, 2)), settings(|it| it.bind.clear()));
    for settings in [one, two] {
        let result = MediaPlane::start_with(&settings, |_| -> std::io::Result<Double> {
            unreachable!("never started")
        });
        assert_eq!(result.expect_err("refused").kind(), std::io::ErrorKind::InvalidInput);
    }
}

#[test]
fn a_unit_that_cannot_be_made_is_an_error_of_starting_and_leaves_nothing_behind() {
    let made = Arc::new(Mutex::new(0));
    let unit = move |_| -> std::io::Result<Double> {
        let mut made = made.lock().expect("whole");
        *made += 1;
        if *made == 3 { Err(std::io::Error::other("the third")) } else { Ok(Double::new(Gate::default())) }
    };
    let settings = settings(|settings| settings.shards = 3);
    let error = MediaPlane::start_with(&settings, unit).expect_err("not started");
    assert_eq!(error.to_string(), "the third");
}
