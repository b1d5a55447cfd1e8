//! Bytes over a sliding half second, in steps, without memory of single packets.

/// A step is so many bits of a microsecond, 33 ms; so many steps are the window, and the one being filled comes on top.
const STEP_BITS: u32 = 15;
const STEPS: usize = 15;

/// Bits a second over the newest half second of whole steps.
#[derive(Debug, Clone, Default)]
pub struct Window {
    steps: [u32; STEPS + 1],
    current: i64,
    /// Steps that are filled, at most [`STEPS`].
    known: usize,
    begun: bool,
}

impl Window {
    /// Counts `bytes` at the moment `at`, in µs. What is older than the window is passed over.
    pub fn add(&mut self, at: i64, bytes: u16) {
        let step = at >> STEP_BITS;
        if !self.begun {
            self.begun = true;
            self.current = step;
        }
        self.advance(step);
        let age = self.current - step;
        if age <= STEPS as i64 {
            let place = &mut self.steps[index(step)];
            *place = place.saturating_add(u32::from(bytes));
        }
    }

    /// Bits a second; `None` until a quarter of a second is known.
    pub fn rate(&self) -> Option<f64> {
        if self.known < STEPS / 2 {
            return None;
        }
        let filling = index(self.current);
        let bytes: u64 = self
            .steps
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != filling)
            .map(|(_, bytes)| u64::from(*bytes))
            .sum();
        let seconds = (self.known << STEP_BITS) as f64 / 1e6;
        Some(bytes as f64 * 8.0 / seconds)
    }

    fn advance(&mut self, step: i64) {
        let ahead = step - self.current;
        if ahead <= 0 {
            return;
        }
        if ahead > STEPS as i64 {
            self.steps = [0; STEPS + 1];
            self.current = step;
            self.known = STEPS;
            return;
        }
        for _ in 0..ahead {
            self.current += 1;
            self.steps[index(self.current)] = 0;
        }
        self.known = (self.known + ahead as usize).min(STEPS);
    }
}

fn index(step: i64) -> usize {
    step as usize & STEPS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_stream_measures_exactly_and_silence_ends_it() {
        let mut window = Window::default();
        for packet in 0..2000 {
            window.add(packet * 1250, 125);
        }
        let rate = window.rate().unwrap();
        assert!((rate - 800_000.0).abs() < 2_000.0, "{rate}");
        window.add(10_000_000, 125);
        assert_eq!(window.rate(), Some(0.0));
    }

    #[test]
    fn a_young_stream_measures_over_its_life() {
        let mut window = Window::default();
        for packet in 0..200 {
            window.add(packet * 1250, 125);
            assert_eq!(window.rate().is_some(), (packet * 1250) >> STEP_BITS >= 7, "{packet}");
        }
        let rate = window.rate().unwrap();
        assert!((rate - 800_000.0).abs() < 5_000.0, "{rate}");
    }

    #[test]
    fn times_that_leap_or_go_back_do_no_harm() {
        let mut window = Window::default();
        for at in [i64::MAX / 2, 0, -5, i64::MIN / 2, 7, i64::MAX / 2] {
            window.add(at, u16::MAX);
        }
        assert!(window.rate().unwrap_or_default() >= 0.0);
    }
}
