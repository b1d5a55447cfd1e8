//! The outbox of SMS as administrators see it.

use super::api::{Stage, good};
use serde_json::{Value, json};

/// Invites the first candidate: the state of the message, and what the list of candidates says of it.
async fn invited(stage: &mut Stage) -> (String, String) {
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    let seat = stage.candidates[0].1.clone();
    good(stage.administrator.post(&format!("{path}/{seat}/invite"), json!({})).await);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let state = text(&good(stage.administrator.get("/api/admin/outbox").await)[0]["state"]);
    let rows = good(stage.administrator.get(&path).await);
    let row = rows.as_array().unwrap().iter().find(|row| row["seat"] == *seat);
    (state, text(&row.unwrap()["sms"]))
}

#[tokio::test]
async fn without_a_provider_a_message_is_kept_here_and_says_so() {
    let mut stage = Stage::set(&[]).await;
    assert_eq!(invited(&mut stage).await, ("kept".to_owned(), "kept".to_owned()));
}

#[tokio::test]
async fn with_a_provider_a_message_is_on_its_way() {
    // Nobody listens there: it is tried again and again.
    let mut stage = Stage::set(&[("sms", "http"), ("sms_url", "http://127.0.0.1:1/")]).await;
    let (state, sms) = invited(&mut stage).await;
    assert!(["queued", "sending"].contains(&state.as_str()) && sms == "queued", "{state} {sms}");
}
