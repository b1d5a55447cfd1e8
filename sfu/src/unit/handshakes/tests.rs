//! Handshakes wait in order, and each call takes one of them a step further.

use super::*;
use crate::{
    Micros, Sfu,
    api::{Command, Config, Limits, Output},
};
use aws_lc_rs::hmac;
use dimpl::{Config as Settings, Dtls, Output as Flight, certificate::generate_self_signed_certificate};
use is::stun::{StunMessage, TransId};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::{
    Carrier, Fingerprint, IceCredentials, ParticipantId, Permissions, RoomId, TransportParameters,
};
use viva_wire::demux::{self, Kind};

fn path(port: u16) -> Path {
    let address = |port| SocketAddr::from(([192, 0, 2, 1], port));
    Path { carrier: Carrier::Udp, local: address(3478), remote: address(port) }
}

#[test]
fn they_wait_in_order_and_no_path_fills_the_queue_alone() {
    let mut handshakes = Handshakes::default();
    for number in 0..20u8 {
        let kept = handshakes.put(path(1), &[number]);
        assert_eq!(kept.is_ok(), usize::from(number) < MOST_OF_PATH, "{number}");
    }
    assert_eq!(handshakes.put(path(2), &[22; LONGEST + 1]), Err(Dropped::HandshakesFull));
    assert_eq!(handshakes.put(path(2), &[22; LONGEST]), Ok(()));
    for number in 0..MOST_OF_PATH as u8 {
        let taken = handshakes.take().map(|(path, bytes)| (path.remote.port(), bytes[0]));
        assert_eq!(taken, Some((1, number)));
    }
    assert_eq!(handshakes.take().map(|(_, bytes)| bytes.len()), Some(LONGEST));
    assert!(handshakes.is_empty() && handshakes.take().is_none());
    let all = (0..=MOST as u16).filter(|port| handshakes.put(path(*port), &[22]).is_ok()).count();
    assert_eq!(all, MOST);
}

/// A unit with a room that clients on these ports have joined, each with a path that is checked.
fn unit_with(ports: &[u16], epoch: Instant) -> Sfu {
    let certificate = generate_self_signed_certificate().unwrap();
    let unix_time = Duration::from_secs(1_800_000_000);
    let mut sfu =
        Sfu::new(Config { certificate, epoch, unix_time, seed: 1, limits: Limits::default(), chance: None })
            .unwrap();
    for port in ports {
        let credentials = |side: &str| IceCredentials {
            ufrag: format!("{side}-{port}"),
            pwd: format!("password-of-{side}-{port}-0123456789"),
        };
        let transport = TransportParameters {
            local: credentials("us"),
            remote: credentials("peer"),
            fingerprint: Fingerprint([7; 32]),
        };
        let check = check(&transport);
        let join = Command::Join {
            room: RoomId(1),
            participant: ParticipantId(u64::from(*port)),
            permissions: Permissions { publish: true, subscribe: true },
            transport,
        };
        sfu.handle_command(Micros(0), join).unwrap();
        sfu.handle_packet(Micros(0), path(*port), &mut check.clone());
    }
    sfu
}

fn check(transport: &TransportParameters) -> Vec<u8> {
    let name = format!("{}:{}", transport.local.ufrag, transport.remote.ufrag);
    let message = StunMessage::binding_request(&name, TransId::new(), true, 7, 1, true);
    let mut bytes = vec![0; 300];
    let sign = |key: &[u8], parts: &[&[u8]]| {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        hmac::sign(&key, &parts.concat()).as_ref().try_into().unwrap()
    };
    let length = message.to_bytes(Some(transport.local.pwd.as_bytes()), &mut bytes, sign).unwrap();
    bytes.truncate(length);
    bytes
}

/// The first flight of a client.
fn hello(epoch: Instant) -> Vec<u8> {
    let certificate = generate_self_signed_certificate().unwrap();
    let mut dtls = Dtls::new_12(Arc::new(Settings::builder().build().unwrap()), certificate, epoch);
    dtls.set_active(true);
    dtls.handle_timeout(epoch).unwrap();
    match dtls.poll_output(&mut [0; 2048]) {
        Flight::Packet(hello) => hello.to_vec(),
        other => panic!("{other:?}"),
    }
}

/// Who is sent DTLS now, and when the unit wants to be called again.
fn answered(sfu: &mut Sfu, now: Micros) -> (Vec<u16>, Micros) {
    let mut ports = Vec::new();
    loop {
        match sfu.poll_output(now) {
            Output::Transmit(transmits) => {
                let dtls = transmits.iter().filter(|it| demux::classify(it.bytes) == Some(Kind::Dtls));
                ports.extend(dtls.map(|transmit| transmit.path.remote.port()));
            }
            Output::Timeout(at) => {
                ports.dedup();
                return (ports, at);
            }
            _ => {}
        }
    }
}

#[test]
fn each_call_takes_one_handshake_a_step_further() {
    let now = Micros(500);
    #[expect(
        clippy::disallowed_methods,
        reason = "the engine counts from some instant; which one does not matter"
    )]
    let epoch = Instant::now();
    let mut sfu = unit_with(&[1, 2, 3], epoch);
    for port in [2, 1, 3] {
        sfu.handle_packet(now, path(port), &mut hello(epoch));
    }
    assert_eq!(answered(&mut sfu, now), (vec![], now), "at once, but not before what else waits");
    for (port, last) in [(2, false), (1, false), (3, true)] {
        sfu.handle_timeout(now);
        let (ports, next) = answered(&mut sfu, now);
        assert_eq!(ports, [port]);
        assert_eq!(next > now, last, "{next:?}");
    }
    // Whoever leaves meanwhile is not answered.
    sfu.handle_packet(now, path(9), &mut hello(epoch));
    sfu.handle_packet(now, path(1), &mut hello(epoch));
    sfu.handle_command(now, Command::Leave { participant: ParticipantId(1) }).unwrap();
    sfu.handle_timeout(now);
    assert!(answered(&mut sfu, now).1 > now);
}
