//! What every simulated media packet says about itself in clear inside its payload, so that a checker knows what arrived.

/// Where a packet comes from, and what its frame needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The publication's id.
    pub publication: u64,
    /// The encoding, or the spatial layer of the only one, smallest first.
    pub layer: u8,
    /// The layers are spatial layers of one stream.
    pub shared: bool,
    /// The frame's running number within its encoding.
    pub frame: u32,
    /// The packet's place within the frame.
    pub packet: u16,
    /// Packets of the frame.
    pub packets: u16,
    /// The frame needs nothing before it.
    pub key: bool,
    /// Temporal layer.
    pub temporal: u8,
    /// The frame refers to the one so many frames before it; 0 for a key frame.
    pub depends: u8,
    /// And to this one, if not 0.
    pub also: u8,
    /// When it was captured: microseconds of the world's own time.
    pub captured: u64,
}

const MAGIC: [u8; 8] = *b"\xf7viva\xf1si";
/// The same where layers share one stream: one byte more stands behind the stamp. Others keep their length, and with it the
/// rates of all that is simulated without such streams.
const SHARED: [u8; 8] = *b"\xf7viva\xf1sh";

impl Stamp {
    /// Bytes of a written stamp whose layers are streams of their own.
    pub const LEN: usize = 36;

    /// Appends the stamp.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend(if self.shared { SHARED } else { MAGIC });
        out.extend(self.publication.to_be_bytes());
        out.extend(self.captured.to_be_bytes());
        out.extend(self.frame.to_be_bytes());
        out.extend(self.packet.to_be_bytes());
        out.extend(self.packets.to_be_bytes());
        out.extend([self.layer, u8::from(self.key), self.temporal, self.depends]);
        if self.shared {
            out.push(self.also);
        }
    }

    /// The stream that it comes from, of those that its publication sends.
    pub const fn source(&self) -> (u64, u8) {
        (self.publication, if self.shared { 0 } else { self.layer })
    }

    /// The frames that it refers to.
    pub fn references(&self) -> impl Iterator<Item = u32> {
        [self.depends, self.also]
            .into_iter()
            .filter(|back| *back > 0)
            .map(|back| self.frame.wrapping_sub(back.into()))
    }

    /// Finds the stamp near the start of a payload.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let head = &payload[..payload.len().min(160)];
        let at = head.windows(MAGIC.len()).position(|bytes| bytes == MAGIC || bytes == SHARED)?;
        let shared = head.get(at..)?.starts_with(&SHARED);
        let bytes: &[u8; Self::LEN] = payload.get(at..)?.first_chunk()?;
        let long = |at: usize| u64::from_be_bytes(*bytes[at..].first_chunk().unwrap_or(&[0; 8]));
        Some(Self {
            publication: long(8),
            captured: long(16),
            frame: (long(24) >> 32) as u32,
            packet: (long(24) >> 16) as u16,
            packets: long(24) as u16,
            layer: bytes[32],
            key: bytes[33] != 0,
            temporal: bytes[34],
            depends: bytes[35],
            shared,
            also: if shared { *payload.get(at + Self::LEN)? } else { 0 },
        })
    }
}
