//! Each provider is asked as its documentation says, and its answers are understood.

use super::{message, server::Reply, server::Server, settings};
use crate::{
    sms::{NotSent, SmsSender, sender, sign},
    store::NewMessage,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

const NOW: Duration = Duration::from_secs(1_551_113_065);

async fn provider(name: &str, others: &[(&str, &str)]) -> (Server, Arc<dyn SmsSender>) {
    let server = Server::start().await;
    let sender = sender(&settings(name, &server, others)).unwrap().unwrap();
    (server, sender)
}

fn query(text: &str) -> BTreeMap<String, String> {
    reqwest::Url::parse(&format!("http://h/?{text}")).unwrap().query_pairs().into_owned().collect()
}

fn is_later(answer: &Result<String, NotSent>, part: &str) -> bool {
    matches!(answer, Err(NotSent::Later(reason)) if reason.contains(part))
}

fn is_never(answer: &Result<String, NotSent>, part: &str) -> bool {
    matches!(answer, Err(NotSent::Never(reason)) if reason.contains(part))
}

#[tokio::test]
async fn the_outbox_sends_nothing() {
    let server = Server::start().await;
    assert!(sender(&settings("outbox", &server, &[])).unwrap().is_none());
}

#[tokio::test]
async fn alibaba_gets_a_signed_send_sms() {
    let (server, alibaba) = provider("alibaba", &[]).await;
    server.reply(200, r#"{"Code":"OK","Message":"OK","BizId":"9006","RequestId":"x"}"#);
    assert_eq!(alibaba.send(&message(255), NOW).await, Ok("9006".to_owned()));
    let abroad = NewMessage { phone: "+4915112345678".to_owned(), ..message(1) };
    assert!(alibaba.send(&abroad, NOW).await.is_err(), "an answer without a code is none");

    let requests = server.requests();
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.uri.path(), request.body.as_str()), ("POST", "/", ""));
    let params = query(request.uri.query().unwrap());
    assert_eq!(params["PhoneNumbers"], "13800001234");
    assert_eq!((params["SignName"].as_str(), params["TemplateCode"].as_str()), ("某某大学", "SMS_1"));
    assert_eq!(
        serde_json::from_str::<Value>(&params["TemplateParam"]).unwrap(),
        json!({ "verify": "123456" })
    );
    assert_eq!(params["OutId"], "00000000000000ff");
    assert_eq!((request.header("x-acs-action"), request.header("x-acs-version")), ("SendSms", "2017-05-25"));
    assert_eq!(request.header("x-acs-date"), "2019-02-25T16:44:25Z");
    assert_eq!(query(requests[1].uri.query().unwrap())["PhoneNumbers"], "4915112345678");
    assert_ne!(requests[0].header("x-acs-signature-nonce"), requests[1].header("x-acs-signature-nonce"));

    // The signature holds for what really came, worked out anew from the request.
    let names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let lines: String = names.split(';').map(|name| format!("{name}:{}\n", request.header(name))).collect();
    let canonical = format!(
        "POST\n/\n{}\n{lines}\n{names}\n{}",
        request.uri.query().unwrap(),
        sign::sha256_hex(request.body.as_bytes())
    );
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", sign::sha256_hex(canonical.as_bytes()));
    let signature = sign::hex(&sign::hmac_sha256(b"hunter2hunter2", to_sign.as_bytes()));
    let expected = format!("ACS3-HMAC-SHA256 Credential=AKID,SignedHeaders={names},Signature={signature}");
    assert_eq!(request.header("authorization"), expected);
}

#[tokio::test]
async fn alibaba_tells_what_passes_from_what_does_not() {
    let (server, alibaba) = provider("alibaba", &[]).await;
    for (status, code, passes) in [
        (400, "Throttling.User", true),
        (200, "isv.BUSINESS_LIMIT_CONTROL", true),
        (200, "isv.AMOUNT_NOT_ENOUGH", true),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", false),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", false),
        (404, "InvalidAccessKeyId.NotFound", false),
        (400, "SignatureDoesNotMatch", false),
        (503, "ServiceUnavailable", true),
    ] {
        server.reply(status, &json!({ "Code": code, "Message": "why" }).to_string());
        let answer = alibaba.send(&message(1), NOW).await;
        assert!(if passes { is_later(&answer, code) } else { is_never(&answer, code) }, "{answer:?}");
    }
}

#[tokio::test]
async fn tencent_gets_a_signed_send_sms() {
    let (server, tencent) = provider("tencent", &[]).await;
    let status =
        json!({ "SerialNo": "5000", "PhoneNumber": "+86…", "Code": "Ok", "Message": "send success" });
    server.reply(200, &json!({ "Response": { "SendStatusSet": [status], "RequestId": "x" } }).to_string());
    assert_eq!(tencent.send(&message(255), NOW).await, Ok("5000".to_owned()));
    let requests = server.requests();
    let request = &requests[0];
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let expected = json!({
        "PhoneNumberSet": ["+8613800001234"], "SmsSdkAppId": "1400006666", "SignName": "某某大学",
        "TemplateId": "SMS_1", "TemplateParamSet": ["123456"], "SessionContext": "00000000000000ff",
    });
    assert_eq!(body, expected);
    assert_eq!((request.header("x-tc-action"), request.header("x-tc-version")), ("SendSms", "2021-01-11"));
    assert_eq!(
        (request.header("x-tc-timestamp"), request.header("x-tc-region")),
        ("1551113065", "ap-guangzhou")
    );

    // The signature holds for what really came, worked out anew from the request.
    let canonical = format!(
        "POST\n/\n\ncontent-type:{}\nhost:{}\n\ncontent-type;host\n{}",
        request.header("content-type"),
        request.header("host"),
        sign::sha256_hex(request.body.as_bytes())
    );
    let scope = "2019-02-25/sms/tc3_request";
    let to_sign = format!("TC3-HMAC-SHA256\n1551113065\n{scope}\n{}", sign::sha256_hex(canonical.as_bytes()));
    let day = sign::hmac_sha256(b"TC3hunter2hunter2", b"2019-02-25");
    let key = sign::hmac_sha256(&sign::hmac_sha256(&day, b"sms"), b"tc3_request");
    let signature = sign::hex(&sign::hmac_sha256(&key, to_sign.as_bytes()));
    let expected = format!(
        "TC3-HMAC-SHA256 Credential=AKID/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    );
    assert_eq!(request.header("authorization"), expected);
}

#[tokio::test]
async fn tencent_tells_what_passes_from_what_does_not() {
    let (server, tencent) = provider("tencent", &[]).await;
    for (code, passes) in [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", true),
        ("RequestLimitExceeded", true),
        ("FailedOperation.InsufficientBalanceInSmsPackage", true),
        ("AuthFailure.SignatureFailure", false),
        ("InvalidParameterValue.IncorrectPhoneNumber", false),
    ] {
        let error = json!({ "Code": code, "Message": "why" });
        for response in [json!({ "Error": error }), json!({ "SendStatusSet": [error] })] {
            server.reply(200, &json!({ "Response": response }).to_string());
            let answer = tencent.send(&message(1), NOW).await;
            assert!(if passes { is_later(&answer, code) } else { is_never(&answer, code) }, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn twilio_gets_a_form_with_the_text() {
    let (server, twilio) = provider("twilio", &[]).await;
    server.reply(201, r#"{"sid":"SM42","status":"queued","error_code":null}"#);
    assert_eq!(twilio.send(&message(1), NOW).await, Ok("SM42".to_owned()));
    server.reply(400, r#"{"code":21211,"message":"The 'To' number is not valid","status":400}"#);
    assert!(is_never(&twilio.send(&message(1), NOW).await, "21211"));
    server.reply(429, r#"{"code":20429,"message":"Too Many Requests","status":429}"#);
    assert!(is_later(&twilio.send(&message(1), NOW).await, "20429"));
    let requests = server.requests();
    assert_eq!(requests[0].uri.path(), "/2010-04-01/Accounts/AKID/Messages.json");
    // “AKID:hunter2hunter2” in Base64.
    assert_eq!(requests[0].header("authorization"), "Basic QUtJRDpodW50ZXIyaHVudGVyMg==");
    assert_eq!(requests[0].header("content-type"), "application/x-www-form-urlencoded");
    let form = query(&requests[0].body);
    assert_eq!((form["To"].as_str(), form["From"].as_str()), ("+8613800001234", "+12125550100"));
    assert_eq!(form["Body"], message(1).text);

    let (server, service) = provider("twilio", &[("sms_from", "MG1")]).await;
    let _ = service.send(&message(1), NOW).await;
    assert_eq!(query(&server.requests()[0].body)["MessagingServiceSid"], "MG1");
}

#[tokio::test]
async fn any_other_provider_gets_what_the_templates_say() {
    let server = Server::start().await;
    let url = format!("{}send/{{id}}?to={{number}}", server.url());
    let others = [
        ("sms_url", url.as_str()),
        ("sms_method", "put"),
        ("sms_headers", "Authorization: Bearer {key_secret}\nX-Kind: {kind}\n"),
        ("sms_body", r#"{"text":"【{sign_name}】{text}","code":"{code}"}"#),
        ("sms_accepted", "\"ok\":true"),
    ];
    let http = sender(&settings("http", &server, &others)).unwrap().unwrap();
    server.reply(200, r#"{"ok":true}"#);
    let hostile = NewMessage { text: "\"},{\"\n\\".to_owned(), ..message(255) };
    assert_eq!(http.send(&hostile, NOW).await, Ok(String::new()));
    server.reply(200, r#"{"ok":false,"reason":"busy, hunter2hunter2"}"#);
    let answer = http.send(&message(1), NOW).await;
    assert!(is_later(&answer, "busy, …"), "what a provider repeats of our key is hidden: {answer:?}");
    server.reply(401, "who are you?");
    assert!(is_never(&http.send(&message(1), NOW).await, "who are you?"));
    let without_code = NewMessage { params: BTreeMap::new(), ..message(1) };
    assert!(is_never(&http.send(&without_code, NOW).await, "`code`"));

    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].method, "PUT");
    assert_eq!(requests[0].uri.to_string(), "/send/00000000000000ff?to=8613800001234");
    assert_eq!(requests[0].header("authorization"), "Bearer hunter2hunter2");
    assert_eq!(
        (requests[0].header("x-kind"), requests[0].header("content-type")),
        ("identity", "application/json")
    );
    let body: Value = serde_json::from_str(&requests[0].body).unwrap();
    assert_eq!(body, json!({ "text": format!("【某某大学】{}", hostile.text), "code": "123456" }));
}

#[tokio::test]
async fn a_value_cannot_begin_another_header() {
    let server = Server::start().await;
    let http = sender(&settings("http", &server, &[("sms_headers", "X-Text: {text}")])).unwrap().unwrap();
    let hostile = NewMessage { text: "a\r\nX-Evil: 1".to_owned(), ..message(1) };
    assert!(is_never(&http.send(&hostile, NOW).await, "header"));
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn silence_floods_and_redirects_end_in_an_error() {
    let (server, alibaba) = provider("alibaba", &[("sms_timeout", "300ms")]).await;
    server.then(Reply::Silence);
    let silent = alibaba.send(&message(1), NOW).await;
    assert!(is_later(&silent, ""), "{silent:?}");
    server.reply(500, &"x".repeat(10_000_000));
    let flood = alibaba.send(&message(1), NOW).await.unwrap_err().to_string();
    assert!(flood.len() < 1000, "{}", flood.len());
    let elsewhere = Server::start().await;
    server.then(Reply::Redirect(elsewhere.url()));
    assert!(alibaba.send(&message(1), NOW).await.is_err());
    assert_eq!(elsewhere.requests().len(), 0, "nothing goes where somebody else points");
    drop(server);
    tokio::task::yield_now().await;
    let gone = alibaba.send(&message(1), NOW).await;
    assert!(is_later(&gone, "error sending request"), "{gone:?}");
    for text in [silent.unwrap_err().to_string(), gone.unwrap_err().to_string()] {
        assert!(!text.contains("13800001234") && !text.contains("123456"), "{text}");
    }
}

#[tokio::test]
async fn a_kind_without_a_template_is_named() {
    let (_server, tencent) = provider("tencent", &[]).await;
    let other = NewMessage { kind: "farewell".to_owned(), ..message(1) };
    assert!(is_never(&tencent.send(&other, NOW).await, "farewell"));
    let invitation = NewMessage { kind: "invitation".to_owned(), ..message(1) };
    assert!(is_never(&tencent.send(&invitation, NOW).await, "`name`"));
}

#[tokio::test]
async fn what_a_provider_needs_is_named() {
    let server = Server::start().await;
    for (provider, missing) in [
        ("alibaba", "sms_key_secret"),
        ("alibaba", "sms_templates"),
        ("tencent", "sms_app_id"),
        ("twilio", "sms_from"),
        ("http", "sms_url"),
    ] {
        let error = sender(&settings(provider, &server, &[(missing, "")])).unwrap_err().to_string();
        assert!(error.contains(missing), "{error}");
    }
    for (name, value) in [
        ("sms_url", "ftp://h"),
        ("sms_method", "DELETE"),
        ("sms_headers", "nonsense"),
        ("sms_headers", "a b: c"),
    ] {
        let error = sender(&settings("http", &server, &[(name, value)])).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[tokio::test]
async fn no_secret_shows_in_a_debug_text() {
    let server = Server::start().await;
    let others = [("sms_headers", "Authorization: topsecret"), ("sms_body", "topsecret")];
    for provider in ["alibaba", "tencent", "twilio", "http"] {
        let settings = settings(provider, &server, &others);
        let shown = format!("{:?} {settings:?} {:?}", sender(&settings).unwrap().unwrap(), message(1));
        assert!(!shown.contains("hunter2") && !shown.contains("topsecret"), "{shown}");
        assert!(!shown.contains("123456") && !shown.contains("13800001234"), "{shown}");
    }
}
