//! The munger of one slot: rewrites numbers so that the receiver sees one stream, whatever is switched or left out before it.
//!
//! It keeps no table of packets. Between two changes (a switch, a packet left out on purpose, an inserted one) original and
//! outgoing numbers differ by constants, so a short list of ranges maps forwards, and backwards for NACKs.
//!
//! Call [`Munger::switch`] with the first packet of a source, [`Munger::forward`] with those to send, [`Munger::skip`] with
//! those left out. A slot that was paused goes on with `switch`, even for the same layer.

mod catch_up;
mod holes;
mod ranges;
#[cfg(test)]
mod tests;

use crate::{dropped::Dropped, timeline::is_after};
use catch_up::Late;
use holes::Holes;
use ranges::{Range, Ranges};
use viva_media::MediaKind;
use viva_wire::codec::Frame;

/// What selector and munger need to know of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incoming {
    /// Extended sequence number of its stream.
    pub sequence: u64,
    /// RTP timestamp.
    pub timestamp: u32,
    /// RTP marker bit.
    pub marker: bool,
    /// What its payload tells.
    pub frame: Frame,
}

/// The numbers that a packet leaves with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Munged {
    /// Extended sequence number: the lower 16 bits go into the header, the rest is the roll-over counter (RFC 3711 §3.3.1).
    pub sequence: u64,
    /// RTP timestamp.
    pub timestamp: u32,
    /// RTP marker bit; set on the first audio packet of a source, where a talk spurt begins (RFC 3551 §4.1).
    pub marker: bool,
    /// VP8's or VP9's picture id, 15 bits; meaningful where the frame has one, written in the packet's own width.
    pub picture_id: u16,
    /// Their TL0PICIDX; meaningful where the frame has one.
    pub tl0_picture_index: u8,
}

/// A packet without media that takes a number of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    /// Extended sequence number.
    pub sequence: u64,
    /// RTP timestamp: that of the packet in whose place it stands, or of the last frame.
    pub timestamp: u32,
}

/// What was sent under an outgoing sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<K> {
    /// A packet of a layer: find it in that layer's cache, then write it with [`Source::munge`].
    Packet(Source<K>),
    /// A packet without media, to be sent again as such.
    Padding(Padding),
}

/// Where an outgoing packet came from, and how its numbers change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<K> {
    pub layer: K,
    /// The extended sequence number in that layer's stream.
    pub sequence: u64,
    range: Range<K>,
    kind: MediaKind,
}

impl<K: Copy + Eq> Source<K> {
    /// The numbers that this packet was, or would have been, sent with.
    #[inline]
    pub fn munge(&self, timestamp: u32, marker: bool, frame: &Frame) -> Munged {
        self.range.munge(self.kind, &Incoming { sequence: self.sequence, timestamp, marker, frame: *frame })
    }

    /// The number of the packet's frame, where its stream tells which frames need which.
    pub const fn frame_number(&self, frame: &Frame) -> u16 {
        frame.dependencies.number.wrapping_add(self.range.frame)
    }
}

/// Rewrites one slot's stream. `K` names a layer of a publication.
#[derive(Debug)]
#[repr(C)]
pub struct Munger<K> {
    ranges: Ranges<K>,
    kind: MediaKind,
    /// There is a source: the newest range takes packets.
    open: bool,
    /// The newest original sequence number of the source, forwarded or left out.
    highest: u64,
    /// The outgoing number that follows `highest`.
    next: u64,
    /// The packet with number `highest` was left out.
    skipped: Option<Skipped>,
    /// The newest packet sent, if any.
    last: Option<Last>,
    /// The number with which the source was entered.
    entered: u64,
    /// The number after that of the newest packet sent.
    after_sent: u64,
    /// The source was entered behind the time and has not caught up yet.
    late: Option<Late>,
    /// Last: only late packets look here.
    holes: Holes,
}

#[derive(Debug, Clone, Copy)]
struct Skipped {
    timestamp: u32,
    picture: Option<u16>,
    /// Pictures of several sizes are several frames.
    frame: Option<u16>,
}

/// The newest packet of a stream, which the next one must follow in every number.
#[derive(Debug, Clone, Copy)]
pub struct Last {
    timestamp: u32,
    picture: Option<u16>,
    tl0: Option<u8>,
    frame: Option<u16>,
}

/// A source that jumps further ahead than this has lost more than can be asked for again. The receiver is shown one missing
/// packet, so that it notices, and its roll-over counter stays right.
const MAX_GAP: u64 = 4096;

const PICTURE_IDS: u16 = 0x7fff;

impl<K: Copy + Eq> Munger<K> {
    /// A slot's stream that begins with `sequence`, which should be random (RFC 3550 §5.1). Nothing is allocated yet.
    pub fn new(kind: MediaKind, sequence: u64) -> Self {
        Self {
            kind,
            ranges: Ranges::default(),
            open: false,
            highest: 0,
            next: sequence,
            skipped: None,
            last: None,
            entered: sequence,
            after_sent: sequence,
            late: None,
            holes: Holes::default(),
        }
    }

    /// A slot's stream that stopped after `last` and goes on with `sequence`.
    pub fn resume(kind: MediaKind, sequence: u64, last: Option<Last>) -> Self {
        Self { last, ..Self::new(kind, sequence) }
    }

    /// The first packet of another source, at which a decoder can begin. `timestamp` is its place on the outgoing timeline;
    /// it is moved just enough to come after what was sent.
    pub fn switch(&mut self, layer: K, packet: &Incoming, timestamp: u32) -> Munged {
        self.switch_behind(layer, packet, timestamp, 0)
    }

    /// The same with a packet that comes late: `behind` is how far its timestamp is from the newest of its source. Pictures
    /// that were here already follow as fast as they can, until the stream's time is the source's again.
    pub fn switch_behind(&mut self, layer: K, packet: &Incoming, timestamp: u32, behind: u32) -> Munged {
        let due = timestamp;
        let timestamp = self.after_last(due, behind);
        self.late = self.lateness(packet.timestamp, timestamp.wrapping_sub(due), behind);
        let after = |last: Option<u16>, own: Option<u16>| match (last, own) {
            (Some(last), Some(own)) => last.wrapping_add(1).wrapping_sub(own),
            _ => 0,
        };
        let picture =
            after(self.last.and_then(|last| last.picture), packet.frame.picture_id.map(|id| id.value));
        let tl0 = after(
            self.last.and_then(|last| last.tl0).map(u16::from),
            packet.frame.tl0_picture_index.map(u16::from),
        );
        let range = Range {
            layer,
            first: packet.sequence,
            end: u64::MAX,
            out: self.next,
            timestamp: timestamp.wrapping_sub(packet.timestamp),
            picture,
            tl0: tl0 as u8,
            frame: after(self.last.and_then(|last| last.frame), frame_number(packet)),
            top: None,
            opens: true,
        };
        self.ranges.push(range, self.next);
        self.open = true;
        self.entered = self.next;
        self.advance(packet, range.munge(self.kind, packet))
    }

    /// A packet of the current source that is to be sent.
    ///
    /// # Errors
    /// [`Dropped::OldSequence`] for a packet of another source, from before the switch, too old for the list of ranges, or
    /// whose number was given up because it seemed to be left out.
    pub fn forward(&mut self, layer: K, packet: &Incoming) -> Result<Munged, Dropped> {
        let mut range = self.source(layer).ok_or(Dropped::OldSequence)?;
        if packet.sequence <= self.highest {
            let (range, out) = self.ranges.locate(packet.sequence).ok_or(Dropped::OldSequence)?;
            if self.holes.contains(out) {
                return Err(Dropped::OldSequence);
            }
            let munged = range.munge(self.kind, packet);
            // Those after it may all have been left out: then it is the newest that was sent.
            if self.last.is_some_and(|last| is_after(munged.timestamp, last.timestamp)) {
                self.note_last(packet, &munged);
            }
            return Ok(munged);
        }
        if packet.sequence - self.highest > MAX_GAP {
            self.next += 1;
            self.shift(packet.sequence, self.next, 0);
            range = self.source(layer).ok_or(Dropped::OldSequence)?;
        } else if self.late.is_some() {
            self.catch_up(packet);
            range = self.source(layer).ok_or(Dropped::OldSequence)?;
        }
        let munged = range.munge(self.kind, packet);
        Ok(self.advance(packet, munged))
    }

    /// A packet of the current source that is left out on purpose: what follows closes the gap. All packets of a frame
    /// must be treated alike.
    ///
    /// Returns the outgoing number that stays unused for ever, if the packet is late and later ones have gone out already: fill
    /// it with a packet without media, lest the receiver wait and ask for it.
    pub fn skip(&mut self, layer: K, packet: &Incoming) -> Option<Padding> {
        self.source(layer)?;
        if packet.sequence <= self.highest {
            return self.leave_hole(packet);
        }
        // Where frames tell which ones they need, a gap between their numbers is no loss; closed, it would change what they say.
        let numbered = packet.frame.picture_id.filter(|_| !packet.frame.dependencies.is_known());
        let picture = numbered.map(|id| id.value);
        // Lost between two packets of one frame that is left out: left out as well.
        let frame = frame_number(packet);
        let same_frame = self
            .skipped
            .is_some_and(|skipped| skipped.timestamp == packet.timestamp && skipped.frame == frame);
        let counted = picture.is_none() || self.skipped.is_some_and(|skipped| skipped.picture == picture);
        if !same_frame {
            let lost = packet.sequence - self.highest - 1;
            if lost > MAX_GAP {
                self.next += 1;
            } else {
                self.keep_numbers(packet);
            }
        }
        self.shift(packet.sequence + 1, self.next, u16::from(!counted));
        self.highest = packet.sequence;
        self.skipped = Some(Skipped { timestamp: packet.timestamp, picture, frame });
        None
    }

    /// From this packet of the current source on, `top` is the highest spatial layer of the pictures that are sent: its last
    /// packet is the picture's last, and marked so.
    #[inline(never)]
    pub fn set_top(&mut self, packet: &Incoming, top: Option<u8>) {
        let Some(newest) = self.ranges.newest().filter(|newest| newest.top != top).copied() else { return };
        if packet.sequence == newest.first {
            self.ranges.replace_newest(Range { top, ..newest });
        } else if packet.sequence > self.highest && packet.sequence - self.highest <= MAX_GAP {
            self.keep_numbers(packet);
            self.change(Range { first: packet.sequence, out: self.next, top, opens: false, ..newest });
        }
    }

    /// The packets that are missing before this one keep their numbers, should they be recovered.
    const fn keep_numbers(&mut self, packet: &Incoming) {
        self.next += packet.sequence - self.highest - 1;
        self.highest = packet.sequence - 1;
    }

    /// What went out under the lower 16 bits `sequence`, most recently. `None` for a number never used, or forgotten.
    pub fn original(&self, sequence: u16) -> Option<Origin<K>> {
        let newest = self.next.checked_sub(1)?;
        let sequence = newest.checked_sub(u64::from((newest as u16).wrapping_sub(sequence)))?;
        let padding = || Some(Origin::Padding(Padding { sequence, timestamp: self.last?.timestamp }));
        if self.holes.contains(sequence) {
            return padding();
        }
        match self.ranges.reverse(sequence)? {
            Some((range, original)) => Some(Origin::Packet(Source {
                layer: range.layer,
                sequence: original,
                range,
                kind: self.kind,
            })),
            None => padding(),
        }
    }

    /// The number of a frame of the source, where that tells which frames need which.
    pub fn frame_number(&self, frame: &Frame) -> u16 {
        frame.dependencies.number.wrapping_add(self.ranges.newest().map_or(0, |range| range.frame))
    }

    /// The number with which the newest source was entered.
    pub const fn entered(&self) -> u64 {
        self.entered
    }

    /// The number is of a source from before the newest switch.
    pub const fn is_before_switch(&self, sequence: u64) -> bool {
        sequence < self.entered
    }

    /// The source's timestamp on the outgoing timeline, for sender reports; `None` without a source.
    pub fn timestamp(&self, source: u32) -> Option<u32> {
        let range = self.ranges.newest().filter(|_| self.open)?;
        let late = self.late.map_or(0, |late| late.by);
        Some(source.wrapping_add(range.timestamp).wrapping_sub(late))
    }

    /// The source, and its own timestamp of the newest packet sent of it.
    pub fn newest_of_source(&self) -> Option<(K, u32)> {
        let range = self.ranges.newest().filter(|_| self.open)?;
        Some((range.layer, self.last?.timestamp.wrapping_sub(range.timestamp)))
    }

    /// The newest packet sent, for [`Self::resume`].
    pub const fn last(&self) -> Option<Last> {
        self.last
    }

    /// The extended sequence number that the next packet takes if nothing is lost before it.
    pub const fn next_sequence(&self) -> u64 {
        self.next
    }

    /// The source is no longer this slot's: nothing of it is forwarded any more, nor sent again.
    pub fn close(&mut self) {
        self.open = false;
        self.late = None;
        self.ranges.clear();
    }

    /// The newest range, if it is of `layer` and open.
    fn source(&self, layer: K) -> Option<&Range<K>> {
        self.ranges.newest().filter(|range| self.open && range.layer == layer)
    }

    /// The newest packet leaves with these numbers.
    fn advance(&mut self, packet: &Incoming, munged: Munged) -> Munged {
        self.highest = packet.sequence;
        self.next = munged.sequence + 1;
        self.after_sent = self.next;
        self.skipped = None;
        self.note_last(packet, &munged);
        munged
    }

    fn note_last(&mut self, packet: &Incoming, munged: &Munged) {
        let frame = &packet.frame;
        let number = frame.dependencies.is_known().then(|| self.frame_number(frame));
        let last = self.last.get_or_insert(Last { timestamp: 0, picture: None, tl0: None, frame: None });
        last.timestamp = munged.timestamp;
        if frame.picture_id.is_some() {
            last.picture = Some(munged.picture_id);
        }
        if frame.tl0_picture_index.is_some() {
            last.tl0 = Some(munged.tl0_picture_index);
        }
        if number.is_some() {
            last.frame = number;
        }
    }

    /// From the original number `first` on, packets follow on `out`, and their picture ids come `pictures` earlier.
    fn shift(&mut self, first: u64, out: u64, pictures: u16) {
        let Some(newest) = self.ranges.newest().copied() else { return };
        let picture = newest.picture.wrapping_sub(pictures);
        self.change(Range { first, out, picture, opens: false, ..newest });
    }

    /// The source goes on in another range.
    fn change(&mut self, changed: Range<K>) {
        let Some(newest) = self.ranges.newest() else { return };
        // A range that maps nothing yet is moved, not followed.
        if newest.first > self.highest {
            self.ranges.replace_newest(changed);
        } else {
            self.ranges.push(changed, self.next);
        }
    }

    /// The hole has the timestamp of what it is left by, since those before and after it are sent with theirs.
    fn leave_hole(&mut self, packet: &Incoming) -> Option<Padding> {
        let (range, out) = self.ranges.locate(packet.sequence)?;
        let timestamp = packet.timestamp.wrapping_add(range.timestamp);
        let last = self.last.as_mut()?;
        if is_after(timestamp, last.timestamp) {
            last.timestamp = timestamp;
        }
        self.holes.mark(out).then_some(Padding { sequence: out, timestamp })
    }
}

/// The number of the packet's frame, where it is known.
#[inline]
fn frame_number(packet: &Incoming) -> Option<u16> {
    let frame = &packet.frame.dependencies;
    frame.is_known().then_some(frame.number)
}
