//! Stand-ins with the shapes of `viva-sfu-io` and of the negotiation, until they land.
#![expect(missing_docs, reason = "goes with the landing")]

use viva_media::*;
use viva_sfu::{Command, Event, Refused, Stats};

#[derive(Debug, Clone)]
pub struct Shard(std::sync::Arc<Vec<Candidate>>);
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the shard is busy")]
    Busy,
    #[error("the shard has ended")]
    Ended,
}
#[derive(Debug, Clone)]
pub struct ShardStats {
    pub shard: usize,
    pub sfu: Stats,
}
impl Shard {
    pub fn index(&self) -> usize {
        0
    }
    pub fn candidates(&self) -> &[Candidate] {
        &self.0
    }
    pub fn is_alive(&self) -> bool {
        true
    }
    pub async fn command(&self, command: Command) -> Result<(), CommandError> {
        tracing::debug!(?command, "seam");
        Ok(())
    }
    pub async fn stats(&self) -> Result<ShardStats, CommandError> {
        Ok(ShardStats { shard: 0, sfu: Stats::default() })
    }
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaneEvent {
    Unit { shard: usize, event: Event },
    Died { shard: usize },
}
pub type Events = tokio::sync::mpsc::Receiver<PlaneEvent>;
#[derive(Debug, Clone)]
pub struct MediaPlane(Shard);
impl MediaPlane {
    pub fn start() -> std::io::Result<(Self, Events)> {
        let (sender, events) = tokio::sync::mpsc::channel(1);
        std::mem::forget(sender);
        Ok((Self(Shard(std::sync::Arc::new(Vec::new()))), events))
    }
    pub fn place(&self, _room: RoomId) -> Option<Shard> {
        Some(self.0.clone())
    }
    pub fn release(&self, _room: RoomId) {}
    pub fn shards(&self) -> &[Shard] {
        std::slice::from_ref(&self.0)
    }
}
