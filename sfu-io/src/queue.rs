//! What waits for a stream to take it: bounded, in order, each message whole or not at all.

use std::{collections::VecDeque, io, time::Duration};
use viva_sfu::Micros;

/// Bytes for one stream.
#[derive(Debug)]
pub(crate) struct Queue {
    bytes: VecDeque<u8>,
    /// The most that may wait.
    limit: usize,
    /// Memory that it keeps when it needs less.
    kept: usize,
    /// Since when the peer takes nothing although something waits.
    blocked_since: Option<Micros>,
}

/// A stream as the queue sees it.
pub(crate) trait Sink {
    /// Takes as much as can be written now, and says how much that was.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`]; any but that and `Interrupted`: the connection is broken.
    fn write(&mut self, parts: [&[u8]; 2]) -> io::Result<usize>;

    /// Does it hold something that it took and that has not left yet?
    fn holds(&self) -> bool {
        false
    }
}

impl Queue {
    /// An empty one, for so many bytes, which keeps memory for so many of them.
    pub(crate) const fn new(limit: usize, kept: usize) -> Self {
        Self { bytes: VecDeque::new(), limit, kept, blocked_since: None }
    }

    /// Queues one message, whole or not at all. False: there was no room.
    pub(crate) fn push<const N: usize>(&mut self, parts: [&[u8]; N]) -> bool {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let fits = self.bytes.len() + length <= self.limit;
        if fits {
            parts.into_iter().for_each(|part| self.bytes.extend(part));
        }
        fits
    }

    /// Writes as much as the stream takes; `calls` counts how often it was asked.
    ///
    /// # Errors
    /// The connection is broken.
    pub(crate) fn write(&mut self, now: Micros, sink: &mut impl Sink, calls: &mut u64) -> io::Result<()> {
        while !self.bytes.is_empty() || sink.holds() {
            let (front, back) = self.bytes.as_slices();
            *calls += 1;
            match sink.write([front, back]) {
                Ok(0) if !self.bytes.is_empty() => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    self.bytes.drain(..count);
                    self.blocked_since = None;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.blocked_since.get_or_insert(now);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Has the peer refused to take anything? Only the kernel's word that it does again is a reason to try.
    pub(crate) const fn is_blocked(&self) -> bool {
        self.blocked_since.is_some()
    }

    /// Has it refused for so long?
    pub(crate) fn is_stuck(&self, now: Micros, patience: Duration) -> bool {
        self.blocked_since.is_some_and(|since| now.since(since) >= patience)
    }

    /// Gives back memory that a burst has left behind.
    pub(crate) fn shrink(&mut self) {
        self.bytes.shrink_to(self.kept);
    }
}
