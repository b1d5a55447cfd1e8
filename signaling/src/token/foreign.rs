//! Claims as JWT libraries write them: moments with a fraction, in quotes or in milliseconds, numbers for names, words for yes.

use serde::{Deserialize as _, Deserializer, de::Error};
use serde_json::Value;

/// Seconds since 1970 reach this in the year 5138; what is larger counts milliseconds.
const MILLISECONDS: f64 = 1e11;

/// A moment, in seconds since 1970 UTC.
pub(super) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    moment_if_any(deserializer)?.ok_or_else(|| D::Error::custom("no moment"))
}

/// A moment, or `null`.
pub(super) fn moment_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
    let number = number.ok_or_else(|| D::Error::custom("no moment"))?;
    let seconds = if number >= MILLISECONDS { number / 1000.0 } else { number };
    // Still as large: nobody's clock; it stays beyond every horizon.
    Ok(Some(seconds as u64))
}

/// A text, or a whole number for it.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) if number.is_u64() => Ok(number.to_string()),
        _ => Err(D::Error::custom("no text")),
    }
}

/// `true` and nothing else is yes.
pub(super) fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)? == Value::Bool(true))
}
