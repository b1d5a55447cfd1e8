//! Who sends SMS, and by which templates.

use serde::{Deserialize, Deserializer, de};
use std::str::FromStr;

/// Who sends SMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsProvider {
    /// Nobody: they stay in the outbox.
    Outbox,
    /// Alibaba Cloud.
    Alibaba,
    /// Tencent Cloud.
    Tencent,
    /// Twilio.
    Twilio,
    /// Whoever takes an HTTP request.
    Http,
}

impl SmsProvider {
    /// The word of the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Alibaba => "alibaba",
            Self::Tencent => "tencent",
            Self::Twilio => "twilio",
            Self::Http => "http",
        }
    }
}

/// `identity=SMS_154950909:code`, or with other names than ours: `identity=SMS_154950909:verify=code`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsTemplate {
    /// The kind of message: `identity`, `invitation`, ….
    pub kind: String,
    /// The provider's id of the template.
    pub id: String,
    /// What fills it, in its order: the template's name of it, and ours.
    pub parameters: Vec<(String, String)>,
}

/// The text is no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a template as kind=id:parameter:parameter")]
pub struct NoTemplate;

impl FromStr for SmsTemplate {
    type Err = NoTemplate;

    fn from_str(text: &str) -> Result<Self, NoTemplate> {
        let (kind, rest) = text.split_once('=').ok_or(NoTemplate)?;
        let mut parts = rest.split(':').map(str::trim);
        let id = parts.next().unwrap_or_default();
        let parameters: Vec<(String, String)> = parts
            .map(|part| part.split_once('=').unwrap_or((part, part)))
            .map(|(theirs, ours)| (theirs.trim().to_owned(), ours.trim().to_owned()))
            .collect();
        let named = parameters.iter().flat_map(|(theirs, ours)| [theirs, ours]);
        if kind.trim().is_empty() || id.is_empty() || named.into_iter().any(String::is_empty) {
            return Err(NoTemplate);
        }
        Ok(Self { kind: kind.trim().to_owned(), id: id.to_owned(), parameters })
    }
}

impl<'de> Deserialize<'de> for SmsTemplate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_reads_with_and_without_parameters() {
        assert_eq!("identity=9".parse::<SmsTemplate>().unwrap().parameters, []);
        for text in ["", "identity", "=SMS_1", "identity=", "identity=SMS_1:", "identity=SMS_1:a="] {
            assert_eq!(text.parse::<SmsTemplate>(), Err(NoTemplate), "{text}");
        }
    }
}
