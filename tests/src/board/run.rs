//! One scenario with one seed, from the first check to the last packet.

use super::{
    figures::{Figures, Measured, NEVER},
    room::{self, Room},
    scenario::{Scenario, Setting},
    speech::Speech,
    tile::Tile,
};
use crate::sim::{World, line::Line};
use viva_media::{MediaKind, ParticipantId};
use viva_sfu::Stats;

/// The world is looked at so often, and its unit asked so often, in microseconds.
const STEP: u64 = 20_000;
const ASKED: u64 = 100_000;
/// Nothing is judged before.
const WARM: u64 = 3_000_000;
/// When the one who was idle looks at somebody.
const PIN: u64 = 60_000_000;
/// What is right must stay so for this long.
const LASTS: u64 = 2_000_000;

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// What stands in the table.
    pub figures: Figures,
    /// How it went, for whoever joined first.
    pub samples: Vec<Sample>,
}

/// One moment of a run.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Microseconds since the beginning.
    pub at: u64,
    /// Bits a second of the line.
    pub line: u64,
    /// What the unit believes of it.
    pub estimate: Option<u64>,
    /// Bits a second sent to the line, padding and repeated packets included, over the last half second.
    pub sent: u64,
    /// Bits a second of media received, over the last half second.
    pub received: u64,
    /// The longest wait in the queue of a packet since the sample before, in microseconds.
    pub waited: u64,
    /// Packets dropped since then.
    pub dropped: u64,
    /// Pictures shown since then, in all tiles.
    pub pictures: u64,
    /// What moves in each tile.
    pub tiles: Vec<Option<u8>>,
}

/// Runs a scenario.
pub fn run(scenario: &Scenario, seed: u64) -> Run {
    let mut world = World::new(seed);
    world.checked = false;
    let room = Room::enter(&mut world, scenario);
    let mut watch = Watch::new(&mut world, scenario, room);
    let length = scenario.seconds * 1_000_000;
    let mut at = 0;
    while at < length {
        watch.tick(&mut world, at);
        world.run(STEP / 1_000);
        at += STEP;
        watch.look(&mut world, at);
    }
    watch.finish(&mut world)
}

struct Watch<'a> {
    scenario: &'a Scenario,
    room: Room,
    speakers: Vec<usize>,
    speech: Speech,
    /// By receiver, then by tile.
    tiles: Vec<Vec<Tile>>,
    looks: bool,
    /// When what should be seen after a rise was seen, by receiver and rise.
    back: Vec<Vec<u64>>,
    /// Since when it is as it should be, by receiver.
    right_since: Vec<Option<u64>>,
    samples: Vec<Vec<Sample>>,
}

impl<'a> Watch<'a> {
    fn new(world: &mut World, scenario: &'a Scenario, room: Room) -> Self {
        let speakers = if scenario.setting == Setting::Wall { Vec::new() } else { room.publishers.clone() };
        let random = world.random.fork();
        let speech = Speech::new(&speakers, scenario.seconds * 1_000_000, random);
        let tiles = || (0..room.tiles.len()).map(|_| Tile::default()).collect();
        Self {
            scenario,
            speakers,
            speech,
            tiles: room.receivers.iter().map(|_| tiles()).collect(),
            looks: false,
            back: vec![vec![NEVER; scenario.rises.len()]; room.receivers.len()],
            right_since: vec![None; room.receivers.len()],
            samples: vec![Vec::new(); room.receivers.len()],
            room,
        }
    }

    /// What people do now.
    fn tick(&mut self, world: &mut World, at: u64) {
        if !self.looks && (self.scenario.setting != Setting::Pin || at >= PIN) {
            self.looks = true;
            self.room.look(world);
        }
        self.speech.tick(world, at, &self.speakers);
    }

    /// What people see now.
    fn look(&mut self, world: &mut World, at: u64) {
        let begin = if self.scenario.setting == Setting::Pin { PIN } else { 0 };
        let counts = at >= begin + WARM;
        let stats = at.is_multiple_of(ASKED).then(|| world.stats(0));
        for receiver in 0..self.room.receivers.len() {
            let peer = &world.places[self.room.receivers[receiver]].peer;
            let told = stats.as_ref().and_then(|stats| Told::of(stats, peer.id));
            let videos = peer.receivers.iter().filter(|slot| slot.kind == MediaKind::Video);
            for (slot, (tile, video)) in self.tiles[receiver].iter_mut().zip(videos).enumerate() {
                if let Some(told) = &told {
                    let (encoding, paused) = told.slots[slot];
                    tile.forward(encoding, paused, self.scenario.is_settled(at));
                }
                if self.looks {
                    tile.tick(STEP, &video.decoder, counts);
                }
            }
            self.look_for_rise(receiver, at);
            if let Some(told) = told {
                let tiles = self.tiles[receiver].iter().map(Tile::moving).collect();
                let line = world.lines[0].rate(at);
                let pictures = self.tiles[receiver].iter_mut().map(Tile::take_pictures).sum();
                let sample =
                    Sample { at, line, estimate: told.estimate, pictures, tiles, ..Sample::default() };
                self.samples[receiver].push(sample);
            }
        }
    }

    /// Is all seen that the line can carry since the newest rise?
    fn look_for_rise(&mut self, receiver: usize, at: u64) {
        let Some(rise) = self.scenario.rises.iter().rposition(|rise| rise * 1_000_000 <= at) else { return };
        // What becomes worse meanwhile ends the wait.
        let since = self.scenario.rises[rise] * 1_000_000;
        let fell = self.scenario.falls.iter().any(|fall| (since..at).contains(&(fall * 1_000_000)));
        if self.back[receiver][rise] != NEVER || fell {
            return;
        }
        let mut moving: Vec<_> = self.tiles[receiver].iter().map(Tile::moving).collect();
        let mut right = self.right(at);
        moving.sort_unstable();
        right.sort_unstable();
        if moving.iter().zip(&right).any(|(moving, right)| moving < right) {
            self.right_since[receiver] = None;
            return;
        }
        let right_since = (*self.right_since[receiver].get_or_insert(at)).max(since);
        if at >= right_since + LASTS {
            self.back[receiver][rise] = right_since - since;
        }
    }

    /// The whole encodings that fill nine tenths of the line: first something in each tile, then more in each.
    fn right(&self, at: u64) -> Vec<Option<u8>> {
        let share = self.scenario.ours(at) / self.room.receivers.len() as u64;
        let mut left = (share * 9 / 10).saturating_sub(room::voice_on_the_line(self.scenario.voice));
        let mut right = vec![None; self.room.tiles.len()];
        for encoding in 0..room::PICTURES.len() {
            for (tile, (_, most)) in self.room.tiles.iter().enumerate() {
                let before = right[tile].map_or(0, |encoding: u8| room::on_the_line(encoding.into()));
                let more = room::on_the_line(encoding) - before;
                let next = encoding == right[tile].map_or(0, |encoding: u8| usize::from(encoding) + 1);
                if encoding <= *most && next && more <= left {
                    left -= more;
                    right[tile] = Some(encoding as u8);
                }
            }
        }
        right
    }

    fn finish(mut self, world: &mut World) -> Run {
        let usable = self.room.tiles.iter().map(|(_, encoding)| room::on_the_line(*encoding)).sum::<u64>()
            + if self.speakers.is_empty() { 0 } else { room::voice_on_the_line(self.scenario.voice) };
        let mut figures = Vec::new();
        for (receiver, place) in self.room.receivers.iter().enumerate() {
            let tiles = &mut self.tiles[receiver];
            tiles.iter_mut().for_each(|tile| tile.end_gap());
            let (said, heard) = self.speech.heard(world, *place, WARM);
            let ledger = world.places[*place].peer.ledger.take().unwrap_or_default();
            add_rates(&mut self.samples[receiver], &world.lines[0], &ledger.arrived);
            figures.push(Figures::of(&Measured {
                scenario: self.scenario,
                line: &world.lines[0],
                share: self.room.receivers.len() as u64,
                usable,
                arrived: &ledger.arrived,
                tiles,
                samples: &self.samples[receiver],
                back: &self.back[receiver],
                said,
                heard,
            }));
        }
        Run { figures: Figures::together(&figures), samples: self.samples.swap_remove(0) }
    }
}

/// Adds to samples what the line saw since the one before.
fn add_rates(samples: &mut [Sample], line: &Line, arrived: &[(u64, u32)]) {
    let came = |at: u64| arrived.partition_point(|(came, _)| *came < line.began + at);
    for sample in samples {
        let half = sample.at.saturating_sub(500_000);
        let sent = line.between(half, sample.at).iter().map(|packet| packet.bytes);
        sample.sent = sent.sum::<u64>() * 16;
        let newest = line.between(sample.at.saturating_sub(ASKED), sample.at);
        sample.waited = newest.iter().filter_map(|packet| packet.waited).max().unwrap_or(0);
        sample.dropped = newest.iter().filter(|packet| packet.waited.is_none()).count() as u64;
        let received = arrived[came(half)..came(sample.at)].iter().map(|(_, bytes)| u64::from(*bytes));
        sample.received = received.sum::<u64>() * 16;
    }
}

/// What the unit says of a receiver.
struct Told {
    estimate: Option<u64>,
    /// By slot for pictures: what is forwarded, and whether it is paused.
    slots: Vec<(Option<u8>, bool)>,
}

impl Told {
    fn of(stats: &Stats, participant: ParticipantId) -> Option<Self> {
        let transport = stats.transports.iter().find(|transport| transport.participant == participant)?;
        let videos = transport.slots.iter().filter(|slot| slot.mid.as_str().starts_with('v'));
        let estimate = transport.line.map(|line| line.estimate);
        Some(Self { estimate, slots: videos.map(|slot| (slot.encoding, slot.paused)).collect() })
    }
}
