//! One unit with a publisher and a viewer and no network between them: for fuzz bodies and for counts of memory.

use crate::sim::{
    peer::{Client, Clock, Endpoints, Peer, Track, TrackSpec, certificate, seed_shares, slot},
    unit::unit,
    world::mid,
};
use std::{collections::VecDeque, net::SocketAddr};
use viva_media::{
    Codec, IceCredentials, MediaKind, ParticipantId, Path, Permissions, Protocol, PublicationId, RoomId, Ssrc,
};
use viva_peer::{Credentials, Datagrams, Random};
use viva_sfu::{Command, Limits, Output, Sfu, View};
use viva_wire::{Micros, demux::classify};

const ROOM: RoomId = RoomId(1);
/// Calls after which a unit that still has something to say says it without end.
const ENDLESS: usize = 10_000;
/// The largest datagram that a unit may send.
const LARGEST: usize = 1500;

/// A unit and those who are with it, in the order of their coming.
pub struct Pair {
    /// Now.
    pub now: u64,
    /// The unit.
    pub sfu: Sfu,
    /// The publisher first, then the viewer.
    pub peers: Vec<Peer>,
    /// What the unit sends does not arrive.
    pub deaf: bool,
    /// The newest datagrams that did not.
    pub unheard: VecDeque<Vec<u8>>,
    /// Bytes that the unit sent.
    pub sent: u64,
    /// Ids given.
    ids: u64,
}

impl Default for Pair {
    fn default() -> Self {
        Self::new()
    }
}

impl Pair {
    /// A unit with nobody.
    pub fn new() -> Self {
        seed_shares(1);
        Self {
            now: 1_000_000,
            sfu: unit(1, 1, Limits::default()),
            peers: Vec::new(),
            deaf: false,
            unheard: VecDeque::new(),
            sent: 0,
            ids: 0,
        }
    }

    /// Both are here and have found their way; no handshake has begun.
    pub fn checked() -> Self {
        let mut pair = Self::new();
        pair.enter();
        for index in 0..pair.peers.len() {
            let mut check = pair.peers[index].client.transport.connectivity.check();
            pair.deaf = true;
            pair.receive(index, &mut check);
        }
        pair
    }

    /// Both are connected, and the viewer looks at the publisher, who has sent the first moments of picture and sound.
    pub fn connected() -> Self {
        let mut pair = Self::new();
        pair.enter();
        pair.run(300);
        assert!(pair.peers.iter().all(|peer| peer.client.transport.sealing.is_some()), "connected");
        pair.deaf = true;
        pair
    }

    /// Both come.
    pub fn enter(&mut self) {
        let mut random = Random::new(1);
        let mut publisher = self.peer();
        let tracks = [("0", TrackSpec { packets: 3, ..TrackSpec::CAMERA }), ("1", TrackSpec::MICROPHONE)];
        let publications = tracks.map(|(name, spec)| {
            self.ids += 1;
            let id = PublicationId(self.ids);
            publisher.tracks.push(Track::new(self.now, id, mid(name), spec, &mut random));
            id
        });
        self.join(publisher);
        let mut viewer = self.peer();
        viewer.set_slots(vec![
            slot(mid("0"), MediaKind::Video, Ssrc(7000), &[Codec::Vp8]),
            slot(mid("1"), MediaKind::Audio, Ssrc(8000), &[Codec::Opus]),
        ]);
        let participant = viewer.id;
        self.join(viewer);
        let view = Some(View { publication: publications[0], height: 360 });
        self.tell(Command::View { participant, mid: mid("0"), view });
    }

    /// Both go.
    pub fn leave(&mut self) {
        for peer in std::mem::take(&mut self.peers) {
            // Whoever was forgotten meanwhile is gone already.
            let leave = Command::Leave { participant: peer.id };
            let _ = self.sfu.handle_command(Micros(self.now), leave);
        }
        self.drain();
    }

    fn peer(&mut self) -> Peer {
        self.ids += 1;
        let id = self.ids;
        let credentials = |side: &str| IceCredentials {
            ufrag: format!("{side}{id:04}"),
            pwd: format!("{side}-password-of-a-pair-{id:08}"),
        };
        let address = SocketAddr::from(([198, 51, 100, (id % 250) as u8], 40_000 + (id % 20_000) as u16));
        let server = SocketAddr::from(([192, 0, 2, 1], 3478));
        let credentials = Credentials { own: credentials("own"), theirs: credentials("unit") };
        let endpoints = Endpoints { address, protocol: Protocol::Udp, server, credentials };
        let client = Client::new(self.now, endpoints, certificate(1), id);
        Peer::new(self.now, ParticipantId(id), ROOM, 0, client, Clock { offset: 0, drift: 0 })
    }

    fn join(&mut self, peer: Peer) {
        let transport = peer.client.parameters();
        let permissions = Permissions { publish: true, subscribe: true };
        self.tell(Command::Join { room: ROOM, participant: peer.id, permissions, transport });
        self.tell(peer.negotiate());
        self.peers.push(peer);
    }

    /// Tells the unit something that it must accept.
    pub fn tell(&mut self, command: Command) {
        self.sfu.handle_command(Micros(self.now), command).expect("a good command");
    }

    /// Everybody does what browsers do, for so many milliseconds.
    pub fn run(&mut self, millis: u64) {
        for _ in 0..millis / 5 {
            self.now += 5_000;
            self.sfu.handle_timeout(Micros(self.now));
            self.drain();
            for index in 0..self.peers.len() {
                let mut out = Datagrams::new();
                self.peers[index].tick(self.now, &mut Vec::new(), &mut out);
                for mut datagram in out {
                    self.receive(index, &mut datagram);
                }
            }
        }
    }

    /// Where a peer's packets come from.
    pub fn path(&self, index: usize) -> Path {
        self.peers[index].client.path()
    }

    /// The unit receives a datagram from the address of a peer.
    pub fn receive(&mut self, from: usize, datagram: &mut [u8]) {
        self.receive_from(self.path(from), datagram);
    }

    /// The unit receives a datagram.
    pub fn receive_from(&mut self, path: Path, datagram: &mut [u8]) {
        self.sfu.handle_packet(Micros(self.now), path, datagram);
        self.drain();
    }

    /// The unit is handed this time, whatever it was before.
    pub fn set_time(&mut self, now: u64) {
        self.now = now;
        self.sfu.handle_timeout(Micros(now));
        self.drain();
    }

    /// Takes all that the unit has to say; peers receive it and answer, unless they are deaf.
    pub fn drain(&mut self) {
        for call in 0.. {
            assert!(call < ENDLESS, "the unit has something to say without end");
            let mut arriving: Vec<(SocketAddr, Vec<u8>)> = Vec::new();
            match self.sfu.poll_output(Micros(self.now)) {
                Output::Transmit(transmits) => {
                    for transmit in transmits.iter() {
                        let remote = transmit.path.remote;
                        arriving.extend(transmit.packets().map(|packet| (remote, packet.to_vec())));
                    }
                }
                Output::Timeout(_) => return,
                Output::Event(_) | Output::Close(_) => {}
            }
            for (address, packet) in arriving {
                self.arrive(address, packet);
            }
        }
    }

    fn arrive(&mut self, address: SocketAddr, mut packet: Vec<u8>) {
        assert!(packet.len() <= LARGEST, "{} bytes", packet.len());
        assert!(classify(&packet).is_some(), "not one of the protocols of the port");
        self.sent += packet.len() as u64;
        if self.deaf {
            self.unheard.truncate(15);
            self.unheard.push_front(packet);
            return;
        }
        let place = self.peers.iter().position(|peer| peer.client.address == address);
        let Some(index) = place else { return };
        let mut out = Datagrams::new();
        self.peers[index].receive(self.now, &mut packet, &mut out);
        for mut datagram in out {
            self.sfu.handle_packet(Micros(self.now), self.path(index), &mut datagram);
        }
    }

    /// Datagrams dropped so far.
    pub fn dropped(&mut self) -> u64 {
        self.sfu.stats(Micros(self.now)).totals.dropped.iter().sum()
    }
}
