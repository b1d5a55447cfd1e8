//! What a connection does at the moment, and until when it may.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// How long a connection may take for each thing that it owes.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For the whole head of a request, from its first byte or from the beginning of the connection.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Until it takes something of what is sent to it.
    pub stuck: Duration,
}

/// Why a connection is closed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    /// The head of a request did not come in time.
    Head,
    /// No further request came.
    Idle,
    /// Nothing of the answer is taken.
    Stuck,
    /// Most of its requests were taken back before they were answered (HTTP/2 Rapid Reset, CVE-2023-44487).
    Resets,
}

impl Late {
    /// For the metrics.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Head => "late_head",
            Self::Idle => "idle",
            Self::Stuck => "stuck",
            Self::Resets => "resets",
        }
    }
}

/// Never, as a time.
const NEVER: u64 = 0;
/// So many requests may be taken back: a page that is left takes some tens. More may as long as most are not.
const MOST_RESETS: u32 = 128;

/// One connection. Its socket, its requests and its task write here; the task and whoever makes room read.
#[derive(Debug)]
pub struct Watch {
    times: Times,
    began: Instant,
    /// Requests that are under way.
    busy: AtomicU32,
    /// Since when the head of a request comes, in milliseconds after one before `began`.
    head_since: AtomicU64,
    /// When the newest request ended.
    idle_since: AtomicU64,
    /// Since when the peer takes nothing although something is there for it.
    stuck_since: AtomicU64,
    /// It has become something else than HTTP, with times of its own.
    upgraded: AtomicBool,
    /// Several requests may be under way (HTTP/2).
    multiplexed: AtomicBool,
    /// Of the requests under way, those whose next step is not the peer's.
    ours: AtomicU32,
    /// When an answer went on last.
    moved_since: AtomicU64,
    /// Requests in all, and those that were taken back.
    begun: AtomicU32,
    resets: AtomicU32,
    /// Told when another connection needs its place.
    pub crowded: Notify,
}

impl Watch {
    pub fn new(times: Times, now: Instant) -> Self {
        let since = AtomicU64::new(1);
        let (busy, idle_since, stuck_since, upgraded, crowded) = Default::default();
        let (multiplexed, ours, moved_since, begun, resets) = Default::default();
        Self {
            times,
            began: now,
            busy,
            head_since: since,
            idle_since,
            stuck_since,
            upgraded,
            multiplexed,
            ours,
            moved_since,
            begun,
            resets,
            crowded,
        }
    }

    fn at(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.began).as_millis()).unwrap_or(u64::MAX - 1) + 1
    }

    /// It speaks HTTP/2. Bytes between its requests are no head of one: the peer says much else there.
    pub fn multiplexed(&self) {
        self.multiplexed.store(true, Relaxed);
    }

    /// Bytes have come.
    pub fn came(&self, now: Instant) {
        let is_head = self.busy.load(Relaxed) == 0 && !self.multiplexed.load(Relaxed);
        if is_head && self.head_since.load(Relaxed) == NEVER {
            self.head_since.store(self.at(now), Relaxed);
        }
    }

    /// The peer has taken something, or nothing of what is there.
    pub fn took(&self, something: bool, now: Instant) {
        if something {
            self.stuck_since.store(NEVER, Relaxed);
            // The end of an answer leaves after its request has ended.
            if self.busy.load(Relaxed) == 0 {
                self.idle_since.store(self.at(now), Relaxed);
            }
        } else if self.stuck_since.load(Relaxed) == NEVER {
            self.stuck_since.store(self.at(now), Relaxed);
        }
    }

    /// A request has come whole, but for its body.
    pub fn begins(&self) {
        self.begun.fetch_add(1, Relaxed);
        self.ours.fetch_add(1, Relaxed);
        self.busy.fetch_add(1, Relaxed);
        self.head_since.store(NEVER, Relaxed);
    }

    /// Whose the next step of one of the requests is has changed: the peer has to take what there is of the answer, or it
    /// waits for us again.
    pub fn turns(&self, to_peer: bool) {
        if to_peer {
            self.ours.fetch_sub(1, Relaxed);
        } else {
            self.ours.fetch_add(1, Relaxed);
        }
    }

    /// An answer goes on.
    pub fn moves(&self, now: Instant) {
        self.moved_since.store(self.at(now), Relaxed);
    }

    /// Its answer is wanted no more, and was not there yet.
    pub fn reset(&self) {
        self.resets.fetch_add(1, Relaxed);
        if self.resets_too_often() {
            self.crowded.notify_one();
        }
    }

    fn resets_too_often(&self) -> bool {
        let resets = self.resets.load(Relaxed);
        resets > MOST_RESETS && resets > self.begun.load(Relaxed) / 2
    }

    /// Its answer is written, or nobody wants it any more.
    pub fn ends(&self, now: Instant) {
        self.idle_since.store(self.at(now), Relaxed);
        self.busy.fetch_sub(1, Relaxed);
    }

    /// It speaks no HTTP any more.
    pub fn upgraded(&self) {
        self.upgraded.store(true, Relaxed);
    }

    /// Since when it does nothing that would be a loss, in its own time and as a duration until `now`.
    pub fn does_nothing_for(&self, now: Instant) -> Option<Duration> {
        if self.upgraded.load(Relaxed) || self.busy.load(Relaxed) > 0 {
            return None;
        }
        let since = match self.head_since.load(Relaxed) {
            NEVER => self.idle_since.load(Relaxed),
            head => head,
        };
        Some(Duration::from_millis(self.at(now).saturating_sub(since)))
    }

    /// Its time is up, and why.
    pub fn late(&self, now: Instant) -> Option<Late> {
        if self.multiplexed.load(Relaxed) && self.resets_too_often() {
            return Some(Late::Resets);
        }
        let (kind, due) = self.due()?;
        (now >= due).then_some(kind)
    }

    /// When it is to be looked at again: its time may be up then.
    pub fn look_at(&self, now: Instant) -> Instant {
        let Times { head, idle, stuck } = self.times;
        // What begins after now is due after the shortest of the times.
        let begins_later = now + head.min(idle).min(stuck);
        self.due().map_or(begins_later, |(_, due)| due.min(begins_later))
    }

    fn due(&self) -> Option<(Late, Instant)> {
        if self.upgraded.load(Relaxed) {
            return None;
        }
        let at = |since: u64, lasts: Duration| self.began + Duration::from_millis(since - 1) + lasts;
        let stuck = self.stuck_since.load(Relaxed);
        if stuck != NEVER {
            return Some((Late::Stuck, at(stuck, self.times.stuck)));
        }
        if self.busy.load(Relaxed) > 0 {
            // By HTTP/2 a peer takes nothing by giving no window: nothing is written to the socket then.
            let is_theirs = self.multiplexed.load(Relaxed) && self.ours.load(Relaxed) == 0;
            return is_theirs
                .then(|| (Late::Stuck, at(self.moved_since.load(Relaxed).max(1), self.times.stuck)));
        }
        match (self.head_since.load(Relaxed), self.idle_since.load(Relaxed)) {
            (NEVER, NEVER) => None,
            (NEVER, idle) => Some((Late::Idle, at(idle, self.times.idle))),
            (head, _) => Some((Late::Head, at(head, self.times.head))),
        }
    }
}
