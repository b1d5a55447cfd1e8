//! Writes RTCP packets one after the other into a caller's buffer.

use super::{ReportBlock, SenderInfo, format, kind};
use viva_media::Ssrc;

/// Report blocks of one packet: its count has five bits (RFC 3550 §6.4.1).
pub const MAX_BLOCKS: usize = 31;

/// A compound packet that grows in a buffer.
///
/// Every method writes one whole packet or nothing; `None` says that it does not fit. RFC 3550 §6.1 wants a report and a
/// CNAME first; without them it is a packet of reduced size (RFC 5506), which every peer of ours agrees to.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl<'a> Writer<'a> {
    /// Writes into `buffer` from its beginning.
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// Bytes written, always a multiple of four.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Is nothing written yet?
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What is written.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or_default()
    }

    /// A sender report with at most 31 blocks; more are left out (RFC 3550 §6.4.1).
    pub fn sender_report(&mut self, info: &SenderInfo, blocks: &[ReportBlock]) -> Option<()> {
        let blocks = blocks.get(..MAX_BLOCKS).unwrap_or(blocks);
        let mut packet = self.packet(kind::SENDER_REPORT, blocks.len() as u8, 28 + blocks.len() * 24)?;
        packet.u32(info.ssrc.0);
        packet.put(&info.ntp.0.to_be_bytes());
        packet.u32(info.rtp);
        packet.u32(info.packets);
        packet.u32(info.octets);
        packet.blocks(blocks);
        Some(())
    }

    /// A receiver report with at most 31 blocks; more are left out (RFC 3550 §6.4.2).
    pub fn receiver_report(&mut self, sender: Ssrc, blocks: &[ReportBlock]) -> Option<()> {
        let blocks = blocks.get(..MAX_BLOCKS).unwrap_or(blocks);
        let mut packet = self.packet(kind::RECEIVER_REPORT, blocks.len() as u8, 8 + blocks.len() * 24)?;
        packet.u32(sender.0);
        packet.blocks(blocks);
        Some(())
    }

    /// A source description with the canonical name only, cut at 255 bytes (RFC 3550 §6.5.1).
    pub fn cname(&mut self, ssrc: Ssrc, name: &str) -> Option<()> {
        const CNAME: u8 = 1;
        let name = name.as_bytes();
        let name = name.get(..255).unwrap_or(name);
        // The list of items ends with one zero byte at least, and with a whole word (RFC 3550 §6.5).
        let mut packet =
            self.packet(kind::SOURCE_DESCRIPTION, 1, (8 + 2 + name.len() + 1).next_multiple_of(4))?;
        packet.u32(ssrc.0);
        packet.put(&[CNAME, name.len() as u8]);
        packet.put(name);
        Some(())
    }

    /// A generic NACK for `lost`, in rising order modulo 2¹⁶ (RFC 4585 §6.2.1). Says how many of them fitted;
    /// zero writes nothing.
    pub fn nack(&mut self, sender: Ssrc, media: Ssrc, lost: &[u16]) -> usize {
        const HEADER: usize = 12;
        let room = self.buffer.len().saturating_sub(self.len + HEADER) / 4;
        let (pairs, taken) = pairs(lost).take(room).fold((0, 0), |(count, _), pair| (count + 1, pair.taken));
        if pairs == 0 {
            return 0;
        }
        let packet = self.packet(kind::TRANSPORT_FEEDBACK, format::NACK, HEADER + pairs * 4);
        let Some(mut packet) = packet else { return 0 };
        packet.u32(sender.0);
        packet.u32(media.0);
        for pair in self::pairs(lost).take(pairs) {
            packet.put(&pair.base.to_be_bytes());
            packet.put(&pair.mask.to_be_bytes());
        }
        taken
    }

    /// A picture loss indication (RFC 4585 §6.3.1).
    pub fn picture_loss(&mut self, sender: Ssrc, media: Ssrc) -> Option<()> {
        let mut packet = self.packet(kind::PAYLOAD_FEEDBACK, format::PICTURE_LOSS, 12)?;
        packet.u32(sender.0);
        packet.u32(media.0);
        Some(())
    }

    /// A full intra request; `sequence` grows by one with every new request, not with its repetitions
    /// (RFC 5104 §4.3.1).
    pub fn full_intra(&mut self, sender: Ssrc, media: Ssrc, sequence: u8) -> Option<()> {
        let mut packet = self.packet(kind::PAYLOAD_FEEDBACK, format::FULL_INTRA, 20)?;
        packet.u32(sender.0);
        // The header's own media SSRC is unused (RFC 5104 §4.3.1.2).
        packet.u32(0);
        packet.u32(media.0);
        packet.put(&[sequence]);
        Some(())
    }

    /// The most that these streams, at most 255, may send together (draft-alvestrand-rmcat-remb-03 §2.2): rounded down to 18
    /// bits with an exponent.
    pub fn receiver_estimate(&mut self, sender: Ssrc, bits_per_second: u64, streams: &[Ssrc]) -> Option<()> {
        let streams = streams.get(..255).unwrap_or(streams);
        let mut packet = self.packet(kind::PAYLOAD_FEEDBACK, format::APPLICATION, 20 + streams.len() * 4)?;
        packet.u32(sender.0);
        packet.u32(0);
        packet.put(b"REMB");
        let exponent = (u64::BITS - bits_per_second.leading_zeros()).saturating_sub(18);
        let mantissa = (bits_per_second >> exponent) as u32;
        packet.u32((streams.len() as u32) << 24 | exponent << 18 | mantissa);
        for stream in streams {
            packet.u32(stream.0);
        }
        Some(())
    }

    /// The end of at most 31 streams; more are left out (RFC 3550 §6.6).
    pub fn bye(&mut self, ssrcs: &[Ssrc]) -> Option<()> {
        let ssrcs = ssrcs.get(..MAX_BLOCKS).unwrap_or(ssrcs);
        let mut packet = self.packet(kind::BYE, ssrcs.len() as u8, 4 + ssrcs.len() * 4)?;
        for ssrc in ssrcs {
            packet.u32(ssrc.0);
        }
        Some(())
    }

    /// A whole packet of somebody else's making: `write` gets the room that is left and says how much of it it used.
    pub fn append(&mut self, write: impl FnOnce(&mut [u8]) -> Option<usize>) -> Option<()> {
        let room = self.buffer.get_mut(self.len..)?;
        let limit = room.len();
        self.len += write(room).filter(|used| *used <= limit)?;
        Some(())
    }

    /// Room for a packet of `length` bytes, zeroed, its header written (RFC 3550 §6.4.1).
    pub(super) fn packet(&mut self, kind: u8, count: u8, length: usize) -> Option<Packet<'_>> {
        let words = u16::try_from(length / 4 - 1).ok()?;
        let bytes = self.buffer.get_mut(self.len..self.len + length)?;
        bytes.fill(0);
        self.len += length;
        let mut packet = Packet { bytes, at: 0 };
        packet.put(&[0x80 | count, kind]);
        packet.put(&words.to_be_bytes());
        Some(packet)
    }
}

/// A packet being filled.
pub(super) struct Packet<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl Packet<'_> {
    /// Appends `field`, which the packet's length made room for.
    pub(super) fn put(&mut self, field: &[u8]) {
        if let Some(place) = self.bytes.get_mut(self.at..self.at + field.len()) {
            place.copy_from_slice(field);
            self.at += field.len();
        }
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }

    fn blocks(&mut self, blocks: &[ReportBlock]) {
        for block in blocks {
            self.u32(block.about.0);
            let lost = block.cumulative_lost.clamp(-(1 << 23), (1 << 23) - 1).cast_unsigned() & 0x00ff_ffff;
            self.u32(u32::from(block.fraction_lost) << 24 | lost);
            self.u32(block.highest);
            self.u32(block.jitter);
            self.u32(block.last_report);
            self.u32(block.delay);
        }
    }
}

/// A packet id with the bitmask of the sixteen after it.
struct Pair {
    base: u16,
    mask: u16,
    /// How many sequence numbers this pair and those before it cover.
    taken: usize,
}

fn pairs(lost: &[u16]) -> impl Iterator<Item = Pair> + '_ {
    let mut taken = 0;
    std::iter::from_fn(move || {
        let base = *lost.get(taken)?;
        let mut mask = 0;
        while let Some(sequence) = lost.get(taken) {
            match sequence.wrapping_sub(base) {
                0 => {}
                distance @ 1..=16 => mask |= 1 << (distance - 1),
                _ => break,
            }
            taken += 1;
        }
        Some(Pair { base, mask, taken })
    })
}
