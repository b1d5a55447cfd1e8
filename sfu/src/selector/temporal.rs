//! Leaving out temporal layers, by whole frames: down at once, up where the higher layer can be entered.

use crate::{munger::Incoming, timeline::is_after};

/// Decides frame by frame; frames are told apart by their timestamps.
#[derive(Debug)]
pub(super) struct Temporal {
    /// What is wanted.
    wanted: u8,
    /// The highest layer forwarded from `since` on.
    limit: u8,
    /// The limit for late packets of the frames before `since`.
    before: u8,
    since: Option<u32>,
    /// Timestamp of the newest frame seen.
    newest: Option<u32>,
}

impl Temporal {
    pub const fn new(wanted: u8) -> Self {
        Self { wanted, limit: wanted, before: wanted, since: None, newest: None }
    }

    /// The highest temporal layer that is wanted.
    pub const fn wanted(&self) -> u8 {
        self.wanted
    }

    pub const fn set_limit(&mut self, wanted: u8) {
        self.wanted = wanted;
    }

    /// The packet belongs to a frame older than the newest.
    pub fn is_late(&self, packet: &Incoming) -> bool {
        self.newest.is_some_and(|newest| is_after(newest, packet.timestamp))
    }

    fn is_new(&self, packet: &Incoming) -> bool {
        self.newest.is_none_or(|newest| is_after(packet.timestamp, newest))
    }

    /// Another stream begins, with a key frame.
    pub const fn enter(&mut self, packet: &Incoming) {
        *self = Self::new(self.wanted);
        self.newest = Some(packet.timestamp);
    }

    /// A key frame starts within the stream: every layer can be entered.
    pub fn restart(&mut self, packet: &Incoming) {
        self.newest = Some(packet.timestamp);
        self.change(self.wanted, packet.timestamp);
    }

    /// The packet's frame is forwarded.
    pub fn admits(&mut self, packet: &Incoming) -> bool {
        if self.is_new(packet) {
            self.newest = Some(packet.timestamp);
            // Long past; forgotten before the comparison of timestamps wraps round.
            self.since = self.since.filter(|since| packet.timestamp.wrapping_sub(*since) < 1 << 30);
            if self.wanted < self.limit {
                self.change(self.wanted, packet.timestamp);
            } else if self.enters(packet) {
                self.change(packet.frame.temporal, packet.timestamp);
            }
        }
        let late = self.since.is_some_and(|since| is_after(since, packet.timestamp));
        packet.frame.temporal <= if late { self.before } else { self.limit }
    }

    /// A synchronising frame depends on the base layer alone (RFC 7741 §4.2, Y), but later frames of its layer may depend on
    /// every layer between: so one layer at a time.
    fn enters(&self, packet: &Incoming) -> bool {
        let next = self.limit.saturating_add(1);
        packet.frame.layer_sync && packet.frame.temporal == next && next <= self.wanted
    }

    fn change(&mut self, limit: u8, timestamp: u32) {
        if limit != self.limit {
            self.before = self.limit;
            self.limit = limit;
            self.since = Some(timestamp);
        }
    }
}
