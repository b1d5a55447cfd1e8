//! Where a source's time goes on after a switch, and how pictures that came late catch up with it.

use super::{Incoming, Munger, Range};
use viva_media::MediaKind;

/// How far a stream is behind its source's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Late {
    /// By so much its timestamps are higher than they should be.
    pub by: u32,
    /// The newest timestamp of the source when it was entered: later pictures come at their time.
    until: u32,
}

/// 20 ms of Opus at 48 kHz.
const SOUND: i32 = 960;
/// 1/30 s of video at 90 kHz.
const PICTURE: i32 = 3000;

impl<K: Copy + Eq> Munger<K> {
    /// A switch never goes back in time, and sound does not overlap. One tick is enough for a picture that would be a
    /// little early, as when two layers carry the same moment, and for one that comes late; a clock that went back costs
    /// one ordinary frame.
    pub(super) fn after_last(&self, timestamp: u32, behind: u32) -> u32 {
        let Some(last) = self.last else { return timestamp };
        let (frame, least) = match self.kind {
            MediaKind::Audio => (SOUND, SOUND),
            MediaKind::Video => (PICTURE, 1),
        };
        match timestamp.wrapping_sub(last.timestamp).cast_signed() {
            ahead if ahead >= least => timestamp,
            ahead if ahead >= -frame.saturating_add_unsigned(behind) => {
                last.timestamp.wrapping_add(least.cast_unsigned())
            }
            _ => last.timestamp.wrapping_add(frame.cast_unsigned()),
        }
    }

    /// Sound that is entered now would be heard twice, or over what was said: by the time of its capture it is before the
    /// newest that was sent. Half a second and more is no delay but another clock.
    pub fn is_past(&self, timestamp: u32) -> bool {
        let ahead = self.last.map(|last| timestamp.wrapping_sub(last.timestamp).cast_signed());
        self.kind == MediaKind::Audio && ahead.is_some_and(|ahead| (-25 * SOUND..0).contains(&ahead))
    }

    /// What is to be caught up after a switch at the source's timestamp `entered`, which was moved by `moved`.
    pub(super) fn lateness(&self, entered: u32, moved: u32, behind: u32) -> Option<Late> {
        let late = Late { by: moved, until: entered.wrapping_add(behind) };
        (self.kind == MediaKind::Video && moved > 0 && behind > 0).then_some(late)
    }

    /// The next picture leaves one tick after the one before, or at its own time as soon as that is later. Only where it is
    /// sure that a picture begins: its other packets must get the same timestamp, in whatever order they come.
    pub(super) fn catch_up(&mut self, packet: &Incoming) {
        let (Some(late), Some(last), Some(newest)) = (self.late, self.last, self.ranges.newest().copied())
        else {
            return;
        };
        let mapped = packet.timestamp.wrapping_add(newest.timestamp);
        let ahead = mapped.wrapping_sub(last.timestamp).cast_signed();
        // What is missing before it may still come, at its time by the range before.
        let follows = packet.sequence == self.highest + 1 && self.next == self.after_sent;
        if !follows || ahead <= 1 {
            return;
        }
        let back = late.by.min(ahead.cast_unsigned() - 1);
        let here_before = late.until.wrapping_sub(packet.timestamp).cast_signed() >= 0;
        if !here_before && back < late.by {
            // The rest is no lateness: the two sources' clocks do not agree. The next report tells.
            self.late = None;
            return;
        }
        let (first, out) = (packet.sequence, newest.map(packet.sequence));
        self.late = (back < late.by).then_some(Late { by: late.by - back, ..late });
        self.change(Range {
            first,
            out,
            timestamp: newest.timestamp.wrapping_sub(back),
            opens: false,
            ..newest
        });
    }
}
