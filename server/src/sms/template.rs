//! Which template of a provider stands for which kind of message, and what fills it.

use super::NotSent;
use crate::settings::SmsTemplate;
use std::collections::BTreeMap;

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
