//! The handle of a shard: commands in, counters out.

use crate::{
    mailbox::{CommandError, Request, Shared},
    relay::Arrival,
    stats::ShardStats,
};
use mio::Waker;
use std::{
    fmt,
    sync::{
        Arc,
        mpsc::{SyncSender, TrySendError},
    },
    time::Duration,
};
use tokio::sync::oneshot;
use viva_media::{Candidate, ParticipantId};
use viva_sfu::Command;

/// One thread of the plane. Cheap to clone.
#[derive(Clone)]
pub struct Shard(Arc<Inner>);

struct Inner {
    index: usize,
    candidates: Vec<Candidate>,
    mailbox: SyncSender<Request>,
    waker: Arc<Waker>,
    shared: Arc<Shared>,
}

/// What a shard has done since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Packets received, of any kind.
    pub packets: u64,
    /// Time spent working.
    pub busy: Duration,
}

impl Shard {
    pub(crate) fn new(
        index: usize,
        candidates: Vec<Candidate>,
        mailbox: SyncSender<Request>,
        waker: Arc<Waker>,
        shared: Arc<Shared>,
    ) -> Self {
        Self(Arc::new(Inner { index, candidates, mailbox, waker, shared }))
    }

    /// Which one, counted from 0.
    pub fn index(&self) -> usize {
        self.0.index
    }

    /// Where peers reach it, the best first (RFC 8445 §5.1.2): public before bound, UDP before TCP.
    pub fn candidates(&self) -> &[Candidate] {
        &self.0.candidates
    }

    /// Is its thread running?
    pub fn is_alive(&self) -> bool {
        !self.0.shared.is_dead()
    }

    /// What it has done so far; two words read from memory, no question to the thread.
    pub fn load(&self) -> Load {
        Load { packets: self.0.shared.packets(), busy: Duration::from_micros(self.0.shared.busy_us()) }
    }

    /// Do this, and wait until it is done. Commands of one task are done in their order.
    ///
    /// # Errors
    /// [`CommandError::Refused`] by the unit; [`CommandError::Busy`] at once when there is no room for it;
    /// [`CommandError::Ended`] when there is no thread to do it.
    pub async fn command(&self, command: Command) -> Result<(), CommandError> {
        self.commands(vec![command]).await
    }

    /// Does these in their order and at one moment, as one request. After the first that is not done the others are left;
    /// what came before it stays done.
    ///
    /// # Errors
    /// Those of [`Shard::command`], for the first that is not done.
    pub async fn commands(&self, commands: Vec<Command>) -> Result<(), CommandError> {
        let (reply, done) = oneshot::channel();
        self.put(Request::Commands(commands, reply))?;
        done.await.unwrap_or(Err(CommandError::Ended))
    }

    /// Puts the command into the mailbox and waits for nothing.
    #[cfg(test)]
    pub(crate) fn try_command(&self, command: Command) -> Result<(), CommandError> {
        let (reply, _) = oneshot::channel();
        self.put(Request::Commands(vec![command], reply))
    }

    /// Takes in a client of TURN. What becomes of it, the client is told by its own connection.
    ///
    /// # Errors
    /// [`CommandError::Busy`] and [`CommandError::Ended`]: the connection is closed.
    pub fn relay(&self, arrival: Arrival) -> Result<(), CommandError> {
        self.put(Request::Relay(Box::new(arrival)))
    }

    /// Ends the allocations of a seat that is gone.
    ///
    /// # Errors
    /// [`CommandError::Busy`] and [`CommandError::Ended`], as above.
    pub fn close_relays(&self, participant: ParticipantId) -> Result<(), CommandError> {
        self.put(Request::CloseRelays(participant))
    }

    /// The counters, as of now.
    ///
    /// # Errors
    /// [`CommandError::Busy`] and [`CommandError::Ended`] as with [`Shard::command`].
    pub async fn stats(&self) -> Result<ShardStats, CommandError> {
        let (reply, stats) = oneshot::channel();
        self.put(Request::Stats(reply))?;
        stats.await.map_err(|_| CommandError::Ended)
    }

    /// Asks the thread to end.
    pub(crate) fn stop(&self) {
        self.0.shared.stop();
        self.wake();
    }

    fn put(&self, request: Request) -> Result<(), CommandError> {
        self.0.mailbox.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => CommandError::Busy,
            TrySendError::Disconnected(_) => CommandError::Ended,
        })?;
        self.wake();
        Ok(())
    }

    fn wake(&self) {
        if let Err(error) = self.0.waker.wake() {
            tracing::error!(shard = self.0.index, %error, "a shard cannot be woken");
        }
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shard").field("index", &self.0.index).field("alive", &self.is_alive()).finish()
    }
}
