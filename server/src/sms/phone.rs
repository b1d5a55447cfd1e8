//! Phone numbers in their one form.

use std::fmt;
use viva_interview::writing;

/// A phone number in E.164. `Debug` shows what a hint may show.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// The text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no phone number; write 13800001234 or +8613800001234")]
pub struct InvalidPhone;

impl PhoneNumber {
    /// Reads a number as people write it; without `+` or `00` it belongs to this country (`86`).
    ///
    /// # Errors
    /// Letters, too few or too many digits; in China: no number of a mobile phone.
    pub fn parse(text: &str, country: &str) -> Result<Self, InvalidPhone> {
        if text.len() > 64 {
            return Err(InvalidPhone);
        }
        let digits = writing::phone(text);
        let bare = digits.strip_prefix('+').unwrap_or(&digits);
        if !bare.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidPhone);
        }
        let number = if let Some(international) = digits.strip_prefix('+') {
            international.to_owned()
        } else {
            // Within many countries a number begins with a zero that falls away from abroad.
            format!("{country}{}", digits.strip_prefix('0').unwrap_or(&digits))
        };
        let mobile = match number.strip_prefix("86") {
            Some(national) => {
                let second = national.as_bytes().get(1);
                national.len() == 11
                    && national.starts_with('1')
                    && second.is_some_and(|second| matches!(second, b'3'..=b'9'))
            }
            None => (8..=15).contains(&number.len()) && !number.starts_with('0'),
        };
        if mobile { Ok(Self(format!("+{number}"))) } else { Err(InvalidPhone) }
    }

    /// As in E.164: `+8613800001234`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough to know one's own number by: `138****1234`.
    pub fn hint(&self) -> String {
        let digits = self.0.strip_prefix("+86").unwrap_or(&self.0);
        let (head, tail) =
            (digits.get(..3).unwrap_or_default(), digits.get(digits.len().saturating_sub(4)..));
        format!("{head}****{}", tail.unwrap_or_default())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_form_however_it_is_written() {
        for text in [
            "13800001234",
            "138 0000 1234",
            "138-0000-1234",
            "+86 13800001234",
            "008613800001234",
            "１３８００００１２３４",
            "\u{202d}138‑0000–1234\u{202c}\u{200b}",
            "tel:+86-138-0000-1234",
        ] {
            assert_eq!(PhoneNumber::parse(text, "86").unwrap().as_str(), "+8613800001234", "{text}");
        }
        assert_eq!(PhoneNumber::parse("0151 12345678", "49").unwrap().as_str(), "+4915112345678");
        assert_eq!(PhoneNumber::parse("+1 (212) 555-0123", "86").unwrap().as_str(), "+12125550123");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "+",
            "1380000123",
            "12800001234",
            "+1234567",
            "138000012345",
            "23800001234",
            "138x0001234",
            "+0123456789",
            "+86",
            "1+2",
        ] {
            assert_eq!(PhoneNumber::parse(text, "86"), Err(InvalidPhone), "{text}");
        }
        assert_eq!(PhoneNumber::parse(&"1".repeat(1000), "86"), Err(InvalidPhone));
    }

    #[test]
    fn a_hint_leaves_out_the_middle() {
        let phone = PhoneNumber::parse("13812345678", "86").unwrap();
        assert_eq!(phone.hint(), "138****5678");
        assert_eq!(format!("{phone:?}"), "PhoneNumber(138****5678)");
    }
}
