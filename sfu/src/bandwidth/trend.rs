//! Does the queue before the receiver grow? A line fitted through delays, against a threshold that adapts
//! (draft-ietf-rmcat-gcc-02 §5.3–5.4, with the trendline that libwebrtc uses instead of the Kalman filter).

use super::groups::Delta;

/// Groups through which the line is fitted.
const WINDOW: usize = 20;
/// How much of the smoothed delay stays with each group.
const SMOOTHING: f64 = 0.9;
/// The slope counts so many times as much for each group known, of which at most [`MOST_GROUPS`] count.
const GAIN: f64 = 4.0;
const MOST_GROUPS: f64 = 60.0;
/// The threshold, in ms: at first, and its bounds (§5.4).
const THRESHOLD: f64 = 12.5;
const THRESHOLD_BOUNDS: (f64, f64) = (6.0, 600.0);
/// How fast it follows a trend above it and one below it, for each ms.
const RISE: f64 = 0.0087;
const FALL: f64 = 0.039;
/// A trend so far above the threshold is a spike, to which it does not adapt.
const SPIKE: f64 = 15.0;
/// The threshold adapts to at most so much time at once, in ms.
const LONGEST: f64 = 100.0;
/// A trend above the threshold is overuse after so much time, in ms.
const OVERUSE_TIME: f64 = 10.0;

/// What the delays say of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Usage {
    /// It neither grows nor drains.
    #[default]
    Normal,
    /// It grows.
    Over,
    /// It drains.
    Under,
}

/// The newest groups and the state of the detector.
#[derive(Debug, Clone)]
pub struct Trend {
    /// Arrival and smoothed delay of the newest groups, in ms.
    points: [(f64, f64); WINDOW],
    groups: u32,
    delay: f64,
    smoothed: f64,
    slope: f64,
    threshold: f64,
    adapted: f64,
    /// For how long the trend has been above the threshold, and over how many groups.
    above: f64,
    count: u32,
    usage: Usage,
}

impl Default for Trend {
    fn default() -> Self {
        Self {
            points: [(0.0, 0.0); WINDOW],
            groups: 0,
            delay: 0.0,
            smoothed: 0.0,
            slope: 0.0,
            threshold: THRESHOLD,
            adapted: 0.0,
            above: 0.0,
            count: 0,
            usage: Usage::Normal,
        }
    }
}

impl Trend {
    pub const fn usage(&self) -> Usage {
        self.usage
    }

    /// One more group.
    pub fn update(&mut self, step: Delta) {
        self.delay += step.arrived - step.sent;
        self.smoothed = SMOOTHING * self.smoothed + (1.0 - SMOOTHING) * self.delay;
        self.points[self.groups as usize % WINDOW] = (step.at, self.smoothed);
        self.groups = self.groups.saturating_add(1);
        let before = self.slope;
        if self.groups as usize >= WINDOW {
            self.slope = slope(&self.points).unwrap_or(self.slope);
        }
        self.detect(step, before);
    }

    fn detect(&mut self, step: Delta, before: f64) {
        if self.groups < 2 {
            return;
        }
        let trend = f64::from(self.groups).min(MOST_GROUPS) * self.slope * GAIN;
        if trend > self.threshold {
            // It is not known since when: half of the step is assumed.
            self.above += if self.count == 0 { step.sent / 2.0 } else { step.sent };
            self.count += 1;
            if self.above > OVERUSE_TIME && self.count > 1 && self.slope >= before {
                self.above = 0.0;
                self.count = 0;
                self.usage = Usage::Over;
            }
        } else {
            self.above = 0.0;
            self.count = 0;
            self.usage = if trend < -self.threshold { Usage::Under } else { Usage::Normal };
        }
        self.adapt(trend.abs(), step.at);
    }

    fn adapt(&mut self, trend: f64, at: f64) {
        let passed = (at - self.adapted).clamp(0.0, LONGEST);
        self.adapted = at;
        if trend > self.threshold + SPIKE {
            return;
        }
        let rate = if trend < self.threshold { FALL } else { RISE };
        let (lowest, highest) = THRESHOLD_BOUNDS;
        self.threshold = (self.threshold + rate * (trend - self.threshold) * passed).clamp(lowest, highest);
    }
}

/// The slope of the line with the least squares; `None` if all points stand at one moment.
fn slope(points: &[(f64, f64); WINDOW]) -> Option<f64> {
    let (sum_x, sum_y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (mean_x, mean_y) = (sum_x / WINDOW as f64, sum_y / WINDOW as f64);
    let (mut both, mut square) = (0.0, 0.0);
    for (x, y) in points {
        both += (x - mean_x) * (y - mean_y);
        square += (x - mean_x) * (x - mean_x);
    }
    (square > 0.0).then(|| both / square)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group every 20 ms, each `more` ms later than the one before.
    fn feed(trend: &mut Trend, from: u32, groups: u32, more: f64) {
        for group in from..from + groups {
            trend.update(Delta { sent: 20.0, arrived: 20.0 + more, at: f64::from(group) * (20.0 + more) });
        }
    }

    #[test]
    fn an_even_line_is_normal() {
        let mut trend = Trend::default();
        feed(&mut trend, 0, 500, 0.0);
        assert_eq!(trend.usage(), Usage::Normal);
    }

    #[test]
    fn a_queue_that_grows_is_overuse_within_half_a_second_and_one_that_drains_is_underuse() {
        let mut trend = Trend::default();
        feed(&mut trend, 0, 100, 0.0);
        feed(&mut trend, 100, 16, 6.0);
        assert_eq!(trend.usage(), Usage::Over);
        feed(&mut trend, 116, 40, -6.0);
        assert_eq!(trend.usage(), Usage::Under);
    }

    #[test]
    fn jitter_without_a_trend_is_normal() {
        let mut trend = Trend::default();
        let mut over = 0;
        for group in 0..1000 {
            let more = if group % 2 == 0 { 9.0 } else { -9.0 };
            let at = f64::from(group) * 20.0 + if group % 2 == 0 { 9.0 } else { 0.0 };
            trend.update(Delta { sent: 20.0, arrived: 20.0 + more, at });
            over += u32::from(trend.usage() == Usage::Over);
        }
        assert_eq!(over, 0);
    }
}
