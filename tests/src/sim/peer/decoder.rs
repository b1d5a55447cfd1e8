//! What a decoder could show of what arrived: whole frames, from a key frame on, with all that they refer to.

use crate::sim::stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// Frames waited for; older ones are given up.
const WAITING: usize = 96;

/// Decoded frames that others may refer to.
const KNOWN: usize = 64;

/// A modelled video decoder with its jitter buffer.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The source being shown, and in which size.
    pub source: Option<(u64, u8)>,
    /// The stream that it comes from.
    stream: Option<(u64, u8)>,
    /// When the picture being shown was captured.
    captured: u64,
    /// When the newest frame was decoded.
    pub last: u64,
    /// Frames decoded in all.
    pub decoded: u64,
    /// Frames decoded of each publication and encoding.
    pub of: BTreeMap<(u64, u8), u64>,
    /// The longest time between two frames since it was reset.
    pub longest: u64,
    frames: BTreeMap<u64, Frame>,
    known: BTreeSet<u32>,
    /// The number of the newest key frame's first packet: what is before it is no longer needed.
    base: u64,
    started: bool,
}

#[derive(Debug)]
struct Frame {
    stamp: Stamp,
    arrived: BTreeSet<u16>,
}

impl Decoder {
    /// A packet with extended number `index` arrived. Returns whether a frame was decoded.
    pub fn receive(&mut self, now: u64, index: u64, stamp: Stamp) -> bool {
        let first = index.saturating_sub(u64::from(stamp.packet));
        if self.started && first < self.base {
            return false;
        }
        let frame = self.frames.entry(first).or_insert_with(|| Frame { stamp, arrived: BTreeSet::new() });
        frame.arrived.insert(stamp.packet);
        let before = self.decoded;
        while let Some(first) = self.next() {
            self.decode(now, first);
        }
        while self.frames.len() > WAITING {
            self.frames.pop_first();
        }
        self.decoded > before
    }

    /// The time since the newest frame, or the longest before it.
    pub fn freeze(&self, now: u64) -> u64 {
        self.longest.max(now.saturating_sub(self.last))
    }

    /// Measures freezes from now on.
    pub fn measure(&mut self, now: u64) {
        self.longest = 0;
        self.last = now;
    }

    fn next(&self) -> Option<u64> {
        let ready = |frame: &Frame| {
            let stamp = &frame.stamp;
            let whole = frame.arrived.len() == usize::from(stamp.packets);
            let here = self.started && self.stream == Some(stamp.source());
            whole && (stamp.key || here && stamp.references().all(|frame| self.known.contains(&frame)))
        };
        self.frames.iter().find(|(_, frame)| ready(frame)).map(|(first, _)| *first)
    }

    fn decode(&mut self, now: u64, first: u64) {
        let Some(frame) = self.frames.remove(&first) else { return };
        let stamp = frame.stamp;
        if stamp.key {
            self.frames = self.frames.split_off(&first);
            self.known.clear();
            self.base = first;
            self.stream = Some(stamp.source());
        }
        // Of a picture that has several sizes the largest is shown.
        let smaller = self.source.filter(|_| self.captured == stamp.captured);
        let layer = smaller.map_or(stamp.layer, |(_, layer)| layer.max(stamp.layer));
        self.source = Some((stamp.publication, layer));
        self.captured = stamp.captured;
        self.known.insert(stamp.frame);
        while self.known.len() > KNOWN {
            self.known.pop_first();
        }
        if self.started {
            self.longest = self.longest.max(now.saturating_sub(self.last));
        }
        self.started = true;
        self.last = now;
        self.decoded += 1;
        *self.of.entry((stamp.publication, stamp.layer)).or_default() += 1;
    }
}
