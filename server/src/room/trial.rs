//! Rooms of connection tests, which anybody may open: two ends, a short life, a small rate, and few at once, so that they
//! never cost an interview anything.

use super::Room;
use crate::{clock::unix_time, rate::Rate, settings::Settings};
use std::time::Duration;
use tokio::time::Instant;
use viva_sfu::TransportStats;

/// Begins the names of such rooms.
pub const TEST: &str = "connection-test:";
/// How long one may take from its token on: three times as long as the page needs on a slow line.
pub const LASTS: Duration = Duration::from_secs(180);
/// Seats of such a room.
pub(super) const ENDS: usize = 2;
/// How much may come at once, in seconds of the allowed rate: what a measurement begins with.
const BURST: f64 = 6.0;

/// What bounds such a room.
pub(super) struct Trial {
    /// When it closes, whoever is there.
    pub ends_at: Instant,
    /// In bytes.
    rate: Rate,
}

impl Trial {
    /// The bounds of a room of this name, if it is such a room.
    pub(super) fn of(name: &str, settings: &Settings, now: Instant) -> Option<Self> {
        let bytes = f64::from(settings.test_kbps) * 125.0;
        let rate = Rate::new(bytes, bytes * BURST, now);
        name.starts_with(TEST).then_some(Self { ends_at: now + LASTS, rate })
    }

    /// Whoever joins does so with a token that expires then, in seconds since 1970 UTC: the room does not outlive it.
    pub(super) fn joined(&mut self, expires: u64) {
        let left = Duration::from_secs(expires).saturating_sub(unix_time());
        self.ends_at = self.ends_at.min(Instant::now() + left);
    }
}

impl Room {
    /// Do the ends of a connection test send more than they may? Always false in other rooms.
    pub(super) fn sends_too_much(&mut self, transports: &[TransportStats], now: Instant) -> bool {
        let Some(trial) = &mut self.trial else { return false };
        let news = transports.iter().map(|stats| {
            let media = self.seats.get(&stats.participant).and_then(|seat| seat.media.as_ref());
            let before = media.and_then(|media| media.stats.as_ref()).map_or(0, |stats| stats.bytes_in);
            stats.bytes_in.saturating_sub(before)
        });
        !trial.rate.take(news.sum::<u64>() as f64, now)
    }
}
