//! Twilio: the resource `Messages` of the API version 2010-04-01.

use super::{NotSent, SmsSender, request::Requests, sign::pairs};
use crate::{settings::Secret, store::NewMessage};
use async_trait::async_trait;
use reqwest::Url;
use serde::Deserialize;
use std::time::Duration;

/// The address of the API.
pub(super) const ENDPOINT: &str = "https://api.twilio.com/";

/// Sends by Twilio.
#[derive(Debug)]
pub(super) struct Twilio {
    pub requests: Requests,
    pub endpoint: Url,
    pub account: String,
    pub token: Secret,
    /// A number, or the id of a messaging service (`MG…`).
    pub from: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    sid: String,
    code: Option<u64>,
    message: Option<String>,
}

#[async_trait]
impl SmsSender for Twilio {
    async fn send(&self, message: &NewMessage, _: Duration) -> Result<String, NotSent> {
        let mut url = self.endpoint.clone();
        url.set_path(&format!("/2010-04-01/Accounts/{}/Messages.json", self.account));
        let from = if self.from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let body = pairs([("To", message.phone.as_str()), (from, &self.from), ("Body", &message.text)]);
        let request = self
            .requests
            .client
            .post(url)
            .basic_auth(&self.account, Some(&self.token.0))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = self.requests.answer(request).await?;
        let read: Answer = serde_json::from_str(&answer.body).unwrap_or_default();
        if answer.status.is_success() && !read.sid.is_empty() {
            return Ok(read.sid);
        }
        let told = match (read.code, read.message) {
            (Some(code), Some(message)) => self.requests.told(answer.status, &format!("{code} {message}")),
            _ => self.requests.told(answer.status, &answer.body),
        };
        Err(NotSent::Never(told))
    }
}
