//! What an SMS says: the institution's own words with placeholders, or the usual ones.

use super::parts::{Length, SmsAlphabet};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range};
use utoipa::ToSchema;
use viva_interview::Language;

/// Characters of a text with its placeholders.
pub const LONGEST: usize = 500;

/// An SMS that institutions may word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmsText {
    /// That somebody is invited, when and where.
    Invitation,
    /// The same once more, to who has not passed the checks.
    Reminder,
}

/// What a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Placeholder {
    /// The person's name.
    Name,
    /// The interview's name.
    Interview,
    /// When it begins for this person, with the time zone.
    Time,
    /// The invitation's code.
    Code,
    /// The invitation's link.
    Link,
    /// The invitation's password, or that it comes separately, or that there is none.
    Password,
    /// Since when its rehearsal is open, with the time zone, or that none is.
    Rehearsal,
    /// The number to call, and when.
    Hotline,
}

/// A text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording<'a>(Vec<Piece<'a>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Value(Placeholder),
}

/// Why a text cannot be one of an SMS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWording {
    /// It has more than [`LONGEST`] characters.
    #[error("the text is too long")]
    TooLong,
    /// Nothing has this name.
    #[error(
        "there is no {{{0}}}: write {{name}}, {{interview}}, {{time}}, {{code}}, {{link}}, {{password}}, {{rehearsal}} or {{hotline}}"
    )]
    Unknown(String),
    /// It stands there more than once.
    #[error("{{{0}}} stands there twice: write it once")]
    Twice(&'static str),
    /// A brace is not closed.
    #[error("a brace is not closed: write placeholders as {{name}}")]
    Open,
}

/// What there is to say in the usual words beside what they always say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Says {
    /// The invitation has a password.
    pub password: bool,
    /// A rehearsal is open: that is where the code leads now.
    pub rehearsal: bool,
    /// The institution has a hot-line.
    pub hotline: bool,
}

/// What stands in the places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values(BTreeMap<Placeholder, String>);

/// A message as it goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// With its signature.
    pub text: String,
    places: Vec<(Placeholder, Range<usize>)>,
}

/// How long a message is, and what of it is torn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SmsSize {
    /// What it is sent as.
    pub alphabet: SmsAlphabet,
    /// Septets, or units of UTF-16.
    pub units: usize,
    /// Messages that it takes.
    pub parts: usize,
    /// What begins in one of them and ends in another: of link, code and password.
    pub cut: Vec<Placeholder>,
}

/// What stands before a message that nobody but its sender is to read.
pub const fn mark_of_trials(language: Language) -> &'static str {
    language.of("（试发）", "(Trial) ")
}

impl SmsText {
    /// Its name among the institution's texts.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Invitation => "sms_invitation",
            Self::Reminder => "sms_reminder",
        }
    }

    /// Its kind in the outbox.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
        }
    }

    /// Its kind where it is a trial.
    pub const fn kind_of_trial(self) -> &'static str {
        match self {
            Self::Invitation => "trial_invitation",
            Self::Reminder => "trial_reminder",
        }
    }

    /// The usual words, without what there is nothing to say of. The code stands in front, where it is in the first part
    /// whatever follows.
    pub fn usual(self, language: Language, says: Says) -> String {
        let opening = match self {
            Self::Invitation => language.of("{name}，您好！邀请码：{code}", "{name}, your code is {code}"),
            Self::Reminder => language.of(
                "{name}，提醒您尽早完成设备检测。邀请码：{code}",
                "{name}, please check your devices early. Code: {code}",
            ),
        };
        let password =
            if says.password { language.of("，密码：{password}", ", password: {password}") } else { "" };
        let way = language.of(
            "。请参加{interview}，时间：{time}。进入面谈：{link} ",
            ". {interview}: {time}. Enter: {link} ",
        );
        let rehearsal = if says.rehearsal {
            language.of(
                "演练已于{rehearsal}开始，现在进入的是演练。",
                "A rehearsal is open since {rehearsal}: enter now to try everything. ",
            )
        } else {
            ""
        };
        let hotline =
            if says.hotline { language.of("咨询电话：{hotline}", "Help: {hotline}") } else { "" };
        format!("{opening}{password}{way}{rehearsal}{hotline}").trim_end().to_owned()
    }
}

impl Placeholder {
    const ALL: [Self; 8] = [
        Self::Name,
        Self::Interview,
        Self::Time,
        Self::Code,
        Self::Link,
        Self::Password,
        Self::Rehearsal,
        Self::Hotline,
    ];

    /// Its name, in a text between braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Interview => "interview",
            Self::Time => "time",
            Self::Code => "code",
            Self::Link => "link",
            Self::Password => "password",
            Self::Rehearsal => "rehearsal",
            Self::Hotline => "hotline",
        }
    }
}

impl<'a> Wording<'a> {
    /// Reads a text. Each placeholder stands there once at most, so that what comes of it has a bound.
    ///
    /// # Errors
    /// [`NoWording`].
    pub fn read(text: &'a str) -> Result<Self, NoWording> {
        if text.chars().count() > LONGEST {
            return Err(NoWording::TooLong);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or(NoWording::Open)?;
            let place = Placeholder::ALL.into_iter().find(|place| place.name() == name);
            let place = place.ok_or_else(|| NoWording::Unknown(name.chars().take(40).collect::<String>()))?;
            if pieces.contains(&Piece::Value(place)) {
                return Err(NoWording::Twice(place.name()));
            }
            pieces.extend([Piece::Text(before), Piece::Value(place)]);
            rest = behind;
        }
        pieces.push(Piece::Text(rest));
        Ok(Self(pieces))
    }

    /// With the values in their places, behind the signature.
    pub fn written(&self, signature: &str, values: &Values) -> Written {
        let (mut text, mut places) = (signature.to_owned(), Vec::new());
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Value(place) => {
                    let start = text.len();
                    text.push_str(values.0.get(place).map(String::as_str).unwrap_or_default());
                    places.push((*place, start..text.len()));
                }
            }
        }
        Written { text, places }
    }
}

impl Values {
    /// These values; what is not among them is empty.
    pub fn new(values: impl IntoIterator<Item = (Placeholder, String)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// By the names of the placeholders, as providers with templates are given them.
    pub fn named(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(place, value)| (place.name().to_owned(), value.clone())).collect()
    }
}

impl Written {
    /// How long it is.
    pub fn size(&self) -> SmsSize {
        let length = Length::of(&self.text);
        let whole = [Placeholder::Link, Placeholder::Code, Placeholder::Password];
        let torn =
            |(place, piece): &&(Placeholder, Range<usize>)| whole.contains(place) && length.cuts(piece);
        let cut = self.places.iter().filter(torn).map(|(place, _)| *place).collect();
        SmsSize { alphabet: length.alphabet, units: length.units, parts: length.parts, cut }
    }
}

/// What stands before a message: who sends it.
pub fn signature(sender: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("【{sender}】"),
        Language::En => format!("{sender}: "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::new(Placeholder::ALL.map(|place| (place, format!("<{}>", place.name()))))
    }

    #[test]
    fn values_take_their_places_behind_the_signature() {
        let wording = Wording::read("{name}：{code}，{link} }好").unwrap();
        let written = wording.written(&signature("大学", Language::Zh), &values());
        assert_eq!(written.text, "【大学】<name>：<code>，<link> }好");
        let nothing = wording.written("", &Values::new([]));
        assert_eq!(nothing.text, "：， }好");
    }

    #[test]
    fn what_no_text_can_have_is_refused_with_a_sentence() {
        for (text, said) in [
            ("{Name}", "no {Name}"),
            ("{zone}", "no {zone}"),
            ("{}", "no {}"),
            ("{ code }", "no { code }"),
            ("{code} {code}", "{code} stands there twice"),
            ("{code", "not closed"),
            ("{{code}}", "no {{code}"),
        ] {
            let error = Wording::read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        assert_eq!(Wording::read(&"字".repeat(LONGEST + 1)), Err(NoWording::TooLong));
        assert!(Wording::read(&"字".repeat(LONGEST)).is_ok());
    }

    #[test]
    fn the_usual_words_say_what_there_is_to_say_and_no_more() {
        for text in [SmsText::Invitation, SmsText::Reminder] {
            for language in [Language::Zh, Language::En] {
                let all = Says { password: true, rehearsal: true, hotline: true };
                let full = text.usual(language, all);
                let written = Wording::read(&full).unwrap().written("", &values()).text;
                for place in Placeholder::ALL {
                    assert!(written.contains(&format!("<{}>", place.name())), "{written}");
                }
                let short = text.usual(language, Says { password: false, rehearsal: false, hotline: false });
                let written = Wording::read(&short).unwrap().written("", &values()).text;
                for place in ["<password>", "<rehearsal>", "<hotline>"] {
                    assert!(!written.contains(place), "{written}");
                }
                assert!(written.ends_with("<link>"), "{written}");
            }
        }
    }

    #[test]
    fn a_link_between_two_parts_is_told_and_a_name_is_not() {
        let long = "字".repeat(60);
        let link = "https://viva.example/i#ABCD-2345-EFGH".to_owned();
        let values = Values::new([(Placeholder::Link, link), (Placeholder::Name, long)]);
        let size = |text: &str| Wording::read(text).unwrap().written("", &values).size();
        assert_eq!(size("{name} {link}").cut, [Placeholder::Link]);
        assert_eq!(size("{link} {name}").cut, []);
        assert_eq!((size("{name}").parts, size("{link} {name}").parts), (1, 2));
    }
}
