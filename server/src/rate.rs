//! A token bucket: how fast a client may send.

use tokio::time::Instant;

/// Allows `rate` a second for long and `burst` at once.
#[derive(Debug)]
pub struct Rate {
    rate: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
}

impl Rate {
    /// A full bucket.
    pub fn new(rate: f64, burst: f64, now: Instant) -> Self {
        Self { rate, burst, tokens: burst, filled: now }
    }

    /// Takes `amount`, if it is there.
    pub fn take(&mut self, amount: f64, now: Instant) -> bool {
        let enough = self.has(amount, now);
        if enough {
            self.tokens -= amount;
        }
        enough
    }

    /// Is `amount` there?
    pub fn has(&mut self, amount: f64, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate).min(self.burst);
        self.filled = now;
        self.tokens >= amount
    }

    /// As if nothing had ever been taken?
    pub fn is_full(&mut self, now: Instant) -> bool {
        self.has(self.burst, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_passes_and_then_the_rate() {
        let start = Instant::now();
        let mut rate = Rate::new(2.0, 3.0, start);
        assert_eq!([(); 4].map(|()| rate.take(1.0, start)), [true, true, true, false]);
        let later = start + Duration::from_millis(1000);
        assert_eq!([(); 3].map(|()| rate.take(1.0, later)), [true, true, false]);
        let long_after = start + Duration::from_secs(3600);
        assert_eq!([(); 4].map(|()| rate.take(1.0, long_after)), [true, true, true, false]);
    }
}
