//! Congestion control feedback (RFC 8888): when packets arrived, by stream and sequence number.

use super::write::Writer;
use viva_media::Ssrc;

/// The sender's SSRC stands behind the header; blocks of streams follow, and the time of the report at the end (§3.1).
pub(super) const BLOCKS: usize = 8;
/// SSRC, first number, count.
const BLOCK: usize = 8;
/// Numbers of one block (§3.1).
const MOST: usize = 16_384;
/// Of a packet that arrived …
const RECEIVED: u16 = 0x8000;
/// … its time before that of the report, in 1/1024 s.
const OFFSET: u16 = 0x1fff;
/// The largest that says a time; then: it is longer ago, and: it is not known.
const LONGEST: u32 = 0x1ffd;
const LONGER: u16 = 0x1ffe;
const UNKNOWN: u16 = 0x1fff;
/// Parts of 1/65,536 s in one of 1/1024 s.
const PARTS: u32 = 64;

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It did not arrive.
    Missing,
    /// It arrived at this time of the receiver's clock, in 1/65,536 s modulo 2³².
    At(u32),
    /// It arrived, too long ago to say when.
    Untimed,
}

impl Arrival {
    /// As a report of this time says it.
    fn metric(self, timestamp: u32) -> u16 {
        match self {
            Self::Missing => 0,
            Self::Untimed => RECEIVED | UNKNOWN,
            Self::At(at) => {
                let before = timestamp.wrapping_sub(at);
                RECEIVED
                    | match before / PARTS {
                        _ if before > u32::MAX / 2 => UNKNOWN,
                        offset @ 0..=LONGEST => offset as u16,
                        _ => LONGER,
                    }
            }
        }
    }

    const fn read(metric: u16, timestamp: u32) -> Self {
        match metric & OFFSET {
            _ if metric & RECEIVED == 0 => Self::Missing,
            LONGER | UNKNOWN => Self::Untimed,
            offset => Self::At(timestamp.wrapping_sub(offset as u32 * PARTS)),
        }
    }
}

/// A packet of congestion control feedback, read when asked. Its marks of congestion (ECN) are passed over: nothing of ours is
/// sent to be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CongestionFeedback<'a> {
    /// Whole blocks.
    blocks: &'a [u8],
    timestamp: u32,
}

impl<'a> CongestionFeedback<'a> {
    /// What stands behind the sender's SSRC, without padding; `None` where the blocks do not fill it.
    pub(super) fn parse(body: &'a [u8]) -> Option<Self> {
        let (blocks, timestamp) = body.split_last_chunk()?;
        let mut rest = blocks;
        while !rest.is_empty() {
            rest = Block::split(rest)?.1;
        }
        Some(Self { blocks, timestamp: u32::from_be_bytes(*timestamp) })
    }

    /// Packets stream by stream, each stream's in rising order of their numbers modulo 2¹⁶. As many as the packet has room for:
    /// some 30,000 at most.
    pub fn packets(self) -> impl Iterator<Item = (Ssrc, u16, Arrival)> + use<'a> {
        let mut rest = self.blocks;
        let blocks = std::iter::from_fn(move || {
            let (block, after) = Block::split(rest)?;
            rest = after;
            Some(block)
        });
        blocks.flat_map(move |block| {
            let numbers = (0..).map(move |place: u16| block.first.wrapping_add(place));
            let metrics = block.metrics.as_chunks::<2>().0.iter();
            numbers.zip(metrics).map(move |(number, metric)| {
                (block.ssrc, number, Arrival::read(u16::from_be_bytes(*metric), self.timestamp))
            })
        })
    }
}

/// What is told of one stream.
struct Block<'a> {
    ssrc: Ssrc,
    first: u16,
    metrics: &'a [u8],
}

impl<'a> Block<'a> {
    fn split(rest: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let ([s0, s1, s2, s3, f0, f1, n0, n1], rest) = rest.split_first_chunk::<BLOCK>()?;
        let count = usize::from(u16::from_be_bytes([*n0, *n1]));
        let (metrics, rest) = rest.split_at_checked((count * 2).next_multiple_of(4))?;
        let (ssrc, first) = (Ssrc(u32::from_be_bytes([*s0, *s1, *s2, *s3])), u16::from_be_bytes([*f0, *f1]));
        let metrics = metrics.get(..count * 2).filter(|_| count <= MOST)?;
        Some((Self { ssrc, first, metrics }, rest))
    }
}

impl Writer<'_> {
    /// Congestion control feedback of this time, in 1/65,536 s of the writer's clock: for each stream the number of the first
    /// packet, and what became of it and those that follow it, at most 16,384.
    pub fn congestion_feedback(
        &mut self,
        sender: Ssrc,
        timestamp: u32,
        streams: &[(Ssrc, u16, &[Arrival])],
    ) -> Option<()> {
        let length = |arrivals: &[Arrival]| BLOCK + (arrivals.len() * 2).next_multiple_of(4);
        if streams.iter().any(|(_, _, arrivals)| arrivals.len() > MOST) {
            return None;
        }
        let blocks: usize = streams.iter().map(|(_, _, arrivals)| length(arrivals)).sum();
        let (kind, format) = (super::kind::TRANSPORT_FEEDBACK, super::format::CONGESTION);
        let mut packet = self.packet(kind, format, BLOCKS + blocks + 4)?;
        packet.u32(sender.0);
        for (ssrc, first, arrivals) in streams {
            packet.u32(ssrc.0);
            packet.put(&first.to_be_bytes());
            packet.put(&(arrivals.len() as u16).to_be_bytes());
            for arrival in *arrivals {
                packet.put(&arrival.metric(timestamp).to_be_bytes());
            }
            if arrivals.len() % 2 == 1 {
                packet.put(&[0; 2]);
            }
        }
        packet.u32(timestamp);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        rtcp::{Feedback, read},
    };

    /// §3.1 by hand: of stream 7 the packets 65,535 and 0 and 1, of which 0 is missing; nothing of stream 8.
    const BY_HAND: [u8; 36] = [
        0x8b, 205, 0, 8, 0, 0, 0, 1, // Header and sender.
        0, 0, 0, 7, 0xff, 0xff, 0, 3, 0x82, 0x00, 0, 0, 0xff, 0xfe, 0,
        0, // Half a second ago; missing; longer ago.
        0, 0, 0, 8, 0, 5, 0, 0, // A stream without packets.
        0, 2, 0, 0, // Two seconds.
    ];

    fn packets(packet: &[u8]) -> Option<Vec<(Ssrc, u16, Arrival)>> {
        match read(packet).next()? {
            Ok(Feedback::Congestion(feedback)) => Some(feedback.packets().collect()),
            _ => None,
        }
    }

    #[test]
    fn a_packet_by_hand_tells_of_each_packet_by_stream() {
        let told = [
            (Ssrc(7), 65_535, Arrival::At(2 * 65_536 - 32_768)),
            (Ssrc(7), 0, Arrival::Missing),
            (Ssrc(7), 1, Arrival::Untimed),
        ];
        assert_eq!(packets(&BY_HAND).unwrap(), told);
    }

    #[test]
    fn what_is_written_is_read_to_the_thousandth_of_a_second() {
        let now = 1_000_000;
        let one = [Arrival::At(now - 64 * 8_189), Arrival::Missing, Arrival::At(now - 63)];
        let two = [Arrival::At(now - 64 * 8_190), Arrival::At(now + 1)];
        let streams: [(Ssrc, u16, &[Arrival]); 2] = [(Ssrc(1), 9, &one), (Ssrc(2), 65_535, &two)];
        let mut buffer = [0; 100];
        let mut writer = Writer::new(&mut buffer);
        writer.congestion_feedback(Ssrc(3), now, &streams).unwrap();
        let told = [
            (Ssrc(1), 9, one[0]),
            (Ssrc(1), 10, Arrival::Missing),
            (Ssrc(1), 11, Arrival::At(now)),
            (Ssrc(2), 65_535, Arrival::Untimed),
            (Ssrc(2), 0, Arrival::Untimed),
        ];
        assert_eq!(packets(writer.bytes()).unwrap(), told);
        assert_eq!(Writer::new(&mut [0; 20]).congestion_feedback(Ssrc(3), now, &streams), None);
        let many = vec![Arrival::Missing; MOST + 1];
        let mut room = vec![0; 40_000];
        assert_eq!(Writer::new(&mut room).congestion_feedback(Ssrc(3), now, &[(Ssrc(1), 0, &many)]), None);
    }

    #[test]
    fn blocks_that_do_not_fill_the_packet_are_malformed() {
        for (place, value) in [(15, 2), (15, 5), (15, 0xff), (14, 0x80), (31, 1)] {
            let mut packet = BY_HAND;
            packet[place] = value;
            assert_eq!(read(&packet).next(), Some(Err(Error::Malformed)), "{place}");
        }
        assert_eq!(read(&[0x8b, 205, 0, 1, 0, 0, 0, 1]).next(), Some(Err(Error::Malformed)));
    }
}
