//! The outbox of SMS as administrators see it.

use super::{
    api::{Stage, administrator, good},
    client::server,
};
use crate::{clock::now, store::NewMessage};
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

#[tokio::test]
async fn a_long_outbox_comes_in_parts_from_the_newest_to_the_first() {
    let server = server(&[]).await;
    // Old ones would be forgotten.
    let now = now().0;
    let message = |id: u64| NewMessage {
        id,
        interview: None,
        seat: None,
        at: now + id,
        phone: "+8613800001234".to_owned(),
        text: id.to_string(),
        kind: "invitation".to_owned(),
        params: Default::default(),
        urgent: false,
        expires_at: now + 3_600_000,
    };
    server.app.store.enqueue(&(1..=2003).map(message).collect::<Vec<_>>()).await.unwrap();
    let mut browser = administrator(&server).await;
    let (mut first, mut seen) = (None, Vec::new());
    for most in [1000, 1000, 3, 0] {
        let part = first.map(|id| format!("?before={id}")).unwrap_or_default();
        let list = good(browser.get(&format!("/api/admin/outbox{part}")).await);
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), most);
        seen.splice(0..0, list.iter().map(|message| message["text"].as_str().unwrap().to_owned()));
        first = list.first().and_then(|message| message["id"].as_u64()).or(first);
    }
    assert_eq!(seen, (1..=2003).map(|id: u64| id.to_string()).collect::<Vec<_>>());
}
