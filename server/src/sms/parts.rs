//! How long an SMS is: in which alphabet it goes, and in how many parts (3GPP TS 23.038, TS 23.040 §9.2.3.24).
//!
//! The page counts while somebody types; `parts.cases.json` holds both to the same answers.

use serde::Serialize;
use std::ops::Range;
use utoipa::ToSchema;

/// The default alphabet: one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: two septets each.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// What the characters of a message are sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmsAlphabet {
    /// Seven bits each, Latin letters and some Greek.
    Gsm7,
    /// Sixteen bits each, everything else.
    Ucs2,
}

impl SmsAlphabet {
    fn of(text: &str) -> Self {
        let known = |c| BASIC.contains(c) || EXTENSION.contains(c);
        if text.chars().all(known) { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// Units of a message in one part, and of each part where there are several.
    const fn room(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Gsm7 => 1 + usize::from(EXTENSION.contains(c)),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// How long a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Length {
    pub alphabet: SmsAlphabet,
    /// Septets, or units of UTF-16.
    pub units: usize,
    pub parts: usize,
    /// Where in the text, in bytes, the second part begins, the third, ….
    seams: Vec<usize>,
}

impl Length {
    /// Of a whole message, its signature too.
    pub fn of(text: &str) -> Self {
        let alphabet = SmsAlphabet::of(text);
        let (single, each) = alphabet.room();
        let units = text.chars().map(|c| alphabet.units(c)).sum();
        let mut seams = Vec::new();
        if units > single {
            let mut used = 0;
            for (at, c) in text.char_indices() {
                // What takes two units stands in one part whole.
                if used + alphabet.units(c) > each {
                    seams.push(at);
                    used = 0;
                }
                used += alphabet.units(c);
            }
        }
        Self { alphabet, units, parts: seams.len() + 1, seams }
    }

    /// Does this piece of the text begin in one part and end in another?
    pub fn cuts(&self, piece: &Range<usize>) -> bool {
        self.seams.iter().any(|seam| piece.start < *seam && *seam < piece.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Case {
        pieces: Vec<(String, usize)>,
        alphabet: String,
        units: usize,
        parts: usize,
        /// Which pieces stand in two parts.
        cut: Vec<usize>,
    }

    #[test]
    fn a_text_is_as_long_as_the_table_says() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("parts.cases.json")).unwrap();
        assert!(cases.len() >= 12);
        for Case { pieces, alphabet, units, parts, cut } in cases {
            let mut text = String::new();
            let ranges: Vec<_> = pieces
                .iter()
                .map(|(piece, times)| {
                    let start = text.len();
                    text.push_str(&piece.repeat(*times));
                    start..text.len()
                })
                .collect();
            let length = Length::of(&text);
            let kind = serde_json::to_value(length.alphabet).unwrap();
            assert_eq!(
                (kind.as_str(), length.units, length.parts),
                (Some(&*alphabet), units, parts),
                "{text}"
            );
            let found: Vec<_> = (0..ranges.len()).filter(|index| length.cuts(&ranges[*index])).collect();
            assert_eq!(found, cut, "{text}");
        }
    }
}
