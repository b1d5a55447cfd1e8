//! The list of ranges in which outgoing numbers differ from original ones by constants.

use super::{Incoming, Munged, PICTURE_IDS};
use std::collections::VecDeque;
use viva_media::MediaKind;

/// From an original sequence number on, how numbers change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range<K> {
    /// The source.
    pub layer: K,
    /// The first original sequence number.
    pub first: u64,
    /// The original sequence number after the last; that of the newest range is still open, `u64::MAX`.
    pub end: u64,
    /// What becomes of it.
    pub out: u64,
    /// Added to timestamps, modulo 2³².
    pub timestamp: u32,
    /// Added to picture ids, modulo 2¹⁵.
    pub picture: u16,
    /// Added to TL0PICIDX, modulo 2⁸.
    pub tl0: u8,
    /// Added to the numbers of frames, modulo 2¹⁶.
    pub frame: u16,
    /// The highest spatial layer of the pictures, where they have several: the last packet of that is their last.
    pub top: Option<u8>,
    /// A switch: what comes before belongs to another source, or to the same one before a pause.
    pub opens: bool,
}

impl<K> Range<K> {
    /// The outgoing number of an original one, which is not before `first`.
    pub const fn map(&self, sequence: u64) -> u64 {
        self.out.wrapping_add(sequence.wrapping_sub(self.first))
    }

    #[inline]
    pub fn munge(&self, kind: MediaKind, packet: &Incoming) -> Munged {
        let begins = self.opens && packet.sequence == self.first && kind == MediaKind::Audio;
        let picture = packet.frame.picture_id.map_or(0, |id| id.value);
        let ends = packet.frame.ends_frame && self.top == Some(packet.frame.dependencies.spatial);
        Munged {
            sequence: self.map(packet.sequence),
            timestamp: packet.timestamp.wrapping_add(self.timestamp),
            marker: packet.marker || begins || ends,
            picture_id: picture.wrapping_add(self.picture) & PICTURE_IDS,
            tl0_picture_index: packet.frame.tl0_picture_index.unwrap_or(0).wrapping_add(self.tl0),
        }
    }
}

/// The newest ranges. Grows to its bound and no further.
#[derive(Debug)]
pub(super) struct Ranges<K> {
    /// By which nearly all packets go; so it stands here, not behind a pointer.
    newest: Option<Range<K>>,
    /// Those before it, oldest first.
    older: VecDeque<Range<K>>,
}

/// Enough for the seconds that a NACK looks back, with every second frame left out.
const MAX_RANGES: usize = 128;

impl<K> Default for Ranges<K> {
    fn default() -> Self {
        Self { newest: None, older: VecDeque::new() }
    }
}

impl<K: Copy> Ranges<K> {
    pub const fn newest(&self) -> Option<&Range<K>> {
        self.newest.as_ref()
    }

    /// Appends a range; the one before it ends where it would give the outgoing number `end`.
    pub fn push(&mut self, range: Range<K>, end: u64) {
        let Some(mut before) = self.newest.replace(range) else { return };
        before.end = before.first.saturating_add(end.saturating_sub(before.out));
        if self.older.len() + 1 >= MAX_RANGES {
            self.older.pop_front();
        }
        self.older.push_back(before);
    }

    pub fn replace_newest(&mut self, range: Range<K>) {
        self.newest = Some(range);
    }

    pub fn clear(&mut self) {
        self.newest = None;
        self.older.clear();
    }

    /// The range of a late packet of the newest source, and its outgoing number; `None` if it comes from before the switch,
    /// was left out, or is too old.
    pub fn locate(&self, sequence: u64) -> Option<(&Range<K>, u64)> {
        for range in self.newest.iter().chain(self.older.iter().rev()) {
            if range.first <= sequence {
                return (sequence < range.end).then_some((range, range.map(sequence)));
            }
            if range.opens {
                return None;
            }
        }
        None
    }

    /// What has the outgoing number `out`: `None` if that is too old, `Some(None)` if no original has.
    pub fn reverse(&self, out: u64) -> Option<Option<(Range<K>, u64)>> {
        let of_newest = self.newest.as_ref().filter(|range| range.out <= out);
        let range = of_newest.or_else(|| {
            let after = self.older.partition_point(|range| range.out <= out);
            self.older.get(after.checked_sub(1)?)
        })?;
        let original = range.first.wrapping_add(out - range.out);
        Some((original < range.end).then_some((*range, original)))
    }
}
