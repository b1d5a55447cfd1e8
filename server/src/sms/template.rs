//! Which template of a provider stands for which kind of message, and what fills it.

use super::NotSent;
use serde::{Deserialize, Deserializer, de};
use std::{collections::BTreeMap, str::FromStr};

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

/// The template of a kind.
pub(super) fn of_kind<'a>(templates: &'a [SmsTemplate], kind: &str) -> Result<&'a SmsTemplate, NotSent> {
    templates
        .iter()
        .find(|template| template.kind == kind)
        .ok_or_else(|| NotSent::Never(format!("the setting `sms_templates` has no template for {kind}")))
}

impl SmsTemplate {
    /// The values that fill the template, in its order, with its names.
    pub(super) fn filled<'a>(
        &'a self,
        params: &'a BTreeMap<String, String>,
    ) -> Result<Vec<(&'a str, &'a str)>, NotSent> {
        let value = |(theirs, ours): &'a (String, String)| match params.get(ours) {
            Some(value) => Ok((theirs.as_str(), value.as_str())),
            None => Err(NotSent::Never(format!("a message of the kind {} has no `{ours}`", self.kind))),
        };
        self.parameters.iter().map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_reads_with_and_without_parameters_of_other_names() {
        let template: SmsTemplate = "invitation = SMS_1:name:when=opens_at".parse().unwrap();
        assert_eq!((template.kind.as_str(), template.id.as_str()), ("invitation", "SMS_1"));
        let params = [("name", "李"), ("opens_at", "9:00"), ("more", "")];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(template.filled(&params).unwrap(), [("name", "李"), ("when", "9:00")]);
        assert_eq!("identity=9".parse::<SmsTemplate>().unwrap().parameters, []);
        let missing = template.filled(&BTreeMap::new()).unwrap_err().to_string();
        assert!(missing.contains("`name`"), "{missing}");
        for text in ["", "identity", "=SMS_1", "identity=", "identity=SMS_1:", "identity=SMS_1:a="] {
            assert_eq!(text.parse::<SmsTemplate>(), Err(NoTemplate), "{text}");
        }
    }
}
