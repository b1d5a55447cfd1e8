//! Walks over a decrypted RTCP packet, compound (RFC 3550 §6.1) or of reduced size (RFC 5506).

use super::{ReportBlock, SenderInfo, congestion, congestion::CongestionFeedback, format, kind};
use crate::{Error, ntp::Ntp};
use rtcp_types::{
    Bye, FciParser, Fir, ReceiverReport, SenderReport, Twcc, TwccPacketStatus,
    prelude::{RtcpPacketParser, RtcpPacketParserExt},
};
use viva_media::Ssrc;

const HEADER: usize = 4;
/// Header and the two SSRCs of a feedback packet (RFC 4585 §6.1).
const FEEDBACK_HEADER: usize = 12;
const SENDER_REPORT: usize = 28;
const RECEIVER_REPORT: usize = 8;
const REPORT_BLOCK: usize = 24;

/// What a packet says, one thing at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback<'a> {
    /// The clock and counters of a stream that the peer sends (RFC 3550 §6.4.1).
    SenderReport(SenderInfo),
    /// How a stream arrives at the peer (RFC 3550 §6.4.1, §6.4.2).
    ReportBlock {
        /// Who receives the stream and reports on it.
        sender: Ssrc,
        /// What it says, with the stream that it is about.
        block: ReportBlock,
    },
    /// Packets to send again (RFC 4585 §6.2.1).
    Nack {
        /// The stream that they belong to.
        media: Ssrc,
        /// Their sequence numbers.
        lost: Sequences<'a>,
    },
    /// A key frame is needed (RFC 4585 §6.3.1).
    PictureLoss {
        /// Of this stream.
        media: Ssrc,
    },
    /// A key frame is needed (RFC 5104 §4.3.1).
    FullIntra {
        /// Of this stream.
        media: Ssrc,
        /// Changes with every new request; the same number again is a repetition.
        sequence: u8,
    },
    /// Arrival times by transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
    TransportFeedback(TransportFeedback<'a>),
    /// Arrival times by stream and sequence number (RFC 8888 §3.1).
    Congestion(CongestionFeedback<'a>),
    /// A receiver's bandwidth estimate (draft-alvestrand-rmcat-remb-03 §2).
    Remb {
        /// The most that it can receive.
        bits_per_second: u64,
    },
    /// The stream has ended (RFC 3550 §6.6).
    Bye {
        /// The stream that has ended.
        ssrc: Ssrc,
    },
    /// Well-formed, and nothing that the unit acts on: source descriptions, extended reports and the like.
    Other {
        /// The packet type.
        kind: u8,
    },
}

/// The sequence numbers of a generic NACK: an iterator, cheap to copy. A packet can name some 6000 of them; whoever
/// answers bounds its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequences<'a> {
    /// Pairs of packet id and bitmask of following lost packets, four bytes each.
    pairs: &'a [u8],
    base: u16,
    mask: u16,
}

impl Iterator for Sequences<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.mask != 0 {
            let bit = self.mask.trailing_zeros() as u16;
            self.mask &= self.mask - 1;
            return Some(self.base.wrapping_add(bit + 1));
        }
        let ([p0, p1, b0, b1], rest) = self.pairs.split_first_chunk()?;
        self.pairs = rest;
        self.base = u16::from_be_bytes([*p0, *p1]);
        self.mask = u16::from_be_bytes([*b0, *b1]);
        Some(self.base)
    }
}

/// A transport-wide feedback packet, read when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportFeedback<'a> {
    /// Feedback control information without padding, at least its fixed eight bytes.
    fci: &'a [u8],
}

impl<'a> TransportFeedback<'a> {
    /// The packet's number, modulo 256: a gap says that feedback was lost.
    pub fn count(self) -> u8 {
        self.fci.get(7).copied().unwrap_or(0)
    }

    /// Sequence numbers in rising order, each with its arrival by the receiver's clock in units of 250 µs, modulo
    /// 2³² (the reference time's 24 bits of 64 ms); `None` did not arrive. Ends early where the packet's promises
    /// are not kept. At most 65 535 items, however short the packet.
    pub fn packets(self) -> impl Iterator<Item = (u16, Option<u32>)> + use<'a> {
        let twcc = Twcc::parse(self.fci).ok();
        let mut time = twcc.as_ref().map_or(0, Twcc::reference_time) << 8;
        let packets = twcc.map(|twcc| twcc.packets()).into_iter().flatten();
        packets.map_while(Result::ok).map(move |(sequence, status)| match status {
            TwccPacketStatus::NotReceived => (sequence, None),
            TwccPacketStatus::Received { delta } => {
                time = time.wrapping_add_signed(i32::from(delta));
                (sequence, Some(time))
            }
        })
    }
}

/// Walks over `packet`. A part that does not hold together ends the walk with one `Err(Error::Malformed)`; what came
/// before it counts.
pub const fn read(packet: &[u8]) -> Read<'_> {
    Read { rest: packet, pending: Pending::Nothing }
}

/// The walk; see [`read`].
#[derive(Debug, Clone)]
pub struct Read<'a> {
    rest: &'a [u8],
    pending: Pending<'a>,
}

/// The remaining entries of the part that is being read.
#[derive(Debug, Clone, Copy)]
enum Pending<'a> {
    Nothing,
    Blocks { sender: Ssrc, blocks: &'a [u8] },
    FullIntra { entries: &'a [u8] },
    Bye { ssrcs: &'a [u8] },
}

impl<'a> Iterator for Read<'a> {
    type Item = Result<Feedback<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.pending.next() {
                return Some(Ok(item));
            }
            if self.rest.is_empty() {
                return None;
            }
            match self.part() {
                Some(Some(item)) => return Some(Ok(item)),
                Some(None) => {}
                None => {
                    self.rest = &[];
                    return Some(Err(Error::Malformed));
                }
            }
        }
    }
}

impl<'a> Read<'a> {
    /// Reads the next part: `None` when it is malformed, else what it says, if that is not all in its entries.
    fn part(&mut self) -> Option<Option<Feedback<'a>>> {
        let part = Part::split(&mut self.rest)?;
        match part.kind {
            kind::SENDER_REPORT => self.sender_report(&part).map(Some),
            kind::RECEIVER_REPORT => self.receiver_report(&part).map(|()| None),
            kind::BYE => self.bye(&part).map(|()| None),
            kind::TRANSPORT_FEEDBACK => part.transport_feedback().map(Some),
            kind::PAYLOAD_FEEDBACK => self.payload_feedback(&part),
            // The types that the unit knows by name and does not read include source descriptions, for which the
            // parser would allocate.
            kind => Some(Some(Feedback::Other { kind })),
        }
    }

    fn sender_report(&mut self, part: &Part<'a>) -> Option<Feedback<'a>> {
        let report = SenderReport::parse(part.bytes).ok()?;
        let ssrc = Ssrc(report.ssrc());
        let blocks = part.entries(SENDER_REPORT, REPORT_BLOCK)?;
        self.pending = Pending::Blocks { sender: ssrc, blocks };
        Some(Feedback::SenderReport(SenderInfo {
            ssrc,
            ntp: Ntp(report.ntp_timestamp()),
            rtp: report.rtp_timestamp(),
            packets: report.packet_count(),
            octets: report.octet_count(),
        }))
    }

    fn receiver_report(&mut self, part: &Part<'a>) -> Option<()> {
        let report = ReceiverReport::parse(part.bytes).ok()?;
        let blocks = part.entries(RECEIVER_REPORT, REPORT_BLOCK)?;
        self.pending = Pending::Blocks { sender: Ssrc(report.ssrc()), blocks };
        Some(())
    }

    fn bye(&mut self, part: &Part<'a>) -> Option<()> {
        Bye::parse(part.bytes).ok()?;
        self.pending = Pending::Bye { ssrcs: part.entries(HEADER, 4)? };
        Some(())
    }

    fn payload_feedback(&mut self, part: &Part<'a>) -> Option<Option<Feedback<'a>>> {
        let feedback = rtcp_types::PayloadFeedback::parse(part.bytes).ok()?;
        let fci = part.body.get(FEEDBACK_HEADER..)?;
        match feedback.count() {
            format::PICTURE_LOSS => Some(Some(Feedback::PictureLoss { media: Ssrc(feedback.media_ssrc()) })),
            format::FULL_INTRA => {
                Fir::parse(fci).ok()?;
                self.pending = Pending::FullIntra { entries: fci };
                Some(None)
            }
            format::APPLICATION if fci.starts_with(b"REMB") => remb(fci).map(Some),
            _ => Some(Some(Feedback::Other { kind: part.kind })),
        }
    }
}

impl<'a> Pending<'a> {
    fn next(&mut self) -> Option<Feedback<'a>> {
        match self {
            Self::Nothing => None,
            Self::Blocks { sender, blocks } => {
                let (block, rest) = blocks.split_first_chunk::<REPORT_BLOCK>()?;
                *blocks = rest;
                let block = report_block(block)?;
                Some(Feedback::ReportBlock { sender: *sender, block })
            }
            Self::FullIntra { entries } => {
                let ([s0, s1, s2, s3, sequence, ..], rest) = entries.split_first_chunk::<8>()?;
                *entries = rest;
                let media = Ssrc(u32::from_be_bytes([*s0, *s1, *s2, *s3]));
                Some(Feedback::FullIntra { media, sequence: *sequence })
            }
            Self::Bye { ssrcs } => {
                let (ssrc, rest) = ssrcs.split_first_chunk()?;
                *ssrcs = rest;
                Some(Feedback::Bye { ssrc: Ssrc(u32::from_be_bytes(*ssrc)) })
            }
        }
    }
}

/// An exponent of six bits and a mantissa of 18; what is beyond 64 bits is as much as can be said.
fn remb(fci: &[u8]) -> Option<Feedback<'_>> {
    let word = u32::from_be_bytes(*fci.get(4..)?.first_chunk()?);
    let (exponent, mantissa) = (word >> 18 & 0x3f, u64::from(word & 0x3_ffff));
    let bits_per_second = if mantissa.leading_zeros() < exponent { u64::MAX } else { mantissa << exponent };
    Some(Feedback::Remb { bits_per_second })
}

fn report_block(bytes: &[u8; REPORT_BLOCK]) -> Option<ReportBlock> {
    let block = rtcp_types::ReportBlock::parse(bytes).ok()?;
    Some(ReportBlock {
        about: Ssrc(block.ssrc()),
        fraction_lost: block.fraction_lost(),
        cumulative_lost: (block.cumulative_lost() << 8).cast_signed() >> 8,
        highest: block.extended_sequence_number(),
        jitter: block.interarrival_jitter(),
        last_report: block.last_sender_report_timestamp(),
        delay: block.delay_since_last_sender_report_timestamp(),
    })
}

/// One RTCP packet of a compound.
struct Part<'a> {
    kind: u8,
    count: usize,
    /// All of it, as its header says.
    bytes: &'a [u8],
    /// Without the padding, which the parser leaves in.
    body: &'a [u8],
}

impl<'a> Part<'a> {
    /// Takes the next part off `rest`, by its own length field (RFC 3550 §6.4.1).
    fn split(rest: &mut &'a [u8]) -> Option<Self> {
        let [first, kind, l0, l1] = *rest.first_chunk::<HEADER>()?;
        if first >> 6 != 2 {
            return None;
        }
        let length = (usize::from(u16::from_be_bytes([l0, l1])) + 1) * 4;
        let (bytes, after) = rest.split_at_checked(length)?;
        let padding = match first & 0x20 {
            0 => 0,
            _ => usize::from(*bytes.last()?),
        };
        if first & 0x20 != 0 && padding == 0 {
            return None;
        }
        let body = bytes.get(..length.checked_sub(padding).filter(|end| *end >= HEADER)?)?;
        *rest = after;
        Some(Self { kind, count: usize::from(first & 0x1f), bytes, body })
    }

    /// The `count` entries of `size` bytes each that stand from `offset` on.
    fn entries(&self, offset: usize, size: usize) -> Option<&'a [u8]> {
        self.body.get(offset..offset + self.count * size)
    }

    fn transport_feedback(&self) -> Option<Feedback<'a>> {
        let feedback = rtcp_types::TransportFeedback::parse(self.bytes).ok()?;
        if feedback.count() == format::CONGESTION {
            let body = self.body.get(congestion::BLOCKS..)?;
            return CongestionFeedback::parse(body).map(Feedback::Congestion);
        }
        let fci = self.body.get(FEEDBACK_HEADER..)?;
        Some(match feedback.count() {
            format::NACK => Feedback::Nack {
                media: Ssrc(feedback.media_ssrc()),
                lost: Sequences { pairs: fci, base: 0, mask: 0 },
            },
            format::TRANSPORT_WIDE_CC => {
                Twcc::parse(fci).ok()?;
                Feedback::TransportFeedback(TransportFeedback { fci })
            }
            _ => Feedback::Other { kind: self.kind },
        })
    }
}
