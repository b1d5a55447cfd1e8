//! What is counted and measured, as a snapshot.

use super::TransportState;
use crate::{dropped::Dropped, failure::HandshakeFailure};
use std::time::Duration;
use viva_media::{Mid, ParticipantId, Priority, PublicationId, RoomId, SrtpProfile};

/// A snapshot of the unit's counters.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    /// Rooms with at least one participant.
    pub rooms: usize,
    /// Participants that have joined, connected or not.
    pub participants: usize,
    /// Publications that were negotiated, whether they send or not.
    pub publications: usize,
    /// Slots that were negotiated, filled or empty.
    pub slots: usize,
    /// Totals since the start.
    pub totals: Totals,
    /// One entry a participant.
    pub transports: Vec<TransportStats>,
}

/// Counters since the start of the unit.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Datagrams and frames received, before any check.
    pub packets_in: u64,
    /// The bytes of those, as they came from the socket.
    pub bytes_in: u64,
    /// Packets sent, of any kind.
    pub packets_out: u64,
    /// The bytes of those, sealed.
    pub bytes_out: u64,
    /// Media packets forwarded: one for each receiver.
    pub forwarded: u64,
    /// Messages handed to the driver.
    pub transmits: u64,
    /// Sequence numbers asked for from publishers.
    pub nacks_out: u64,
    /// Sequence numbers asked for by receivers.
    pub nacks_in: u64,
    /// Of those, answered by a retransmission.
    pub retransmitted: u64,
    /// Key frames asked for from publishers.
    pub key_frame_requests_out: u64,
    /// Key frames asked for by receivers.
    pub key_frame_requests_in: u64,
    /// Handshakes that failed, by [`HandshakeFailure`].
    pub handshakes_failed: [u64; HandshakeFailure::COUNT],
    /// Packets dropped, by [`Dropped`].
    pub dropped: [u64; Dropped::COUNT],
}

/// One participant's transport.
#[derive(Debug, Clone)]
pub struct TransportStats {
    /// The participant whose transport it is.
    pub participant: ParticipantId,
    /// The room that it is in.
    pub room: RoomId,
    /// As it was told last.
    pub state: TransportState,
    /// How it is sealed, once it is.
    pub profile: Option<SrtpProfile>,
    /// Packets received and accepted.
    pub packets_in: u64,
    /// Their bytes on the wire.
    pub bytes_in: u64,
    /// Packets sent, control packets included.
    pub packets_out: u64,
    /// Their bytes on the wire.
    pub bytes_out: u64,
    /// Loss reported by the receiver in its newest report, of 256.
    pub loss_out: u8,
    /// Loss seen on what it publishes, newest second, of 256.
    pub loss_in: u8,
    /// Round-trip time by its newest receiver report.
    pub rtt: Option<Duration>,
    /// The line on which it receives; `None` while nothing tells of it.
    pub line: Option<LineStats>,
    /// Packets dropped since they were more than it may send.
    pub excess: u64,
    /// What it publishes.
    pub publications: Vec<PublicationStats>,
    /// What it receives.
    pub slots: Vec<SlotStats>,
}

/// A receiver's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineStats {
    /// What it carries, in bits a second, headers of IP included.
    pub estimate: u64,
    /// Packets lost on it, smoothed, of 256.
    pub loss: u8,
    /// How long packets wait for it, smoothed.
    pub queueing: Duration,
    /// It carries less than was sent until just now.
    pub congested: bool,
}

/// What one publication sends.
#[derive(Debug, Clone)]
pub struct PublicationStats {
    /// As the control plane named it.
    pub publication: PublicationId,
    /// Does it come before others on a line that does not carry all?
    pub priority: Priority,
    /// One entry an encoding, smallest first.
    pub encodings: Vec<EncodingStats>,
}

/// One encoding of a publication.
#[derive(Debug, Clone, Copy, Default)]
pub struct EncodingStats {
    /// Packets received, retransmissions and padding included.
    pub packets: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Bits a second over the newest second.
    pub bitrate: u64,
    /// Picture size by the newest key frame, 0 where unknown.
    pub width: u16,
    /// Picture size by the newest key frame, 0 where unknown.
    pub height: u16,
    /// Key frames seen.
    pub key_frames: u64,
    /// Packets asked for again.
    pub nacked: u64,
}

/// What passes into one slot.
#[derive(Debug, Clone, Copy)]
pub struct SlotStats {
    /// Its media section.
    pub mid: Mid,
    /// What fills it.
    pub source: Option<PublicationId>,
    /// The encoding being forwarded, counted from the smallest.
    pub encoding: Option<u8>,
    /// The encoding that its tile could show if the receiver's line carried everything, counted from the smallest.
    pub wished: Option<u8>,
    /// What the line leaves of that.
    pub granted: Option<Granted>,
    /// The receiver's line carries nothing for it at present.
    pub paused: bool,
    /// Packets forwarded, retransmissions aside.
    pub packets: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Packets sent again because the receiver asked for them.
    pub retransmitted: u64,
    /// Times the encoding changed.
    pub switches: u64,
}

/// What a slot gets of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// The encoding, counted from the smallest.
    pub encoding: u8,
    /// How many of its frames.
    pub frames: Frames,
}

/// How many frames of an encoding pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    /// Those of its first temporal layer: it hardly moves.
    Fewest,
    /// Some.
    Fewer,
    /// All.
    All,
}
