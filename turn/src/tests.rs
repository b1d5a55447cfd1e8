//! A client of the library's making at the gate and in its allocation.

use crate::{Allocation, Gate, Greeting, MAX_HEADER, Received, Refused, Secret, Wrapping};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use stun_types::{
    attribute::{AttributeWrite, ErrorCode, Nonce, Realm, UnknownAttributes, Username, XorMappedAddress},
    message::{
        BINDING, IntegrityAlgorithm, IntegrityKey, LongTermKeyCredentials, Message, MessageWrite as _,
        MessageWriteExt as _, MessageWriteVec, Method,
    },
};
use turn_types::{
    AddressFamily,
    attribute::{
        ChannelNumber, Data, DontFragment, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport,
        ReservationToken, XorPeerAddress, XorRelayedAddress,
    },
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};
use viva_media::ParticipantId;
use viva_wire::Micros;

const SEAT: ParticipantId = ParticipantId(7);
const UNIX: u64 = 1_800_000_000;
const NOW: Micros = Micros(1_000_000);

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn client_at() -> SocketAddr {
    address("198.51.100.7:50000")
}

fn ours() -> [SocketAddr; 3] {
    [address("192.0.2.1:10000"), address("[2001:db8::1]:10000"), address("203.0.113.9:10000")]
}

fn secret() -> Secret {
    Secret::new(b"the secret of these tests, long enough", "viva")
}

/// What a client of TURN remembers.
struct Client {
    username: String,
    password: String,
    realm: String,
    nonce: String,
}

impl Client {
    /// Of a seat, for ten minutes, before its first answer.
    fn new() -> Self {
        let credentials = secret().issue(SEAT, UNIX + 600);
        let (realm, nonce) = Default::default();
        Self { username: credentials.username, password: credentials.password, realm, nonce }
    }

    /// One that has been told realm and nonce.
    fn challenged() -> Self {
        let mut client = Self::new();
        client.learn(&answered(greet(&plain(ALLOCATE, &[&RequestedTransport::new(17)]))));
        client
    }

    fn learn(&mut self, answer: &[u8]) {
        let answer = Message::from_bytes(answer).unwrap();
        self.realm = answer.attribute::<Realm>().unwrap().realm().to_owned();
        self.nonce = answer.attribute::<Nonce>().unwrap().nonce().to_owned();
    }

    fn key(&self) -> IntegrityKey {
        let Self { username, password, realm, .. } = self;
        LongTermKeyCredentials::new(username.clone(), password.clone(), realm.clone())
            .make_key(IntegrityAlgorithm::Sha1)
    }

    fn signed(&self, method: Method, attributes: &[&dyn AttributeWrite]) -> Vec<u8> {
        let mut request = Message::builder_request(method, MessageWriteVec::new());
        attributes.iter().for_each(|attribute| request.add_attribute(*attribute).unwrap());
        request.add_attribute(&Username::new(&self.username).unwrap()).unwrap();
        request.add_attribute(&Realm::new(&self.realm).unwrap()).unwrap();
        request.add_attribute(&Nonce::new(&self.nonce).unwrap()).unwrap();
        request.add_message_integrity_with_key(&self.key(), IntegrityAlgorithm::Sha1).unwrap();
        request.finish()
    }

    /// A request about a peer; its address stands under the transaction, so it is written with it.
    fn about(&self, method: Method, peer: Option<SocketAddr>, channel: Option<u16>) -> Vec<u8> {
        let mut request = Message::builder_request(method, MessageWriteVec::new());
        let transaction = Message::from_bytes(&request).unwrap().transaction_id();
        if let Some(channel) = channel {
            request.add_attribute(&ChannelNumber::new(channel)).unwrap();
        }
        if let Some(peer) = peer {
            request.add_attribute(&XorPeerAddress::new(peer, transaction)).unwrap();
        }
        request.add_attribute(&Username::new(&self.username).unwrap()).unwrap();
        request.add_attribute(&Realm::new(&self.realm).unwrap()).unwrap();
        request.add_attribute(&Nonce::new(&self.nonce).unwrap()).unwrap();
        request.add_message_integrity_with_key(&self.key(), IntegrityAlgorithm::Sha1).unwrap();
        request.finish()
    }

    fn allocate(&self) -> Vec<u8> {
        self.signed(ALLOCATE, &[&RequestedTransport::new(17)])
    }
}

fn plain(method: Method, attributes: &[&dyn AttributeWrite]) -> Vec<u8> {
    let mut request = Message::builder_request(method, MessageWriteVec::new());
    attributes.iter().for_each(|attribute| request.add_attribute(*attribute).unwrap());
    request.finish()
}

fn greet(bytes: &[u8]) -> Greeting {
    Gate::new(secret()).greet(UNIX, client_at(), bytes)
}

fn answered(greeting: Greeting) -> Vec<u8> {
    let Greeting::Answer(answer) = greeting else { panic!("no answer: {greeting:?}") };
    answer
}

fn code(answer: &[u8]) -> u16 {
    Message::from_bytes(answer).unwrap().attribute::<ErrorCode>().map_or(0, |error| error.code())
}

/// A client with its allocation, and the answer that opened it.
fn allocated() -> (Client, Allocation, Vec<u8>) {
    let client = Client::challenged();
    let Greeting::Allocate(grant) = greet(&client.allocate()) else { panic!("not granted") };
    assert_eq!(grant.participant, SEAT);
    let (allocation, answer) = Allocation::open(*grant, address("192.0.2.1:4242"), Arc::from(ours()), NOW);
    (client, allocation, answer)
}

fn reply(received: Received) -> Vec<u8> {
    let (Received::Answer(answer) | Received::Ended(answer)) = received else { panic!("{received:?}") };
    answer
}

fn send(peer: SocketAddr, data: &[u8]) -> Vec<u8> {
    let mut message = Message::builder_indication(SEND, MessageWriteVec::new());
    let transaction = Message::from_bytes(&message).unwrap().transaction_id();
    message.add_attribute(&XorPeerAddress::new(peer, transaction)).unwrap();
    message.add_attribute(&Data::new(data)).unwrap();
    message.finish()
}

#[test]
fn a_binding_request_is_told_where_it_came_from() {
    let answer = answered(greet(&plain(BINDING, &[])));
    let answer = Message::from_bytes(&answer).unwrap();
    let mapped = answer.attribute::<XorMappedAddress>().unwrap();
    assert_eq!(mapped.addr(answer.transaction_id()), client_at());
}

#[test]
fn a_seat_with_its_credentials_gets_an_allocation_and_nobody_else_does() {
    let (client, _, answer) = allocated();
    let answer = Message::from_bytes(&answer).unwrap();
    assert!(answer.validate_integrity_with_key(&client.key()).is_ok());
    let relayed = answer.attribute::<XorRelayedAddress>().unwrap().addr(answer.transaction_id());
    assert_eq!(relayed, address("192.0.2.1:4242"));
    assert_eq!(answer.attribute::<Lifetime>().unwrap().seconds(), 600);

    let mut wrong = Client::challenged();
    wrong.password = "guessed".to_owned();
    assert_eq!(code(&answered(greet(&wrong.allocate()))), 401);
    // A longer time, or another seat, is another name with another password.
    for name in [format!("{}:{SEAT}", UNIX + 601), format!("{}:{}", UNIX + 600, ParticipantId(8))] {
        let mut other = Client::challenged();
        other.username = name;
        assert_eq!(code(&answered(greet(&other.allocate()))), 401);
    }
    let mut cut = Client::challenged().allocate();
    cut[24] ^= 1;
    assert!(matches!(greet(&cut), Greeting::Answer(answer) if code(&answer) == 401));
}

#[test]
fn credentials_and_nonces_are_good_for_their_time_alone() {
    let client = Client::challenged();
    let gate = Gate::new(secret());
    let late = gate.greet(UNIX + 599, client_at(), &client.allocate());
    assert!(matches!(late, Greeting::Allocate(_)));
    // The nonce has ended too, so the client is told a new one first; and then that its time is over.
    let over = answered(gate.greet(UNIX + 600, client_at(), &client.allocate()));
    assert_eq!(code(&over), 438);
    let mut renewed = client;
    renewed.learn(&over);
    assert_eq!(code(&answered(gate.greet(UNIX + 600, client_at(), &renewed.allocate()))), 401);
    renewed.nonce = format!("{:x}-{}", UNIX, "0".repeat(32));
    assert_eq!(code(&answered(gate.greet(UNIX, client_at(), &renewed.allocate()))), 438);
}

#[test]
fn what_is_asked_and_is_not_there_is_refused_by_its_number() {
    let client = Client::challenged();
    let refused =
        |attributes: &[&dyn AttributeWrite]| code(&answered(greet(&client.signed(ALLOCATE, attributes))));
    assert_eq!(refused(&[]), 400);
    assert_eq!(refused(&[&RequestedTransport::new(6)]), 442);
    assert_eq!(refused(&[&RequestedTransport::new(17), &EvenPort::new(true)]), 508);
    let even =
        [&RequestedTransport::new(17) as &dyn AttributeWrite, &EvenPort::new(false), &DontFragment::new()];
    assert!(
        matches!(greet(&client.signed(ALLOCATE, &even)), Greeting::Allocate(grant) if grant.wants_even_port())
    );
    let answer = client.signed(ALLOCATE, &[&RequestedTransport::new(17), &ReservationToken::new(1)]);
    let answer = answered(greet(&answer));
    assert!(Message::from_bytes(&answer).unwrap().attribute::<UnknownAttributes>().is_ok());
    for method in [REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        assert_eq!(code(&answered(greet(&client.signed(method, &[])))), 437);
    }
    let v6 = client
        .signed(ALLOCATE, &[&RequestedTransport::new(17), &RequestedAddressFamily::new(AddressFamily::IPV6)]);
    let Greeting::Allocate(grant) = greet(&v6) else { panic!("not granted") };
    assert_eq!(grant.wants_ipv6(), Some(true));
    assert_eq!(code(&grant.no_such_family()), 440);
    assert_eq!(code(&grant.over_quota()), 486);
    assert_eq!(code(&grant.unseated()), 401);
    assert_eq!(code(&grant.no_capacity()), 508);
}

#[test]
fn packets_go_to_our_own_sockets_and_to_nobody_else() {
    let (client, mut allocation, _) = allocated();
    let [peer, ..] = ours();
    let before = allocation.handle(NOW, &send(peer, b"check"));
    assert_eq!(before, Received::Refused(Refused::NoPermission));
    assert_eq!(code(&reply(allocation.handle(NOW, &client.about(CREATE_PERMISSION, Some(peer), None)))), 0);
    let indication = send(peer, b"check");
    let Received::Packet(to, data) = allocation.handle(NOW, &indication) else { panic!("dropped") };
    assert_eq!((to, &indication[data]), (peer, &b"check"[..]));

    // The same address at another port is no socket of ours, though its address is permitted.
    let near = SocketAddr::new(peer.ip(), 22);
    assert_eq!(allocation.handle(NOW, &send(near, b"ssh")), Received::Refused(Refused::NoPermission));
    for foreign in ["127.0.0.1:10000", "10.0.0.1:80", "[::1]:10000", "169.254.169.254:80", "8.8.8.8:53"] {
        let foreign = address(foreign);
        let permission = client.about(CREATE_PERMISSION, Some(foreign), None);
        assert_eq!(code(&reply(allocation.handle(NOW, &permission))), 403, "{foreign}");
        let channel = client.about(CHANNEL_BIND, Some(foreign), Some(0x4001));
        assert_eq!(code(&reply(allocation.handle(NOW, &channel))), 403, "{foreign}");
        let sent = allocation.handle(NOW, &send(foreign, b"?"));
        assert_eq!(sent, Received::Refused(Refused::NoPermission), "{foreign}");
        assert_eq!(allocation.wrap(NOW, foreign, 5, false, &mut [0; MAX_HEADER]), None);
    }
    let later = NOW + Duration::from_secs(300);
    assert_eq!(allocation.handle(later, &indication), Received::Refused(Refused::NoPermission));
}

#[test]
fn a_channel_carries_packets_both_ways_in_four_bytes() {
    let (client, mut allocation, _) = allocated();
    let [v4, v6, _] = ours();
    let data = [&[0x40, 0, 0, 5][..], b"voice"].concat();
    assert_eq!(allocation.handle(NOW, &data), Received::Refused(Refused::NoChannel));
    let bind = |peer, number| client.about(CHANNEL_BIND, Some(peer), Some(number));
    assert_eq!(code(&reply(allocation.handle(NOW, &bind(v4, 0x4000)))), 0);
    assert_eq!(allocation.handle(NOW, &data), Received::Packet(v4, 4..9));
    let padded = [&data[..], &[0; 3]].concat();
    assert_eq!(allocation.handle(NOW, &padded), Received::Packet(v4, 4..9));
    assert_eq!(allocation.handle(NOW, &[0x40, 0, 0, 9, 1]), Received::Refused(Refused::Malformed));
    assert_eq!(allocation.handle(NOW, &[0x7f, 0xff, 0, 1, 1]), Received::Refused(Refused::NoChannel));

    let mut header = [0; MAX_HEADER];
    let in_datagram = allocation.wrap(NOW, v4, 5, false, &mut header);
    assert_eq!(in_datagram, Some(Wrapping { header: 4, padding: 0 }));
    assert_eq!(header[..4], [0x40, 0, 0, 5]);
    let in_stream = allocation.wrap(NOW, v4, 5, true, &mut header);
    assert_eq!(in_stream, Some(Wrapping { header: 4, padding: 3 }));

    // One number is one peer, and one peer one number.
    assert_eq!(code(&reply(allocation.handle(NOW, &bind(v6, 0x4000)))), 400);
    assert_eq!(code(&reply(allocation.handle(NOW, &bind(v4, 0x4001)))), 400);
    assert_eq!(code(&reply(allocation.handle(NOW, &bind(v6, 0x3fff)))), 400);
    assert_eq!(code(&reply(allocation.handle(NOW, &bind(v6, 0x4001)))), 0);
    let over = NOW + Duration::from_secs(600);
    assert_eq!(allocation.handle(over, &data), Received::Refused(Refused::NoChannel));
    assert_eq!(allocation.wrap(over, v4, 5, false, &mut header), None);
}

#[test]
fn without_a_channel_packets_come_in_indications_as_others_read_them() {
    let (client, mut allocation, _) = allocated();
    for peer in [ours()[0], ours()[1]] {
        reply(allocation.handle(NOW, &client.about(CREATE_PERMISSION, Some(peer), None)));
        let mut header = [0; MAX_HEADER];
        let Wrapping { header: length, padding } =
            allocation.wrap(NOW, peer, 6, true, &mut header).expect("permitted");
        let whole = [&header[..length], b"answer", &[0; 2][..padding]].concat();
        let message = Message::from_bytes(&whole).expect("an indication");
        let from = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
        let raw = message.iter_attributes().last().expect("data").1;
        assert_eq!((from, &raw.value[..]), (peer, &b"answer"[..]));
    }
}

#[test]
fn an_allocation_lasts_as_long_as_it_is_refreshed_with_its_own_credentials() {
    let (client, mut allocation, _) = allocated();
    assert_eq!(allocation.expires(), NOW + Duration::from_secs(600));
    let refresh = |client: &Client, seconds| client.signed(REFRESH, &[&Lifetime::new(seconds)]);
    let later = NOW + Duration::from_secs(500);
    let answer = reply(allocation.handle(later, &refresh(&client, 90_000)));
    let granted = Message::from_bytes(&answer).unwrap().attribute::<Lifetime>().unwrap().seconds();
    assert_eq!((granted, allocation.expires()), (3600, later + Duration::from_secs(3600)));

    let mut stranger = Client::challenged();
    stranger.nonce = client.nonce.clone();
    stranger.password = "guessed".to_owned();
    assert_eq!(code(&reply(allocation.handle(later, &refresh(&stranger, 0)))), 401);
    let other = secret().issue(ParticipantId(8), UNIX + 600);
    (stranger.username, stranger.password) = (other.username, other.password);
    assert_eq!(code(&reply(allocation.handle(later, &refresh(&stranger, 0)))), 441);
    let ended = allocation.handle(later, &refresh(&client, 0));
    assert!(matches!(ended, Received::Ended(_)));
}

#[test]
fn a_nonce_changes_within_the_hour_and_the_client_is_told() {
    let (mut client, mut allocation, _) = allocated();
    let later = NOW + Duration::from_secs(3000);
    let refresh = client.signed(REFRESH, &[&Lifetime::new(600)]);
    let stale = reply(allocation.handle(later, &refresh));
    assert_eq!(code(&stale), 438);
    let before = client.nonce.clone();
    client.learn(&stale);
    assert_ne!(client.nonce, before);
    let refresh = client.signed(REFRESH, &[&Lifetime::new(600)]);
    assert_eq!(code(&reply(allocation.handle(later, &refresh))), 0);
}

#[test]
fn a_request_that_came_twice_is_answered_twice_and_another_is_a_mismatch() {
    let client = Client::challenged();
    let request = client.allocate();
    let Greeting::Allocate(grant) = greet(&request) else { panic!("not granted") };
    let (mut allocation, answer) =
        Allocation::open(*grant, address("192.0.2.1:4242"), Arc::from(ours()), NOW);
    assert_eq!(reply(allocation.handle(NOW, &request)), answer);
    assert_eq!(code(&reply(allocation.handle(NOW, &client.allocate()))), 437);
}

#[test]
fn who_asks_a_thousand_times_a_second_is_answered_twenty_and_sends_packets_as_before() {
    let (client, mut allocation, _) = allocated();
    let bind = client.about(CHANNEL_BIND, Some(ours()[0]), Some(0x4000));
    assert_eq!(code(&reply(allocation.handle(NOW, &bind))), 0);
    let asked = [client.signed(REFRESH, &[&Lifetime::new(600)]), plain(REFRESH, &[]), plain(BINDING, &[])];
    let mut answered = 0;
    for ms in 0..10_000 {
        let now = NOW + Duration::from_millis(ms);
        match allocation.handle(now, &asked[ms as usize % asked.len()]) {
            Received::Answer(_) => answered += 1,
            received => assert_eq!(received, Received::Refused(Refused::TooOften)),
        }
        let packet = allocation.handle(now, &[0x40, 0, 0, 1, 9]);
        assert_eq!(packet, Received::Packet(ours()[0], 4..5));
    }
    // 99 at once, as one was the channel, and 20 a second.
    assert!((298..=300).contains(&answered), "{answered}");
    let later = NOW + Duration::from_secs(20);
    assert_eq!(code(&reply(allocation.handle(later, &asked[0]))), 0);
}

#[test]
fn nonsense_of_any_kind_is_dropped_and_changes_nothing() {
    let (client, mut allocation, _) = allocated();
    let sound = [
        client.about(CREATE_PERMISSION, Some(ours()[0]), None),
        client.about(CHANNEL_BIND, Some(ours()[0]), Some(0x4000)),
        send(ours()[0], b"data"),
        client.signed(REFRESH, &[&Lifetime::new(0)]),
    ];
    let mut random = 1_u64;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize
    };
    let gate = Gate::new(secret());
    for round in 0..20_000 {
        // As slowly as it may, so that all of it is read.
        let now = NOW + Duration::from_millis(50) * round as u32;
        let mut bytes = sound[round % sound.len()].clone();
        let (at, with) = (next() % bytes.len(), next() as u8);
        bytes[at] ^= with | 1;
        bytes.truncate(if next().is_multiple_of(4) { next() % bytes.len() } else { bytes.len() });
        gate.greet(UNIX, client_at(), &bytes);
        match allocation.handle(now, &bytes) {
            Received::Packet(peer, _) => panic!("{peer} was never permitted: {bytes:?}"),
            Received::Ended(_) => panic!("ended by {bytes:?}"),
            Received::Answer(answer) => assert!(!answer.is_empty()),
            Received::Refused(why) => assert_ne!(why, Refused::TooOften),
        }
    }
    assert_eq!(allocation.expires(), NOW + Duration::from_secs(600));
}
