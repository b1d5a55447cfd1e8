//! Which template of a provider stands for which kind of message, and what fills it.

use super::NotSent;
use crate::settings::SmsTemplate;
use std::collections::BTreeMap;

/// The template of a kind. A trial goes by that of which it is one; where there is none of a reminder, it goes as an
/// invitation, which says the same.
pub(super) fn of_kind<'a>(templates: &'a [SmsTemplate], kind: &str) -> Result<&'a SmsTemplate, NotSent> {
    let named = |kind: &str| templates.iter().find(|template| template.kind == kind);
    let real = kind.strip_prefix("trial_").unwrap_or(kind);
    let instead = (real == "reminder").then(|| named("invitation")).flatten();
    named(real)
        .or(instead)
        .ok_or_else(|| NotSent::Never(format!("the setting `sms_templates` has no template for {real}")))
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
    fn a_reminder_goes_by_its_own_template_or_that_of_an_invitation() {
        let templates: Vec<SmsTemplate> =
            ["invitation=1", "identity=2"].map(|text| text.parse().unwrap()).into();
        let id = |templates: &[SmsTemplate], kind: &str| of_kind(templates, kind).map(|one| one.id.clone());
        for kind in ["invitation", "reminder", "trial_invitation", "trial_reminder"] {
            assert_eq!(id(&templates, kind).as_deref(), Ok("1"), "{kind}");
        }
        let own = [templates, vec!["reminder=3".parse().unwrap()]].concat();
        assert_eq!(id(&own, "trial_reminder").as_deref(), Ok("3"));
        assert!(id(&own[1..2], "reminder").is_err());
    }

    #[test]
    fn a_template_is_filled_by_parameters_of_its_own_names_and_ours() {
        let template: SmsTemplate = "invitation = SMS_1:name:when=opens_at".parse().unwrap();
        assert_eq!((template.kind.as_str(), template.id.as_str()), ("invitation", "SMS_1"));
        let params = [("name", "李"), ("opens_at", "9:00"), ("more", "")];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(template.filled(&params).unwrap(), [("name", "李"), ("when", "9:00")]);
        let missing = template.filled(&BTreeMap::new()).unwrap_err().to_string();
        assert!(missing.contains("`name`"), "{missing}");
    }
}
