//! What was sent when, by transport-wide sequence number: what feedback is matched against.

use crate::Micros;
use viva_media::Ssrc;

/// Packets remembered; feedback about older ones comes too late to be of use.
const HISTORY: usize = 2048;

/// Bits of a note that hold a packet's size; the others hold its probe.
const SIZE_BITS: u32 = 11;
const MAX_SIZE: u16 = (1 << SIZE_BITS) - 1;

/// Probes told apart: their numbers begin anew after so many.
pub const PROBES: u8 = 31;

/// One packet that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// When it was handed to the egress.
    pub at: Micros,
    /// Bytes on the wire, 2,047 at most.
    pub size: u16,
    /// The probe that it belongs to, less than [`PROBES`].
    pub probe: Option<u8>,
}

/// A packet in eight bytes: every packet that is sent writes one.
#[derive(Debug, Clone, Copy, Default)]
struct Note {
    /// Microseconds, modulo 2³²: 71 minutes.
    at: u32,
    number: u16,
    /// Size, and above it the probe and one; zero where there is no packet.
    size_and_probe: u16,
}

impl Note {
    fn new(number: u16, sent: Sent) -> Self {
        let probe = sent.probe.map_or(0, |probe| u16::from(probe % PROBES) + 1);
        let size = sent.size.clamp(1, MAX_SIZE);
        Self { at: sent.at.0 as u32, number, size_and_probe: probe << SIZE_BITS | size }
    }

    const fn is_of(&self, number: u16) -> bool {
        self.number == number && self.size_and_probe != 0
    }

    /// Microseconds since it was written; the most where nothing was.
    const fn age(&self, now: Micros) -> u32 {
        if self.size_and_probe == 0 { u32::MAX } else { (now.0 as u32).wrapping_sub(self.at) }
    }

    fn read(self, now: Micros) -> Sent {
        Sent {
            at: Micros(now.0.saturating_sub(u64::from(self.age(now)))),
            size: self.size_and_probe & MAX_SIZE,
            probe: (self.size_and_probe >> SIZE_BITS).checked_sub(1).map(|probe| probe as u8),
        }
    }
}

/// The newest packets of one transport.
#[derive(Debug, Clone)]
pub struct SentPackets {
    /// By sequence number modulo the history.
    ring: Box<[Note; HISTORY]>,
}

impl Default for SentPackets {
    fn default() -> Self {
        Self { ring: Box::new([Note::default(); HISTORY]) }
    }
}

impl SentPackets {
    /// A packet was sent; it takes the place of the one a history before it.
    #[inline]
    pub fn sent(&mut self, sequence: u16, sent: Sent) {
        self.ring[usize::from(sequence) % HISTORY] = Note::new(sequence, sent);
    }

    /// Takes out the packet of `sequence`: feedback about it counts once. `None`: unknown, too old, or taken before. What was
    /// sent more than an hour before `now` is not told apart from what was sent lately.
    pub fn take(&mut self, sequence: u16, now: Micros) -> Option<Sent> {
        let note = &mut self.ring[usize::from(sequence) % HISTORY];
        note.is_of(sequence).then(|| std::mem::take(note).read(now))
    }
}

/// Packets of a stream whose numbers are so far apart share a place, which has room for so many.
const PLACES: usize = 1024;
const ROOM: usize = 4;

/// The newest packets of one transport by stream and sequence number, for receivers that tell of them so (RFC 8888). Where too
/// many fall on one place, the oldest of them is forgotten, as if its feedback had got lost.
#[derive(Debug, Clone)]
pub struct SentByStream {
    places: Box<[[(Ssrc, Note); ROOM]; PLACES]>,
}

impl Default for SentByStream {
    fn default() -> Self {
        Self { places: Box::new([[(Ssrc(0), Note::default()); ROOM]; PLACES]) }
    }
}

impl SentByStream {
    fn place(&mut self, stream: Ssrc, sequence: u16) -> &mut [(Ssrc, Note); ROOM] {
        // Streams begin anywhere, so that those of one pace do not meet at every packet.
        let begin = stream.0.wrapping_mul(0x9e37_79b9) >> 16;
        &mut self.places[(begin as usize + usize::from(sequence)) % PLACES]
    }

    /// A packet was sent.
    pub fn sent(&mut self, stream: Ssrc, sequence: u16, sent: Sent) {
        let oldest = self.place(stream, sequence).iter_mut().max_by_key(|(_, note)| note.age(sent.at));
        if let Some(oldest) = oldest {
            *oldest = (stream, Note::new(sequence, sent));
        }
    }

    /// Takes out a packet: feedback about it counts once. `None`: unknown, too old, or taken before.
    pub fn take(&mut self, stream: Ssrc, sequence: u16, now: Micros) -> Option<Sent> {
        let found = self
            .place(stream, sequence)
            .iter_mut()
            .filter(|(of, note)| *of == stream && note.is_of(sequence));
        let (_, note) = found.min_by_key(|(_, note)| note.age(now))?;
        Some(std::mem::take(note).read(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_found_once_and_while_it_is_young() {
        let mut sent = SentPackets::default();
        // Numbers go round, and so does the clock of the notes.
        let begin = u64::from(u32::MAX) - 35_000;
        let probe = |n: u64| (n % 40 < 31).then_some((n % 40) as u8);
        for n in 0..70_000_u64 {
            sent.sent(n as u16, Sent { at: Micros(begin + n), size: 1200, probe: probe(n) });
        }
        let now = Micros(begin + 100_000);
        let newest = Sent { at: Micros(begin + 69_999), size: 1200, probe: probe(69_999) };
        assert_eq!(sent.take(69_999_u64 as u16, now), Some(newest));
        assert_eq!(sent.take(69_999_u64 as u16, now), None);
        let oldest = 70_000 - HISTORY as u64;
        let found = sent.take(oldest as u16, now).unwrap();
        assert_eq!((found.at, found.probe), (Micros(begin + oldest), probe(oldest)));
        assert_eq!(sent.take((oldest - 1) as u16, now), None);
        assert_eq!(sent.take(1, now).map(|sent| sent.at), None);
    }

    #[test]
    fn packets_are_found_by_stream_once_and_while_they_are_young() {
        let mut sent = SentByStream::default();
        let packet = |at: u64| Sent { at: Micros(at), size: 1200, probe: None };
        // Two streams of one pace, and one of another.
        let streams = [(Ssrc(1), 1), (Ssrc(2), 1), (Ssrc(0x8000_0001), 7)];
        for n in 0..70_000_u64 {
            for (stream, pace) in streams {
                if n.is_multiple_of(pace) {
                    sent.sent(stream, (n / pace) as u16, packet(n));
                }
            }
        }
        let now = Micros(70_000);
        for (stream, pace) in streams {
            for n in (69_000 / pace)..(70_000 / pace) {
                assert_eq!(sent.take(stream, n as u16, now), Some(packet(n * pace)), "{stream:?} {n}");
                assert_eq!(sent.take(stream, n as u16, now), None);
            }
        }
        assert_eq!(sent.take(Ssrc(1), 60_000, now), None);
        assert_eq!(sent.take(Ssrc(3), 69_999_u64 as u16, now), None);
    }

    #[test]
    fn the_last_probe_and_the_largest_packet_are_told() {
        let mut sent = SentPackets::default();
        sent.sent(0, Sent { at: Micros(5), size: u16::MAX, probe: Some(PROBES - 1) });
        sent.sent(1, Sent { at: Micros(6), size: 0, probe: None });
        let told = |at, size, probe| Some(Sent { at: Micros(at), size, probe });
        assert_eq!(sent.take(0, Micros(9)), told(5, MAX_SIZE, Some(PROBES - 1)));
        assert_eq!(sent.take(1, Micros(9)), told(6, 1, None));
    }
}
