//! The real unit behind the sockets: connectivity checks over UDP and TCP, IPv4 and IPv6.

use super::*;
use aws_lc_rs::hmac;
use is::stun::{StunMessage, TransId};
use std::{
    io::{Read, Write},
    net::TcpStream,
};
use viva_media::{Fingerprint, IceCredentials, Permissions, TransportParameters};

const PASSWORD: &str = "our-password-of-this-test";

fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key));
    parts.iter().for_each(|part| context.update(part));
    context.sign().as_ref().try_into().expect("20 bytes")
}

fn request(user: &str, password: &str) -> Vec<u8> {
    let message = StunMessage::binding_request(user, TransId::new(), true, 7, 1, true);
    let mut bytes = vec![0; 300];
    let length = message.to_bytes(Some(password.as_bytes()), &mut bytes, hmac_sha1).expect("fits");
    bytes.truncate(length);
    bytes
}

/// The answer is to this client: signed with our password, and naming the address that it asked from.
fn assert_answer(answer: &[u8], asked_from: SocketAddr) {
    let answer = StunMessage::parse(answer).expect("a STUN message");
    assert!(answer.verify(PASSWORD.as_bytes(), hmac_sha1));
    assert_eq!(answer.mapped_address(), Some(asked_from));
}

async fn start_with_participant() -> (MediaPlane, Events) {
    let mut settings = settings(|_| ());
    settings.certificate = dimpl::certificate::generate_self_signed_certificate().expect("a certificate");
    let (plane, events) = MediaPlane::start(&settings).expect("starts");
    let credentials =
        |ufrag: &str, pwd: &str| IceCredentials { ufrag: ufrag.to_owned(), pwd: pwd.to_owned() };
    let join = Command::Join {
        room: RoomId(1),
        participant: ParticipantId(2),
        permissions: Permissions { publish: true, subscribe: true },
        transport: TransportParameters {
            local: credentials("ours", PASSWORD),
            remote: credentials("theirs", "their-password-of-this-test"),
            fingerprint: Fingerprint([0; 32]),
        },
    };
    let shard = plane.place(RoomId(1)).expect("a shard");
    shard.command(join).await.expect("joined");
    (plane, events)
}

#[tokio::test]
async fn a_valid_check_over_udp_is_answered_and_nothing_else_is() {
    let (plane, _events) = start_with_participant().await;
    for at in ["127.0.0.1", "::1"] {
        let client = udp_client(address(&plane, Protocol::Udp, at));
        for hostile in [
            request("ours:theirs", "a-password-that-is-wrong"),
            request("nobody:theirs", PASSWORD),
            b"GET / HTTP/1.1".to_vec(),
            vec![0x80; 200],
            Vec::new(),
        ] {
            client.send(&hostile).expect("sent");
        }
        client.send(&request("ours:theirs", PASSWORD)).expect("sent");
        assert_answer(&receive(&client), client.local_addr().expect("bound"));
    }
    let stats = shard(&plane).stats().await.expect("stats");
    assert_eq!((stats.io.datagrams_in, stats.io.datagrams_out), (12, 2));
    assert_eq!((stats.sfu.totals.packets_in, stats.sfu.participants), (12, 1));
}

#[tokio::test]
async fn a_valid_check_over_tcp_is_answered_and_a_forged_one_ends_its_connection() {
    let (plane, _events) = start_with_participant().await;
    for at in ["127.0.0.1", "::1"] {
        let server = address(&plane, Protocol::Tcp, at);
        let mut client = connect_and_ask(server, &request("ours:theirs", PASSWORD));
        let mut length = [0; 2];
        client.read_exact(&mut length).expect("a length");
        let mut answer = vec![0; u16::from_be_bytes(length).into()];
        client.read_exact(&mut answer).expect("an answer");
        assert_answer(&answer, client.local_addr().expect("bound"));

        let mut forger = connect_and_ask(server, &request("ours:theirs", "a-password-that-is-wrong"));
        let mut rest = Vec::new();
        forger.read_to_end(&mut rest).expect("an end");
        assert!(rest.is_empty());
    }
    let io = shard(&plane).stats().await.expect("stats").io;
    assert_eq!((io.tcp_frames_in, io.tcp_frames_out, io.tcp_accepted), (4, 2, 4));
}

fn connect_and_ask(server: SocketAddr, request: &[u8]) -> TcpStream {
    let mut client = TcpStream::connect(server).expect("connects");
    client.set_read_timeout(Some(BOUND)).expect("a bound");
    client.write_all(&(request.len() as u16).to_be_bytes()).expect("written");
    client.write_all(request).expect("written");
    client
}
