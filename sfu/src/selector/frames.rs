//! Choosing among the frames of a layered stream by decode target: down at the next picture, up where a frame says so.

use crate::timeline::is_after;
use viva_wire::dependency::Dependencies;

/// Frames that are remembered: more than a second of three spatial layers.
const REMEMBERED: u16 = u128::BITS as u16;
/// So far behind nothing is expected any more.
const LONG_PAST: u16 = 4 * REMEMBERED;

/// A decode target: the highest spatial and the highest temporal layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Aim {
    pub spatial: u8,
    pub temporal: u8,
}

/// Decides frame by frame; frames are told apart by their numbers.
#[derive(Debug)]
pub(super) struct Frames {
    /// What is to be reached.
    goal: Aim,
    /// The highest temporal layer until the spatial layer of the goal is reached.
    limit: u8,
    /// What a smaller size needs, passes for a larger one too.
    nested: bool,
    /// What passes from `since` on.
    passes: Aim,
    /// What passes of frames before it that come late.
    before: Aim,
    since: u16,
    /// The key frame with which the stream was entered, until that is long past.
    entered: Option<u16>,
    /// The newest frame, and the timestamp of its picture.
    newest: Option<(u16, u32)>,
    /// Of the newest frames, which are decided, and which of these pass: bit n is n numbers before the newest.
    decided: u128,
    passed: u128,
}

impl Frames {
    pub const fn new() -> Self {
        let aim = Aim { spatial: 0, temporal: 0 };
        Self {
            goal: aim,
            limit: 0,
            nested: false,
            passes: aim,
            before: aim,
            since: 0,
            entered: None,
            newest: None,
            decided: 0,
            passed: 0,
        }
    }

    /// Another stream begins, with this key frame.
    pub const fn enter(&mut self, aim: Aim, frame: &Dependencies) {
        let since = frame.number;
        let entered = Some(since);
        *self =
            Self { goal: aim, limit: aim.temporal, passes: aim, before: aim, since, entered, ..Self::new() };
    }

    /// Where to go: that far, and until the spatial layer is reached, no higher than `limit` in time.
    pub const fn set_goal(&mut self, goal: Aim, limit: u8, nested: bool) {
        self.goal = goal;
        self.limit = limit;
        self.nested = nested;
    }

    /// Some packet of the frame was decided upon.
    pub fn is_decided(&self, frame: &Dependencies) -> bool {
        let back = self.newest.map(|(newest, _)| newest.wrapping_sub(frame.number));
        back.is_some_and(|back| back < REMEMBERED && self.decided & 1 << back != 0)
    }

    /// A smaller size passes from this frame on, with which any can be entered.
    pub const fn fall(&mut self, aim: Aim, frame: &Dependencies) {
        self.goal = aim;
        self.change(aim, frame.number);
    }

    /// What passes.
    pub const fn passes(&self) -> Aim {
        self.passes
    }

    /// The frame is older than the newest.
    pub fn is_late(&self, frame: &Dependencies) -> bool {
        self.newest.is_some_and(|(newest, _)| frame.number.wrapping_sub(newest).cast_signed() < 0)
    }

    /// The frame is from before the stream was entered.
    pub fn is_left(&self, frame: &Dependencies) -> bool {
        let back = self.entered.map(|entered| entered.wrapping_sub(frame.number));
        back.is_some_and(|back| (1..LONG_PAST).contains(&back))
    }

    /// The encoder counts anew: the number is long past, and the picture is a new one.
    pub fn restarts(&self, frame: &Dependencies, timestamp: u32) -> bool {
        self.newest.is_some_and(|(newest, picture)| {
            let back = newest.wrapping_sub(frame.number).cast_signed();
            back >= REMEMBERED.cast_signed() && is_after(timestamp, picture)
        })
    }

    /// The frame is of the newest picture, or of a newer one.
    pub fn is_recent(&self, frame: &Dependencies, timestamp: u32) -> bool {
        !self.is_late(frame) || self.newest.is_some_and(|(_, newest)| newest == timestamp)
    }

    /// The packet's frame passes.
    pub fn admits(&mut self, frame: &Dependencies, timestamp: u32) -> bool {
        let (newest, picture) = *self.newest.get_or_insert((frame.number.wrapping_sub(1), !timestamp));
        let ahead = frame.number.wrapping_sub(newest).cast_signed();
        if ahead > 0 {
            self.advance(ahead.cast_unsigned());
            self.newest = Some((frame.number, timestamp));
            self.turn(frame, timestamp != picture);
        }
        let back = ahead.min(0).unsigned_abs();
        if back >= REMEMBERED {
            return false;
        }
        let bit = 1u128 << back;
        if self.decided & bit == 0 {
            let aim = self.aim_at(frame);
            self.decided |= bit;
            if frame.needed.contains(aim.spatial, aim.temporal) {
                self.passed |= bit;
            }
        }
        self.passed & bit != 0
    }

    /// What passes of the frame's picture.
    const fn aim_at(&self, frame: &Dependencies) -> Aim {
        let late = frame.number.wrapping_sub(self.since).cast_signed() < 0;
        if late { self.before } else { self.passes }
    }

    /// Nothing above the frame passes of its picture.
    pub const fn is_top(&self, frame: &Dependencies) -> bool {
        self.aim_at(frame).spatial == frame.spatial
    }

    /// The frame is among what passes.
    pub const fn needs(&self, frame: &Dependencies) -> bool {
        frame.needed.contains(self.passes.spatial, self.passes.temporal)
    }

    fn advance(&mut self, by: u16) {
        let by = u32::from(by);
        self.decided = self.decided.checked_shl(by).unwrap_or(0);
        self.passed = self.passed.checked_shl(by).unwrap_or(0);
        if self
            .newest
            .zip(self.entered)
            .is_some_and(|(newest, entered)| newest.0.wrapping_sub(entered) > LONG_PAST)
        {
            self.entered = None;
        }
        // Forgotten before the comparison of numbers wraps round.
        if let Some((newest, _)) = self.newest
            && newest.wrapping_sub(self.since) > u16::MAX / 4
        {
            self.since = newest.wrapping_sub(REMEMBERED);
            self.before = self.passes;
        }
    }

    /// Changes what passes from this frame on, the newest, if it may.
    fn turn(&mut self, frame: &Dependencies, new_picture: bool) {
        let Aim { spatial, temporal } = self.passes;
        let wanted = if spatial == self.goal.spatial { self.goal.temporal } else { self.limit };
        // Whoever gets a picture gets all of its layers; the lowest may come later than another.
        let picture = frame.number.wrapping_sub(frame.spatial.into());
        if self.nested && self.goal.spatial < spatial {
            if new_picture {
                let temporal = temporal.min(self.goal.temporal);
                self.change(Aim { spatial: self.goal.spatial, temporal }, picture);
            }
        } else if spatial != self.goal.spatial
            && frame.switches.contains(self.goal.spatial, self.goal.temporal)
            && self.is_decodable(frame)
        {
            self.change(self.goal, frame.number);
        } else if wanted < temporal {
            if new_picture {
                self.change(Aim { spatial, temporal: wanted }, picture);
            }
        } else if wanted > temporal
            && frame.needed.contains(spatial, wanted)
            && frame.switches.contains(frame.spatial, wanted)
            && self.is_decodable(frame)
        {
            self.change(Aim { spatial, temporal: wanted }, frame.number);
        }
    }

    /// All frames that it refers to have passed.
    fn is_decodable(&self, frame: &Dependencies) -> bool {
        let references = u128::from(frame.references);
        !frame.far && self.passed >> 1 & references == references
    }

    const fn change(&mut self, aim: Aim, number: u16) {
        self.before = self.passes;
        self.passes = aim;
        self.since = number;
    }
}

#[cfg(test)]
mod tests;
