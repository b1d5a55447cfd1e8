//! Times of interviews as people read them: local, with the name of their zone. The table of zones is in the program, so
//! that it needs none of the system.

mod written;

pub use written::{Clocks, NoTime};

use jiff::{Timestamp, civil, tz};
use viva_interview::{Language, Time};

/// Where the clocks show what people in China call the time of Beijing.
const BEIJING: [&str; 5] = ["Asia/Shanghai", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "PRC"];

/// The time zone of an interview.
#[derive(Debug, Clone)]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// The one of this IANA name, whatever the case of its letters; none where nobody knows it.
    pub fn find(name: &str) -> Option<Self> {
        let zone = tz::TimeZone::get(name).ok()?;
        zone.iana_name().is_some().then_some(Self(zone))
    }

    /// The one that an interview was set up with. A name that the table does not know, as after a step back to an older
    /// program, is told in UTC: a time is always named by its zone, so it stays true.
    pub fn of(name: &str) -> Self {
        Self::find(name).unwrap_or(Self(tz::TimeZone::UTC))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Seconds that clocks are ahead of UTC at a time.
    pub fn offset(&self, at: Time) -> i32 {
        self.0.to_offset(timestamp(at)).seconds()
    }

    /// What clocks and calendars show.
    fn local(&self, at: Time) -> civil::DateTime {
        self.0.to_datetime(timestamp(at))
    }

    /// What clocks show, to the minute: `2026-12-01 09:00`.
    pub fn minute(&self, at: Time) -> String {
        at.local(self.offset(at)).minute()
    }

    /// The name for people: `北京时间`, `Beijing time`; elsewhere the IANA name.
    pub fn title(&self, language: Language) -> &str {
        if BEIJING.contains(&self.name()) { language.of("北京时间", "Beijing time") } else { self.name() }
    }

    /// A time as a message tells it: `2026-12-01 09:00（北京时间，UTC+8）`, `2026-12-01 09:00 (Beijing time, UTC+8)`.
    pub fn told(&self, at: Time, language: Language) -> String {
        let (time, title, distance) = (self.minute(at), self.title(language), distance(self.offset(at)));
        match language {
            _ if title == distance => format!("{time} UTC"),
            Language::Zh => format!("{time}（{title}，{distance}）"),
            Language::En => format!("{time} ({title}, {distance})"),
        }
    }
}

/// The table ends two days before the year 9999 does.
fn timestamp(at: Time) -> Timestamp {
    let at = i64::try_from(at.0).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    at.unwrap_or(Timestamp::MAX)
}

/// How far clocks are from UTC: `UTC`, `UTC+8`, `UTC-3:30`.
pub fn distance(seconds: i32) -> String {
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-01T01:00:00Z and 2026-07-01T01:00:00Z.
    const WINTER: Time = Time(1_796_086_800_000);
    const SUMMER: Time = Time(1_782_867_600_000);

    fn told(name: &str, at: Time, language: Language) -> String {
        TimeZone::find(name).unwrap().told(at, language)
    }

    #[test]
    fn a_time_is_told_with_the_name_of_its_zone() {
        assert_eq!(told("Asia/Shanghai", WINTER, Language::Zh), "2026-12-01 09:00（北京时间，UTC+8）");
        assert_eq!(told("Asia/Shanghai", WINTER, Language::En), "2026-12-01 09:00 (Beijing time, UTC+8)");
        assert_eq!(told("UTC", WINTER, Language::En), "2026-12-01 01:00 UTC");
    }

    #[test]
    fn clocks_that_are_put_forward_are_told_so() {
        assert_eq!(told("Europe/London", WINTER, Language::Zh), "2026-12-01 01:00（Europe/London，UTC）");
        assert_eq!(told("Europe/London", SUMMER, Language::Zh), "2026-07-01 02:00（Europe/London，UTC+1）");
        assert_eq!(
            told("America/St_Johns", SUMMER, Language::En),
            "2026-06-30 22:30 (America/St_Johns, UTC-2:30)"
        );
        assert_eq!(told("Asia/Kolkata", WINTER, Language::En), "2026-12-01 06:30 (Asia/Kolkata, UTC+5:30)");
    }

    #[test]
    fn rules_of_years_to_come_are_known() {
        let far = Time(4_086_979_200_000); // 2099-07-06
        assert_eq!(TimeZone::of("Europe/Berlin").offset(far), 7200);
        assert_eq!(TimeZone::of("Asia/Shanghai").offset(viva_interview::limit::LATEST), 28_800);
    }

    #[test]
    fn names_of_browsers_are_known_old_ones_too_and_written_one_way() {
        for name in
            ["Asia/Calcutta", "Asia/Katmandu", "America/Buenos_Aires", "Etc/GMT+5", "Pacific/Ponape", "UTC"]
        {
            assert!(TimeZone::find(name).is_some(), "{name}");
        }
        assert_eq!(TimeZone::find("asia/shanghai").unwrap().name(), "Asia/Shanghai");
        for name in ["", "Asia/Peking", "Etc/Unknown", "CST6CDT,M3.2.0,M11.1.0", "../etc/passwd"] {
            assert!(TimeZone::find(name).is_none(), "{name}");
        }
        assert_eq!(TimeZone::of("Asia/Peking").name(), "UTC");
    }
}
