//! What load clients write at the end of every payload, so that a receiver knows what should be there and since when.

/// Bytes of a stamp; no payload is smaller.
pub const LENGTH: usize = 20;
/// Tells a stamp from chance.
const MAGIC: u16 = 0x5654;

/// Who sent a packet, which it was, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The publisher's stream: track and layer.
    pub stream: u32,
    /// Counts the stream's packets, modulo 2^32.
    pub count: u32,
    /// When it was sent, in microseconds since 1970.
    pub sent: u64,
}

impl Stamp {
    /// Writes at the end of `payload`; nothing where there is no room.
    pub fn write(self, payload: &mut [u8]) {
        let Some((_, place)) = payload.split_last_chunk_mut::<LENGTH>() else { return };
        place[..2].copy_from_slice(&MAGIC.to_be_bytes());
        place[2..4].copy_from_slice(&((self.stream ^ self.count) as u16).to_be_bytes());
        place[4..8].copy_from_slice(&self.stream.to_be_bytes());
        place[8..12].copy_from_slice(&self.count.to_be_bytes());
        place[12..].copy_from_slice(&self.sent.to_be_bytes());
    }

    /// Reads from the end of `payload`; `None` if none is there.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let (_, place) = payload.split_last_chunk::<LENGTH>()?;
        let word = |at: usize| place.get(at..at + 4).and_then(|w| w.try_into().ok()).map(u32::from_be_bytes);
        let (stream, count) = (word(4)?, word(8)?);
        let sent = u64::from_be_bytes(place[12..].try_into().ok()?);
        let check = ((stream ^ count) as u16).to_be_bytes();
        (place[..2] == MAGIC.to_be_bytes() && place[2..4] == check).then_some(Self { stream, count, sent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_and_nothing_else_is_one() {
        let stamp = Stamp { stream: 70_001, count: 9, sent: 1_790_000_000_000_000 };
        let mut payload = [1; 60];
        stamp.write(&mut payload);
        assert_eq!(Stamp::read(&payload), Some(stamp));
        payload[60 - 9] ^= 1;
        assert_eq!(Stamp::read(&payload), None, "the count changed");
        assert_eq!(Stamp::read(&payload[..10]), None);
    }
}
