//! What a line is like, how that changes over time, and how both are written.

use std::{fmt, str::FromStr};

/// How long a queue is where nothing is said: that of many a router at home, in microseconds.
const QUEUE: u64 = 300_000;
/// Changes that a schedule may have.
const STEPS: usize = 1_000;
/// The longest delay, jitter, queue, in microseconds.
const LONGEST: u64 = 60_000_000;
/// The highest rate in bits a second, and the longest queue in bytes.
const FASTEST: u64 = 100_000_000_000;
/// The longest burst of loss, in packets.
const BURST: u64 = 10_000;
/// Probabilities are parts of this.
pub(super) const WHOLE: u32 = 10_000;

/// What one way of a line is like. Times are in microseconds, probabilities of ten thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// Bits a second, headers of IP and UDP or TCP included; `None`: as many as come.
    pub rate: Option<u64>,
    /// What may wait before the line; what does not fit is dropped, or waits where it comes from (TCP).
    pub queue: Room,
    /// Time on the way behind the queue.
    pub delay: u64,
    /// Added to it at random, up to this.
    pub jitter: u64,
    /// With jitter datagrams overtake each other.
    pub reorders: bool,
    /// Lost behind the queue, one by one.
    pub loss: u32,
    /// A burst of loss begins with the first packet of so many, and so many are lost in one on average.
    pub bursts: (u32, u64),
}

/// How long a queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Microseconds at the present rate; in any case 3,000 bytes, two large packets.
    Time(u64),
    /// Bytes, whatever the rate.
    Bytes(u64),
}

impl Conditions {
    /// A line that does nothing to what passes.
    pub const FREE: Self = Self {
        rate: None,
        queue: Room::Time(QUEUE),
        delay: 0,
        jitter: 0,
        reorders: false,
        loss: 0,
        bursts: (0, 0),
    };
}

/// Conditions by the time since when they hold, in microseconds from the beginning; the first hold from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Vec<(u64, Conditions)>);

impl Schedule {
    /// The conditions at a moment, and until when they hold.
    pub(super) fn at(&self, moment: u64) -> (Conditions, u64) {
        let next = self.0.partition_point(|(from, _)| *from <= moment);
        let until = self.0.get(next).map_or(u64::MAX, |(from, _)| *from);
        (self.0.get(next.saturating_sub(1)).map_or(Conditions::FREE, |(_, conditions)| *conditions), until)
    }
}

impl From<Conditions> for Schedule {
    fn from(conditions: Conditions) -> Self {
        Self(vec![(0, conditions)])
    }
}

/// What is wrong with a schedule as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSchedule {
    word: String,
    wanted: &'static str,
}

impl fmt::Display for BadSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}” is not {}", self.word, self.wanted)
    }
}

impl std::error::Error for BadSchedule {}

/// Steps stand between semicolons, each with the time from which it holds (the first may leave it out) and what changes
/// then: `rate=3Mbit queue=300ms delay=25ms; 15s rate=1Mbit loss=2%; 30s rate=free`.
impl FromStr for Schedule {
    type Err = BadSchedule;

    fn from_str(text: &str) -> Result<Self, BadSchedule> {
        let mut steps: Vec<(u64, Conditions)> = Vec::new();
        for step in text.split(';') {
            let mut words = step.split_whitespace().peekable();
            let (before, mut now) = steps.last().copied().unwrap_or((0, Conditions::FREE));
            let at = match words.next_if(|word| !word.contains('=')) {
                Some(word) => time(word)?,
                None if steps.is_empty() => 0,
                None => return Err(bad(step.trim(), "a step with its time, such as `15s rate=1Mbit`")),
            };
            if if steps.is_empty() { at != 0 } else { at <= before } {
                return Err(bad(step.trim(), "later than the step before it (the first begins at 0s)"));
            }
            for word in words {
                change(&mut now, word)?;
            }
            if steps.len() == STEPS {
                return Err(bad(step.trim(), "one of the first thousand steps"));
            }
            steps.push((at, now));
        }
        Ok(Self(steps))
    }
}

fn change(conditions: &mut Conditions, word: &str) -> Result<(), BadSchedule> {
    const KEYS: &str = "one of rate=, queue=, delay=, jitter=, reorders=, loss=, bursts=";
    let (key, value) = word.split_once('=').ok_or_else(|| bad(word, KEYS))?;
    match key {
        "rate" if value == "free" => conditions.rate = None,
        "rate" => conditions.rate = Some(rate(value)?),
        "queue" => conditions.queue = room(value)?,
        "delay" => conditions.delay = time(value)?,
        "jitter" => conditions.jitter = time(value)?,
        "reorders" => {
            conditions.reorders = match value {
                "yes" => true,
                "no" => false,
                _ => return Err(bad(word, "reorders=yes or reorders=no")),
            }
        }
        "loss" => conditions.loss = share(value)?,
        "bursts" => conditions.bursts = bursts(value)?,
        _ => return Err(bad(word, KEYS)),
    }
    Ok(())
}

fn rate(text: &str) -> Result<u64, BadSchedule> {
    let units = [("Gbit", 1e9), ("Mbit", 1e6), ("kbit", 1e3), ("bit", 1.0)];
    let bits = number(text, &units).filter(|bits| (1_000..=FASTEST).contains(bits));
    bits.ok_or_else(|| bad(text, "a rate such as 300kbit or 2.5Mbit (a second), at least 1kbit, or `free`"))
}

fn room(text: &str) -> Result<Room, BadSchedule> {
    if let Ok(time) = time(text) {
        return Ok(Room::Time(time));
    }
    let bytes = number(text, &[("MB", 1e6), ("kB", 1e3), ("B", 1.0)]).filter(|bytes| *bytes <= FASTEST / 8);
    bytes.map(Room::Bytes).ok_or_else(|| bad(text, "a queue such as 300ms or 64kB"))
}

fn time(text: &str) -> Result<u64, BadSchedule> {
    let micros = number(text, &[("us", 1.0), ("ms", 1e3), ("s", 1e6), ("min", 6e7)]);
    let micros = micros.filter(|micros| *micros <= LONGEST * 60 * 24);
    micros.ok_or_else(|| bad(text, "a time such as 25ms or 1.5s"))
}

fn share(text: &str) -> Result<u32, BadSchedule> {
    let parts = number(text, &[("%", f64::from(WHOLE) / 100.0)]).and_then(|parts| u32::try_from(parts).ok());
    parts.filter(|parts| *parts <= WHOLE).ok_or_else(|| bad(text, "a share such as 5% or 0.25%"))
}

fn bursts(text: &str) -> Result<(u32, u64), BadSchedule> {
    let parts = text.split_once('x').and_then(|(begins, length)| {
        let length = length.parse().ok().filter(|length| (1..=BURST).contains(length))?;
        Some((share(begins).ok()?, length))
    });
    parts.ok_or_else(|| bad(text, "how many begin, and how long they are: 0.25%x8"))
}

/// A number with its unit, in the smallest of the units.
fn number(text: &str, units: &[(&str, f64)]) -> Option<u64> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.')?);
    let (_, worth) = units.iter().find(|(name, _)| *name == unit)?;
    let value = digits.parse::<f64>().ok()? * worth;
    // Nothing that is meant is larger: 2^53.
    (value < 9e15).then_some(value.round() as u64)
}

fn bad(word: &str, wanted: &'static str) -> BadSchedule {
    BadSchedule { word: word.chars().take(80).collect(), wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_keeps_what_it_does_not_name() {
        let text =
            "rate=3Mbit queue=60ms delay=25ms jitter=0.5ms; 15s rate=300kbit loss=0.5%; 1min rate=free";
        let Schedule(steps) = text.parse().expect("a schedule");
        let first = Conditions {
            rate: Some(3_000_000),
            queue: Room::Time(60_000),
            delay: 25_000,
            jitter: 500,
            ..Conditions::FREE
        };
        let second = Conditions { rate: Some(300_000), loss: 50, ..first };
        assert_eq!(
            steps,
            [(0, first), (15_000_000, second), (60_000_000, Conditions { rate: None, ..second })]
        );
        let other: Schedule = "0s queue=64kB reorders=yes bursts=0.25%x8".parse().expect("a schedule");
        let expected =
            Conditions { queue: Room::Bytes(64_000), reorders: true, bursts: (25, 8), ..Conditions::FREE };
        assert_eq!(other, expected.into());
        assert_eq!("".parse(), Ok(Schedule::from(Conditions::FREE)));
    }

    #[test]
    fn what_cannot_be_meant_is_named() {
        let said = |text: &str| text.parse::<Schedule>().expect_err(text).to_string();
        for (text, word) in [
            ("rate=3", "“3”"),
            ("rate=-3kbit", "“-3kbit”"),
            ("rate=0bit", "“0bit”"),
            ("rate=99999999999999999999Gbit", "“99999999999999999999Gbit”"),
            ("loss=101%", "“101%”"),
            ("bursts=1%x0", "“1%x0”"),
            ("delay=5", "“5”"),
            ("speed=1Mbit", "“speed=1Mbit”"),
            ("reorders=maybe", "“reorders=maybe”"),
            ("5s rate=1Mbit", "“5s rate=1Mbit”"),
            ("rate=1Mbit; rate=2Mbit", "“rate=2Mbit”"),
            ("rate=1Mbit; 5s rate=2Mbit; 5s rate=3Mbit", "“5s rate=3Mbit”"),
            ("rate=1.2.3Mbit", "“1.2.3Mbit”"),
        ] {
            assert!(said(text).starts_with(word), "{text}: {}", said(text));
        }
        let long = (0..=STEPS).fold(String::new(), |text, step| format!("{text};{step}s"));
        assert!(long.trim_start_matches(';').parse::<Schedule>().is_err());
    }
}
