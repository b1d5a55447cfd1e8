//! The control plane of the world: who joins where with what, and commands to units.

use super::{Place, TICK, What, World};
use crate::sim::{
    network::{Conditions, Link},
    peer::{Client, Clock, Endpoints, Peer, Track, TrackSpec, certificate, slot},
    tap::Tap,
};
use std::net::SocketAddr;
use viva_media::{
    Codec, IceCredentials, MediaKind, Mid, ParticipantId, Path, Permissions, Protocol, PublicationId, RoomId,
    SlotParameters, Ssrc,
};
use viva_peer::{Credentials, Random};
use viva_sfu::{Command, Refused, TransportState, View};
use viva_wire::Micros;

/// May do everything.
pub const ALL: Permissions = Permissions { publish: true, subscribe: true };

/// What a peer brings.
#[derive(Debug, Clone)]
pub struct PeerSpec {
    /// Its room.
    pub room: RoomId,
    /// Its unit.
    pub unit: usize,
    /// What it sends.
    pub tracks: Vec<TrackSpec>,
    /// Places for sound.
    pub audio_slots: usize,
    /// Places for pictures.
    pub video_slots: usize,
    /// What it can decode.
    pub codecs: Vec<Codec>,
    /// What carries its packets.
    pub protocol: Protocol,
    /// Both directions.
    pub conditions: Conditions,
    /// What it may do.
    pub permissions: Permissions,
    /// Which certificate it shows; the offer names the first.
    pub certificate: usize,
}

impl PeerSpec {
    /// Somebody who sends nothing and receives one picture and two voices.
    pub fn viewer(room: u64) -> Self {
        Self {
            room: RoomId(room),
            unit: 0,
            tracks: Vec::new(),
            audio_slots: 2,
            video_slots: 1,
            codecs: vec![
                Codec::Opus,
                Codec::Red,
                Codec::Vp8,
                crate::sim::peer::BASELINE,
                Codec::Vp9(0),
                Codec::Av1(0),
            ],
            protocol: Protocol::Udp,
            conditions: Conditions::GOOD,
            permissions: ALL,
            certificate: 1,
        }
    }

    /// Somebody with camera and microphone who receives nothing.
    pub fn publisher(room: u64) -> Self {
        let tracks = vec![TrackSpec::CAMERA, TrackSpec::MICROPHONE];
        Self { tracks, audio_slots: 0, video_slots: 0, ..Self::viewer(room) }
    }

    /// Somebody who does both.
    pub fn talker(room: u64) -> Self {
        Self { tracks: Self::publisher(room).tracks, ..Self::viewer(room) }
    }

    /// The same on another line.
    pub fn on(self, conditions: Conditions) -> Self {
        Self { conditions, ..self }
    }
}

impl World {
    /// A peer joins: the unit is told, everybody may receive it, its checks begin.
    pub fn join(&mut self, spec: &PeerSpec) -> usize {
        let id = self.fresh_id();
        let place = self.prepare(ParticipantId(id), spec);
        let command = self.join_command(place, spec.permissions);
        self.must(spec.unit, command);
        self.negotiate(place);
        place
    }

    /// A peer with credentials of which the unit knows nothing yet.
    pub fn prepare(&mut self, id: ParticipantId, spec: &PeerSpec) -> usize {
        let place = self.places.len();
        let address = self.fresh_address();
        let endpoints = Endpoints {
            address,
            protocol: spec.protocol,
            server: self.units[spec.unit].address,
            credentials: Credentials { own: self.credentials(), theirs: self.credentials() },
        };
        let client = Client::new(self.now, endpoints, certificate(spec.certificate), self.random.draw());
        let clock = Clock { offset: self.random.below(100_000), drift: self.random.below(100) as i64 - 50 };
        let mut peer = Peer::new(self.now, id, spec.room, spec.unit, client, clock);
        for (index, track) in spec.tracks.iter().enumerate() {
            let publication = PublicationId(self.fresh_id());
            let mid = mid(&format!("t{index}"));
            let track = Track::new(self.now, publication, mid, *track, &mut self.random);
            peer.tracks.push(track);
        }
        peer.set_slots(self.slots(spec));
        let link = |random: &mut Random| Link::new(spec.conditions, random.fork());
        let (up, down) = (link(&mut self.random), link(&mut self.random));
        let tap = Tap::new(id, Self::ntp_clock());
        self.places.push(Place { peer, up, down, line: None, tap, state: TransportState::New, left: None });
        self.by_address.insert(address, place);
        let phase = self.random.below(TICK);
        self.schedule(self.now + phase, What::Tick { place });
        place
    }

    /// The command that lets a prepared peer in.
    pub fn join_command(&self, place: usize, permissions: Permissions) -> Command {
        let peer = &self.places[place].peer;
        Command::Join {
            room: peer.room,
            participant: peer.id,
            permissions,
            transport: peer.client.parameters(),
        }
    }

    fn slots(&mut self, spec: &PeerSpec) -> Vec<SlotParameters> {
        let kinds = [(MediaKind::Audio, spec.audio_slots), (MediaKind::Video, spec.video_slots)];
        let mut slots = Vec::new();
        for (kind, count) in kinds {
            for index in 0..count {
                // Even for media, odd for its retransmissions.
                let ssrc = (self.random.draw() as u32) & !1;
                let name = if kind == MediaKind::Audio { "a" } else { "v" };
                slots.push(slot(mid(&format!("{name}{index}")), kind, Ssrc(ssrc), &spec.codecs));
            }
        }
        slots
    }

    /// Tells the unit what a peer sends and receives; everybody may receive it.
    pub fn negotiate(&mut self, place: usize) {
        let peer = &self.places[place].peer;
        let (unit, command) = (peer.unit, peer.negotiate());
        self.must(unit, command);
    }

    /// A video slot of a peer shows the camera of another, so many pixels high.
    pub fn view(&mut self, place: usize, slot: usize, of: usize, height: u16) {
        let publication = self.places[of].peer.camera().expect("a camera").id;
        let peer = &self.places[place].peer;
        let view = Some(View { publication, height });
        self.must(peer.unit, Command::View { participant: peer.id, mid: mid(&format!("v{slot}")), view });
    }

    /// A peer goes, and the unit is told.
    pub fn leave(&mut self, place: usize) {
        let peer = &mut self.places[place].peer;
        peer.running = false;
        let (unit, participant) = (peer.unit, peer.id);
        self.must(unit, Command::Leave { participant });
    }

    /// A peer closes its transport (DTLS close_notify).
    pub fn say_good_bye(&mut self, place: usize) {
        let mut out = Vec::new();
        self.places[place].peer.client.transport.close(&mut out);
        self.send_up(place, out);
    }

    /// A peer sends packets of streams that nobody agreed to.
    pub fn flood(&mut self, place: usize, streams: u32) {
        let mut out = Vec::new();
        self.places[place].peer.strange_streams(streams, &mut out);
        self.send_up(place, out);
    }

    /// Somebody sends a packet to a unit; it arrives now.
    pub fn inject(&mut self, unit: usize, path: Path, packet: Vec<u8>) {
        self.reach_unit(unit, path, packet);
    }

    /// A peer is somewhere else from now on, as behind a NAT that forgot it.
    pub fn move_peer(&mut self, place: usize) {
        let address = self.fresh_address();
        let old = std::mem::replace(&mut self.places[place].peer.client.address, address);
        self.by_address.remove(&old);
        self.former.insert(old, place);
        self.by_address.insert(address, place);
    }

    /// New ICE credentials for both sides.
    pub fn restart_ice(&mut self, place: usize) {
        let (own, theirs) = (self.credentials(), self.credentials());
        let now = Micros(self.now);
        let peer = &mut self.places[place].peer;
        let credentials = Credentials { own: own.clone(), theirs: theirs.clone() };
        peer.client.transport.restart(now, credentials);
        let (unit, participant) = (peer.unit, peer.id);
        self.must(unit, Command::RestartIce { participant, local: theirs, remote: own });
    }

    /// A command that must be accepted.
    #[track_caller]
    pub fn must(&mut self, unit: usize, command: Command) {
        let said = format!("{command:?}");
        if let Err(refused) = self.command(unit, command) {
            self.fail(&format!("{said}: {refused}"));
        }
    }

    /// A command, followed by the truth if it was accepted.
    ///
    /// # Errors
    /// As the unit said.
    pub fn command(&mut self, unit: usize, command: Command) -> Result<(), Refused> {
        self.note(|| format!("unit {unit} ← {command:?}"));
        let result = self.units[unit].sfu.handle_command(Micros(self.now), command.clone());
        let now = self.now;
        match &result {
            Ok(()) => self.units[unit].model.apply(now, &command),
            Err(refused) => self.note(|| format!("refused: {refused}")),
        }
        self.drain(unit);
        result
    }

    /// An id that nobody has.
    pub fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn fresh_address(&mut self) -> SocketAddr {
        let id = self.fresh_id();
        SocketAddr::from(([198, 51, (id >> 8) as u8, id as u8], 40_000 + (id % 1000) as u16))
    }

    /// ICE credentials.
    pub fn credentials(&mut self) -> IceCredentials {
        let (a, b) = (self.random.draw(), self.random.draw());
        IceCredentials { ufrag: format!("{:08x}", a as u32), pwd: format!("{a:016x}{b:016x}") }
    }
}

/// The name of a media section.
pub fn mid(name: &str) -> Mid {
    name.parse().expect("a mid")
}
