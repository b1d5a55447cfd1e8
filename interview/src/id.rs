//! Ids, time and who acts: what comes from outside, since nothing here is random and nothing reads a clock.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use ts_rs::TS;
use utoipa::ToSchema;

/// A text that is not of the form that was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidText(pub(crate) &'static str);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// 64 random bits, handed in. In text (JSON, logs, URLs) 16 lower-case hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[ts(type = "string")]
        #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
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
                let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                (digits && text.len() == 16)
                    .then(|| u64::from_str_radix(text, 16).ok())
                    .flatten()
                    .map(Self)
                    .ok_or(InvalidText("an id has 16 lower-case hexadecimal digits"))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;

            fn try_from(text: String) -> Result<Self, InvalidText> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

id!(
    /// One interview, by a number drawn at random.
    InterviewId
);
id!(
    /// One person's place in one interview; unique over all interviews.
    SeatId
);

/// Milliseconds since 1970-01-01 00:00 UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(transparent)]
#[ts(type = "number")]
#[schema(minimum = 0, maximum = 253402300799999_u64)]
pub struct Time(pub u64);

impl Time {
    /// This much later.
    pub const fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// What clocks show that are so many seconds ahead of UTC.
    pub fn local(self, offset: i32) -> LocalTime {
        LocalTime(self.0.saturating_add_signed(i64::from(offset) * 1000))
    }
}

/// A day in milliseconds.
const DAY: u64 = 86_400_000;

impl fmt::Display for Time {
    /// As in RFC 3339, in UTC: `2026-03-01T08:30:00.000Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (Date::of(self.0 / DAY), self.0 % DAY);
        let (hour, minute) = (time / 3_600_000, time / 60_000 % 60);
        let (second, milli) = (time / 1000 % 60, time % 1000);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

/// What the clocks of a place show: made by [`Time::local`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime(u64);

impl LocalTime {
    /// Milliseconds since 1970-01-01 00:00 on these clocks.
    pub const fn milliseconds(self) -> u64 {
        self.0
    }

    /// The day: `2026-03-01`.
    pub fn day(self) -> String {
        Date::of(self.0 / DAY).to_string()
    }

    /// To the minute: `2026-03-01 16:30`.
    pub fn minute(self) -> String {
        let minutes = self.0 % DAY / 60_000;
        format!("{} {:02}:{:02}", self.day(), minutes / 60, minutes % 60)
    }
}

impl fmt::Display for LocalTime {
    /// To the second: `2026-03-01 16:30:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:02}", self.minute(), self.0 / 1000 % 60)
    }
}

/// A day of the Gregorian calendar.
struct Date {
    year: u64,
    month: u64,
    day: u64,
}

impl Date {
    /// The one so many days after 1970-01-01.
    const fn of(days: u64) -> Self {
        // Years that begin in March put the leap day at the end; 719,468 days lie between 0000-03-01 and 1970-01-01.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self { year: era * 400 + year_of_era + (month <= 2) as u64, month, day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Chosen by who commands, the same at each try: 1 to 64 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommandId(String);

impl CommandId {
    /// The longest, in characters.
    pub const LONGEST: usize = 64;

    /// Compared as it stands: commands with the same text are the same.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CommandId {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        let fits = (1..=Self::LONGEST).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(InvalidText("a command's id has 1 to 64 visible ASCII characters"))
        }
    }
}

impl FromStr for CommandId {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        Self::try_from(text.to_owned())
    }
}

impl From<CommandId> for String {
    fn from(id: CommandId) -> Self {
        id.0
    }
}

/// Who commands. In text `administrator:<account>`, `seat:<id>` or `system`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// An administrator, by the account.
    Administrator {
        /// The account's name, as in the store of accounts.
        account: String,
    },
    /// Who sits in a seat.
    Seat(SeatId),
    /// The server itself.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Administrator { account } => write!(f, "administrator:{account}"),
            Self::Seat(seat) => write!(f, "seat:{seat}"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Actor {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        match text.split_once(':') {
            Some(("administrator", account)) => Ok(Self::Administrator { account: account.to_owned() }),
            Some(("seat", seat)) => seat.parse().map(Self::Seat),
            None if text == "system" => Ok(Self::System),
            _ => Err(InvalidText("an actor is `administrator:…`, `seat:…` or `system`")),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_actors_read_back_what_they_write_and_nothing_else() {
        let seat = SeatId(0xab);
        assert_eq!(seat.to_string(), "00000000000000ab");
        assert_eq!(seat.to_string().parse(), Ok(seat));
        for wrong in ["", "ab", "00000000000000AB", "00000000000000abc", "+0000000000000ab"] {
            assert!(wrong.parse::<SeatId>().is_err(), "{wrong}");
        }
        let administrator = Actor::Administrator { account: "a:b".to_owned() };
        for actor in [administrator, Actor::Seat(seat), Actor::System] {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        for wrong in ["", "system:", "seat:1", "nobody"] {
            assert!(wrong.parse::<Actor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_id_of_a_command_is_short_and_visible() {
        for right in ["a", "550e8400-e29b-41d4-a716-446655440000", &"x".repeat(64)] {
            assert!(right.parse::<CommandId>().is_ok(), "{right}");
        }
        for wrong in ["", "a b", "é", "a\n", &"x".repeat(65)] {
            assert!(wrong.parse::<CommandId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_reads_as_a_date_over_leap_years_and_centuries() {
        let cases = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_353_800_123, "2026-03-01T08:30:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ];
        for (milliseconds, wanted) in cases {
            assert_eq!(Time(milliseconds).to_string(), wanted);
        }
        assert!(!Time(u64::MAX).to_string().is_empty());
    }
}
