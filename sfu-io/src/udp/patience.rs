//! How long a full send buffer may hold up a shard.

use crate::stats::IoStats;
use mio::net::UdpSocket;
use rustix::event::{PollFd, PollFlags, Timespec};
use std::{
    io,
    time::{Duration, Instant},
};

/// How long a shard may wait for room in full send buffers, in one batch.
///
/// A burst, say a key frame to a hundred receivers, may be more than the send buffer holds while the interface
/// empties it within milliseconds; dropping would cost every receiver a retransmission. But media is real time,
/// and what is not sent now delays what is being received: so the wait is bounded for the batch as a whole, and
/// what finds no room after it is dropped and counted.
pub(crate) struct Patience {
    left: Duration,
}

impl Patience {
    const PER_BATCH: Duration = Duration::from_millis(5);

    pub(crate) const fn of_one_batch() -> Self {
        Self { left: Self::PER_BATCH }
    }

    /// If sending failed for want of room and patience is left: waits, and says that it is worth trying again.
    pub(super) fn waits_after(&mut self, error: &io::Error, socket: &UdpSocket, stats: &mut IoStats) -> bool {
        let waits = error.kind() == io::ErrorKind::WouldBlock && self.is_left();
        if waits {
            stats.send_waits += 1;
            self.wait_for_room(socket);
        }
        waits
    }

    pub(super) const fn is_left(&self) -> bool {
        !self.left.is_zero()
    }

    /// Waits at most what is left, and at least so long that patience ends some time.
    pub(super) fn wait_for_room(&mut self, socket: &UdpSocket) {
        let begin = Instant::now();
        let limit = Timespec { tv_sec: 0, tv_nsec: i64::from(self.left.subsec_nanos()) };
        // An error here, an interruption perhaps, shows again in the send that follows.
        let _ = rustix::event::poll(&mut [PollFd::new(socket, PollFlags::OUT)], Some(&limit));
        self.left = self.left.saturating_sub(begin.elapsed().max(Duration::from_micros(50)));
    }
}
