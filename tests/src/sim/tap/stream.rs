//! One outgoing stream as the tap saw it: its numbers must read as if one encoder had made them.

use crate::sim::stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use viva_media::Ssrc;
use viva_wire::{ntp::NtpClock, rtcp::SenderInfo};

/// Packets remembered.
const REMEMBERED: usize = 3000;

/// What was sent under one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Timestamp.
    pub timestamp: u32,
    /// Marker.
    pub marker: bool,
    /// What it carried; `None` is padding.
    pub stamp: Option<Stamp>,
    /// VP8's picture id and TL0PICIDX.
    pub picture: Option<(u16, u8)>,
}

/// One outgoing stream.
#[derive(Debug)]
pub struct Stream {
    /// Its SSRC.
    pub ssrc: Ssrc,
    /// The first number.
    pub first: u64,
    /// The highest number.
    pub highest: u64,
    /// Numbers sent.
    pub sent: u64,
    /// Changes of encoding or source.
    pub switches: u64,
    /// Repairs sent.
    pub repaired: u64,
    /// Packets of padding alone.
    pub padding: u64,
    /// Frames sent without all that they refer to.
    pub unfounded: u64,
    /// Pictures of several sizes whose last packet was not marked so.
    pub unmarked: u64,
    /// Frames sent of the newest publication whose sizes share a stream, and those whose references are still to be looked for:
    /// packets of one picture may overtake each other.
    frames: BTreeSet<(u64, u32)>,
    unproved: VecDeque<Stamp>,
    packets: BTreeMap<u64, Sent>,
    report: Option<(u64, SenderInfo)>,
    /// The sources of this stream, and since when each has been reported about.
    sources: BTreeMap<u64, u64>,
    /// The newest source, and since when it has been that.
    source: Option<(u64, u64)>,
    /// When media was sent last.
    heard: u64,
}

/// Frames among which packets overtake each other.
const OVERTAKING: usize = 12;

/// A change of source is reported within so much.
const REPORTED: u64 = 250_000;

/// A source that is silent for so long may have left the stream before its report was due; the next report is about its return.
const LEFT: u64 = REPORTED / 2;

impl Stream {
    /// A stream that begins with this number.
    pub fn new(ssrc: Ssrc, first: u64) -> Self {
        Self {
            ssrc,
            first,
            highest: first,
            sent: 0,
            switches: 0,
            repaired: 0,
            padding: 0,
            unfounded: 0,
            unmarked: 0,
            frames: BTreeSet::new(),
            unproved: VecDeque::new(),
            packets: BTreeMap::new(),
            report: None,
            sources: BTreeMap::new(),
            source: None,
            heard: 0,
        }
    }

    /// Numbers between the first and the highest under which nothing was ever sent.
    pub fn holes(&self) -> u64 {
        self.highest + 1 - self.first - self.sent
    }

    /// The full number whose lower 16 bits are these.
    pub fn extend(&self, sequence: u16) -> u64 {
        let ahead = sequence.wrapping_sub(self.highest as u16) as i16;
        self.highest.saturating_add_signed(ahead.into())
    }

    /// What was sent under the nearest number before this one.
    pub fn before(&self, index: u64) -> Option<Stamp> {
        self.packets.range(..index).next_back()?.1.stamp
    }

    /// Takes a packet with a new number. Where what was shown has been `withdrawn`, padding may take the place of what waited.
    ///
    /// # Errors
    /// What does not fit to its neighbours.
    pub fn insert(&mut self, now: u64, index: u64, sent: Sent, withdrawn: bool) -> Result<(), String> {
        if index < self.first {
            return Err(format!("{index} before the first, {}", self.first));
        }
        if self.packets.insert(index, sent).is_some() {
            return Err(format!("{index} sent twice"));
        }
        self.sent += 1;
        self.padding += u64::from(sent.stamp.is_none());
        self.highest = self.highest.max(index);
        if let Some(stamp) = sent.stamp {
            self.sources.entry(stamp.publication).or_insert(now);
            let is_new = self.source.is_none_or(|(source, _)| source != stamp.publication);
            if index == self.highest && is_new {
                self.source = Some((stamp.publication, now));
            } else if now - self.heard > LEFT {
                // It fell silent before it was reported about: whoever hears it again has waited for nothing.
                self.source = Some((stamp.publication, u64::MAX));
            }
            self.heard = now;
            self.found(stamp);
            let (_, since) = self.source.unwrap_or((0, now));
            if now.saturating_sub(since) > REPORTED && self.report.is_none_or(|(at, _)| at < since) {
                return Err(format!("no report since the source changed at {since}: {stamp:?}"));
            }
        }
        let before = self.packets.range(..index).next_back().map(|(index, sent)| (*index, *sent));
        let after = self.packets.range(index + 1..).next().map(|(index, sent)| (*index, *sent));
        match before {
            Some(before) => self.follows(before, (index, sent))?,
            None => self.begins(index, &sent)?,
        }
        if let Some(after) = after {
            self.follows((index, sent), after)?;
        }
        if let (Some((_, before)), None, Some((_, after))) = (before, sent.stamp, after)
            && before.stamp.map(frame_of) == after.stamp.map(frame_of)
            && before.stamp.is_some()
            && !withdrawn
        {
            return Err(format!("padding {index} tears a frame"));
        }
        while self.packets.len() > REMEMBERED {
            self.packets.pop_first();
        }
        Ok(())
    }

    /// Takes a repair of a number. It may be the first that is sent under it: packets that overtook the beginning of their key
    /// frame are sent when they are asked for.
    ///
    /// # Errors
    /// If it is not what was sent before, or does not fit to its neighbours.
    pub fn repeat(&mut self, now: u64, index: u64, sent: &Sent) -> Result<(), String> {
        self.repaired += 1;
        match self.packets.get(&index) {
            Some(before) if before == sent => Ok(()),
            // The marker may have been set for the beginning of a talk spurt.
            Some(before) if before.stamp.is_none() && sent.stamp.is_none() => Ok(()),
            Some(before) => Err(format!("{index} repaired as {sent:?}, was {before:?}")),
            None if self.packets.len() == REMEMBERED => Ok(()),
            None if index > self.highest => Err(format!("{index} repaired before it was due: {sent:?}")),
            None => self.insert(now, index, *sent, false),
        }
    }

    /// Takes a sender report.
    pub fn report(&mut self, now: u64, info: SenderInfo) {
        self.report = Some((now, info));
    }

    /// Microseconds from the capture of a packet to what report and timestamp say of it, and when the report was sent.
    pub fn skew(&self, clock: &NtpClock, sent: &Sent, rate: i64) -> Option<(u64, i64)> {
        let ((at, report), stamp) = (self.report?, sent.stamp?);
        // Another source has another clock: what was said of the one before is of no use.
        let (source, since) = self.source?;
        if at < since || source != stamp.publication {
            return None;
        }
        let ticks = i64::from(sent.timestamp.wrapping_sub(report.rtp).cast_signed());
        let said = clock.micros(report.ntp).0 as i64 + ticks * 1_000_000 / rate;
        Some((at, said - stamp.captured as i64))
    }

    /// Since when this source has been in the stream.
    pub fn source_since(&self, publication: u64) -> Option<u64> {
        self.sources.get(&publication).copied()
    }

    /// The packet is of a picture that follows the one before it as fast as can be.
    pub fn is_hurried(&self, index: u64) -> bool {
        let Some(sent) = self.packets.get(&index) else { return false };
        let before = self.packets.range(..index).rev().find(|(_, before)| before.timestamp != sent.timestamp);
        before.is_some_and(|(_, before)| sent.timestamp.wrapping_sub(before.timestamp) == 1)
    }

    /// Notes a frame where sizes share the stream.
    fn found(&mut self, stamp: Stamp) {
        if !stamp.shared || !self.frames.insert((stamp.publication, stamp.frame)) {
            return;
        }
        self.unproved.push_back(stamp);
        if self.unproved.len() > OVERTAKING
            && let Some(stamp) = self.unproved.pop_front()
        {
            let sent = |frame| self.frames.contains(&(stamp.publication, frame));
            self.unfounded += u64::from(!stamp.references().all(sent));
        }
        while self.frames.len() > REMEMBERED {
            self.frames.pop_first();
        }
    }

    fn begins(&self, index: u64, sent: &Sent) -> Result<(), String> {
        match sent.stamp {
            Some(stamp)
                if sent.picture.is_some() && (!stamp.key || stamp.packet != 0) && index == self.first =>
            {
                Err(format!("{index} begins with {stamp:?}"))
            }
            _ => Ok(()),
        }
    }

    /// `b` is the next packet that is known after `a`.
    fn follows(&mut self, (at, a): (u64, Sent), (index, b): (u64, Sent)) -> Result<(), String> {
        let ahead = b.timestamp.wrapping_sub(a.timestamp).cast_signed();
        if ahead < 0 {
            return Err(format!("timestamps fall: {at} {a:?}, {index} {b:?}"));
        }
        let (Some(before), Some(stamp)) = (a.stamp, b.stamp) else { return Ok(()) };
        let same = frame_of(before) == frame_of(stamp);
        let same_picture =
            same || before.shared && before.source() == stamp.source() && before.captured == stamp.captured;
        if same_picture != (ahead == 0) {
            return Err(format!("one frame, one timestamp: {at} {a:?}, {index} {b:?}"));
        }
        if before.source() != stamp.source() {
            self.switches += 1;
            if !stamp.key || stamp.packet != 0 {
                return Err(format!("a switch within a stream: {at} {before:?}, {index} {stamp:?}"));
            }
        } else if stamp.captured < before.captured {
            return Err(format!("goes back: {at} {before:?}, {index} {stamp:?}"));
        }
        if index != at + 1 {
            return Ok(());
        }
        self.unmarked += u64::from(before.shared && !same_picture && !a.marker);
        if same && stamp.packet != before.packet + 1 {
            return Err(format!("a packet is left out: {at} {before:?}, {index} {stamp:?}"));
        }
        if let (Some((old, old_base)), Some((new, new_base))) = (a.picture, b.picture) {
            let step = u16::from(!same);
            let base_step = u8::from(!same && stamp.temporal == 0);
            if new != (old + step) & 0x7fff || new_base != old_base.wrapping_add(base_step) {
                return Err(format!("picture numbers leap: {at} {a:?}, {index} {b:?}"));
            }
        }
        Ok(())
    }
}

fn frame_of(stamp: Stamp) -> (u64, u8, u32) {
    (stamp.publication, stamp.layer, stamp.frame)
}
