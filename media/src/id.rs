//! Ids of rooms, participants and publications: 64 random bits, unique across nodes.

use crate::InvalidText;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// In text (JSON, logs, URLs) it is 16 lower-case hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:016x})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, InvalidText> {
                match text.len() {
                    0 => Err(InvalidText::Empty),
                    16 if text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) => {
                        u64::from_str_radix(text, 16).map(Self).map_err(|_| InvalidText::Character)
                    }
                    1..=16 => Err(InvalidText::Character),
                    _ => Err(InvalidText::TooLong(16)),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A room: the border that no track crosses.
    RoomId
);
id!(
    /// A participant: one seat in one room, with one transport.
    ParticipantId
);
id!(
    /// A publication: one track that a participant sends into its room, with all its layers.
    PublicationId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_id_are_inverse() {
        let id = RoomId(0x00ab_cdef_0123_4567);
        assert_eq!(id.to_string(), "00abcdef01234567");
        assert_eq!("00abcdef01234567".parse(), Ok(id));
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["", "12", "00ABCDEF01234567", "+0abcdef01234567", "00abcdef012345678"] {
            assert!(text.parse::<RoomId>().is_err(), "{text}");
        }
    }
}
