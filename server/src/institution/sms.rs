//! The SMS as an institution words them, with what stands in their places.

use super::Institution;
use crate::{
    settings::Settings,
    sms::{Placeholder, Says, SmsText, Values, Wording, Written, mark_of_trials, signature},
};
use viva_interview::Language;

/// What a message tells somebody, apart from what the institution says of itself.
#[derive(Debug, Clone)]
pub struct Told {
    /// The person's name.
    pub name: String,
    /// The interview's name.
    pub interview: String,
    /// When it begins for this person, with the time zone.
    pub time: String,
    /// The invitation's code.
    pub code: String,
    /// The invitation's link.
    pub link: String,
    /// What there is to say of a password.
    pub password: ToldPassword,
    /// Since when its rehearsal is open, with the time zone; `None` while none is.
    pub rehearsal: Option<String>,
    /// It is told to nobody: an administrator looks at how it arrives.
    pub trial: bool,
}

/// What a message says of the invitation's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldPassword {
    /// There is none.
    None,
    /// This one.
    Is(String),
    /// That it comes another way: it is kept as a digest alone.
    Separately,
}

impl ToldPassword {
    /// As a message says it.
    pub fn words(&self, language: Language) -> &str {
        match (self, language) {
            (Self::Is(password), _) => password,
            (Self::None, Language::Zh) => "无",
            (Self::None, Language::En) => "none",
            (Self::Separately, Language::Zh) => "另行告知",
            (Self::Separately, Language::En) => "you will get it separately",
        }
    }
}

impl Institution {
    /// A message in the institution's words, or in these; with what a provider's template is filled with.
    pub fn sms(
        &self,
        settings: &Settings,
        text: SmsText,
        own: Option<&str>,
        told: &Told,
    ) -> (Written, Values) {
        let values = self.values(told);
        let says = Says {
            password: told.password != ToldPassword::None,
            // A trial shows the words as they usually are.
            rehearsal: told.rehearsal.is_some() && !told.trial,
            hotline: !self.hotline.is_empty(),
        };
        let usual = text.usual(self.sms_language, says);
        let own = own.unwrap_or_else(|| self.own_words(text)).trim();
        let words = if own.is_empty() { usual.as_str() } else { own };
        // What cannot be read was never kept; the usual words can be read.
        let wording = Wording::read(words).or_else(|_| Wording::read(&usual));
        let mark = if told.trial { mark_of_trials(self.sms_language) } else { "" };
        let signature = format!("{}{mark}", self.signature(settings));
        let written = wording.map(|wording| wording.written(&signature, &values));
        (written.unwrap_or_default(), values)
    }

    /// What stands before each message: the signature that the provider knows, or the institution's name.
    pub fn signature(&self, settings: &Settings) -> String {
        let known = settings.sms_sign_name.trim();
        signature(if known.is_empty() { &self.institution } else { known }, self.sms_language)
    }

    /// Its own words for a message; empty where it has none.
    fn own_words(&self, text: SmsText) -> &str {
        let texts = match self.sms_language {
            Language::Zh => &self.texts.zh,
            Language::En => &self.texts.en,
        };
        texts.get(text.setting()).map(String::as_str).unwrap_or_default()
    }

    fn values(&self, told: &Told) -> Values {
        let Told { name, interview, time, code, link, password, rehearsal, .. } = told.clone();
        let rehearsal =
            rehearsal.unwrap_or_else(|| self.sms_language.of("暂无", "none at present").to_owned());
        Values::new([
            (Placeholder::Name, name),
            (Placeholder::Interview, interview),
            (Placeholder::Time, time),
            (Placeholder::Code, code),
            (Placeholder::Link, link),
            (Placeholder::Password, password.words(self.sms_language).to_owned()),
            (Placeholder::Rehearsal, rehearsal),
            (Placeholder::Hotline, self.whom_to_call()),
        ])
    }

    fn whom_to_call(&self) -> String {
        let Self { hotline, hotline_hours: hours, .. } = self;
        match (hours.is_empty(), self.sms_language) {
            (true, _) => hotline.clone(),
            (false, Language::Zh) => format!("{hotline}（{hours}）"),
            (false, Language::En) => format!("{hotline} ({hours})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Sources;

    fn told(password: ToldPassword) -> Told {
        Told {
            name: "李华".to_owned(),
            interview: "复试".to_owned(),
            time: "2026-12-01 09:00".to_owned(),
            code: "ABCD-2345-EFGH".to_owned(),
            link: "https://viva.example/i#ABCD-2345-EFGH".to_owned(),
            password,
            rehearsal: None,
            trial: false,
        }
    }

    #[test]
    fn a_message_says_when_how_and_whom_to_call() {
        let settings = Sources::default().load().unwrap();
        let institution = Institution {
            institution: "示例大学".to_owned(),
            hotline: "400-0328-530".to_owned(),
            hotline_hours: "工作日 8:00–18:00".to_owned(),
            ..Institution::default()
        };
        let text = |institution: &Institution, password| {
            institution.sms(&settings, SmsText::Invitation, None, &told(password)).0.text
        };
        assert_eq!(
            text(&institution, ToldPassword::Separately),
            "【示例大学】李华，您好！邀请码：ABCD-2345-EFGH，密码：另行告知。请参加复试，时间：2026-12-01 09:00。\
             进入面谈：https://viva.example/i#ABCD-2345-EFGH 咨询电话：400-0328-530（工作日 8:00–18:00）"
        );
        assert!(!text(&institution, ToldPassword::None).contains("密码"));
        // What somebody chose as a password is no place of ours.
        let said = text(&institution, ToldPassword::Is("{code}".to_owned()));
        assert!(said.contains("，密码：{code}。请参加"), "{said}");

        let mut english = Institution { sms_language: Language::En, ..institution.clone() };
        english.institution = "Example University".to_owned();
        let said = text(&english, ToldPassword::None);
        assert!(said.starts_with("Example University: 李华, your code is ABCD-2345-EFGH. 复试: "), "{said}");
        english.texts.en.insert("sms_invitation".to_owned(), "{code} {password}".to_owned());
        english.texts.zh.insert("sms_invitation".to_owned(), "另一种语言".to_owned());
        assert_eq!(text(&english, ToldPassword::None), "Example University: ABCD-2345-EFGH none");
    }

    #[test]
    fn while_a_rehearsal_is_open_a_message_says_since_when() {
        let settings = Sources::default().load().unwrap();
        let institution = Institution { institution: "示例大学".to_owned(), ..Institution::default() };
        let since = "2026-11-30 14:00（北京时间，UTC+8）".to_owned();
        let open = Told { rehearsal: Some(since), ..told(ToldPassword::None) };
        let text = |told: &Told, own| institution.sms(&settings, SmsText::Reminder, own, told).0.text;
        assert_eq!(
            text(&open, None),
            "【示例大学】李华，提醒您尽早完成设备检测。邀请码：ABCD-2345-EFGH。请参加复试，时间：2026-12-01 09:00。\
             进入面谈：https://viva.example/i#ABCD-2345-EFGH 演练已于2026-11-30 14:00（北京时间，UTC+8）开始，\
             现在进入的是演练。"
        );
        assert!(!text(&told(ToldPassword::None), None).contains("演练"));
        let own = Some("演练：{rehearsal}");
        assert_eq!(text(&open, own), "【示例大学】演练：2026-11-30 14:00（北京时间，UTC+8）");
        assert_eq!(text(&told(ToldPassword::None), own), "【示例大学】演练：暂无");
        // A trial of the usual words is what the page draws.
        let trial = Told { trial: true, ..open };
        assert_eq!(text(&trial, own), "【示例大学】（试发）演练：2026-11-30 14:00（北京时间，UTC+8）");
        assert!(!text(&trial, None).contains("演练"));
    }

    #[test]
    fn the_signature_is_the_one_that_the_provider_knows() {
        let settings =
            Sources { flags: [("sms_sign_name".into(), "示例招生".into())].into(), ..Sources::default() };
        let settings = settings.load().unwrap();
        let institution = Institution::default();
        let (written, values) =
            institution.sms(&settings, SmsText::Reminder, Some("{code}"), &told(ToldPassword::None));
        assert_eq!(written.text, "【示例招生】ABCD-2345-EFGH");
        assert_eq!(values.named()["time"], "2026-12-01 09:00");
    }
}
