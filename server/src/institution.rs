//! What the institution says about itself: name, logo, hot-line, texts, how long photos and papers are kept.

mod sms;

pub use sms::{Told, ToldPassword};

use crate::{
    clock::now,
    problem::Problem,
    sms::{LONGEST, NoWording, SmsText, Wording},
    store::Store,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{
    ToSchema,
    openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema, Type},
};
use viva_interview::Language;
use viva_signaling::message::ErrorCode;

/// Its name in the store.
const SETTING: &str = "institution";
/// The texts that it may set.
const TEXTS: [&str; 7] =
    ["speaker_advice", "microphone_advice", "camera_advice", "welcome", "next_steps", "farewell", "privacy"];
/// Those that are sent, not shown on pages: with placeholders.
const SMS_TEXTS: [&str; 2] = [SmsText::Invitation.setting(), SmsText::Reminder.setting()];
/// Characters of a name or a number.
const SHORT: usize = 100;
/// Characters of a text.
const LONG: usize = 4000;
/// Bytes of a logo, as the text of its address.
const LOGO: usize = 512 * 1024;
/// Days that photos and papers may be kept, where not for good.
const RETENTION: std::ops::RangeInclusive<u32> = 1..=3650;

/// What the institution says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub institution: String,
    /// Its logo: a path on this server or a `data:` address.
    #[schema(max_length = 524288, pattern = r"^(data:image/|/([^/\\][^\\]*)?$)")]
    pub logo_url: Option<String>,
    /// The number to call when something fails.
    #[schema(max_length = 100)]
    pub hotline: String,
    /// When somebody answers there, in words.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub hotline_hours: String,
    /// Its texts by language.
    pub texts: Texts,
    /// In which language SMS are written.
    #[serde(default)]
    pub sms_language: Language,
    /// Days after the last event of an interview until its photos and papers are deleted; null keeps them.
    #[schema(minimum = 1, maximum = 3650)]
    pub retention_days: Option<u32>,
}

/// Texts by language and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// In Chinese.
    #[serde(default)]
    #[schema(schema_with = texts)]
    pub zh: BTreeMap<String, String>,
    /// In English.
    #[serde(default)]
    #[schema(schema_with = texts)]
    pub en: BTreeMap<String, String>,
}

/// The shape of the texts of one language.
fn texts() -> Object {
    let text = || ObjectBuilder::new().schema_type(Type::String).max_length(Some(LONG));
    let sms = || ObjectBuilder::new().schema_type(Type::String).max_length(Some(LONGEST));
    let texts = TEXTS.iter().fold(ObjectBuilder::new(), |texts, name| texts.property(*name, text()));
    let texts = SMS_TEXTS.iter().fold(texts, |texts, name| texts.property(*name, sms()));
    texts.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).build()
}

impl Default for Institution {
    fn default() -> Self {
        Self {
            institution: "面谈 Viva".to_owned(),
            logo_url: None,
            hotline: String::new(),
            hotline_hours: String::new(),
            texts: Texts::default(),
            sms_language: Language::default(),
            retention_days: None,
        }
    }
}

impl Institution {
    /// As it was kept, or the default.
    ///
    /// # Errors
    /// The store fails.
    pub async fn read(store: &dyn Store) -> Result<Self, Problem> {
        let kept = store.setting(SETTING).await?;
        let Some(kept) = kept else { return Ok(Self::default()) };
        serde_json::from_value::<Self>(kept)
            .map(Self::with_own_hours)
            .map_err(|error| Problem::new(ErrorCode::Internal, format!("kept settings: {error}")))
    }

    /// What was kept before the hours had a field of their own has them behind the number.
    fn with_own_hours(self) -> Self {
        if !self.hotline_hours.is_empty() {
            return self;
        }
        let (number, hours) = split(&self.hotline);
        Self { hotline: number.to_owned(), hotline_hours: hours.to_owned(), ..self }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// A text is too long, a name unknown, the logo is no address; or the store fails.
    pub async fn write(&self, store: &dyn Store) -> Result<(), Problem> {
        self.check()?;
        let value = serde_json::to_value(self)
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        store.put_setting(SETTING, &value, now().0).await.map_err(Problem::from)
    }

    fn check(&self) -> Result<(), Problem> {
        let long = |what: &str, most: usize| {
            Err(Problem::new(ErrorCode::TextTooLong, format!("{what} is too long")).limited(most))
        };
        if self.institution.trim().is_empty() {
            return Err(Problem::new(ErrorCode::TextEmpty, "the institution has no name"));
        }
        if self.institution.chars().count() > SHORT
            || [&self.hotline, &self.hotline_hours].iter().any(|text| text.chars().count() > SHORT)
        {
            return long("name or hot-line", SHORT);
        }
        for (name, text) in self.texts.zh.iter().chain(&self.texts.en) {
            if SMS_TEXTS.contains(&name.as_str()) {
                check_sms(text)?;
                continue;
            }
            if !TEXTS.contains(&name.as_str()) {
                return Err(Problem::new(ErrorCode::Malformed, format!("no text is called {name:?}")));
            }
            if text.chars().count() > LONG {
                return long(name, LONG);
            }
        }
        if self.retention_days.is_some_and(|days| !RETENTION.contains(&days)) {
            return Err(Problem::new(
                ErrorCode::Malformed,
                "photos are kept for 1 to 3650 days, or for good",
            ));
        }
        match &self.logo_url {
            Some(logo) if logo.len() > LOGO => long("the logo", LOGO),
            // Pages load pictures from this server alone.
            Some(logo) if !(logo.starts_with("data:image/") || is_own_path(logo)) => {
                let detail = "the logo is a path on this server or a data: address of a picture";
                Err(Problem::new(ErrorCode::Malformed, detail))
            }
            _ => Ok(()),
        }
    }
}

impl Texts {
    /// Those that pages show.
    pub fn shown(mut self) -> Self {
        for texts in [&mut self.zh, &mut self.en] {
            texts.retain(|name, _| TEXTS.contains(&name.as_str()));
        }
        self
    }
}

/// May this be the text of an SMS?
///
/// # Errors
/// It is too long, or names what there is not.
pub fn check_sms(text: &str) -> Result<(), Problem> {
    match Wording::read(text) {
        Ok(_) => Ok(()),
        Err(NoWording::TooLong) => {
            Err(Problem::new(ErrorCode::TextTooLong, "the text of an SMS is too long").limited(LONGEST))
        }
        Err(error) => Err(Problem::new(ErrorCode::SmsTextRefused, error.to_string())),
    }
}

/// A number, and whatever is written behind it; what begins with no number is left whole.
fn split(hotline: &str) -> (&str, &str) {
    let apart = |c: char| c.is_whitespace() || "()（）,，;；".contains(c);
    let number =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || "+-–./".contains(c));
    let (mut at, mut end) = (0, 0);
    for word in hotline.split_inclusive(apart) {
        let bare = word.trim_end_matches(apart);
        if number(bare) {
            end = at + bare.len();
        } else if !bare.is_empty() {
            break;
        }
        at += word.len();
    }
    let (number, rest) = hotline.split_at(end);
    if number.is_empty() { (hotline, "") } else { (number, rest.trim_matches(apart)) }
}

fn is_own_path(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_behind_a_number_get_a_field_of_their_own() {
        for (kept, number, hours) in [
            ("400-0328-530（工作日 8:00–18:00）", "400-0328-530", "工作日 8:00–18:00"),
            ("400 0328 530 工作日", "400 0328 530", "工作日"),
            ("+49 (30) 1234-5, Mo–Fr 8–18", "+49 (30) 1234-5", "Mo–Fr 8–18"),
            ("400-0328-530 8:00-18:00", "400-0328-530", "8:00-18:00"),
            ("400-000-0000", "400-000-0000", ""),
            ("招生办公室", "招生办公室", ""),
            ("", "", ""),
        ] {
            let before = Institution { hotline: kept.to_owned(), ..Institution::default() };
            let now = before.with_own_hours();
            assert_eq!((now.hotline.as_str(), now.hotline_hours.as_str()), (number, hours), "{kept}");
            assert_eq!(now.clone().with_own_hours(), now);
        }
    }

    #[test]
    fn what_is_too_long_unknown_or_of_another_site_is_refused() {
        assert_eq!(Institution::default().check(), Ok(()));
        let code = |change: fn(&mut Institution)| {
            let mut institution = Institution::default();
            change(&mut institution);
            institution.check().map_err(|problem| problem.code)
        };
        assert_eq!(code(|i| i.institution = " ".into()), Err(ErrorCode::TextEmpty));
        assert_eq!(code(|i| i.hotline = "1".repeat(101)), Err(ErrorCode::TextTooLong));
        assert_eq!(code(|i| i.hotline_hours = "1".repeat(101)), Err(ErrorCode::TextTooLong));
        assert_eq!(code(|i| drop(i.texts.en.insert("x".into(), "y".into()))), Err(ErrorCode::Malformed));
        let sms =
            |i: &mut Institution, text: &str| drop(i.texts.zh.insert("sms_reminder".into(), text.into()));
        let mut institution = Institution::default();
        sms(&mut institution, "{name}：{code} {link}");
        assert_eq!(institution.check(), Ok(()));
        assert_eq!(institution.texts.clone().shown(), Texts::default(), "no page shows it");
        sms(&mut institution, "{password2}");
        assert_eq!(institution.check().map_err(|problem| problem.code), Err(ErrorCode::SmsTextRefused));
        sms(&mut institution, &"字".repeat(501));
        assert_eq!(institution.check().map_err(|problem| problem.code), Err(ErrorCode::TextTooLong));
        for logo in ["https://elsewhere.example/logo.png", "//elsewhere.example", "javascript:alert(1)"] {
            let institution = Institution { logo_url: Some(logo.to_owned()), ..Institution::default() };
            assert!(institution.check().is_err(), "{logo}");
        }
        assert_eq!(code(|i| i.logo_url = Some("/logo.svg".into())), Ok(()));
        for days in [0, 3651] {
            let institution = Institution { retention_days: Some(days), ..Institution::default() };
            assert!(institution.check().is_err(), "{days}");
        }
    }
}
