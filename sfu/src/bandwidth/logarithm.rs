//! The natural logarithm from the four operations: the same bits on every machine.

/// ln(x) of a positive, normal number, to about 1e-9; others give the least.
pub fn ln(x: f64) -> f64 {
    const LEAST: f64 = -700.0;
    const MANTISSA: u64 = (1 << 52) - 1;
    if !x.is_normal() || x < 0.0 {
        return LEAST;
    }
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as f64 - 1023.0;
    let mut mantissa = f64::from_bits((bits & MANTISSA) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1.0;
    }
    // ln(m) = 2 artanh((m - 1) / (m + 1)).
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let s2 = s * s;
    let series = 1.0 + s2 * (1.0 / 3.0 + s2 * (1.0 / 5.0 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 / 11.0))));
    2.0 * s * series + exponent * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_logarithm() {
        for x in [1e-12, 1e-6, 0.001, 0.3, 0.707, 1.0, 1.414, 1.415, 2.0, 10.0, 12_345.678, 1e15] {
            assert!((ln(x) - x.ln()).abs() < 1e-8, "{x}: {} is not {}", ln(x), x.ln());
        }
        for x in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(ln(x), -700.0);
        }
    }
}
