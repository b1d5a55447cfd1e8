//! Alibaba Cloud SMS: `SendSms` of the API version 2017-05-25, signed by ACS3-HMAC-SHA256 (“signature method V3”).

use super::{
    NotSent, SmsSender,
    request::Requests,
    sign::{date_and_time, hex, hmac_sha256, pairs, percent, sha256_hex},
    template::of_kind,
};
use crate::{
    random,
    settings::{Secret, SmsTemplate},
    store::NewMessage,
};
use async_trait::async_trait;
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// The address in the mainland of China.
pub(super) const ENDPOINT: &str = "https://dysmsapi.aliyuncs.com/";

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Sends by Alibaba Cloud.
#[derive(Debug)]
pub(super) struct Alibaba {
    pub requests: Requests,
    pub endpoint: Url,
    pub key_id: String,
    pub key_secret: Secret,
    pub sign_name: String,
    pub templates: Vec<SmsTemplate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    code: String,
    message: String,
    biz_id: String,
}

#[async_trait]
impl SmsSender for Alibaba {
    async fn send(&self, message: &NewMessage, time: Duration) -> Result<String, NotSent> {
        let template = of_kind(&self.templates, &message.kind)?;
        let filled = template.filled(&message.params)?;
        let params: Map<String, Value> =
            filled.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let (params, out_id) = (Value::Object(params).to_string(), format!("{:016x}", message.id));
        let number = message.phone.trim_start_matches('+');
        let query = [
            ("OutId", out_id.as_str()),
            // Numbers of the mainland go without the country, all others with it.
            ("PhoneNumbers", number.strip_prefix("86").unwrap_or(number)),
            ("SignName", &self.sign_name),
            ("TemplateCode", &template.id),
            ("TemplateParam", &params),
        ];
        let host = host(&self.endpoint);
        let (date, nonce, body_digest) = (iso(time), random::hex::<16>(), sha256_hex(b""));
        let headers = [
            ("host", host.as_str()),
            ("x-acs-action", "SendSms"),
            ("x-acs-content-sha256", &body_digest),
            ("x-acs-date", &date),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-version", "2017-05-25"),
        ];
        let authorization = authorization(&self.key_id, &self.key_secret, &query, &headers);
        let mut url = self.endpoint.clone();
        url.set_query(Some(&pairs(query)));
        let mut request = self.requests.client.post(url).header("authorization", authorization);
        for (name, value) in headers.into_iter().skip(1) {
            request = request.header(name, value);
        }
        let answer = self.requests.answer(request).await?;
        let read: Answer = serde_json::from_str(&answer.body).unwrap_or_default();
        if answer.status.is_success() && read.code == "OK" {
            return Ok(read.biz_id);
        }
        let told = if read.code.is_empty() {
            self.requests.told(answer.status, &answer.body)
        } else {
            self.requests.told(answer.status, &format!("{} {}", read.code, read.message))
        };
        Err(if is_passing(&read.code) { NotSent::Later(told) } else { NotSent::Never(told) })
    }
}

/// Codes of a state that passes, or that the institution can end.
fn is_passing(code: &str) -> bool {
    let beginnings =
        ["Throttling", "ServiceUnavailable", "InternalError", "isp.", "isv.BUSINESS_LIMIT_CONTROL"];
    let others =
        ["isv.AMOUNT_NOT_ENOUGH", "isv.DAY_LIMIT_CONTROL", "isv.OUT_OF_SERVICE", "SignatureNonceUsed"];
    code.is_empty() || beginnings.iter().any(|start| code.starts_with(start)) || others.contains(&code)
}

/// The value of `Authorization` for a `POST /` without a body; query and headers in the order of their names.
fn authorization(key_id: &str, secret: &Secret, query: &[(&str, &str)], headers: &[(&str, &str)]) -> String {
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let mut sorted = query.to_vec();
    sorted.sort_unstable_by_key(|(name, _)| percent(name));
    let mut canonical = format!("POST\n/\n{}\n", pairs(sorted));
    for (name, value) in headers {
        canonical.push_str(&format!("{name}:{}\n", value.trim()));
    }
    canonical.push_str(&format!("\n{names}\n{}", sha256_hex(b"")));
    let to_sign = format!("{ALGORITHM}\n{}", sha256_hex(canonical.as_bytes()));
    let signature = hex(&hmac_sha256(secret.0.as_bytes(), to_sign.as_bytes()));
    format!("{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}")
}

fn iso(time: Duration) -> String {
    let (year, month, day, hour, minute, second) = date_and_time(time.as_secs());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The value of `Host` as the client writes it.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// “Request syntax and signature method V3”, the example with fixed parameters.
    #[test]
    fn a_signature_is_that_of_the_documented_example() {
        let query =
            [("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")];
        let headers = [
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
        ];
        let secret = Secret("YourAccessKeySecret".to_owned());
        assert_eq!(
            authorization("YourAccessKeyId", &secret, &query, &headers),
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;\
             x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        );
    }

    #[test]
    fn a_time_is_written_as_the_service_reads_it() {
        assert_eq!(iso(Duration::from_secs(1_698_315_752)), "2023-10-26T10:22:32Z");
    }
}
