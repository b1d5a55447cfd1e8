//! A rate by the line with the least squares through moments over bytes passed by then: all packets tell it, not only the first
//! and the last, whose delays vary.

/// Sums over the points of the line. Moments are in ms from any beginning.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    passed: f64,
    count: f64,
    bytes: f64,
    times: f64,
    squares: f64,
    products: f64,
}

impl Pace {
    /// More bytes pass.
    pub fn pass(&mut self, size: u16) {
        self.passed += f64::from(size);
    }

    /// At this moment as many have passed as were counted.
    pub fn point(&mut self, at: f64) {
        self.count += 1.0;
        self.bytes += self.passed;
        self.times += at;
        self.squares += self.passed * self.passed;
        self.products += self.passed * at;
    }

    /// No point yet, after as many bytes.
    pub fn go_on(self) -> Self {
        Self { passed: self.passed, ..Self::default() }
    }

    /// The points of both.
    pub fn with(self, later: Self) -> Self {
        Self {
            passed: later.passed,
            count: self.count + later.count,
            bytes: self.bytes + later.bytes,
            times: self.times + later.times,
            squares: self.squares + later.squares,
            products: self.products + later.products,
        }
    }

    /// Bit/s; `None` if time stands still or goes back.
    pub fn rate(&self) -> Option<f64> {
        let spread = self.count * self.squares - self.bytes * self.bytes;
        let slope = (self.count * self.products - self.bytes * self.times) / spread;
        (spread > 0.0 && slope > 0.0).then(|| 8000.0 / slope)
    }
}

pub fn milliseconds(micros: i64) -> f64 {
    micros as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_and_a_last_packet_that_are_late_do_not_matter_much() {
        let mut pace = Pace::default();
        for packet in 0..50_u32 {
            pace.pass(1000);
            let late = if packet % 49 == 0 { 20.0 } else { 0.0 };
            pace.point(f64::from(packet) * 8.0 + late * f64::from(packet) / 49.0);
        }
        let rate = pace.rate().unwrap();
        assert!((rate - 1e6).abs() < 1e4, "{rate}");
    }

    #[test]
    fn two_stretches_tell_one_rate() {
        let (mut first, mut both) = (Pace::default(), Pace::default());
        for packet in 0..10 {
            first.pass(1000);
            first.point(f64::from(packet));
        }
        let mut second = first.go_on();
        for packet in 10..20 {
            second.pass(1000);
            second.point(f64::from(packet));
        }
        both = both.with(first.with(second));
        assert!((both.rate().unwrap() - 8e6).abs() < 1.0);
        assert!((second.rate().unwrap() - 8e6).abs() < 1.0);
    }

    #[test]
    fn time_that_stands_or_goes_back_has_no_rate() {
        for step in [0.0, -1.0] {
            let mut pace = Pace::default();
            for packet in 0..10 {
                pace.pass(1000);
                pace.point(step * f64::from(packet));
            }
            assert_eq!(pace.rate(), None);
        }
        assert_eq!(Pace::default().rate(), None);
    }
}
