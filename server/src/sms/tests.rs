//! Providers and delivery against a small HTTP server that records what comes and answers as told.

mod delivery;
mod providers;
mod server;

use crate::{
    settings::{Settings, Sources},
    store::NewMessage,
};
use server::Server;

/// Settings that name a provider at this server, and these besides.
fn settings(provider: &str, server: &Server, others: &[(&str, &str)]) -> Settings {
    let url = server.url();
    let base = [
        ("sms", provider),
        ("sms_url", url.as_str()),
        ("sms_key_id", "AKID"),
        ("sms_key_secret", "hunter2hunter2"),
        ("sms_sign_name", "某某大学"),
        ("sms_app_id", "1400006666"),
        ("sms_from", "+12125550100"),
        ("sms_templates", "identity=SMS_1:verify=code,invitation=SMS_2:name:code"),
        ("sms_timeout", "2s"),
    ];
    let flags = base.iter().chain(others).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Sources { flags: flags.collect(), ..Sources::default() }.load().unwrap()
}

/// A message with a code.
fn message(id: u64) -> NewMessage {
    NewMessage {
        id,
        interview: None,
        seat: None,
        at: 1000,
        phone: "+8613800001234".to_owned(),
        text: "您的验证码是 123456，5 分钟内有效。".to_owned(),
        kind: "identity".to_owned(),
        params: [("code".to_owned(), "123456".to_owned())].into(),
        urgent: true,
        expires_at: 100_000_000,
    }
}
