//! Times as people write them in tables, by the clocks of an interview.

use super::TimeZone;
use jiff::civil::{Date, DateTime, Time as ClockTime};
use viva_interview::{Time, writing};

/// The clocks of an interview, and the day that is meant where only a time stands.
#[derive(Debug, Clone)]
pub struct Clocks {
    zone: TimeZone,
    day: Option<Date>,
}

/// Why a text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTime {
    /// It is not written as one.
    Format,
    /// The day is missing, and the interview has several.
    Day,
    /// Clocks are put forward or back then: they do not show it, or show it twice.
    Changing,
}

impl NoTime {
    /// As in the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Format => "time_format",
            Self::Day => "time_day",
            Self::Changing => "time_changing",
        }
    }
}

impl Clocks {
    /// Those of an interview with this time zone, which opens and closes then.
    pub fn of(zone: &str, opens_at: Time, closes_at: Time) -> Self {
        let zone = TimeZone::of(zone);
        let day = |at| zone.local(at).date();
        // What closes at midnight is of the day before.
        let last = Time(closes_at.0.saturating_sub(1));
        let day = Some(day(opens_at)).filter(|first| *first == day(last));
        Self { zone, day }
    }

    /// Reads a time: `2026-12-01 09:30`, `2026/12/1 9:30`, `2026年12月1日 9时30分`; `09:30` where there is but one day.
    ///
    /// # Errors
    /// It is none, or not one alone.
    pub fn read(&self, text: &str) -> Result<Time, NoTime> {
        let text = writing::plain(text).replace(['年', '月', '/', '.'], "-");
        let text = text.replace(['日', 'T'], " ").replace(['时', '点'], ":").replace('分', "");
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let (day, clock) = match words[..] {
            [clock] if clock.contains(':') => (self.day.ok_or(NoTime::Day)?, clock),
            [day, clock] => (date(day).ok_or(NoTime::Format)?, clock),
            _ => return Err(NoTime::Format),
        };
        let moment = DateTime::from_parts(day, clock_time(clock).ok_or(NoTime::Format)?);
        let moment = self.zone.0.to_ambiguous_timestamp(moment).unambiguous();
        let at = moment.map_err(|_| NoTime::Changing)?.as_millisecond();
        u64::try_from(at).map(Time).map_err(|_| NoTime::Format)
    }
}

/// `2026-12-1`.
fn date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    if year.len() != 4 {
        return None;
    }
    Date::new(figure(year)?, figure(month)?.try_into().ok()?, figure(day)?.try_into().ok()?).ok()
}

/// `9:30`, `09:30:00`, and `9:` of `9时`.
fn clock_time(text: &str) -> Option<ClockTime> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match parts[..] {
        [hour, ""] => (hour, "00", "00"),
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    if minute.len() != 2 || second.len() != 2 {
        return None;
    }
    let figure = |text| figure(text)?.try_into().ok();
    ClockTime::new(figure(hour)?, figure(minute)?, figure(second)?, 0).ok()
}

fn figure(text: &str) -> Option<i16> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-01T01:00:00Z, nine o'clock in Beijing.
    const NINE: u64 = 1_796_086_800_000;
    const HOUR: u64 = 3_600_000;

    fn clocks() -> Clocks {
        Clocks::of("Asia/Shanghai", Time(NINE), Time(NINE + 9 * HOUR))
    }

    #[test]
    fn a_time_is_read_however_an_office_writes_it() {
        for text in [
            "2026-12-01 09:30",
            "2026/12/1 9:30",
            "2026.12.1  9:30:00",
            "2026年12月1日 9时30分",
            "2026年12月1日9:30",
            "2026-12-01T09:30",
            "２０２６－１２－０１　０９：３０",
            "9:30",
            "09:30:00",
            "9点30分",
        ] {
            assert_eq!(clocks().read(text), Ok(Time(NINE + HOUR / 2)), "{text}");
        }
        assert_eq!(clocks().read("9时"), Ok(Time(NINE)));
        assert_eq!(clocks().read("2026-12-01 09:30:15"), Ok(Time(NINE + HOUR / 2 + 15_000)));
    }

    #[test]
    fn what_could_mean_two_things_is_no_time() {
        for text in [
            "",
            "上午",
            "12/1/2026 9:30",
            "26-12-01 9:30",
            "2026-13-01 9:30",
            "2026-02-30 9:30",
            "2026-12-01",
            "2026-12-01 25:00",
            "2026-12-01 9:5",
            "2026-12-01 下午2:30",
            "2026-12-01 9:30-9:45",
            "2026-12-01 9:30 PM",
            "2026-12-01 09:30Z",
            "46357.395",
            "-2026-12-01 9:30",
            "2026-12-01 +9:30",
        ] {
            assert_eq!(clocks().read(text), Err(NoTime::Format), "{text}");
        }
    }

    #[test]
    fn a_time_alone_needs_an_interview_of_one_day_and_clocks_that_go_on() {
        let of_two_days = Clocks::of("Asia/Shanghai", Time(NINE), Time(NINE + 24 * HOUR));
        assert_eq!(of_two_days.read("9:30"), Err(NoTime::Day));
        let until_midnight = Clocks::of("Asia/Shanghai", Time(NINE), Time(NINE + 15 * HOUR));
        assert!(until_midnight.read("9:30").is_ok());
        let berlin = Clocks::of("Europe/Berlin", Time(NINE), Time(NINE + HOUR));
        for text in ["2027-03-28 02:30", "2026-10-25 02:30"] {
            assert_eq!(berlin.read(text), Err(NoTime::Changing), "{text}");
        }
        assert_eq!(berlin.read("2026-12-01 10:00"), Ok(Time(NINE + 8 * HOUR)));
    }
}
