//! What arrived at a modelled browser and was of use: bytes of media, and sound that came in time to be played.

use crate::sim::stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use viva_media::Ssrc;

/// Packets of which is known whether they were here before.
const KNOWN: usize = 4_096;
/// Packets of sound that the delay of playing follows: ten seconds.
const RECENT: usize = 500;
/// The delay of playing is at least this …
const LEAST: u64 = 60_000;
/// … or what 95 of 100 packets need, and this.
const SPARE: u64 = 20_000;
/// What IPv4 and UDP add to a datagram.
pub const OVERHEAD: usize = 28;

/// A packet of sound that arrived.
#[derive(Debug, Clone, Copy)]
pub struct Spoken {
    /// Whose.
    pub publication: u64,
    /// Its number within the publication.
    pub frame: u32,
    /// It was there when it was to be played.
    pub in_time: bool,
}

/// What arrived at one browser.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Media that was not here before: when, and bytes on the line.
    pub arrived: Vec<(u64, u32)>,
    /// Sound, in the order of arriving.
    pub spoken: Vec<Spoken>,
    known: BTreeSet<Key>,
    oldest: VecDeque<Key>,
    playing: BTreeMap<Ssrc, Playing>,
}

/// Publication, encoding, frame, packet.
type Key = (u64, u8, u32, u16);

impl Ledger {
    /// A packet of `length` bytes came; `sound` is its stream, if that is one of sound.
    pub fn note(&mut self, now: u64, stamp: Stamp, length: usize, sound: Option<Ssrc>) {
        let key = (stamp.publication, stamp.layer, stamp.frame, stamp.packet);
        if !self.known.insert(key) {
            return;
        }
        self.oldest.push_back(key);
        if self.oldest.len() > KNOWN
            && let Some(oldest) = self.oldest.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.arrived.push((now, (length + OVERHEAD) as u32));
        if let Some(ssrc) = sound {
            let in_time = self.playing.entry(ssrc).or_default().is_in_time(now - stamp.captured);
            self.spoken.push(Spoken { publication: stamp.publication, frame: stamp.frame, in_time });
        }
    }
}

/// The delay with which one stream of sound is played.
#[derive(Debug, Default)]
struct Playing {
    /// Times on the way.
    recent: VecDeque<u64>,
}

impl Playing {
    fn is_in_time(&mut self, delay: u64) -> bool {
        let mut sorted: Vec<_> = self.recent.iter().copied().collect();
        sorted.sort_unstable();
        self.recent.push_back(delay);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        let Some(fastest) = sorted.first() else { return true };
        let usual = sorted[(sorted.len() - 1) * 95 / 100] - fastest;
        delay <= fastest + (usual + SPARE).max(LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(frame: u32) -> Stamp {
        let captured = u64::from(frame) * 20_000;
        Stamp {
            publication: 1,
            layer: 0,
            frame,
            packet: 0,
            packets: 1,
            key: true,
            temporal: 0,
            shared: false,
            also: 0,
            depends: 0,
            captured,
        }
    }

    #[test]
    fn sound_that_is_late_once_is_missed_and_what_is_always_late_is_waited_for() {
        let mut ledger = Ledger::default();
        for frame in 0..1_000 {
            // One after the other alone; from the fifth second on every fifth.
            let late = frame == 100 || frame > 250 && frame % 5 == 0;
            let delay = if late { 150_000 } else { 30_000 };
            let stamp = stamp(frame);
            ledger.note(stamp.captured + delay, stamp, 120, Some(Ssrc(1)));
        }
        let missed = |from: usize, until: usize| {
            ledger.spoken[from..until].iter().filter(|spoken| !spoken.in_time).count()
        };
        assert_eq!(missed(0, 250), 1);
        assert!((5..40).contains(&missed(250, 500)), "{}", missed(250, 500));
        assert_eq!(missed(500, 1_000), 0);
    }

    #[test]
    fn what_comes_twice_counts_once() {
        let mut ledger = Ledger::default();
        for at in [100, 200] {
            ledger.note(at, stamp(0), 972, None);
        }
        assert_eq!(ledger.arrived, [(100, 1_000)]);
    }
}
