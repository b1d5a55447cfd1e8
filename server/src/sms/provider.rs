//! From the settings to the provider.

use super::{
    SmsSender,
    alibaba::{self, Alibaba},
    request::Requests,
    tencent::{self, Tencent},
    twilio::{self, Twilio},
    webhook::{Template, Webhook},
};
use crate::{
    settings::{Settings, SettingsError, SmsProvider},
    store::MessageState,
};
use reqwest::{Method, Url, header::HeaderName};
use std::sync::Arc;

impl SmsProvider {
    /// Does a message in this state wait for a provider that is not set?
    pub fn keeps(self, state: MessageState) -> bool {
        self == Self::Outbox && matches!(state, MessageState::Queued | MessageState::Sending)
    }
}

/// The provider of the settings; none where messages stay in the outbox.
///
/// # Errors
/// A setting that this provider needs is missing or of no use; the text names it.
pub fn sender(settings: &Settings) -> Result<Option<Arc<dyn SmsSender>>, SettingsError> {
    if settings.sms == SmsProvider::Outbox {
        return Ok(None);
    }
    let requests = Requests::new(settings.sms_timeout.0, vec![settings.sms_key_secret.clone()])
        .map_err(|error| SettingsError(format!("no HTTP client for SMS: {error}")))?;
    let key_id = settings.sms_key_id.clone();
    let key_secret = settings.sms_key_secret.clone();
    let sign_name = settings.sms_sign_name.clone();
    let templates = settings.sms_templates.0.clone();
    match settings.sms {
        SmsProvider::Outbox => Ok(None),
        SmsProvider::Alibaba => {
            needs(settings, &["sms_key_id", "sms_key_secret", "sms_sign_name", "sms_templates"])?;
            let endpoint = url(&settings.sms_url, alibaba::ENDPOINT)?;
            Ok(Some(Arc::new(Alibaba { requests, endpoint, key_id, key_secret, sign_name, templates })))
        }
        SmsProvider::Tencent => {
            needs(settings, &["sms_key_id", "sms_key_secret", "sms_app_id", "sms_templates"])?;
            let endpoint = url(&settings.sms_url, tencent::ENDPOINT)?;
            let (region, app_id) = (settings.sms_region.clone(), settings.sms_app_id.clone());
            let tencent =
                Tencent { requests, endpoint, region, key_id, key_secret, app_id, sign_name, templates };
            Ok(Some(Arc::new(tencent)))
        }
        SmsProvider::Twilio => {
            needs(settings, &["sms_key_id", "sms_key_secret", "sms_from"])?;
            if !key_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(SettingsError("`sms_key_id` is no account SID of Twilio (AC…)".to_owned()));
            }
            let endpoint = url(&settings.sms_url, twilio::ENDPOINT)?;
            let (account, from) = (key_id, settings.sms_from.clone());
            Ok(Some(Arc::new(Twilio { requests, endpoint, account, token: key_secret, from })))
        }
        SmsProvider::Http => {
            needs(settings, &["sms_url"])?;
            Ok(Some(Arc::new(webhook(settings, requests)?)))
        }
    }
}

fn webhook(settings: &Settings, requests: Requests) -> Result<Webhook, SettingsError> {
    let method = Method::from_bytes(settings.sms_method.to_ascii_uppercase().as_bytes());
    let method = method.ok().filter(|method| [Method::GET, Method::POST, Method::PUT].contains(method));
    // Placeholders may stand anywhere but in the place of the scheme.
    if !settings.sms_url.starts_with("https://") && !settings.sms_url.starts_with("http://") {
        return Err(SettingsError("`sms_url` must begin with https://".to_owned()));
    }
    let mut headers = Vec::new();
    for line in settings.sms_headers.0.lines().filter(|line| !line.trim().is_empty()) {
        let header = line.split_once(':').and_then(|(name, value)| {
            Some((name.trim().parse::<HeaderName>().ok()?, Template::new(value.trim())))
        });
        headers.push(
            header.ok_or_else(|| SettingsError("`sms_headers` has a line that is no header".to_owned()))?,
        );
    }
    Ok(Webhook {
        requests,
        method: method.ok_or_else(|| SettingsError("`sms_method` must be POST, PUT or GET".to_owned()))?,
        url: Template::new(&settings.sms_url),
        headers,
        body: Template::new(&settings.sms_body.0),
        key_id: settings.sms_key_id.clone(),
        key_secret: settings.sms_key_secret.clone(),
        sign_name: settings.sms_sign_name.clone(),
        accepted: settings.sms_accepted.clone(),
    })
}

fn needs(settings: &Settings, names: &[&str]) -> Result<(), SettingsError> {
    let empty = |name: &&&str| match **name {
        "sms_key_id" => settings.sms_key_id.is_empty(),
        "sms_key_secret" => settings.sms_key_secret.0.is_empty(),
        "sms_sign_name" => settings.sms_sign_name.is_empty(),
        "sms_app_id" => settings.sms_app_id.is_empty(),
        "sms_from" => settings.sms_from.is_empty(),
        "sms_url" => settings.sms_url.is_empty(),
        _ => settings.sms_templates.0.is_empty(),
    };
    match names.iter().find(empty) {
        Some(name) => Err(SettingsError(format!("`{name}` is empty, and this provider of SMS needs it"))),
        None => Ok(()),
    }
}

fn url(given: &str, default: &str) -> Result<Url, SettingsError> {
    let text = if given.is_empty() { default } else { given };
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => Ok(url),
        _ => Err(SettingsError("`sms_url` is no address of a server: write https://…".to_owned())),
    }
}
