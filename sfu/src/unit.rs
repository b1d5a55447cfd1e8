//! The unit: all rooms of one shard, and the tables that lead to them.

mod batch;
mod command;
mod feedback;
mod forward;
mod handshakes;
mod negotiate;
mod output;
mod oversize;
mod receive;
mod report;
mod room_tick;
mod route;
mod stats;
mod timer;

use crate::{
    api::{Command, Config, Event, Limits, Message, Refused, Totals},
    dropped::Dropped,
    dtls::DtlsSettings,
    egress::Control,
    key::{PublicationKey, RoomKey, SlotKey, TransportKey},
    publication::Publication,
    room::Room,
    slot::Slot,
    transport::Transport,
    wheel::Wheel,
};
use batch::Batch;
use foldhash::fast::FixedState;
use handshakes::Handshakes;
use hashbrown::HashMap;
use slotmap::SlotMap;
use std::collections::VecDeque;
use timer::TimerKey;
use viva_media::{ParticipantId, Path, PublicationId, RoomId};
use viva_wire::{Micros, ntp::NtpClock};

/// The selective forwarding unit of one shard.
pub struct Sfu {
    dtls: DtlsSettings,
    ntp_clock: NtpClock,
    limits: Limits,
    random: Random,
    transports: SlotMap<TransportKey, Transport>,
    rooms: SlotMap<RoomKey, Room>,
    publications: SlotMap<PublicationKey, Publication>,
    slots: SlotMap<SlotKey, Slot>,
    by_path: HashMap<Path, TransportKey, FixedState>,
    by_ufrag: HashMap<String, TransportKey, FixedState>,
    by_participant: HashMap<ParticipantId, TransportKey, FixedState>,
    by_publication: HashMap<PublicationId, PublicationKey, FixedState>,
    by_room: HashMap<RoomId, RoomKey, FixedState>,
    wheel: Wheel<TimerKey>,
    control: Control,
    /// What came and is not passed on yet.
    batch: Batch,
    /// Datagrams of handshakes that wait for media to pass.
    handshakes: Handshakes,
    /// Transports whose queues hold packets.
    sending: VecDeque<TransportKey>,
    arena: Vec<u8>,
    /// What is written in the arena.
    messages: Vec<Message>,
    scratch: Vec<u8>,
    events: VecDeque<Event>,
    closing: VecDeque<Path>,
    totals: Totals,
}

impl Sfu {
    /// An empty unit.
    ///
    /// # Errors
    /// Where the DTLS engine refuses its settings.
    pub fn new(config: Config) -> Result<Self, dimpl::Error> {
        let hash = FixedState::with_seed(config.seed);
        Ok(Self {
            dtls: DtlsSettings::new(
                config.certificate,
                config.epoch,
                config.limits.handshake,
                config.chance,
            )?,
            ntp_clock: NtpClock::new(config.unix_time),
            limits: config.limits,
            random: Random(config.seed | 1),
            transports: SlotMap::with_key(),
            rooms: SlotMap::with_key(),
            publications: SlotMap::with_key(),
            slots: SlotMap::with_key(),
            by_path: HashMap::with_hasher(hash.clone()),
            by_ufrag: HashMap::with_hasher(hash.clone()),
            by_participant: HashMap::with_hasher(hash.clone()),
            by_publication: HashMap::with_hasher(hash.clone()),
            by_room: HashMap::with_hasher(hash),
            wheel: Wheel::new(64),
            control: Control::default(),
            batch: Batch::default(),
            handshakes: Handshakes::default(),
            sending: VecDeque::new(),
            arena: vec![0; output::ARENA],
            messages: Vec::with_capacity(output::MESSAGES),
            scratch: vec![0; output::SCRATCH],
            events: VecDeque::new(),
            closing: VecDeque::new(),
            totals: Totals::default(),
        })
    }

    /// Does what the control plane asks.
    ///
    /// # Errors
    /// [`Refused`]; the unit is then as it was.
    pub fn handle_command(&mut self, now: Micros, command: Command) -> Result<(), Refused> {
        self.fan_out(now);
        match command {
            Command::Join { room, participant, permissions, transport } => {
                self.join(now, room, participant, permissions, transport)
            }
            Command::Negotiate { participant, media } => self.negotiate(now, participant, media),
            Command::RestartIce { participant, local, remote } => {
                self.restart_ice(participant, local, remote)
            }
            Command::View { participant, mid, view } => self.view(now, participant, mid, view),
            Command::Permit { participant, permissions } => self.permit(now, participant, permissions),
            Command::Admit { publication, audience } => self.admit(now, publication, audience),
            Command::Allow { publication, allowance } => self.allow(publication, allowance),
            Command::Mute { publication, muted } => self.mute(now, publication, muted),
            Command::Leave { participant } => self.leave(now, participant),
            Command::CloseRoom { room } => self.close_room(now, room),
        }
    }

    fn drop_packet(&mut self, reason: Dropped) {
        self.totals.dropped[reason as usize] += 1;
    }
}

/// Numbers that need not be secret: where a stream's sequence and timestamps begin (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
