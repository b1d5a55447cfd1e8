//! RTCP: what arrives, one item at a time, and what is sent, written in place. Neither side allocates.

mod congestion;
pub mod read;
pub mod write;

pub use congestion::{Arrival, CongestionFeedback};
pub use read::{Feedback, Read, Sequences, TransportFeedback, read};
pub use write::Writer;

use crate::ntp::Ntp;
use viva_media::Ssrc;

/// Packet types (RFC 3550 §12.1, RFC 4585 §6.1).
pub(crate) mod kind {
    pub const SENDER_REPORT: u8 = 200;
    pub const RECEIVER_REPORT: u8 = 201;
    pub const SOURCE_DESCRIPTION: u8 = 202;
    pub const BYE: u8 = 203;
    pub const TRANSPORT_FEEDBACK: u8 = 205;
    pub const PAYLOAD_FEEDBACK: u8 = 206;
}

/// Formats of the two feedback types, the count field of their header.
pub(crate) mod format {
    /// Generic NACK (RFC 4585 §6.2.1), transport feedback.
    pub const NACK: u8 = 1;
    /// Congestion control feedback (RFC 8888 §3.1), transport feedback.
    pub const CONGESTION: u8 = 11;
    /// Transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1), transport feedback.
    pub const TRANSPORT_WIDE_CC: u8 = 15;
    /// Picture loss indication (RFC 4585 §6.3.1), payload feedback.
    pub const PICTURE_LOSS: u8 = 1;
    /// Full intra request (RFC 5104 §4.3.1), payload feedback.
    pub const FULL_INTRA: u8 = 4;
    /// Application layer feedback (RFC 4585 §6.4), payload feedback; REMB is one.
    pub const APPLICATION: u8 = 15;
}

/// Sender information of a sender report (RFC 3550 §6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderInfo {
    /// The stream that the report is about, of its sender.
    pub ssrc: Ssrc,
    /// The moment of the report by the sender's clock.
    pub ntp: Ntp,
    /// The same moment in the stream's RTP timestamp.
    pub rtp: u32,
    /// Packets sent, modulo 2³².
    pub packets: u32,
    /// Bytes of their payloads, modulo 2³².
    pub octets: u32,
}

/// One report block of a sender or receiver report (RFC 3550 §6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportBlock {
    /// The stream reported about.
    pub about: Ssrc,
    /// Packets lost since the report before, of 256 expected.
    pub fraction_lost: u8,
    /// Packets lost since the beginning, 24 bits with a sign: duplicates can make it negative.
    pub cumulative_lost: i32,
    /// Highest sequence number received, extended by the count of its cycles.
    pub highest: u32,
    /// Interarrival jitter in RTP timestamp units.
    pub jitter: u32,
    /// Middle 32 bits of the newest sender report's NTP timestamp; 0 without one.
    pub last_report: u32,
    /// From that report's arrival to this block, in units of 1/65536 s; 0 without one.
    pub delay: u32,
}

#[cfg(test)]
mod tests;
