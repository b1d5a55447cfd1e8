//! What other threads put into a shard's mailbox, and the few words they share with it.

use crate::{relay::Arrival, stats::ShardStats};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::oneshot;
use viva_media::ParticipantId;
use viva_sfu::{Command, Refused};

/// What a shard is asked.
pub(crate) enum Request {
    /// Do these in their order up to the first that is not done, with nothing between them, and answer.
    Commands(Vec<Command>, oneshot::Sender<Result<(), CommandError>>),
    /// Take in a client of TURN; it is told by its own connection what becomes of it.
    Relay(Box<Arrival>),
    /// End the allocations of a seat that is gone.
    CloseRelays(ParticipantId),
    /// Tell the counters.
    Stats(oneshot::Sender<ShardStats>),
}

/// Why a command was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The unit refuses it; asking again is of no use.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The mailbox is full, or the events of the shard are not being taken; worth another try a little later.
    #[error("the shard is busy")]
    Busy,
    /// The shard has ended.
    #[error("the shard has ended")]
    Ended,
}

/// Shared by the thread of a shard and its handles; single words, no order among them is relied on.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    stop: AtomicBool,
    dead: AtomicBool,
    packets: AtomicU64,
    busy_us: AtomicU64,
}

impl Shared {
    /// Ask the shard to end; it must be woken then.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// The thread has ended, by its own fault or not.
    pub(crate) fn mark_dead(&self) {
        self.dead.store(true, Ordering::Release);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Acquire)
    }

    /// Totals since the start.
    pub(crate) fn publish_load(&self, packets: u64, busy_us: u64) {
        self.packets.store(packets, Ordering::Relaxed);
        self.busy_us.store(busy_us, Ordering::Relaxed);
    }

    pub(crate) fn packets(&self) -> u64 {
        self.packets.load(Ordering::Relaxed)
    }

    pub(crate) fn busy_us(&self) -> u64 {
        self.busy_us.load(Ordering::Relaxed)
    }
}
