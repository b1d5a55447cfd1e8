//! Axes: what they span and where their ticks stand, by 1, 2 and 5.

use crate::report::number;

/// Ticks that an axis has at most.
const MOST_TICKS: usize = 7;

/// What an axis says and how it divides.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// What is measured along it, with its unit.
    pub label: &'static str,
    /// How it divides.
    pub scale: Scale,
}

/// How an axis divides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Evenly, from nought.
    Linear,
    /// Each decade as wide as the last.
    Logarithmic,
}

impl Axis {
    /// Whether a value has a place on it.
    pub fn holds(&self, value: f64) -> bool {
        value.is_finite() && (self.scale == Scale::Linear && value >= 0.0 || value > 0.0)
    }

    /// The span of these values.
    pub fn over(&self, values: impl Iterator<Item = f64>) -> Range {
        let values = values.filter(|value| self.holds(*value));
        let (low, high) =
            values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        match self.scale {
            Scale::Linear => Range::linear(high),
            Scale::Logarithmic => Range::logarithmic(low, high),
        }
    }
}

/// What an axis spans.
pub struct Range {
    low: f64,
    high: f64,
    scale: Scale,
    step: f64,
}

impl Range {
    /// From nought to the first tick that is not below the highest value.
    fn linear(high: f64) -> Self {
        let high = if high > 0.0 { high } else { 1.0 };
        let mut step = 10_f64.powf((high / MOST_TICKS as f64).log10().floor());
        // The ticks are at most by ten times too many.
        for factor in [2.0, 2.5, 2.0] {
            if high / step > (MOST_TICKS - 1) as f64 {
                step *= factor;
            }
        }
        let high = (high / step - 1e-9).ceil() * step;
        Self { low: 0.0, high, scale: Scale::Linear, step }
    }

    /// A little more than the values, so that round numbers just outside them are ticks too.
    fn logarithmic(low: f64, high: f64) -> Self {
        let (low, high) = if low <= high { (low, high) } else { (1.0, 1.0) };
        let margin = if high / low < 1.5 { 2.5 } else { 1.15 };
        Self { low: low / margin, high: high * margin, scale: Scale::Logarithmic, step: 0.0 }
    }

    /// Where a value stands, as a part of the axis.
    pub fn part(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value / self.high,
            Scale::Logarithmic => (value / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    /// The ticks with their labels.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        if self.scale == Scale::Linear {
            let count = (self.high / self.step).round() as u32;
            let values = (0..=count).map(|index| f64::from(index) * self.step);
            return values.map(|value| (value, number::tick(value, self.step, self.high))).collect();
        }
        let candidates: [&[f64]; 4] = [&[1.0, 2.0, 5.0], &[1.0, 5.0], &[1.0, 3.0], &[1.0]];
        let ticks = candidates.into_iter().map(|factors| self.decades(factors));
        let mut last = Vec::new();
        for ticks in ticks {
            let fits = ticks.len() <= MOST_TICKS;
            last = ticks;
            if fits {
                break;
            }
        }
        last
    }

    fn decades(&self, factors: &[f64]) -> Vec<(f64, String)> {
        let mut ticks = Vec::new();
        for exponent in self.low.log10().floor() as i32..=self.high.log10().ceil() as i32 {
            let decade = 10_f64.powi(exponent);
            let values = factors.iter().map(|factor| factor * decade);
            let inside = values.filter(|value| (self.low..=self.high).contains(value));
            ticks.extend(inside.map(|value| (value, number::tick(value, decade, self.high))));
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, values: &[f64]) -> Vec<String> {
        let range = Axis { label: "", scale }.over(values.iter().copied());
        range.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn linear_ticks_begin_at_nought_and_hold_the_highest() {
        assert_eq!(labels(Scale::Linear, &[0.58, 1.7]), ["0", "0.5", "1.0", "1.5", "2.0"]);
        assert_eq!(labels(Scale::Linear, &[143_000.0]), ["0", "50k", "100k", "150k"]);
        assert_eq!(labels(Scale::Linear, &[0.0]), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        for high in [0.003, 1.0, 2.0, 6.9, 7.0, 99.0, 1e7] {
            let ticks = labels(Scale::Linear, &[high]);
            assert!((3..=MOST_TICKS + 1).contains(&ticks.len()), "{high}: {ticks:?}");
        }
    }

    #[test]
    fn logarithmic_ticks_are_round_numbers() {
        let ticks = labels(Scale::Logarithmic, &[11.0, 101.0, 1001.0, 5001.0]);
        assert_eq!(ticks, ["10", "50", "100", "500", "1,000", "5,000"]);
        assert_eq!(labels(Scale::Logarithmic, &[0.2, 3.0]), ["0.2", "0.5", "1", "2"]);
        assert_eq!(labels(Scale::Logarithmic, &[1000.0]), ["500", "1,000", "2,000"]);
        assert!(labels(Scale::Logarithmic, &[]).len() <= MOST_TICKS);
    }

    #[test]
    fn the_ends_of_an_axis_are_its_ends() {
        let range = Axis { label: "", scale: Scale::Linear }.over([4.0].into_iter());
        assert_eq!((range.part(0.0), range.part(range.high)), (0.0, 1.0));
        let range = Axis { label: "", scale: Scale::Logarithmic }.over([1.0, 10.0].into_iter());
        assert!(range.part(1.0) > 0.0 && range.part(10.0) < 1.0);
    }
}
