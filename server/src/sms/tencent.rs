//! Tencent Cloud SMS: `SendSms` of the API version 2021-01-11, signed by TC3-HMAC-SHA256 (“signature v3”).

use super::{
    NotSent, SmsSender,
    alibaba::host,
    request::Requests,
    sign::{date_and_time, hex, hmac_sha256, sha256_hex},
    template::of_kind,
};
use crate::{
    settings::{Secret, SmsTemplate},
    store::NewMessage,
};
use async_trait::async_trait;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// The address that leads to the nearest region.
pub(super) const ENDPOINT: &str = "https://sms.tencentcloudapi.com/";

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Sends by Tencent Cloud.
#[derive(Debug)]
pub(super) struct Tencent {
    pub requests: Requests,
    pub endpoint: Url,
    pub region: String,
    pub key_id: String,
    pub key_secret: Secret,
    pub app_id: String,
    pub sign_name: String,
    pub templates: Vec<SmsTemplate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    response: Response,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Response {
    error: Status,
    send_status_set: Vec<Status>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Status {
    code: String,
    message: String,
    serial_no: String,
}

#[async_trait]
impl SmsSender for Tencent {
    async fn send(&self, message: &NewMessage, time: Duration) -> Result<String, NotSent> {
        let template = of_kind(&self.templates, &message.kind)?;
        let values: Vec<&str> =
            template.filled(&message.params)?.into_iter().map(|(_, value)| value).collect();
        let payload = json!({
            "PhoneNumberSet": [message.phone],
            "SmsSdkAppId": self.app_id,
            "SignName": self.sign_name,
            "TemplateId": template.id,
            "TemplateParamSet": values,
            "SessionContext": format!("{:016x}", message.id),
        })
        .to_string();
        let host = host(&self.endpoint);
        let signed = Signed { service: "sms", host: &host, payload: &payload, seconds: time.as_secs() };
        let request = self
            .requests
            .client
            .post(self.endpoint.clone())
            .header("authorization", signed.authorization(&self.key_id, &self.key_secret))
            .header("content-type", CONTENT_TYPE)
            .header("x-tc-action", "SendSms")
            .header("x-tc-version", "2021-01-11")
            .header("x-tc-timestamp", time.as_secs().to_string())
            .header("x-tc-region", &self.region)
            .body(payload);
        let answer = self.requests.answer(request).await?;
        let Response { error, send_status_set } =
            serde_json::from_str::<Answer>(&answer.body).unwrap_or_default().response;
        let status = send_status_set.into_iter().next().filter(|_| error.code.is_empty()).unwrap_or(error);
        if status.code == "Ok" {
            return Ok(status.serial_no);
        }
        let told = if status.code.is_empty() {
            self.requests.told(answer.status, &answer.body)
        } else {
            self.requests.told(answer.status, &format!("{} {}", status.code, status.message))
        };
        Err(if is_passing(&status.code) { NotSent::Later(told) } else { NotSent::Never(told) })
    }
}

/// Codes of a state that passes, or that the institution can end.
fn is_passing(code: &str) -> bool {
    let beginnings = ["RequestLimitExceeded", "InternalError", "LimitExceeded", "ResourceInsufficient"];
    let balance = "FailedOperation.InsufficientBalanceInSmsPackage";
    code.is_empty() || code == balance || beginnings.iter().any(|start| code.starts_with(start))
}

/// What a signature says of a request: `POST /` without a query.
struct Signed<'a> {
    service: &'a str,
    host: &'a str,
    payload: &'a str,
    seconds: u64,
}

impl Signed<'_> {
    fn authorization(&self, key_id: &str, secret: &Secret) -> String {
        let (year, month, day, ..) = date_and_time(self.seconds);
        let date = format!("{year:04}-{month:02}-{day:02}");
        let canonical = format!(
            "POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{}\n\ncontent-type;host\n{}",
            self.host,
            sha256_hex(self.payload.as_bytes())
        );
        let scope = format!("{date}/{}/tc3_request", self.service);
        let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{}", self.seconds, sha256_hex(canonical.as_bytes()));
        let first = format!("TC3{}", secret.0).into_bytes();
        let key = [date.as_str(), self.service, "tc3_request"]
            .into_iter()
            .fold(first, |key, part| hmac_sha256(&key, part.as_bytes()));
        let signature = hex(&hmac_sha256(&key, to_sign.as_bytes()));
        format!(
            "{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// “Signature v3”, the example `DescribeInstances`; the stars stand in the documentation's own key.
    #[test]
    fn a_signature_is_that_of_the_documented_example() {
        let signed = Signed {
            service: "cvm",
            host: "cvm.tencentcloudapi.com",
            payload: r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#,
            seconds: 1_551_113_065,
        };
        let secret = Secret("Gu5t9xGARNpq86cd98joQYCN3*******".to_owned());
        assert_eq!(
            signed.authorization("AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", &secret),
            "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request, \
             SignedHeaders=content-type;host, Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"
        );
    }
}
