//! Figures as text: three digits that count, thousands set off, a dash for what was not measured.

/// What stands where nothing was measured.
pub const NOTHING: &str = "–";

/// A count, as in `1,234,567`.
pub fn whole(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A figure: `1,235`, `12.3`, `0.58`, `0.053`, `0.0012`.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return NOTHING.into();
    }
    let (sign, size) = (if value < 0.0 { "−" } else { "" }, value.abs());
    let text = match size {
        0.0 => "0".into(),
        ..0.000_05 => return format!("{sign}<0.0001"),
        ..0.01 => format!("{size:.4}"),
        ..0.1 => format!("{size:.3}"),
        ..9.995 => format!("{size:.2}"),
        ..99.95 => format!("{size:.1}"),
        _ => whole(size.round() as u64),
    };
    format!("{sign}{text}")
}

/// A figure that cannot be nought: nought is what was not measured.
pub fn measured(value: f64) -> String {
    if value == 0.0 { NOTHING.into() } else { figure(value) }
}

/// A part of 1 in percent, without the sign.
pub fn percent(part: f64) -> String {
    figure(part * 100.0)
}

/// Microseconds as milliseconds, without the unit.
pub fn milliseconds(microseconds: u64) -> String {
    measured(microseconds as f64 / 1000.0)
}

/// Bytes as `512 bytes`, `63.4 KiB`, `1.25 GiB`.
pub fn size(bytes: f64) -> String {
    let size = bytes.abs();
    let (divisor, unit) = match size {
        ..1024.0 => (1.0, "bytes"),
        ..1_048_576.0 => (1024.0, "KiB"),
        ..1_073_741_824.0 => (1_048_576.0, "MiB"),
        _ => (1_073_741_824.0, "GiB"),
    };
    format!("{} {unit}", figure(bytes / divisor))
}

/// A tick of an axis: no more digits than its step asks for, thousands and millions as the highest tick asks.
pub fn tick(value: f64, step: f64, highest: f64) -> String {
    let shortened = |divisor: f64, unit: &str| {
        let text = format!("{:.2}", value / divisor);
        format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.'))
    };
    match (value.abs(), highest) {
        (0.0, _) => "0".into(),
        (100_000.0.., 1_000_000.0..) => shortened(1e6, "M"),
        (1_000.0.., 10_000.0..) => shortened(1e3, "k"),
        (1_000.0.., _) => whole(value.round() as u64),
        _ => {
            let decimals = (-(step.abs() * 1.001).log10().floor()).clamp(0.0, 6.0) as usize;
            format!("{value:.decimals$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_set_off_by_thousands() {
        let texts = [0, 7, 999, 1000, 123_456, 1_234_567].map(whole);
        assert_eq!(texts, ["0", "7", "999", "1,000", "123,456", "1,234,567"]);
    }

    #[test]
    fn figures_keep_the_digits_that_count() {
        let figures = [1_234_567.4, 100.4, 99.96, 12.34, 9.996, 0.584, 0.0531, 0.0012, 0.000_01, 0.0, -1.5];
        let texts =
            ["1,234,567", "100", "100", "12.3", "10.0", "0.58", "0.053", "0.0012", "<0.0001", "0", "−1.50"];
        assert_eq!(figures.map(figure), texts);
        assert_eq!(figure(f64::NAN), NOTHING);
        assert_eq!(figure(f64::INFINITY), NOTHING);
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        assert_eq!([measured(0.0), milliseconds(0), percent(0.0)], [NOTHING, NOTHING, "0"]);
    }

    #[test]
    fn sizes_have_the_unit_that_fits() {
        let texts = [0.0, 512.0, 64.0 * 1024.0, 1.5 * 1_048_576.0, 2.0 * 1_073_741_824.0].map(size);
        assert_eq!(texts, ["0 bytes", "512 bytes", "64.0 KiB", "1.50 MiB", "2.00 GiB"]);
    }

    #[test]
    fn ticks_have_no_more_digits_than_their_step() {
        let ticks = [(0.0, 0.5, 2.0), (1.5, 0.5, 2.0), (0.05, 0.05, 0.1), (3000.0, 1000.0, 6000.0)];
        let texts = ["0", "1.5", "0.05", "3,000"];
        assert_eq!(ticks.map(|(value, step, highest)| tick(value, step, highest)), texts);
        let ticks = [(5000.0, 5000.0, 2e4), (2e4, 5000.0, 2e4), (5e5, 5e5, 3e6), (2.5e6, 5e5, 3e6)];
        let texts = ["5k", "20k", "0.5M", "2.5M"];
        assert_eq!(ticks.map(|(value, step, highest)| tick(value, step, highest)), texts);
    }
}
