//! Personal data from outside: erased in time, with an interview, for one person; handed out; and what a kill leaves of it.

mod kill;

use super::api::{Browser, Stage, code, good, setup};
use crate::clock::now;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

/// A folder of a server's data that is gone with the test.
pub(super) struct Data(PathBuf);

impl Data {
    pub(super) fn new() -> Self {
        Self(std::env::temp_dir().join(format!("viva-personal-{}", crate::random::hex::<8>())))
    }

    pub(super) async fn stage(&self, changes: &[(&str, &str)]) -> Stage {
        let mut settings = vec![("data_dir", self.0.to_str().unwrap())];
        settings.extend(changes);
        Stage::set(&settings).await
    }

    /// The setting that says where it is.
    pub(super) fn folder(&self) -> (&'static str, &str) {
        ("data_dir", self.0.to_str().unwrap())
    }

    /// Which of these texts stand in any file of the database.
    pub(super) fn hold<'a>(&self, texts: &[&'a str]) -> Vec<&'a str> {
        held(&self.0, texts)
    }
}

fn held<'a>(folder: &Path, texts: &[&'a str]) -> Vec<&'a str> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("viva.db"));
    let bytes: Vec<u8> = files.flat_map(|path| std::fs::read(path).unwrap()).collect();
    let stands = |text: &&&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    texts.iter().filter(stands).copied().collect()
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The first candidate has come in, has got a code by SMS, and has written a line.
async fn lived(stage: &mut Stage) {
    let mut browser = stage.waiting(0).await;
    let mut seat = stage.candidate(&mut browser).await;
    let to = json!({ "to": "candidate", "candidate": stage.candidates[0].1 });
    let line = json!({ "do": "say", "audience": to, "text": "我的身份证丢了" });
    seat.act(line).await.unwrap();
    seat.act(json!({ "do": "leave" })).await.unwrap();
    let note = json!({ "do": "keep_note", "candidate": stage.candidates[0].1, "text": "像是背下来的" });
    stage.staff("examiner-1").await.act(note).await.unwrap();
}

/// The interview is over.
async fn close(stage: &mut Stage) {
    let mut over = setup();
    (over["opens_at"], over["closes_at"]) = (json!(now().0 - 10_000), json!(now().0 - 5));
    let path = format!("/api/admin/interviews/{}", stage.interview);
    good(stage.administrator.ask(Method::PUT, &path, Some(over)).await);
}

const TRACES: [&str; 7] =
    ["考生001", "考生002", "13800138001", "13800138002", "我的身份证丢了", "像是背下来的", "验证码"];

#[tokio::test]
async fn what_was_kept_long_enough_is_in_no_file_any_more_and_the_audit_says_so() {
    let data = Data::new();
    let changes = [("people_kept_days", "0"), ("chat_kept_days", "0"), ("sms_text_kept", "0s")];
    let mut stage = data.stage(&changes).await;
    lived(&mut stage).await;
    crate::retention::forget_old(&stage.server.app).await.unwrap();
    let path = format!("/api/admin/interviews/{}", stage.interview);
    let people = good(stage.administrator.get(&format!("{path}/candidates")).await);
    assert_eq!(people[0]["name"], "考生001", "an open interview keeps its people");
    assert_eq!(data.hold(&TRACES[..6]).len(), 6, "this test would see what is left");
    close(&mut stage).await;
    crate::retention::forget_old(&stage.server.app).await.unwrap();
    assert_eq!(data.hold(&TRACES[..6]), Vec::<&str>::new());
    let people = good(stage.administrator.get(&format!("{path}/candidates")).await);
    let own =
        people.as_array().unwrap().iter().find(|one| one["seat"] == stage.candidates[0].1.as_str()).unwrap();
    assert_eq!((&own["name"], &own["phone"]), (&json!("***"), &json!("")));
    assert_eq!(own["step"], "left", "the interview is what it was");
    let (_, audit) = stage.administrator.get(&format!("{path}/audit.jsonl")).await;
    let audit = audit.to_string();
    assert_eq!(audit.matches("people_erased").count(), 1, "{audit}");
    assert!(audit.contains("2 candidates, 2 lines and notes"), "{audit}");
    assert!(TRACES.iter().all(|trace| !audit.contains(trace)), "{audit}");
    // Nothing is done twice.
    crate::retention::forget_old(&stage.server.app).await.unwrap();
    let (_, again) = stage.administrator.get(&format!("{path}/audit.jsonl")).await;
    assert_eq!(again.to_string().matches("people_erased").count(), 1);
    let code = &stage.candidates[1].0;
    let entered =
        Browser::new(&stage.server).post("/api/candidate/invitation", json!({ "code": code })).await;
    assert_eq!(super::api::code(entered), "invitation_unknown");
}

#[tokio::test]
async fn texts_with_codes_go_within_the_time_and_the_outbox_still_shows_that_they_went() {
    let data = Data::new();
    let mut stage = data.stage(&[("sms_text_kept", "0s")]).await;
    let mut browser = stage.entered(0).await;
    good(browser.post("/api/candidate/identity/send", json!({})).await);
    let sms = stage.sms_code(0).await;
    crate::retention::forget_old(&stage.server.app).await.unwrap();
    assert_eq!(stage.sms_code(0).await, sms, "a code that still holds stays");
    let late = now().0 + 3_600_000;
    assert!(stage.server.app.store.erase_texts(late, late).await.unwrap() > 0);
    let list = good(stage.administrator.get("/api/admin/outbox").await);
    let texts = list.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap());
    assert!(texts.clone().count() > 0 && texts.clone().all(str::is_empty), "{list}");
    assert!(list[0]["phone"].as_str().unwrap().ends_with("13800138001"), "{list}");
    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    assert_eq!((&deeds[0]["deed"], &deeds[0]["actor"]), (&json!("sms_texts_erased"), &json!("system")));
}

#[tokio::test]
async fn a_closed_interview_is_deleted_with_everything_and_one_line_stays() {
    let data = Data::new();
    let mut stage = data.stage(&[]).await;
    lived(&mut stage).await;
    let path = format!("/api/admin/interviews/{}", stage.interview);
    let erase = format!("{path}/erase");
    let ask = json!({ "name": "复试" });
    assert_eq!(code(stage.administrator.post(&erase, ask.clone()).await), "interview_open");
    close(&mut stage).await;
    let wrong = json!({ "name": "复 试" });
    assert_eq!(code(stage.administrator.post(&erase, wrong).await), "not_confirmed");
    assert_eq!(stage.administrator.post(&erase, ask.clone()).await.0, 204);
    assert_eq!(code(stage.administrator.get(&path).await), "not_found");
    assert_eq!(code(stage.administrator.post(&erase, ask).await), "not_found");
    assert_eq!(data.hold(&TRACES), Vec::<&str>::new());
    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    assert_eq!(deeds.as_array().unwrap().len(), 1, "{deeds}");
    assert_eq!(
        (&deeds[0]["deed"], &deeds[0]["actor"]),
        (&json!("interview_deleted"), &json!("administrator:root"))
    );
    assert_eq!(deeds[0]["interview"], json!(stage.interview));
    assert!(deeds[0]["detail"].as_str().unwrap().starts_with("复试; 2 candidates, "), "{deeds}");
}

/// The files of a ZIP as texts.
async fn archive(stage: &mut Stage, path: &str) -> Vec<(String, String)> {
    let answer = stage.administrator.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let bytes = answer.bytes().await.unwrap().to_vec();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    files
}

#[tokio::test]
async fn a_person_is_found_handed_out_and_erased_and_nobody_else_is() {
    let data = Data::new();
    let mut stage = data.stage(&[]).await;
    lived(&mut stage).await;
    let own = format!("/api/admin/interviews/{}/candidates/{}", stage.interview, stage.candidates[0].1);
    let picture = stage.administrator.request(Method::PUT, &format!("{own}/photo"));
    good(stage.administrator.send(picture.body(b"\x89PNG\r\n\x1a\n a photo".to_vec())).await);

    for search in ["number=001", "phone=%2B86%20138-0013-8001", "number=%EF%BC%90%EF%BC%90%EF%BC%91"] {
        let found = good(stage.administrator.get(&format!("/api/admin/people?{search}")).await);
        assert_eq!(found.as_array().unwrap().len(), 1, "{search}: {found}");
        assert_eq!(
            (&found[0]["name"], &found[0]["seat"]),
            (&json!("考生001"), &json!(stage.candidates[0].1))
        );
    }
    assert_eq!(good(stage.administrator.get("/api/admin/people?number=9").await), json!([]));
    assert_eq!(code(stage.administrator.get("/api/admin/people").await), "malformed");

    let files = archive(&mut stage, &format!("{own}/person.zip")).await;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["about.txt", "person.json", "records.json", "records.csv", "messages.csv", "photo.png"]
    );
    let person: Value = serde_json::from_str(&files[1].1).unwrap();
    assert_eq!((&person["name"], &person["phone"]), (&json!("考生001"), &json!("13800138001")));
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    assert!(all.contains("我的身份证丢了") && all.contains("a photo") && all.contains("验证码"), "{all}");
    let note = "像是背下来的";
    assert!(all.contains(note), "what was noted of a person is a part of the person's data");
    let (_, audit) =
        stage.administrator.get(&format!("/api/admin/interviews/{}/audit.jsonl", stage.interview)).await;
    assert!(audit.to_string().contains("note_kept") && !audit.to_string().contains(note), "{audit}");
    for not in ["考生002", "13800138002", "digest", "\"code\"", "\"password\""] {
        assert!(!all.contains(not), "{not} in {all}");
    }

    let erase = |number: &str, keep_result: bool| json!({ "number": number, "keep_result": keep_result });
    let path = format!("{own}/erase");
    assert_eq!(code(stage.administrator.post(&path, erase("002", true)).await), "not_confirmed");
    assert_eq!(stage.administrator.post(&path, erase("001", true)).await.0, 204);
    assert_eq!(
        data.hold(&["考生001", "13800138001", "我的身份证丢了", "像是背下来的", "a photo"]),
        Vec::<&str>::new()
    );
    assert_eq!(data.hold(&["考生002", "13800138002"]).len(), 2);
    let found = good(stage.administrator.get("/api/admin/people?number=001").await);
    assert_eq!(found[0]["name"], "***", "what must be kept of the result is found by the number");
    assert_eq!(stage.administrator.post(&path, erase("001", false)).await.0, 204);
    assert_eq!(good(stage.administrator.get("/api/admin/people?number=001").await), json!([]));
    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    let deeds: Vec<_> = deeds.as_array().unwrap().iter().map(|deed| deed["deed"].as_str().unwrap()).collect();
    assert_eq!(deeds, ["person_erased", "person_erased", "person_exported"]);
}

#[tokio::test]
async fn who_is_inside_is_not_erased() {
    let mut stage = Stage::set(&[]).await;
    let _browser = stage.waiting(0).await;
    let path =
        format!("/api/admin/interviews/{}/candidates/{}/erase", stage.interview, stage.candidates[0].1);
    let ask = json!({ "number": "001", "keep_result": false });
    assert_eq!(code(stage.administrator.post(&path, ask).await), "candidate_entered");
    let nobody = format!("/api/admin/interviews/{}/candidates/0123456789abcdef/person.zip", stage.interview);
    assert_eq!(code(stage.administrator.get(&nobody).await), "candidate_unknown");
}
