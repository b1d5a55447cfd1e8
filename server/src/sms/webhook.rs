//! Any other provider: one HTTP request, made from templates of URL, headers and body.

use super::{NotSent, SmsSender, request::Requests, sign::percent};
use crate::{settings::Secret, store::NewMessage};
use async_trait::async_trait;
use reqwest::{Method, Url, header::HeaderName};
use std::{borrow::Cow, fmt, time::Duration};

/// Sends by a request whose parts hold placeholders: `{phone}`, `{number}` (without `+`), `{text}`, `{kind}`, `{id}`,
/// `{key_id}`, `{key_secret}`, `{sign_name}`, and each parameter of the message by its name.
#[derive(Debug)]
pub(super) struct Webhook {
    pub requests: Requests,
    pub method: Method,
    pub url: Template,
    pub headers: Vec<(HeaderName, Template)>,
    pub body: Template,
    pub key_id: String,
    pub key_secret: Secret,
    pub sign_name: String,
    /// Besides a status of success, the answer must contain this.
    pub accepted: String,
}

/// A text with placeholders. `Debug` does not show it: there may be a key in it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

#[derive(Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(String),
}

/// How a value is written into its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    Nothing,
    Percent,
    Json,
    Xml,
}

impl Template {
    /// A placeholder is a lower-case name in braces; other braces are text.
    pub fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut plain = String::new();
        while let Some(at) = rest.find('{') {
            plain.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let name = after.split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
            if let Some(name) = name {
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(Part::Placeholder(name.to_owned()));
                rest = &after[name.len() + 1..];
            } else {
                plain.push('{');
                rest = after;
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Self(parts)
    }

    fn filled<'a>(
        &self,
        escape: Escape,
        value: impl Fn(&str) -> Option<Cow<'a, str>>,
    ) -> Result<String, NotSent> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Placeholder(name) => match value(name) {
                    Some(value) => text.push_str(&escape.apply(&value)),
                    None => return Err(NotSent::Never(format!("this message has no `{name}`"))),
                },
            }
        }
        Ok(text)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template(…)")
    }
}

impl Escape {
    /// What the body is, by its type; without one: JSON by its look.
    fn of_body(content_type: Option<&str>, body: &Template) -> Self {
        let looks_like_json =
            || matches!(body.0.first(), Some(Part::Text(text)) if text.trim_start().starts_with(['{', '[']));
        match content_type.map(str::to_ascii_lowercase) {
            Some(kind) if kind.contains("json") => Self::Json,
            Some(kind) if kind.contains("urlencoded") => Self::Percent,
            Some(kind) if kind.contains("xml") => Self::Xml,
            Some(_) => Self::Nothing,
            None if looks_like_json() => Self::Json,
            None => Self::Percent,
        }
    }

    fn apply(self, value: &str) -> String {
        match self {
            Self::Nothing => value.to_owned(),
            Self::Percent => percent(value),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
            }
            Self::Xml => value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&apos;"),
        }
    }
}

#[async_trait]
impl SmsSender for Webhook {
    async fn send(&self, message: &NewMessage, _: Duration) -> Result<String, NotSent> {
        let id = format!("{:016x}", message.id);
        let value = |name: &str| {
            Some(Cow::Borrowed(match name {
                "phone" => message.phone.as_str(),
                "number" => message.phone.trim_start_matches('+'),
                "text" => &message.text,
                "kind" => &message.kind,
                "id" => return Some(Cow::Owned(id.clone())),
                "key_id" => &self.key_id,
                "key_secret" => &self.key_secret.0,
                "sign_name" => &self.sign_name,
                name => message.params.get(name)?,
            }))
        };
        let url = self.url.filled(Escape::Percent, value)?;
        let url =
            Url::parse(&url).map_err(|error| NotSent::Never(format!("the URL of `sms_url`: {error}")))?;
        let mut request = self.requests.client.request(self.method.clone(), url);
        let mut content_type = None;
        for (name, template) in &self.headers {
            // What would begin another header is refused by the client before anything is sent.
            let value = template.filled(Escape::Nothing, value)?;
            content_type = if name == "content-type" { Some(value.clone()) } else { content_type };
            request = request.header(name, value);
        }
        let escape = Escape::of_body(content_type.as_deref(), &self.body);
        let body = self.body.filled(escape, value)?;
        if !body.is_empty() {
            if content_type.is_none() {
                let kind = if escape == Escape::Json { "json" } else { "x-www-form-urlencoded" };
                request = request.header("content-type", format!("application/{kind}"));
            }
            request = request.body(body);
        }
        let answer = self.requests.answer(request).await?;
        if answer.status.is_success() && answer.body.contains(&self.accepted) {
            return Ok(String::new());
        }
        let told = self.requests.told(answer.status, &answer.body);
        // A status of success with another text: many tell so of limits, and of faults that pass.
        Err(if answer.status.is_success() { NotSent::Later(told) } else { NotSent::Never(told) })
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, escape: Escape) -> String {
        let value = |name: &str| (name == "text").then_some(Cow::Borrowed("“a\"\\\n& <考>”"));
        Template::new(template).filled(escape, value).unwrap()
    }

    #[test]
    fn a_value_cannot_leave_its_place() {
        let json = filled(r#"{"to":{"text":"{text}"}}"#, Escape::Json);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["to"]["text"], "“a\"\\\n& <考>”");
        assert_eq!(
            filled("a={text}&b", Escape::Percent),
            "a=%E2%80%9Ca%22%5C%0A%26%20%3C%E8%80%83%3E%E2%80%9D&b"
        );
        assert_eq!(filled("<t>{text}</t>", Escape::Xml), "<t>“a&quot;\\\n&amp; &lt;考&gt;”</t>");
    }

    #[test]
    fn other_braces_are_text() {
        for text in ["{", "}", "{}", "{ text }", "{\"a\":{}}", "{Text}", "a{b"] {
            assert_eq!(filled(text, Escape::Nothing), text);
        }
        let unknown = Template::new("{nothing}").filled(Escape::Nothing, |_| None).unwrap_err();
        assert!(unknown.to_string().contains("`nothing`"));
    }
}
