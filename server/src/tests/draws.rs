//! Random draws over HTTP: committed, drawn, exported, and checked by whoever has the file.

use super::api::{Stage, code, good, sign_in};
use crate::digest::Digests;
use reqwest::Method;
use serde_json::{Value, json};
use viva_interview::{DrawFile, DrawVerdict};

async fn audit(stage: &mut Stage) -> String {
    let path = format!("/api/admin/interviews/{}/audit.csv", stage.interview);
    let (_, body) = stage.administrator.get(&path).await;
    body.as_str().map_or_else(|| body.to_string(), str::to_owned)
}

fn verdicts(file: &Value) -> Vec<DrawVerdict> {
    let file: DrawFile = serde_json::from_value(file.clone()).unwrap();
    file.draws.iter().map(|sheet| file.verdict(sheet)).collect()
}

/// What Python says of an export, where there is one.
fn python(file: &Value) -> Option<String> {
    let path = std::env::temp_dir().join(format!("viva-draws-{}.json", crate::random::hex::<8>()));
    std::fs::write(&path, file.to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify_draws.py");
    let run = std::process::Command::new("python3").arg(script).arg(&path).output();
    std::fs::remove_file(path).unwrap();
    Some(String::from_utf8_lossy(&run.ok()?.stdout).into_owned())
}

#[tokio::test]
async fn a_host_commits_and_draws_and_an_inspector_checks_the_export() {
    let mut stage = Stage::set(&[]).await;
    let mut host = sign_in(&stage.server, "host").await;
    let mut patrol = sign_in(&stage.server, "patrol").await;
    let path = format!("/api/interviews/{}/draws", stage.interview);
    let begun = good(host.post(&path, json!({ "kind": "order" })).await);
    let draw = &begun["draws"][0];
    assert_eq!(
        (&draw["state"], &draw["seed"], &draw["outcome"]),
        (&json!("committed"), &json!(null), &json!(null))
    );
    assert_eq!(good(patrol.get(&path).await), begun, "everybody of the staff sees the same");
    let commitment = draw["commitment"].as_str().unwrap().to_owned();
    assert!(audit(&mut stage).await.contains(&commitment));

    let drawn = good(host.post(&format!("{path}/1"), json!({ "words": "晴 26 ℃" })).await);
    let seed = drawn["draws"][0]["seed"].as_str().unwrap().to_owned();
    assert_eq!(drawn["draws"][0]["commitment"], commitment);
    assert_eq!(verdicts(&drawn), [DrawVerdict::Holds]);
    if let Some(told) = python(&drawn) {
        assert_eq!(told, "draw 1: right\n");
    }
    assert!(audit(&mut stage).await.contains(&seed));
    let exported = good(stage.administrator.get(&path).await);
    assert_eq!(exported, drawn);
    assert_eq!(code(host.post(&format!("{path}/1"), json!({})).await), "draw_over");
    assert_eq!(code(host.post(&format!("{path}/9"), json!({})).await), "not_found");
    assert_eq!(code(host.post(&path, json!({ "kind": "order" })).await), "drawn_before");
    assert_eq!(code(host.post(&path, json!({ "kind": "questions" })).await), "nothing_to_draw");
    let order: Vec<_> = drawn["draws"][0]["outcome"].as_array().unwrap().iter().collect();
    assert_eq!(order.len(), 2);
}

#[tokio::test]
async fn the_seed_stands_nowhere_before_the_draw_and_survives_a_restart() {
    let mut stage = Stage::set(&[]).await;
    let path = format!("/api/interviews/{}/draws", stage.interview);
    let begun = good(stage.administrator.post(&path, json!({ "kind": "order" })).await);
    let id = viva_interview::InterviewId(u64::from_str_radix(&stage.interview, 16).unwrap());
    let stored = stage.server.app.store.events(id.0, 0).await.unwrap();
    let text = stored.iter().map(|event| event.json.as_str()).collect::<String>();
    let salt = text.split("\"salt\":\"").nth(1).unwrap()[..64].to_owned();
    let seed = stage.server.app.digests.draw_seed(id, &salt).to_string();
    let audit = audit(&mut stage).await;
    for shown in [&text, &audit, &begun.to_string()] {
        assert!(!shown.contains(&seed));
    }
    assert!(!audit.contains(&salt) && !begun.to_string().contains(&salt));
    assert_ne!(Digests::new("another secret").draw_seed(id, &salt).to_string(), seed);
    assert_ne!(stage.server.app.digests.draw_seed(viva_interview::InterviewId(1), &salt).to_string(), seed);
    let drawn = good(stage.administrator.post(&format!("{path}/1"), json!({})).await);
    assert_eq!(drawn["draws"][0]["seed"], seed, "found again from what is stored");
}

#[tokio::test]
async fn a_list_that_changed_is_not_drawn_from_and_the_next_draw_shows_the_seed_of_the_one_before() {
    let mut stage = Stage::set(&[]).await;
    let path = format!("/api/interviews/{}/draws", stage.interview);
    let rooms = json!({ "kind": "rooms", "entries": ["1002", "1001", "1003"], "lots": ["考场一", "考场二"] });
    good(stage.administrator.post(&path, rooms).await);
    good(stage.administrator.post(&path, json!({ "kind": "order" })).await);
    let candidates = format!("/api/admin/interviews/{}/candidates", stage.interview);
    let new = json!({ "name": "丙", "number": "003", "phone": "", "password": null });
    good(stage.administrator.ask(Method::POST, &candidates, Some(new)).await);
    assert_eq!(code(stage.administrator.post(&format!("{path}/2"), json!({})).await), "draw_list_changed");
    let again = json!({ "kind": "order", "reason": "一名考生迟到补录" });
    good(stage.administrator.post(&path, again).await);
    good(stage.administrator.post(&format!("{path}/3"), json!({})).await);
    let file = good(stage.administrator.post(&format!("{path}/1"), json!({})).await);
    assert_eq!(verdicts(&file), [DrawVerdict::Holds, DrawVerdict::GivenUp, DrawVerdict::Holds]);
    if let Some(told) = python(&file) {
        assert_eq!(told, "draw 1: right\ndraw 2: given up; the seed fits the commitment\ndraw 3: right\n");
    }
    let mut forged = file.clone();
    forged["draws"][0]["outcome"].as_array_mut().unwrap().rotate_left(1);
    assert_eq!(verdicts(&forged)[0], DrawVerdict::OutcomeDiffers);
}
