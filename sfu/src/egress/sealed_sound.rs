//! Sound as it left for one receiver, to be sent again as it was: it has no stream of retransmissions (RFC 4585 §6.2.1).
//!
//! Under AEAD the same number must never be sealed twice (RFC 7714 §8.4), and is not: what was sealed once goes out once more,
//! byte for byte.

use std::time::Duration;
use viva_media::Ssrc;
use viva_wire::Micros;

/// Packets kept: a second of one voice, half a second of two.
const PACKETS: usize = 48;
/// Bytes of one; what is longer is not kept. A voice that is sent twice has some 400.
const ROOM: usize = 500;
/// What left longer ago comes too late to be played.
const AGE: Duration = Duration::from_millis(400);

/// The newest packets of sound.
#[derive(Debug, Clone)]
pub struct SealedSound {
    kept: Box<[Kept; PACKETS]>,
    next: usize,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    ssrc: Ssrc,
    sequence: u16,
    /// Zero: there is nothing.
    length: u16,
    at: Micros,
    bytes: [u8; ROOM],
}

impl Default for SealedSound {
    fn default() -> Self {
        let nothing = Kept { ssrc: Ssrc(0), sequence: 0, length: 0, at: Micros(0), bytes: [0; ROOM] };
        Self { kept: Box::new([nothing; PACKETS]), next: 0 }
    }
}

impl SealedSound {
    /// A packet leaves now.
    pub fn keep(&mut self, now: Micros, ssrc: Ssrc, sequence: u16, packet: &[u8]) {
        let Some(place) = self.kept.get_mut(self.next) else { return };
        let Some(bytes) = place.bytes.get_mut(..packet.len()) else { return };
        bytes.copy_from_slice(packet);
        (place.ssrc, place.sequence, place.at) = (ssrc, sequence, now);
        place.length = packet.len() as u16;
        self.next = (self.next + 1) % PACKETS;
    }

    /// A packet as it left, if that was not too long ago.
    pub fn find(&self, now: Micros, ssrc: Ssrc, sequence: u16) -> Option<&[u8]> {
        let is_it = |kept: &&Kept| {
            kept.length > 0 && (kept.ssrc, kept.sequence) == (ssrc, sequence) && now.since(kept.at) <= AGE
        };
        let kept = self.kept.iter().find(is_it)?;
        kept.bytes.get(..usize::from(kept.length))
    }

    /// Nothing of a stream goes out again.
    pub fn forget(&mut self, ssrc: Ssrc) {
        self.kept.iter_mut().filter(|kept| kept.ssrc == ssrc).for_each(|kept| kept.length = 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Ssrc = Ssrc(1);

    #[test]
    fn the_newest_packets_are_found_as_they_left_while_they_are_of_use() {
        let mut sound = SealedSound::default();
        for number in 0..100_u16 {
            sound.keep(
                Micros(u64::from(number) * 10_000),
                Ssrc(u32::from(number % 2)),
                number,
                &[number as u8; 90],
            );
        }
        let now = Micros(990_000);
        assert_eq!(sound.find(now, ONE, 99), Some(&[99; 90][..]));
        assert_eq!(sound.find(now, ONE, 61), Some(&[61; 90][..]));
        assert_eq!(sound.find(now, ONE, 98), None, "of another stream");
        assert_eq!(sound.find(now, ONE, 51), None, "no longer there");
        assert_eq!(sound.find(Micros(1_400_000), ONE, 99), None, "too late");
        sound.forget(ONE);
        assert_eq!(sound.find(now, ONE, 99), None);
        assert!(sound.find(now, Ssrc(0), 98).is_some());
    }

    #[test]
    fn what_is_too_long_takes_no_place() {
        let mut sound = SealedSound::default();
        sound.keep(Micros(1), ONE, 1, &[1; ROOM + 1]);
        assert_eq!(sound.find(Micros(1), ONE, 1), None);
        sound.keep(Micros(1), ONE, 2, &[2; ROOM]);
        assert_eq!(sound.find(Micros(1), ONE, 2), Some(&[2; ROOM][..]));
    }
}
