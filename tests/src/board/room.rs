//! The people of a scenario: publishers as Chromium has them, receivers behind the line.

use super::scenario::{Scenario, Setting, Tells};
use crate::sim::{
    Conditions, Offered, PeerSpec, TrackSpec, World,
    line::Line,
    peer::{Encoder, Estimate, Ledger, Patience},
};
use viva_media::{Codec, Extension, MediaKind, ParticipantId, Protocol};
use viva_peer::{ArrivalsByStream, numbers};

/// Bits a second of the encodings of a camera: 180, 360 and 720 rows.
pub const PICTURES: [u64; 3] = [150_000, 450_000, 1_500_000];
/// Rows of these.
pub const ROWS: [u16; 3] = [180, 360, 720];
/// What RTP, its extensions, SRTP, UDP and IPv4 add to a payload, in bytes.
const AROUND: u64 = 72;

/// The way from a publisher, and both ways of whoever is not measured: much faster than what is to be measured.
const FREE: Conditions = Conditions { jitter: 0, rate: Some(10_000_000), delay: 10_000, ..Conditions::GOOD };

/// Who is in the room.
pub struct Room {
    /// Whoever sends, by places of the world.
    pub publishers: Vec<usize>,
    /// Whoever is behind the line.
    pub receivers: Vec<usize>,
    /// Tiles of each of them: whom they show, and the encoding that fills them.
    pub tiles: Vec<(usize, usize)>,
}

/// Bits a second that an encoding takes on the line.
pub fn on_the_line(encoding: usize) -> u64 {
    PICTURES[encoding] + PICTURES[encoding] * AROUND / 1_150
}

/// Bits a second that a voice takes on the line, in packets of 20 ms.
pub fn voice_on_the_line(rate: u64) -> u64 {
    rate + AROUND * 8 * 50
}

impl Room {
    /// Everybody joins. What receivers see is still to be said.
    pub fn enter(world: &mut World, scenario: &Scenario) -> Self {
        let (publishers, receivers, encoding) = match scenario.setting {
            Setting::Tiles(receivers) => (3, receivers, 1),
            Setting::Two => (1, 1, 1),
            Setting::Seven => (7, 1, 1),
            Setting::Wall => (36, 1, 0),
            Setting::Pin => (3, 1, 2),
        };
        let alone = scenario.setting != Setting::Seven;
        let slots = if alone { 0 } else { publishers - 1 };
        let mut room = Self { publishers: Vec::new(), receivers: Vec::new(), tiles: Vec::new() };
        for publisher in 0..publishers {
            let wait = world.random.between(3, 40);
            world.run(wait);
            let place = join(world, scenario, slots, publisher > 0 || alone);
            room.publishers.push(place);
        }
        let line = world.lines.len();
        let conditions = scenario.line.clone();
        let random = world.random.fork();
        world.lines.push(Line::new(world.now, conditions, random));
        if !alone {
            room.receivers.push(room.publishers[0]);
        }
        while room.receivers.len() < receivers {
            let up = Conditions { jitter: 0, delay: scenario.line.delay, ..Conditions::GOOD };
            let protocol = if scenario.tcp { Protocol::Tcp } else { Protocol::Udp };
            let spec = PeerSpec { audio_slots: 3, video_slots: publishers, protocol, ..PeerSpec::viewer(1) };
            room.receivers.push(receive(world, scenario, &spec.on(up)));
        }
        for receiver in &room.receivers {
            let place = &mut world.places[*receiver];
            place.line = Some(line);
            place.up.conditions.delay = scenario.line.delay;
            place.up.conditions.loss = scenario.feedback_loss;
            place.peer.ledger = Some(Ledger::default());
            place.peer.receivers.iter_mut().for_each(|receiver| receiver.patience = Patience::CHROMIUM);
        }
        let shown = if scenario.setting == Setting::Pin { 1 } else { publishers };
        let others = room.publishers.iter().take(shown).filter(|place| !room.receivers.contains(place));
        room.tiles = others.map(|place| (*place, encoding)).collect();
        if !alone {
            room.look_at_each_other(world);
        }
        room
    }

    /// Receivers look at what their tiles are to show.
    pub fn look(&self, world: &mut World) {
        for receiver in &self.receivers {
            for (slot, (of, encoding)) in self.tiles.iter().enumerate() {
                world.view(*receiver, slot, *of, ROWS[*encoding]);
            }
        }
    }

    fn look_at_each_other(&self, world: &mut World) {
        for viewer in self.publishers.iter().filter(|place| !self.receivers.contains(place)) {
            let others = self.publishers.iter().filter(|place| *place != viewer);
            for (slot, of) in others.enumerate() {
                world.view(*viewer, slot, *of, ROWS[1]);
            }
        }
    }
}

fn receive(world: &mut World, scenario: &Scenario, spec: &PeerSpec) -> usize {
    let id = ParticipantId(world.fresh_id());
    let place = world.prepare(id, spec);
    let peer = &mut world.places[place].peer;
    let mut known = vec![Extension::AudioLevel, Extension::Mid, Extension::Rid, Extension::RepairedRid];
    match scenario.tells {
        // As our page does.
        Tells::EachPacket => peer.ask_for_sound(),
        Tells::ByStream => peer.by_stream = Some(ArrivalsByStream::default()),
        Tells::Estimate => {
            peer.estimate = Some(Estimate::default());
            known.push(Extension::AbsSendTime);
        }
        Tells::Reports => {}
    }
    if scenario.tells != Tells::EachPacket {
        peer.set_extensions(numbers::extensions(&known));
    }
    let command = world.join_command(place, spec.permissions);
    world.must(spec.unit, command);
    world.negotiate(place);
    place
}

fn join(world: &mut World, scenario: &Scenario, slots: usize, free: bool) -> usize {
    let camera = if scenario.layered { TrackSpec::LAYERED } else { TrackSpec::CAMERA };
    let camera = TrackSpec { rate: world.random.between(25, 31), ..camera };
    // Sound is sent twice, as our page asks browsers to.
    let offered = Offered { other: Some(Codec::Opus), ..Offered::USUAL };
    let microphone = TrackSpec { codec: Codec::Red, offered, ..TrackSpec::MICROPHONE };
    let tracks = if scenario.setting == Setting::Wall { vec![camera] } else { vec![camera, microphone] };
    let up = if free { FREE } else { Conditions { delay: scenario.line.delay, ..FREE } };
    let up = Conditions { loss: scenario.sending_loss, ..up };
    let spec = PeerSpec { tracks, audio_slots: slots.min(3), video_slots: slots, ..PeerSpec::publisher(1) };
    let place = world.join(&spec.on(up));
    for track in 0..world.places[place].peer.tracks.len() {
        let random = world.random.fork();
        let track = &mut world.places[place].peer.tracks[track];
        let rates = if track.kind() == MediaKind::Audio { [scenario.voice; 3] } else { PICTURES };
        track.encoder = Some(Encoder::new(rates, random));
    }
    place
}
