//! What a packet costs in heap allocations: nothing on the steady path, through the real unit with modelled browsers
//! around it.

use allocation_counter::measure;
use std::{collections::VecDeque, net::SocketAddr};
use viva_media::{
    Codec, IceCredentials, MediaKind, ParticipantId, Permissions, Protocol, PublicationId, RoomId,
    SrtpProfile, Ssrc,
};
use viva_peer::{Credentials, Datagrams, Random};
use viva_sfu::{Command, Limits, Output, Sfu, Totals, View};
use viva_tests::sim::{
    peer::{Client, Clock, Endpoints, Peer, Track, TrackSpec, certificate, slot},
    unit::unit,
    world::mid,
};
use viva_wire::{
    Micros,
    demux::{Kind, classify},
};

const ROOM: RoomId = RoomId(1);
const CAMERA: PublicationId = PublicationId(101);
const MICROPHONE: PublicationId = PublicationId(102);
/// What every receiver gets pictures on, and what repairs them.
const PICTURE: Ssrc = Ssrc(7000);
const REPAIRS: Ssrc = Ssrc(7001);

/// Between two looks at the peers; a frame's packets arrive in one batch.
const STEP: u64 = 5_000;

/// The receiver whose line is narrow where one is, what that carries in bit/s, and how long packets wait there at most.
const NARROW: usize = 3;
const RATE: u64 = 400_000;
const DEPTH: u64 = 200_000;

/// One publisher and some receivers around a unit, on virtual time and without a network between them.
struct Hall {
    now: u64,
    sfu: Sfu,
    server: SocketAddr,
    peers: Vec<Peer>,
    wake: u64,
    /// Each so many media packets one gets lost, in both directions.
    lose_each: Option<u64>,
    media: u64,
    /// One receiver's line carries less than it wishes for.
    narrow: bool,
    /// When that line is free again, and what is on its way there.
    free: u64,
    underway: VecDeque<(u64, Vec<u8>)>,
    left: Left,
    /// What the unit's calls allocated.
    spent: Spent,
}

/// Packets of pictures that left the unit at other times than when one came, of the receiver whose line is narrow.
#[derive(Debug, Default, Clone, Copy)]
struct Left {
    /// Held back until the line took them.
    held: u64,
    /// Sent again, or padding of a probe.
    repairing: u64,
}

/// Heap allocations, by what the unit was called for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Spent {
    media: u64,
    control: u64,
    checks: u64,
    time: u64,
    output: u64,
}

impl Hall {
    /// A hall in which everybody is connected and sees and hears the publisher.
    fn new(receivers: usize) -> Self {
        Self::with(receivers, false)
    }

    /// The same, with a receiver whose line carries less than it wishes for if `narrow`.
    fn with(receivers: usize, narrow: bool) -> Self {
        let mut hall = Self {
            now: 1_000_000,
            sfu: unit(1, 1, Limits::default()),
            server: SocketAddr::from(([192, 0, 2, 1], 3478)),
            peers: Vec::new(),
            wake: u64::MAX,
            lose_each: None,
            media: 0,
            narrow,
            free: 0,
            underway: VecDeque::new(),
            left: Left::default(),
            spent: Spent::default(),
        };
        let mut random = Random::new(1);
        let mut publisher = hall.peer(0);
        for (id, mid, spec) in [
            (CAMERA, mid("0"), TrackSpec { near_wrap: true, ..TrackSpec::CAMERA }),
            (MICROPHONE, mid("1"), TrackSpec { near_wrap: true, ..TrackSpec::MICROPHONE }),
        ] {
            publisher.tracks.push(Track::new(hall.now, id, mid, spec, &mut random));
        }
        hall.enter(publisher);
        for index in 1..=receivers {
            let mut receiver = hall.peer(index);
            receiver.set_slots(vec![
                slot(mid("0"), MediaKind::Video, PICTURE, &[Codec::Vp8]),
                slot(mid("1"), MediaKind::Audio, Ssrc(8000), &[Codec::Opus]),
            ]);
            let participant = receiver.id;
            hall.enter(receiver);
            // One sees the largest layer, the next the middle one, and so on.
            let view = View { publication: CAMERA, height: [720, 360, 180][index % 3] };
            hall.tell(Command::View { participant, mid: mid("0"), view: Some(view) });
        }
        hall.run(3);
        for peer in &hall.peers {
            let profile = peer.client.transport.sealing.as_ref().map(|sealing| sealing.profile);
            assert_eq!(profile, Some(SrtpProfile::AeadAes256Gcm));
        }
        hall
    }

    fn peer(&self, index: usize) -> Peer {
        let credentials = |side: &str| IceCredentials {
            ufrag: format!("{side}{index:03}"),
            pwd: format!("{side}-password-of-the-hall-{index:06}"),
        };
        let address = SocketAddr::from(([198, 51, 100, index as u8], 40_000));
        let credentials = Credentials { own: credentials("own"), theirs: credentials("unit") };
        // One of the receivers comes by TCP.
        let protocol = if index == 4 { Protocol::Tcp } else { Protocol::Udp };
        let seed = index as u64;
        let endpoints = Endpoints { address, protocol, server: self.server, credentials };
        let client = Client::new(self.now, endpoints, certificate(1), seed);
        let id = ParticipantId(1 + index as u64);
        Peer::new(self.now, id, ROOM, 0, client, Clock { offset: 0, drift: 0 })
    }

    fn enter(&mut self, peer: Peer) {
        let transport = peer.client.parameters();
        let permissions = Permissions { publish: true, subscribe: true };
        self.tell(Command::Join { room: ROOM, participant: peer.id, permissions, transport });
        self.tell(peer.negotiate());
        self.peers.push(peer);
    }

    fn tell(&mut self, command: Command) {
        self.sfu.handle_command(Micros(self.now), command).expect("a good command");
    }

    /// Goes on for so many seconds.
    fn run(&mut self, seconds: u64) {
        for _ in 0..seconds * 1_000_000 / STEP {
            self.now += STEP;
            if self.wake <= self.now {
                self.wake = u64::MAX;
                let (sfu, now) = (&mut self.sfu, Micros(self.now));
                self.spent.time += measure(|| sfu.handle_timeout(now)).count_total;
                self.drain(true);
            }
            while self.underway.front().is_some_and(|(at, _)| *at <= self.now) {
                let Some((at, packet)) = self.underway.pop_front() else { break };
                self.arrive(at, NARROW, packet);
            }
            for index in 0..self.peers.len() {
                let mut out = Datagrams::new();
                self.peers[index].tick(self.now, &mut Vec::new(), &mut out);
                self.batch(index, out);
            }
        }
    }

    /// What one peer sends arrives in one batch.
    fn batch(&mut self, index: usize, packets: Datagrams) {
        let path = self.peers[index].client.path();
        for mut packet in packets {
            if self.loses(&packet) {
                continue;
            }
            let kind = classify(&packet);
            let (sfu, now) = (&mut self.sfu, Micros(self.now));
            let spent = measure(|| sfu.handle_packet(now, path, &mut packet)).count_total;
            match kind {
                Some(Kind::Rtp) => self.spent.media += spent,
                Some(Kind::Rtcp) => self.spent.control += spent,
                _ => self.spent.checks += spent,
            }
        }
        self.drain(false);
    }

    /// Takes what the unit wants to send to its receivers, and what they answer back to it; `timely`: because time passed.
    fn drain(&mut self, timely: bool) {
        let mut arriving: Vec<(SocketAddr, Vec<u8>)> = Vec::new();
        loop {
            let (sfu, now) = (&mut self.sfu, Micros(self.now));
            let mut output = None;
            let place = &mut output;
            let spent = measure(move || *place = Some(sfu.poll_output(now))).count_total;
            match output {
                Some(Output::Transmit(transmits)) => {
                    for transmit in transmits.iter() {
                        let remote = transmit.path.remote;
                        arriving.extend(transmit.packets().map(|packet| (remote, packet.to_vec())));
                    }
                }
                Some(Output::Timeout(at)) => {
                    self.wake = at.0;
                    self.spent.output += spent;
                    break;
                }
                _ => {}
            }
            self.spent.output += spent;
        }
        for (address, packet) in arriving {
            if self.loses(&packet) {
                continue;
            }
            let Some(index) = self.peers.iter().position(|peer| peer.client.address == address) else {
                continue;
            };
            if !self.narrow || index != NARROW {
                self.arrive(self.now, index, packet);
                continue;
            }
            if timely && classify(&packet) == Some(Kind::Rtp) {
                let is_picture = packet[8..12] == PICTURE.0.to_be_bytes();
                self.left.held += u64::from(is_picture);
                self.left.repairing += u64::from(packet[8..12] == REPAIRS.0.to_be_bytes());
            }
            let begin = self.free.max(self.now);
            if begin < self.now + DEPTH {
                self.free = begin + packet.len() as u64 * 8_000_000 / RATE;
                self.underway.push_back((self.free, packet));
            }
        }
    }

    fn arrive(&mut self, at: u64, index: usize, mut packet: Vec<u8>) {
        let mut out = Datagrams::new();
        self.peers[index].receive(at, &mut packet, &mut out);
        if !out.is_empty() {
            self.batch(index, out);
        }
    }

    fn loses(&mut self, packet: &[u8]) -> bool {
        if classify(packet) != Some(Kind::Rtp) {
            return false;
        }
        self.media += 1;
        self.lose_each.is_some_and(|each| self.media.is_multiple_of(each))
    }

    /// What the unit allocates and counts in so many seconds of the steady state, which begins when the packet caches have
    /// grown to their bounds.
    fn steady(&mut self, seconds: u64) -> (Spent, Totals) {
        self.run(60);
        let before = self.sfu.stats(Micros(self.now)).totals;
        self.spent = Spent::default();
        self.run(seconds);
        let spent = self.spent;
        let mut totals = self.sfu.stats(Micros(self.now)).totals;
        totals.forwarded -= before.forwarded;
        totals.packets_in -= before.packets_in;
        totals.nacks_in -= before.nacks_in;
        totals.nacks_out -= before.nacks_out;
        totals.retransmitted -= before.retransmitted;
        totals.transmits -= before.transmits;
        totals.packets_out -= before.packets_out;
        (spent, totals)
    }
}

#[test]
fn forwarding_reports_and_checks_cost_no_allocation() {
    let mut hall = Hall::new(5);
    let (spent, totals) = hall.steady(20);
    // Three encodings of 25 frames and 50 packets of sound a second, to five receivers.
    assert!(totals.forwarded > 10_000, "{totals:?}");
    assert!(totals.transmits < totals.packets_out, "frames leave in runs: {totals:?}");
    assert!(hall.peers[0].feedback > 200, "the publisher is told when its packets arrived");
    assert!(
        hall.peers.iter().all(|peer| peer.client.transport.connectivity.answers() > 20),
        "consent is checked"
    );
    assert_eq!(spent, Spent::default(), "allocations for {totals:?}");
}

#[test]
fn feedback_probes_and_waiting_for_a_narrow_line_cost_no_allocation() {
    let mut hall = Hall::with(5, true);
    hall.run(60);
    let Left { held, repairing } = hall.left;
    let (spent, totals) = hall.steady(20);
    let stats = hall.sfu.stats(Micros(hall.now));
    let lines: Vec<_> = stats.transports.iter().filter_map(|transport| transport.line).collect();
    assert!(lines.iter().filter(|line| line.estimate > 300_000).count() >= 4, "feedback is taken: {lines:?}");
    assert!(hall.left.held > held + 100, "pictures wait for the line: {:?}", hall.left);
    assert!(hall.left.repairing > repairing + 50, "probes are made of padding: {:?}", hall.left);
    assert_eq!(spent, Spent::default(), "allocations for {totals:?}");
}

#[test]
fn loss_and_its_repair_cost_no_allocation() {
    let mut hall = Hall::new(5);
    hall.lose_each = Some(23);
    let (spent, totals) = hall.steady(20);
    assert!(totals.nacks_out > 50 && totals.nacks_in > 100 && totals.retransmitted > 100, "{totals:?}");
    assert_eq!(spent, Spent::default(), "allocations for {totals:?}");
}

#[test]
fn packets_at_a_switch_of_layers_cost_no_allocation() {
    let mut hall = Hall::new(5);
    let switches = |hall: &mut Hall| -> u64 {
        let stats = hall.sfu.stats(Micros(hall.now));
        stats.transports.iter().flat_map(|transport| &transport.slots).map(|slot| slot.switches).sum()
    };
    let change = |hall: &mut Hall, times: usize| {
        for height in [180, 720, 360].into_iter().cycle().take(times) {
            for participant in 2..=6 {
                let view = Some(View { publication: CAMERA, height });
                hall.tell(Command::View { participant: ParticipantId(participant), mid: mid("0"), view });
            }
            hall.run(1);
        }
    };
    // Each switch takes a place in a list that grows to its bound.
    change(&mut hall, 150);
    hall.steady(0);
    let before = switches(&mut hall);
    change(&mut hall, 30);
    assert!(switches(&mut hall) >= before + 140, "every receiver switches nearly each time");
    let Spent { media, control, output, .. } = hall.spent;
    assert_eq!((media, control, output), (0, 0, 0), "allocations for packets");
}
