//! What signatures of requests are made of: digests, keyed digests, and the one way to encode a text in a URL.

pub(super) use crate::text::hex;
use aws_lc_rs::{
    digest,
    hmac::{self, HMAC_SHA256, Key},
};
use std::fmt::Write;

/// SHA-256 in lower-case hexadecimal digits.
pub(super) fn sha256_hex(data: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, data).as_ref())
}

/// HMAC-SHA-256.
pub(super) fn hmac_sha256(key: &[u8], data: &[u8]) -> Vec<u8> {
    hmac::sign(&Key::new(HMAC_SHA256, key), data).as_ref().to_vec()
}

/// Percent-encoded by RFC 3986: all but letters, digits and `-._~`.
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// `a=1&b=2`, both sides encoded; in the order given.
pub(super) fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.join("&")
}

/// A time as year, month, day, hour, minute, second (UTC).
pub(super) fn date_and_time(seconds: u64) -> (u64, u64, u64, u64, u64, u64) {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days since 1 March of the year 0, in eras of 400 years: “chrono-compatible low-level date algorithms”, H. Hinnant.
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        assert_eq!(sha256_hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        // RFC 4231, test case 2.
        let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn everything_but_the_unreserved_is_encoded() {
        assert_eq!(percent("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent("a b+c*/考"), "a%20b%2Bc%2A%2F%E8%80%83");
        assert_eq!(pairs([("a&", "="), ("b", "")]), "a%26=%3D&b=");
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        assert_eq!(date_and_time(0), (1970, 1, 1, 0, 0, 0));
        assert_eq!(date_and_time(951_782_399), (2000, 2, 28, 23, 59, 59));
        assert_eq!(date_and_time(951_782_400), (2000, 2, 29, 0, 0, 0));
        assert_eq!(date_and_time(1_551_113_065), (2019, 2, 25, 16, 44, 25));
        assert_eq!(date_and_time(4_102_444_800), (2100, 1, 1, 0, 0, 0));
        assert_eq!(date_and_time(4_107_542_400), (2100, 3, 1, 0, 0, 0));
    }
}
