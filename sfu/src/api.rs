//! The unit's border: what is told to it, what it answers, what it asks its driver to do.

mod limits;
mod stats;

pub use limits::Limits;
pub use stats::{
    EncodingStats, Frames, Granted, LineStats, PublicationStats, SlotStats, Stats, Totals, TransportStats,
};

use crate::{failure::HandshakeFailure, meter::Allowance};
use dimpl::{DtlsCertificate, crypto::CryptoProvider};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use viva_media::{
    Audience, IceCredentials, LayerSet, MediaParameters, Mid, ParticipantId, Path, Permissions, Priority,
    PublicationId, Rid, RoomId, TransportParameters,
};
use viva_wire::Micros;

/// What a unit is made with.
pub struct Config {
    /// The certificate that every transport of the process shows; its SHA-256 stands in every answer.
    pub certificate: DtlsCertificate,
    /// The monotonic instant that [`Micros`] zero means; needed by the DTLS engine, never read from a clock here.
    pub epoch: Instant,
    /// Time of day at the epoch, since 1970, for the NTP timestamps of sender reports (RFC 3550 §4).
    pub unix_time: Duration,
    /// Seed of hashes and of random initial sequence numbers and timestamps.
    pub seed: u64,
    /// How much the unit keeps and for how long.
    pub limits: Limits,
    /// Where handshakes take their chance from: `None` is the system's, which alone keeps secrets.
    pub chance: Option<Chance>,
}

/// Chance that a simulation hands in, so that every byte of a handshake is the same each time: nothing of it is secret.
pub struct Chance {
    /// Draws key shares and makes signatures.
    pub provider: CryptoProvider,
    /// Seed of hellos, nonces and the spread of timers.
    pub seed: u64,
}

/// What the unit is told to do. Every command may be repeated: doing it twice is doing it once.
#[derive(Debug, Clone)]
pub enum Command {
    /// A participant enters a room, which the first one makes. Again with other credentials: ICE restart (RFC 8445 §9).
    Join {
        /// Made if nobody is in it yet.
        room: RoomId,
        /// The participant, unknown to every other room.
        participant: ParticipantId,
        /// What it may do.
        permissions: Permissions,
        /// How to reach and recognise it.
        transport: TransportParameters,
    },
    /// The participant's newest agreement replaces the one before: publications and slots come and go.
    Negotiate {
        /// The client that offered.
        participant: ParticipantId,
        /// All that it sends and receives from now on.
        media: MediaParameters,
        /// What holds for publications of this agreement before their first packet goes on. Who is not named keeps what
        /// holds already; new publications that are not named have no receivers.
        terms: BTreeMap<PublicationId, PublicationTerms>,
    },
    /// New ICE credentials; the DTLS association and the media go on.
    RestartIce {
        /// The client whose transport begins ICE anew.
        participant: ParticipantId,
        /// Our new credentials.
        local: IceCredentials,
        /// The client's new credentials.
        remote: IceCredentials,
    },
    /// What a video slot shows, and how large. Audio slots fill by themselves.
    View {
        /// The client that receives.
        participant: ParticipantId,
        /// The media section of one of its video slots.
        mid: Mid,
        /// What it wants; `None` empties the slot.
        view: Option<View>,
    },
    /// What a participant may do from now on.
    Permit {
        /// The participant that gains or loses something.
        participant: ParticipantId,
        /// All that it may do; what is not named here is withdrawn.
        permissions: Permissions,
    },
    /// Who may receive a publication from now on; takes effect with the next packet.
    Admit {
        /// One that was negotiated.
        publication: PublicationId,
        /// All that may receive it; who is not named here loses it.
        audience: Audience,
    },
    /// Whether a publication's pictures come before those of others on a line that does not carry all.
    Prioritize {
        /// One that was negotiated.
        publication: PublicationId,
        /// In place of what held before, at first [`Priority::Usual`].
        priority: Priority,
    },
    /// How much a publication may send from now on.
    Allow {
        /// One that was negotiated.
        publication: PublicationId,
        /// In place of what the unit's limits say for its kind.
        allowance: Allowance,
    },
    /// A publication is muted or not: a muted one is not forwarded and cannot be the active speaker.
    Mute {
        /// One that was negotiated.
        publication: PublicationId,
        /// True: its packets are dropped from the next one on.
        muted: bool,
    },
    /// The participant goes; all that it held is freed.
    Leave {
        /// The participant whose transport is closed.
        participant: ParticipantId,
    },
    /// All participants of a room go, and the room with them.
    CloseRoom {
        /// One that does not exist is closed already.
        room: RoomId,
    },
}

/// What the control plane says of a publication together with the agreement that brings it; later each by its own command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicationTerms {
    /// As by [`Command::Admit`].
    pub audience: Audience,
    /// As by [`Command::Prioritize`].
    pub priority: Priority,
    /// As by [`Command::Allow`]; `None` leaves what holds already, at first the unit's limits.
    pub allowance: Option<Allowance>,
    /// As by [`Command::Mute`].
    pub muted: bool,
}

/// What a video slot should show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// A video publication of the same room.
    pub publication: PublicationId,
    /// The height of the tile in device pixels: the smallest layer at least so high is chosen, else the largest.
    pub height: u16,
}

/// Why a command was refused. All are the caller's mistakes; the unit stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such participant (any more).
    #[error("no such participant")]
    UnknownParticipant,
    /// No such publication (any more).
    #[error("no such publication")]
    UnknownPublication,
    /// No such slot, or not one for video.
    #[error("no such slot")]
    UnknownSlot,
    /// The participant is in another room.
    #[error("the participant is in another room")]
    OtherRoom,
    /// The participant may not publish, or not receive this.
    #[error("not permitted")]
    NotPermitted,
    /// The slot's client cannot decode the publication's codec.
    #[error("the receiver cannot decode this codec")]
    Codec,
    /// One of [`Limits`] is reached.
    #[error("a limit is reached")]
    Limit,
    /// Two media sections share a mid, an SSRC or a publication id.
    #[error("ambiguous media parameters")]
    Ambiguous,
}

/// What the unit tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A transport changed its state.
    Transport {
        /// The participant whose transport it is.
        participant: ParticipantId,
        /// What it is now.
        state: TransportState,
    },
    /// The first packet of a publication arrived, or its live layers changed.
    Publication {
        /// The publication that sends, or has stopped sending some layers.
        publication: PublicationId,
        /// The encodings that send, by their places in the agreement.
        live: LayerSet,
    },
    /// A slot has another source, whose media comes with its next key frame; or it is paused, or goes on.
    Slot {
        /// The client that receives.
        participant: ParticipantId,
        /// The media section of its slot.
        mid: Mid,
        /// What fills it from now on; `None` empties it.
        source: Option<PublicationId>,
        /// It is empty since what was to fill it is sent in a codec that the client cannot decode.
        unsupported: bool,
        /// The receiver's line carries nothing for it at present: its last picture stays.
        paused: bool,
    },
    /// Somebody else speaks, or nobody.
    ActiveSpeaker {
        /// The room in which somebody speaks.
        room: RoomId,
        /// `None` while all are silent.
        participant: Option<ParticipantId>,
    },
    /// The encodings of a publication that somebody receives; the client may pause the others.
    Wanted {
        /// The publisher.
        participant: ParticipantId,
        /// Its media section.
        mid: Mid,
        /// Those that are wanted, by their places in the agreement.
        encodings: LayerSet,
        /// The encodings' names, in the order of the agreement.
        rids: Vec<Rid>,
    },
    /// A client that was let in gets no keys, as things are. It may try again until [`Limits::handshake`].
    HandshakeFailed {
        /// The client that gets no keys.
        participant: ParticipantId,
        /// What went wrong, for metrics and for people.
        reason: HandshakeFailure,
        /// What the DTLS engine says about it; may be empty.
        detail: String,
    },
    /// A participant began to send more than it may, or has kept to it for a while again. What was too much was dropped.
    Excess {
        /// The publisher.
        participant: ParticipantId,
        /// Does it send too much?
        excess: bool,
    },
    /// The participant is gone and all that it held is freed.
    Left {
        /// The participant that is no longer here.
        participant: ParticipantId,
        /// What ended it.
        reason: LeaveReason,
    },
}

/// A transport's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportState {
    /// Waiting for the first valid connectivity check.
    New,
    /// A path is valid; DTLS goes on.
    Connecting,
    /// Media may flow on this path.
    Connected(Path),
    /// No valid check for [`Limits::interruption`].
    Interrupted,
}

/// Why a participant left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveReason {
    /// Told to by [`Command::Leave`].
    Left,
    /// Told to by [`Command::CloseRoom`].
    RoomClosed,
    /// Neither a valid connectivity check nor authentic media for [`Limits::consent`].
    ConsentExpired,
    /// The DTLS handshake failed or took too long.
    Handshake,
    /// The client showed a certificate that its offer does not name.
    Fingerprint,
    /// The client closed its transport (DTLS close_notify).
    Closed,
}

/// What the driver does next. Drain [`crate::Sfu::poll_output`] until `Timeout` after every batch of inputs.
#[derive(Debug)]
pub enum Output<'a> {
    /// Datagrams and frames to be sent now, in this order.
    Transmit(Transmits<'a>),
    /// Tell this to the control plane.
    Event(Event),
    /// Close this TCP connection; nothing more comes from it.
    Close(Path),
    /// Nothing more to do until this moment, unless input comes. It may be now: a handshake waits for its turn, after
    /// whatever has come meanwhile.
    Timeout(Micros),
}

/// Messages that are ready. Those that follow each other along one path leave in their order; others may change places.
#[derive(Debug, Clone, Copy)]
pub struct Transmits<'a> {
    bytes: &'a [u8],
    messages: &'a [Message],
}

/// Where in a buffer one message stands, and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Message {
    /// From where to where.
    pub path: Path,
    /// Its first byte.
    pub start: usize,
    /// The one after its last.
    pub end: usize,
    /// As in [`Transmit`].
    pub segment: usize,
}

impl<'a> Transmits<'a> {
    /// Messages that stand in `bytes`.
    pub const fn new(bytes: &'a [u8], messages: &'a [Message]) -> Self {
        Self { bytes, messages }
    }

    /// One of them, counted from zero.
    pub fn get(self, index: usize) -> Option<Transmit<'a>> {
        self.messages.get(index).map(|message| self.read(message))
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Transmit<'a>> {
        self.messages.iter().map(move |message| self.read(message))
    }

    fn read(self, message: &Message) -> Transmit<'a> {
        let Message { path, start, end, segment } = *message;
        Transmit { path, bytes: self.bytes.get(start..end).unwrap_or_default(), segment }
    }
}

/// Packets to one receiver, ready for one message of the kernel.
#[derive(Debug, Clone, Copy)]
pub struct Transmit<'a> {
    /// From where to where.
    pub path: Path,
    /// One packet or several, each `segment` bytes long but the last, which may be shorter.
    pub bytes: &'a [u8],
    /// Bytes of one packet; equal to `bytes.len()` when there is one. Over TCP every packet is framed on its own
    /// by the driver (RFC 4571 §2).
    pub segment: usize,
}

impl<'a> Transmit<'a> {
    /// The packets, one by one.
    pub fn packets(&self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        self.bytes.chunks(self.segment.max(1))
    }
}
