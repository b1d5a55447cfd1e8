//! The one clock of the process, read here and nowhere else: microseconds since the epoch of the plane.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use viva_sfu::Micros;

/// Tells how long ago the plane was started. Monotonic, the same for all shards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    epoch: Instant,
    unix_time: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let unix_time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { epoch: Instant::now(), unix_time }
    }

    pub(crate) fn now(self) -> Micros {
        Micros(self.epoch.elapsed().as_micros() as u64)
    }

    pub(crate) const fn epoch(self) -> Instant {
        self.epoch
    }

    /// Time of day at the epoch, since 1970.
    pub(crate) const fn unix_time(self) -> Duration {
        self.unix_time
    }
}
