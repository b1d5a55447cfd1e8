//! The identifiers that RTP itself uses: SSRC, payload type, mid and rid.

use crate::InvalidText;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Synchronisation source: one RTP stream (RFC 3550 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ssrc(pub u32);

impl fmt::Display for Ssrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// RTP payload type, 0 to 127 (RFC 3550 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pt(pub u8);

impl fmt::Display for Pt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

macro_rules! short_text {
    ($(#[$doc:meta])* $name:ident, $max:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            len: u8,
            bytes: [u8; $name::MAX],
        }

        impl $name {
            /// The longest text, in bytes.
            pub const MAX: usize = $max;

            /// Takes the bytes of a header extension or an SDP value.
            pub fn new(text: &[u8]) -> Result<Self, InvalidText> {
                if text.is_empty() {
                    return Err(InvalidText::Empty);
                }
                if text.len() > Self::MAX {
                    return Err(InvalidText::TooLong(Self::MAX));
                }
                let allowed: fn(u8) -> bool = $allowed;
                if !text.iter().all(|b| allowed(*b)) {
                    return Err(InvalidText::Character);
                }
                let mut bytes = [0; Self::MAX];
                bytes[..text.len()].copy_from_slice(text);
                Ok(Self { len: text.len() as u8, bytes })
            }

            /// The text's bytes, as they stand on the wire.
            pub fn as_bytes(&self) -> &[u8] {
                &self.bytes[..usize::from(self.len)]
            }

            /// The text as SDP writes it.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(self.as_bytes()).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, InvalidText> {
                Self::new(text.as_bytes())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

short_text!(
    /// Names one media section of a session (RFC 9143 §15.1). One of more than [`MidTag::MAX`] bytes is known to the
    /// signalling alone: no packet carries it.
    Mid,
    64,
    |b| b.is_ascii_graphic()
);
short_text!(
    /// A [`Mid`] as packets carry it: at most 16 bytes, the longest that a one-byte header extension holds
    /// (RFC 8285 §4.2).
    MidTag,
    16,
    |b| b.is_ascii_graphic()
);
short_text!(
    /// Names one encoding of a simulcast publication (RFC 8852 §3.1: letters and digits; `-` and `_` are seen in
    /// practice and harmless).
    Rid,
    16,
    |b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
);

impl Mid {
    /// The same as packets carry it, if they can.
    pub fn tag(&self) -> Option<MidTag> {
        MidTag::new(self.as_bytes()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rid_takes_what_browsers_send() {
        for text in ["q", "h", "f", "0", "r0", "hi_res"] {
            assert_eq!(text.parse::<Rid>().map(|r| r.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("".parse::<Rid>(), Err(InvalidText::Empty));
        assert_eq!("a b".parse::<Rid>(), Err(InvalidText::Character));
        assert_eq!("12345678901234567".parse::<Rid>(), Err(InvalidText::TooLong(16)));
    }
}
