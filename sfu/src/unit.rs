//! The unit: all rooms of one shard, and what leads to them.

mod command;
mod handshakes;
mod output;
mod packet;
mod timer;

use crate::{
    api::{Config, Message, Stats, Totals},
    dtls::DtlsSettings,
    egress::Control,
    key::RoomKey,
    line::MOST_TOLD,
    room::Room,
    shared::{Index, Random, Shared},
    wheel::Wheel,
};
use handshakes::Handshakes;
use slotmap::SlotMap;
use std::collections::VecDeque;
use viva_wire::{Micros, ntp::NtpClock};

/// Room for the tiles of one receiver, before it grows.
const TILES: usize = 64;

/// The selective forwarding unit of one shard.
pub struct Sfu {
    rooms: SlotMap<RoomKey, Room>,
    shared: Shared,
    /// Datagrams of handshakes that wait for media to pass.
    handshakes: Handshakes,
    arena: Vec<u8>,
    /// What is written in the arena.
    messages: Vec<Message>,
}

impl Sfu {
    /// An empty unit.
    ///
    /// # Errors
    /// Where the DTLS engine refuses its settings.
    pub fn new(config: Config) -> Result<Self, dimpl::Error> {
        let shared = Shared {
            dtls: DtlsSettings::new(
                config.certificate,
                config.epoch,
                config.limits.handshake,
                config.chance,
            )?,
            ntp_clock: NtpClock::new(config.unix_time),
            limits: config.limits,
            random: Random(config.seed | 1),
            index: Index::new(config.seed),
            wheel: Wheel::new(64),
            control: Control::default(),
            sending: VecDeque::new(),
            batched: Vec::new(),
            scratch: vec![0; output::SCRATCH],
            told: Vec::with_capacity(MOST_TOLD),
            tiles: Vec::with_capacity(TILES),
            events: VecDeque::new(),
            closing: VecDeque::new(),
            totals: Totals::default(),
        };
        Ok(Self {
            rooms: SlotMap::with_key(),
            shared,
            handshakes: Handshakes::default(),
            arena: vec![0; output::ARENA],
            messages: Vec::with_capacity(output::MESSAGES),
        })
    }

    /// All counters as they are now. Allocates; meant for once a second, not for each packet.
    pub fn stats(&mut self, now: Micros) -> Stats {
        let mut stats =
            Stats { rooms: self.rooms.len(), totals: self.shared.totals.clone(), ..Stats::default() };
        for room in self.rooms.values_mut() {
            room.add_to(&mut stats, now);
        }
        stats
    }

    /// Queues what came for everyone who receives it.
    fn fan_out(&mut self, now: Micros) {
        let mut batched = std::mem::take(&mut self.shared.batched);
        for key in batched.drain(..) {
            if let Some(room) = self.rooms.get_mut(key) {
                room.fan_out(&mut self.shared, now);
            }
        }
        self.shared.batched = batched;
    }

    /// Lets a room do something, and closes it if nobody is left in it.
    fn with_room<T>(&mut self, key: RoomKey, act: impl FnOnce(&mut Room, &mut Shared) -> T) -> Option<T> {
        let room = self.rooms.get_mut(key)?;
        let result = act(room, &mut self.shared);
        if room.is_empty() {
            room.close(&mut self.shared);
            self.rooms.remove(key);
        }
        Some(result)
    }
}
