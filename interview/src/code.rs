//! Codes of invitations: short enough to read aloud, long enough not to be guessed.

use crate::{InvalidText, writing};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use ts_rs::TS;
use utoipa::ToSchema;

/// Digits and letters that nobody takes for each other: no 0 and O, no 1, I and L.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Characters of a code: 59 bits.
const LENGTH: usize = 12;

/// The code of an invitation, kept as 12 characters and shown in groups of four.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
#[schema(value_type = String, pattern = "^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$")]
pub struct Code([u8; LENGTH]);

impl Code {
    /// A code from 128 random bits; each of its characters is as likely as the others.
    pub fn from_random(mut bits: u128) -> Self {
        let letters = ALPHABET.len() as u128;
        Self(std::array::from_fn(|_| {
            let letter = bits % letters;
            bits /= letters;
            ALPHABET[letter as usize]
        }))
    }
}

impl fmt::Display for Code {
    /// As on a sheet or in an SMS: `ABCD-EFGH-JKMN`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    /// A code lets somebody in: it stands in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl FromStr for Code {
    type Err = InvalidText;

    /// Forgives small letters, full-width characters, and whatever stands between, around and behind: blanks, hyphens,
    /// quotation marks, what nobody sees.
    fn from_str(text: &str) -> Result<Self, InvalidText> {
        const INVALID: InvalidText = InvalidText("a code has 12 letters and digits");
        if text.len() > 200 {
            return Err(INVALID);
        }
        let letters = writing::code(text).into_bytes();
        let code: [u8; LENGTH] = letters.try_into().map_err(|_| INVALID)?;
        if code.iter().all(|letter| ALPHABET.contains(letter)) { Ok(Self(code)) } else { Err(INVALID) }
    }
}

impl TryFrom<String> for Code {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_was_written() {
        let code = Code::from_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        let shown = code.to_string();
        assert_eq!(shown.len(), 14);
        let bare = shown.replace('-', "");
        let wide: String = bare.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        let pasted = format!("“{}”。\u{200b}\r\n", shown.replace('-', "\u{a0}—\u{feff}"));
        for text in [
            shown.clone(),
            shown.to_lowercase(),
            format!(" {} ", shown.replace('-', " – ")),
            bare,
            wide,
            pasted,
        ] {
            assert_eq!(text.parse(), Ok(code), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        for text in
            ["", "ABCD-EFGH-JKM", "ABCD-EFGH-JKMNP", "ABCD-EFGH-JKM0", "ABCD-EFGH-JKMÄ", &"-".repeat(300)]
        {
            assert!(text.parse::<Code>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_letter_can_come_and_a_code_does_not_show_in_a_log() {
        let seen: std::collections::BTreeSet<u8> =
            (0..31).flat_map(|bits| Code::from_random(bits).0).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ALPHABET);
        assert_eq!(format!("{:?}", Code::from_random(7)), "Code(…)");
    }
}
