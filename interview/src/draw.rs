//! Random draws that anybody can repeat: what is hashed, and how a seed decides. `docs/draws.md` says the same in words.

use crate::InvalidText;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use ts_rs::TS;
use utoipa::ToSchema;

/// The name of this way to draw; another way gets another name.
pub const DRAW_FORMAT: &str = "viva draw 1";

/// What decides a draw: 32 random bytes, handed in. In text 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
#[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
pub struct Seed(pub [u8; 32]);

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrawKind {
    /// A place in the queue for each candidate.
    Order,
    /// A set of questions for each candidate.
    Questions,
    /// A room for each of a list of people, candidates or examiners.
    Rooms,
}

impl DrawKind {
    /// The name under which it is hashed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Questions => "questions",
            Self::Rooms => "rooms",
        }
    }
}

/// What is drawn from: for each of the entries one of the lots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DrawList<'a> {
    /// The id of the interview.
    pub(crate) interview: &'a str,
    /// The number of the draw in it: no commitment is good for another draw.
    pub(crate) number: u32,
    pub(crate) kind: DrawKind,
    pub(crate) entries: &'a [String],
    pub(crate) lots: &'a [String],
}

impl DrawList<'_> {
    /// The digest of all that is known before.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let (number, entries) = (self.number.to_string(), self.entries.len().to_string());
        let head = [self.interview, &number, self.kind.as_str(), &entries];
        let texts = self.entries.iter().chain(self.lots).map(String::as_bytes);
        hashed("list", head.map(str::as_bytes).into_iter().chain(texts))
    }

    /// The commitment to this seed for this list.
    pub(crate) fn commitment(&self, seed: &Seed) -> [u8; 32] {
        commitment(&self.digest(), seed)
    }

    /// The index of the lot that each entry gets.
    pub(crate) fn outcome(&self, seed: &Seed, words: &str) -> Vec<u32> {
        outcome(&self.digest(), seed, words, (self.entries.len(), self.lots.len()))
    }
}

/// What is shown before the draw: it holds the seed to what it is, and to the list of this digest.
pub(crate) fn commitment(list: &[u8; 32], seed: &Seed) -> [u8; 32] {
    hashed("commitment", [list.as_slice(), &seed.0])
}

/// The index of the lot that each entry gets. Every lot comes up equally often, as far as the number of entries allows.
pub(crate) fn outcome(
    list: &[u8; 32],
    seed: &Seed,
    words: &str,
    (entries, lots): (usize, usize),
) -> Vec<u32> {
    let key = hashed("key", [list.as_slice(), &seed.0, words.as_bytes()]);
    let mut stream = Stream { key, next: 0 };
    let mut lots: Vec<u32> = (0..).take(lots).collect();
    stream.shuffle(&mut lots);
    let mut drawn: Vec<u32> = lots.iter().copied().cycle().take(entries).collect();
    stream.shuffle(&mut drawn);
    drawn
}

/// Numbers from a key: the first eight bytes of the hash of the key and a counter.
struct Stream {
    key: [u8; 32],
    next: u64,
}

impl Stream {
    fn number(&mut self) -> u64 {
        let block = hashed("block", [self.key.as_slice(), &self.next.to_be_bytes()]);
        self.next += 1;
        block.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }

    /// A number below `bound`, each equally likely: what would favour some is thrown away.
    fn below(&mut self, bound: u64) -> u64 {
        // 2^64 mod bound, by the remainder of 2^64 - bound.
        let surplus = bound.wrapping_neg() % bound;
        loop {
            let number = self.number();
            if number <= u64::MAX - surplus {
                return number % bound;
            }
        }
    }

    /// Fisher and Yates, from behind.
    fn shuffle(&mut self, list: &mut [u32]) {
        for last in (1..list.len()).rev() {
            let place = self.below(last as u64 + 1);
            list.swap(last, usize::try_from(place).unwrap_or(last));
        }
    }
}

/// The hash of these parts, each behind its length in four bytes: nothing that is put together otherwise has the same.
fn hashed<'a>(purpose: &str, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part);
    };
    add(format!("{DRAW_FORMAT} {purpose}").as_bytes());
    parts.into_iter().for_each(add);
    hash.finalize().into()
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl FromStr for Seed {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("a seed has 64 lower-case hexadecimal digits");
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(invalid),
        };
        let digits = text.bytes().map(digit).collect::<Result<Vec<u8>, _>>()?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |all, one| (all << 4) | one)).collect();
        if digits.len() == 64 { bytes.try_into().map(Self).map_err(|_| invalid) } else { Err(invalid) }
    }
}

impl TryFrom<String> for Seed {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        text.parse()
    }
}

impl From<Seed> for String {
    fn from(seed: Seed) -> Self {
        seed.to_string()
    }
}

#[cfg(test)]
mod tests;
