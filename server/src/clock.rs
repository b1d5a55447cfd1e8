//! The time of day: the one place that asks the system for it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use viva_interview::Time;

/// Since 1970.
pub fn unix_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// As interviews and the store count it.
pub fn now() -> Time {
    Time(u64::try_from(unix_time().as_millis()).unwrap_or(u64::MAX))
}
