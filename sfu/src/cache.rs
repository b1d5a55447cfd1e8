//! The packet cache of one publication layer: one plaintext copy of what came lately, shared by all receivers.
//!
//! Two rings: the bytes of the payloads, and entries found by extended sequence number. Both start empty, grow by doubling
//! while there is use for it up to their bounds, and from then on overwrite the oldest without allocating.

use crate::munger::Incoming;
use viva_media::Codec;
use viva_wire::{Micros, codec::Frame};

/// What is kept of a packet beside its payload: all that its next sending needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cached {
    /// RTP timestamp, as the publisher wrote it.
    pub timestamp: u32,
    /// RTP marker bit.
    pub marker: bool,
    /// What the payload is.
    pub codec: Codec,
    /// What the payload tells about its frame.
    pub frame: Frame,
    /// When it came.
    pub arrived: Micros,
    /// The byte of the audio level extension (RFC 6464 §3).
    pub audio_level: Option<u8>,
    /// The byte of the video orientation extension (3GPP TS 26.114 §7.4.5).
    pub video_orientation: Option<u8>,
    /// The bytes of the playout delay extension.
    pub playout_delay: Option<[u8; 3]>,
    /// Bytes of the dependency descriptor, which is kept before the payload.
    pub descriptor_len: u8,
}

impl Cached {
    /// The packet as it came, for slots that take it later: one that enters its layer at a packet before this one.
    pub const fn incoming(&self, sequence: u64) -> Incoming {
        Incoming { sequence, timestamp: self.timestamp, marker: self.marker, frame: self.frame }
    }

    /// What is kept of a packet as its dependency descriptor, which is empty without one, and its payload.
    pub fn split<'a>(&self, kept: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        kept.split_at_checked(usize::from(self.descriptor_len)).unwrap_or((&[], kept))
    }

    /// The payload alone.
    #[inline]
    pub fn payload<'a>(&self, kept: &'a [u8]) -> &'a [u8] {
        if self.descriptor_len == 0 { kept } else { self.split(kept).1 }
    }
}

/// What became of a packet offered to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// Kept; its payload is found by this handle until it is overwritten.
    Kept(Handle),
    /// The same sequence number is already there (or was, until its bytes were overwritten).
    Duplicate,
    /// So old that a newer packet has its place.
    TooOld,
    /// Larger than the whole cache, or than 65,535 bytes.
    TooLarge,
}

/// Where a payload stands: stable, cheap to copy, and never another packet's bytes once they are overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle {
    /// Bytes written before this payload, since the cache was made.
    position: u64,
    len: u16,
}

/// Recent packets of one stream, by extended sequence number.
#[derive(Debug)]
pub struct PacketCache {
    entries: Vec<Option<Entry>>,
    bytes: Vec<u8>,
    /// Bytes written since the start, with what was left free at the ring's end; modulo the ring's length, where the next
    /// payload goes. The ring grows before it wraps for the first time, so that positions stay true.
    written: u64,
    max_entries: usize,
    max_bytes: usize,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    sequence: u64,
    handle: Handle,
    meta: Cached,
}

/// First sizes; a stream that sends at all soon needs so much.
const FIRST_ENTRIES: usize = 32;
const FIRST_BYTES: usize = 4096;

impl PacketCache {
    /// An empty cache that will hold at most `max_packets` packets (rounded up to a power of two) with `max_bytes` bytes of
    /// payload (likewise). Nothing is allocated yet.
    pub fn new(max_packets: usize, max_bytes: usize) -> Self {
        Self {
            entries: Vec::new(),
            bytes: Vec::new(),
            written: 0,
            max_entries: max_packets.next_power_of_two().max(FIRST_ENTRIES),
            max_bytes: max_bytes.next_power_of_two().max(FIRST_BYTES),
        }
    }

    /// Keeps a packet, in whatever order it comes. `sequence` is extended: it does not wrap at 16 bits.
    pub fn insert(&mut self, sequence: u64, meta: Cached, payload: &[u8]) -> Inserted {
        self.insert_described(sequence, meta, &[], payload)
    }

    /// The same with its dependency descriptor, of at most 255 bytes.
    pub fn insert_described(
        &mut self,
        sequence: u64,
        mut meta: Cached,
        descriptor: &[u8],
        payload: &[u8],
    ) -> Inserted {
        let Ok(descriptor_len) = u8::try_from(descriptor.len()) else { return Inserted::TooLarge };
        let Ok(len) = u16::try_from(descriptor.len() + payload.len()) else { return Inserted::TooLarge };
        if usize::from(len) > self.max_bytes {
            return Inserted::TooLarge;
        }
        meta.descriptor_len = descriptor_len;
        match self.make_place(sequence) {
            Place::Taken(newer) if newer == sequence => return Inserted::Duplicate,
            Place::Taken(_) => return Inserted::TooOld,
            Place::Free => {}
        }
        let handle = Handle { position: self.write(descriptor, payload), len };
        let index = self.index(sequence);
        if let Some(entry) = self.entries.get_mut(index) {
            *entry = Some(Entry { sequence, handle, meta });
        }
        Inserted::Kept(handle)
    }

    /// The packet with this sequence number, if it is still there, and what is kept of it; see [`Cached::split`].
    #[inline]
    pub fn find(&self, sequence: u64) -> Option<(&Cached, &[u8])> {
        let entry = self.entries.get(self.index(sequence))?.as_ref()?;
        if entry.sequence != sequence {
            return None;
        }
        Some((&entry.meta, self.payload(entry.handle)?))
    }

    /// The bytes that a handle of this cache stands for; `None` once they are overwritten.
    pub fn payload(&self, handle: Handle) -> Option<&[u8]> {
        let size = self.bytes.len() as u64;
        if handle.position + size < self.written {
            return None;
        }
        // As with entries: the size is a power of two, or none at all.
        let start = (handle.position & size.wrapping_sub(1)) as usize;
        self.bytes.get(start..start + usize::from(handle.len))
    }

    /// Bytes of memory held now.
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.entries.capacity() * size_of::<Option<Entry>>()
    }

    /// Forgets all packets and gives the memory back: the layer is silent, or its stream begins anew.
    pub fn clear(&mut self) {
        *self = Self::new(self.max_entries, self.max_bytes);
    }

    fn index(&self, sequence: u64) -> usize {
        // A power of two, or none at all.
        sequence as usize & self.entries.len().wrapping_sub(1)
    }

    /// Finds out whether `sequence` may be written, growing the ring of entries rather than losing a packet whose bytes are
    /// still there.
    fn make_place(&mut self, sequence: u64) -> Place {
        if self.entries.is_empty() {
            self.entries.resize(FIRST_ENTRIES, None);
        }
        loop {
            match self.entries.get(self.index(sequence)).copied().flatten() {
                None => return Place::Free,
                Some(entry) if entry.sequence == sequence => return Place::Taken(sequence),
                Some(entry)
                    if self.entries.len() >= self.max_entries || !self.grow_helps(&entry, sequence) =>
                {
                    return if entry.sequence > sequence {
                        Place::Taken(entry.sequence)
                    } else {
                        Place::Free
                    };
                }
                Some(_) => self.grow_entries(),
            }
        }
    }

    /// Growing up to the bound brings the two apart, and the old one is still worth having.
    fn grow_helps(&self, entry: &Entry, sequence: u64) -> bool {
        entry.sequence.abs_diff(sequence) < self.max_entries as u64 && self.payload(entry.handle).is_some()
    }

    fn grow_entries(&mut self) {
        let size = self.entries.len() * 2;
        let old = std::mem::replace(&mut self.entries, vec![None; size]);
        for entry in old.into_iter().flatten() {
            let index = self.index(entry.sequence);
            if let Some(place) = self.entries.get_mut(index) {
                *place = Some(entry);
            }
        }
    }

    /// Appends what fits; returns its position. Nothing wraps round the end of the ring.
    fn write(&mut self, descriptor: &[u8], payload: &[u8]) -> u64 {
        let len = descriptor.len() + payload.len();
        // Still linear: positions are indices.
        while self.bytes.len() < self.max_bytes && self.written + len as u64 >= self.bytes.len() as u64 {
            let size = (self.bytes.len() * 2).max(FIRST_BYTES);
            self.bytes.reserve_exact(size - self.bytes.len());
            self.bytes.resize(size, 0);
        }
        let size = self.bytes.len();
        let start = self.written as usize & size.wrapping_sub(1);
        let start = if start + len > size {
            self.written += (size - start) as u64;
            0
        } else {
            start
        };
        if let Some(place) = self.bytes.get_mut(start..start + len) {
            let (first, rest) = place.split_at_mut(descriptor.len());
            first.copy_from_slice(descriptor);
            rest.copy_from_slice(payload);
        }
        let position = self.written;
        self.written += len as u64;
        position
    }
}

enum Place {
    Free,
    Taken(u64),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    fn meta(timestamp: u32) -> Cached {
        Cached {
            timestamp,
            marker: false,
            codec: Codec::Vp8,
            frame: Frame::default(),
            arrived: Micros(0),
            audio_level: None,
            video_orientation: None,
            playout_delay: None,
            descriptor_len: 0,
        }
    }

    /// A payload that no other sequence number has.
    fn payload(sequence: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        Noise::new(sequence).fill(&mut bytes);
        bytes
    }

    #[test]
    fn what_was_kept_is_found_and_nothing_else() {
        let mut cache = PacketCache::new(64, 1 << 16);
        assert_eq!(cache.memory(), 0);
        assert_eq!(cache.find(0), None);
        let Inserted::Kept(handle) = cache.insert(65_535, meta(1), &payload(1, 100)) else {
            panic!("refused")
        };
        assert_eq!(cache.find(65_535), Some((&meta(1), &payload(1, 100)[..])));
        assert_eq!(cache.payload(handle), Some(&payload(1, 100)[..]));
        assert_eq!(cache.find(65_536), None);
        assert_eq!(cache.find(65_535 + 65_536), None);
    }

    #[test]
    fn a_descriptor_is_kept_before_its_payload() {
        let mut cache = PacketCache::new(64, 1 << 16);
        cache.insert_described(7, meta(1), b"dep", b"payload");
        let (meta, kept) = cache.find(7).unwrap();
        assert_eq!(meta.split(kept), (&b"dep"[..], &b"payload"[..]));
        assert_eq!(cache.insert_described(8, *meta, &[0; 256], b"x"), Inserted::TooLarge);
    }

    #[test]
    fn duplicates_and_recovered_packets_tell_themselves_apart() {
        let mut cache = PacketCache::new(64, 1 << 16);
        for sequence in [100, 101, 103] {
            assert!(matches!(cache.insert(sequence, meta(0), b"x"), Inserted::Kept(_)));
        }
        assert_eq!(cache.insert(101, meta(9), b"other"), Inserted::Duplicate);
        assert_eq!(cache.find(101), Some((&meta(0), &b"x"[..])));
        assert!(matches!(cache.insert(102, meta(5), b"late"), Inserted::Kept(_)));
        assert_eq!(cache.find(102), Some((&meta(5), &b"late"[..])));
    }

    #[test]
    fn an_older_packet_never_takes_a_newer_ones_place() {
        let mut cache = PacketCache::new(32, 1 << 16);
        for sequence in 1000..1032 {
            cache.insert(sequence, meta(0), b"new");
        }
        assert_eq!(cache.insert(999, meta(0), b"old"), Inserted::TooOld);
        assert!((1000..1032).all(|sequence| cache.find(sequence).is_some()));
    }

    #[test]
    fn overwritten_packets_are_gone_and_never_wrong() {
        let mut noise = Noise::new(3);
        let mut cache = PacketCache::new(256, 32_768);
        let mut newest = 0;
        let mut found = 0;
        for step in 0..20_000 {
            let sequence = if noise.one_in(10) { newest - newest.min(noise.below(300)) } else { newest + 1 };
            newest = newest.max(sequence);
            let len = noise.below(1300) as usize;
            let _ = cache.insert(sequence, meta(sequence as u32), &payload(sequence, len));
            if step % 16 == 0 {
                for sequence in newest.saturating_sub(400)..=newest + 2 {
                    if let Some((meta, bytes)) = cache.find(sequence) {
                        found += 1;
                        assert_eq!(u64::from(meta.timestamp), sequence);
                        assert_eq!(bytes, payload(sequence, bytes.len()));
                    }
                }
            }
        }
        assert!(found > 30_000, "{found}");
    }

    #[test]
    fn the_newest_packets_that_fit_are_always_there() {
        let mut cache = PacketCache::new(64, 1 << 17);
        for sequence in 0..10_000u64 {
            cache.insert(sequence, meta(0), &payload(sequence, 1200));
            for back in 0..64.min(sequence + 1) {
                assert!(cache.find(sequence - back).is_some(), "{sequence} - {back}");
            }
        }
    }

    #[test]
    fn memory_follows_use_and_stops_at_the_bound() {
        let mut cache = PacketCache::new(1024, 1 << 20);
        cache.insert(0, meta(0), &[0; 100]);
        let first = cache.memory();
        assert!(first < 16_384, "{first}");
        for sequence in 1..5000 {
            cache.insert(sequence, meta(0), &[0; 1200]);
        }
        let full = cache.memory();
        for sequence in 5000..50_000 {
            cache.insert(sequence, meta(0), &[0; 1200]);
        }
        assert_eq!(cache.memory(), full);
        assert!(full <= (1 << 20) + 1024 * size_of::<Option<Entry>>());
        assert!(size_of::<Option<Entry>>() <= 96, "{}", size_of::<Option<Entry>>());
        cache.clear();
        assert_eq!((cache.memory(), cache.find(49_999)), (0, None));
    }

    #[test]
    fn a_jump_of_the_sequence_costs_no_memory() {
        let mut cache = PacketCache::new(4096, 1 << 20);
        for jump in 0..100u64 {
            cache.insert(jump * 1_000_000_007, meta(0), b"far");
        }
        assert!(cache.entries.len() <= FIRST_ENTRIES, "{}", cache.entries.len());
    }

    #[test]
    fn what_is_too_large_or_empty_does_no_harm() {
        let mut cache = PacketCache::new(32, 4096);
        assert_eq!(cache.insert(1, meta(0), &[0; 4097]), Inserted::TooLarge);
        assert_eq!(cache.insert(1, meta(0), &[0; 70_000]), Inserted::TooLarge);
        assert!(matches!(cache.insert(1, meta(0), &[]), Inserted::Kept(_)));
        assert_eq!(cache.find(1), Some((&meta(0), &[][..])));
        assert!(matches!(cache.insert(2, meta(0), &[7; 4096]), Inserted::Kept(_)));
        assert_eq!(cache.find(2).map(|found| found.1.len()), Some(4096));
    }
}
