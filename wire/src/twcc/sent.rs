//! What was sent when, by transport-wide sequence number: what feedback is matched against.

use crate::Micros;

/// Packets remembered; feedback about older ones comes too late to be of use.
const HISTORY: usize = 2048;

/// One packet that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// When it was handed to the egress.
    pub at: Micros,
    /// Bytes on the wire.
    pub size: u16,
}

/// The newest packets of one transport.
#[derive(Debug, Clone)]
pub struct SentPackets {
    /// By sequence number modulo the history, each with the number that it belongs to.
    ring: Box<[Option<(u16, Sent)>; HISTORY]>,
}

impl Default for SentPackets {
    fn default() -> Self {
        Self { ring: Box::new([None; HISTORY]) }
    }
}

impl SentPackets {
    /// A packet was sent; it takes the place of the one a history before it.
    pub fn sent(&mut self, sequence: u16, at: Micros, size: usize) {
        let size = u16::try_from(size).unwrap_or(u16::MAX);
        self.ring[usize::from(sequence) % HISTORY] = Some((sequence, Sent { at, size }));
    }

    /// Takes out the packet of `sequence`: feedback about it counts once. `None`: unknown, too old, or taken before.
    pub fn take(&mut self, sequence: u16) -> Option<Sent> {
        let place = &mut self.ring[usize::from(sequence) % HISTORY];
        place.take_if(|(number, _)| *number == sequence).map(|(_, sent)| sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_found_once_and_while_it_is_young() {
        let mut sent = SentPackets::default();
        for n in 0..70_000_u64 {
            sent.sent(n as u16, Micros(n), 1200);
        }
        let newest = Sent { at: Micros(69_999), size: 1200 };
        assert_eq!(sent.take(69_999_u64 as u16), Some(newest));
        assert_eq!(sent.take(69_999_u64 as u16), None);
        let oldest = 70_000 - HISTORY as u64;
        assert_eq!(sent.take(oldest as u16).map(|packet| packet.at), Some(Micros(oldest)));
        assert_eq!(sent.take((oldest - 1) as u16), None);
    }
}
