//! The bitrate of a stream over a sliding second, without memory of single packets.

use viva_wire::Micros;

/// Microseconds of one bucket.
const BUCKET: u64 = 50_000;
/// Buckets of the window: one second.
const WINDOW: u64 = 20;
/// A young stream is measured over at least so many buckets, so that its first key frame does not look like its rate.
const YOUNG: u64 = 5;

/// Bits a second over the newest second, measured in 20 buckets of 50 ms: constant time and memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rate {
    /// Bytes by bucket number, modulo the window and the bucket being filled.
    buckets: [u32; WINDOW as usize + 1],
    /// Bytes of the window, without the bucket being filled.
    sum: u64,
    /// The bucket being filled.
    current: u64,
    /// The bucket in which the stream began, or began again after a second of silence.
    began: u64,
}

impl Rate {
    /// Counts `bytes` that passed at `now`.
    pub fn add(&mut self, bytes: usize, now: Micros) {
        self.advance(now);
        if self.sum == 0 && self.filling() == 0 {
            self.began = self.current;
        }
        let slot = &mut self.buckets[Self::index(self.current)];
        *slot = slot.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
    }

    /// Bits a second over the newest second of whole buckets; of a younger stream, over its life, if at least 250 ms.
    pub fn bits_per_second(&mut self, now: Micros) -> u64 {
        self.advance(now);
        let age = (self.current - self.began).clamp(YOUNG, WINDOW);
        self.sum * 8 * WINDOW / age
    }

    /// Moves on to the bucket of `now`; time that goes back stays in the current one.
    fn advance(&mut self, now: Micros) {
        let target = now.0 / BUCKET;
        if target > self.current + WINDOW {
            self.buckets = [0; WINDOW as usize + 1];
            self.sum = 0;
            self.current = target;
        }
        while self.current < target {
            self.sum += u64::from(self.filling());
            self.current += 1;
            // The slot of the bucket that left the window is the one to fill next.
            let oldest = &mut self.buckets[Self::index(self.current)];
            self.sum -= u64::from(std::mem::take(oldest));
        }
    }

    fn filling(&self) -> u32 {
        self.buckets[Self::index(self.current)]
    }

    const fn index(bucket: u64) -> usize {
        (bucket % (WINDOW + 1)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1000 bytes every 10 ms: 800 kbit/s.
    fn feed(rate: &mut Rate, from_ms: u64, to_ms: u64) {
        for ms in (from_ms..to_ms).step_by(10) {
            rate.add(1000, Micros::from_millis(ms));
        }
    }

    #[test]
    fn a_steady_stream_measures_exactly() {
        let mut rate = Rate::default();
        feed(&mut rate, 7_000, 12_000);
        assert_eq!(rate.bits_per_second(Micros::from_millis(12_000)), 800_000);
        assert_eq!(rate.bits_per_second(Micros::from_millis(12_500)), 400_000);
        assert_eq!(rate.bits_per_second(Micros::from_millis(13_000)), 0);
        assert_eq!(rate.bits_per_second(Micros::from_millis(60_000)), 0);
    }

    #[test]
    fn a_young_stream_measures_over_its_life() {
        let mut rate = Rate::default();
        feed(&mut rate, 7_000, 7_500);
        assert_eq!(rate.bits_per_second(Micros::from_millis(7_500)), 800_000);
    }

    #[test]
    fn a_stream_that_comes_back_is_young_again() {
        let mut rate = Rate::default();
        feed(&mut rate, 0, 2_000);
        feed(&mut rate, 9_000, 9_500);
        assert_eq!(rate.bits_per_second(Micros::from_millis(9_500)), 800_000);
    }

    #[test]
    fn a_first_burst_does_not_look_like_the_rate() {
        let mut rate = Rate::default();
        rate.add(50_000, Micros::from_millis(1_000));
        assert_eq!(rate.bits_per_second(Micros::from_millis(1_050)), 50_000 * 8 * 4);
        assert_eq!(rate.bits_per_second(Micros::from_millis(1_900)), 50_000 * 8 * 20 / 18);
    }

    #[test]
    fn time_that_goes_back_loses_nothing() {
        let mut rate = Rate::default();
        rate.add(1000, Micros::from_millis(5_000));
        rate.add(1000, Micros::from_millis(4_000));
        assert_eq!(rate.bits_per_second(Micros::from_millis(5_999)), 16_000 * 20 / 19);
    }
}
