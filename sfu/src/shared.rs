//! What the rooms of one unit share: the index that leads to them, the wheel of deadlines, the way out, the counters.

use crate::{
    allocator::Tile,
    api::{Event, Limits, Totals},
    bandwidth::Told,
    dropped::Dropped,
    dtls::DtlsSettings,
    egress::Control,
    key::{MemberKey, PublicationKey, RoomKey},
    wheel::Wheel,
};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::collections::VecDeque;
use viva_media::{Carrier, ParticipantId, Path, PublicationId, RoomId};
use viva_wire::ntp::NtpClock;

/// What the rooms of one unit share. A room is handed it with everything that it is to do.
pub(crate) struct Shared {
    /// For new handshakes.
    pub dtls: DtlsSettings,
    /// Wall-clock time for reports.
    pub ntp_clock: NtpClock,
    /// Bounds of everything.
    pub limits: Limits,
    /// Where streams begin.
    pub random: Random,
    /// What leads to rooms and those in them.
    pub index: Index,
    /// Deadlines.
    pub wheel: Wheel<TimerKey>,
    /// Packets that are not media, ready to leave.
    pub control: Control,
    /// Who has media in the queue, in the order of its first packet.
    pub sending: VecDeque<MemberKey>,
    /// Rooms with packets that are not passed on yet.
    pub batched: Vec<RoomKey>,
    /// Room to write one control packet.
    pub scratch: Vec<u8>,
    /// Room for what one feedback packet tells.
    pub told: Vec<Told>,
    /// Room for the tiles of one receiver.
    pub tiles: Vec<Tile>,
    /// News for the control plane.
    pub events: VecDeque<Event>,
    /// TCP connections to be closed.
    pub closing: VecDeque<Path>,
    /// Counters.
    pub totals: Totals,
}

/// What leads from the outside to a room and to what is in it.
pub(crate) struct Index {
    /// Demultiplexing: whose is a datagram?
    pub by_path: HashMap<Path, MemberKey, FixedState>,
    /// Whose is a connectivity check from a path that is not known yet?
    pub by_ufrag: HashMap<String, MemberKey, FixedState>,
    /// For commands.
    pub by_participant: HashMap<ParticipantId, MemberKey, FixedState>,
    /// For commands.
    pub by_publication: HashMap<PublicationId, (RoomKey, PublicationKey), FixedState>,
    /// For commands.
    pub by_room: HashMap<RoomId, RoomKey, FixedState>,
}

/// What a deadline belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimerKey {
    /// A participant's transport.
    Participant(MemberKey),
    /// A room's look at who speaks.
    Room(RoomKey),
    /// A receiver's line.
    Line(MemberKey),
}

/// Numbers that need not be secret: where a stream's sequence and timestamps begin (splitmix64).
pub(crate) struct Random(pub u64);

impl Shared {
    /// Closes a path's connection, if it is one.
    pub fn close_path(&mut self, path: Path) {
        if path.carrier == Carrier::Tcp {
            self.closing.push_back(path);
        }
    }

    /// Counts a packet that is not passed on.
    pub fn drop_packet(&mut self, reason: Dropped) {
        self.totals.dropped[reason as usize] += 1;
    }
}

impl Index {
    /// An empty index, whose tables are ordered by this seed.
    pub fn new(seed: u64) -> Self {
        let hash = FixedState::with_seed(seed);
        Self {
            by_path: HashMap::with_hasher(hash.clone()),
            by_ufrag: HashMap::with_hasher(hash.clone()),
            by_participant: HashMap::with_hasher(hash.clone()),
            by_publication: HashMap::with_hasher(hash.clone()),
            by_room: HashMap::with_hasher(hash),
        }
    }
}

impl Random {
    /// The next one.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
