//! The words of SMS over HTTP: what an institution may write, what candidates get, trials and reminders.

use super::api::{Browser, Stage, code, good};
use reqwest::Method;
use serde_json::{Value, json};

const SETTINGS: &str = "/api/admin/settings";

/// Changes the institution's settings.
async fn settle(stage: &mut Stage, change: impl FnOnce(&mut Value)) -> (u16, Value) {
    let mut settings = good(stage.administrator.get(SETTINGS).await);
    change(&mut settings);
    stage.administrator.ask(Method::PUT, SETTINGS, Some(settings)).await
}

/// The messages of a kind, the oldest first.
async fn messages(stage: &mut Stage, kind: &str) -> Vec<Value> {
    let list = good(stage.administrator.get("/api/admin/outbox").await);
    list.as_array().unwrap().iter().filter(|message| message["kind"] == kind).cloned().collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn an_invitation_says_when_how_and_whom_to_call() {
    let mut stage = Stage::set(&[]).await;
    let hotline = |settings: &mut Value| {
        settings["hotline"] = json!("400-0328-530");
        settings["hotline_hours"] = json!("工作日 8:00–18:00");
    };
    good(settle(&mut stage, hotline).await);
    let path = format!("/api/admin/interviews/{}", stage.interview);
    good(stage.administrator.post(&format!("{path}/invite"), json!({})).await);
    let sent = messages(&mut stage, "invitation").await;
    assert_eq!(sent.len(), 2);
    for (message, (code, _)) in sent.iter().zip(&stage.candidates) {
        let text = text(&message["text"]);
        for part in [
            code,
            &format!("/i#{code} "),
            "（北京时间，UTC+8）。进入面谈：",
            "咨询电话：400-0328-530（工作日 8:00–18:00）",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    // The first has no password.
    let words: Vec<bool> = sent.iter().map(|message| text(&message["text"]).contains("密码")).collect();
    assert_eq!(words, [false, true]);
    assert!(text(&sent[1]["text"]).contains("，密码：geheim。"));
}

#[tokio::test]
async fn the_institution_words_its_messages_and_unknown_places_are_refused() {
    let mut stage = Stage::set(&[]).await;
    let wrong =
        settle(&mut stage, |settings| settings["texts"]["zh"]["sms_invitation"] = json!("{cod}")).await;
    assert_eq!(code(wrong), "sms_text_refused");
    let words = "{name}：{interview} {code} {password}";
    good(settle(&mut stage, |settings| settings["texts"]["zh"]["sms_invitation"] = json!(words)).await);
    let shown = good(Browser::new(&stage.server).get("/api/settings").await);
    assert_eq!(shown["texts"]["zh"], json!({}), "nobody but administrators reads them");

    let candidates = format!("/api/admin/interviews/{}/candidates", stage.interview);
    let (invitation, seat) = stage.candidates[0].clone();
    let looked = good(stage.administrator.get(&format!("{candidates}/{seat}/sms/invitation")).await);
    assert_eq!(text(&looked["text"]), format!("【面谈 Viva】考生001：复试 {invitation} 无"));
    assert_eq!(
        (&looked["alphabet"], &looked["parts"], &looked["cut"]),
        (&json!("ucs2"), &json!(1), &json!([]))
    );
    good(stage.administrator.post(&format!("{candidates}/{seat}/invite"), json!({})).await);
    assert_eq!(messages(&mut stage, "invitation").await[0]["text"], looked["text"]);
    let nobody = format!("{candidates}/{}/sms/invitation", "0".repeat(16));
    assert_eq!(code(stage.administrator.get(&nobody).await), "candidate_unknown");
    assert_eq!(code(stage.administrator.get(&format!("{candidates}/{seat}/sms/other")).await), "not_found");
}

#[tokio::test]
async fn a_trial_goes_to_the_number_that_was_typed_marked_few_times_and_on_the_record() {
    let mut stage = Stage::set(&[]).await;
    let trial = |phone: &str, words: &str| json!({ "phone": phone, "text": "reminder", "language": "zh", "words": words });
    let path = "/api/admin/sms/trial";
    assert_eq!(code(stage.administrator.post(path, trial("12345", "")).await), "phone_invalid");
    assert_eq!(code(stage.administrator.post(path, trial("13900139000", "{x}")).await), "sms_text_refused");
    let tried = good(stage.administrator.post(path, trial("139 0013 9000", "{code} {link}")).await);
    assert_eq!((&tried["kept"], &tried["parts"]), (&json!(true), &json!(1)));
    let sent = messages(&mut stage, "trial").await;
    assert_eq!(sent[0]["phone"], "+8613900139000");
    let said = text(&sent[0]["text"]);
    assert!(said.starts_with("【面谈 Viva】（试发）ABCD-2345-EFGH http"), "{said}");
    assert!(stage.candidates.iter().all(|(code, _)| !said.contains(code)));

    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    assert_eq!((&deeds[0]["deed"], &deeds[0]["actor"]), (&json!("sms_tried"), &json!("administrator:root")));
    assert_eq!(deeds[0]["detail"], "reminder; parts: 1", "no number in the record");
    for _ in 0..2 {
        good(stage.administrator.post(path, trial("13900139000", "")).await);
    }
    assert_eq!(code(stage.administrator.post(path, trial("13900139000", "")).await), "rate_limited");
    assert_eq!(messages(&mut stage, "trial").await.len(), 3);
}

#[tokio::test]
async fn reminders_are_counted_first_and_go_to_who_is_not_checked() {
    let mut stage = Stage::set(&[]).await;
    stage.waiting(1).await;
    let path = format!("/api/admin/interviews/{}/remind", stage.interview);
    let (all, none) =
        (json!({ "seats": null }), json!({ "no_phone": 0, "passed": 1, "out": 0, "recent": 1 }));
    let counted = good(stage.administrator.post(&format!("{path}?dry_run=true"), all.clone()).await);
    assert_eq!((&counted["reminded"], &counted["skipped"]["passed"]), (&json!(1), &json!(1)));
    assert!(counted["parts"].as_u64().unwrap() >= 2, "{counted}");
    assert!(text(&counted["text"]).contains("提醒您"), "{counted}");
    assert_eq!(messages(&mut stage, "reminder").await.len(), 0, "only counted");

    let sent = good(stage.administrator.post(&path, all.clone()).await);
    assert_eq!(sent, counted);
    assert_eq!(messages(&mut stage, "reminder").await[0]["text"], counted["text"]);
    let rows = good(stage.administrator.get(&path.replace("/remind", "/candidates")).await);
    assert!(rows[0]["reminded_at"].is_u64() && rows[1]["reminded_at"].is_null(), "{rows}");

    let again = good(stage.administrator.post(&path, all).await);
    assert_eq!((&again["reminded"], &again["text"], &again["skipped"]), (&json!(0), &Value::Null, &none));
    assert_eq!(messages(&mut stage, "reminder").await.len(), 1);
    let unknown = json!({ "seats": ["0".repeat(16)] });
    assert_eq!(code(stage.administrator.post(&path, unknown).await), "candidate_unknown");
}

#[tokio::test]
async fn a_sample_names_nobody_and_shows_what_is_usual() {
    let mut stage = Stage::set(&[("sms_sign_name", "示例招生")]).await;
    let sample = good(stage.administrator.get("/api/admin/sms/sample").await);
    assert_eq!((&sample["sign_name"], &sample["by_template"]), (&json!("示例招生"), &json!(false)));
    for language in ["zh", "en"] {
        let words = &sample[language];
        assert!(text(&words["invitation"]["text"]).contains("{hotline}"), "{words}");
        assert!(!text(&words["reminder"]["without_hotline"]).contains("{hotline}"), "{words}");
        for (kind, part) in [("invitation", "text"), ("reminder", "without_hotline")] {
            assert!(!text(&words[kind][part]).contains("{rehearsal}"), "{words}");
            assert!(text(&words[kind]["rehearsing"][part]).contains("{rehearsal}"), "{words}");
        }
        assert!(text(&words["rehearsal"]).contains("UTC+8"), "{words}");
        assert!(text(&words["link"]).ends_with(text(&words["code"])), "{words}");
    }
}
