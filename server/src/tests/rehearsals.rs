//! Rehearsals over HTTP: the same codes, the same people, a report, and nothing else that stays.

use super::{
    api::{Browser, Seat, Stage, code, good, setup, sign_in},
    client::server,
    personal::Data,
};
use crate::{clock::now, store::StoredEvent, time_zone::TimeZone};
use reqwest::Method;
use serde_json::{Value, json};
use viva_interview::{InterviewId, Language, Time, USUAL_TIME_ZONE};

/// Written in the rehearsal alone.
const TRACES: [&str; 3] = ["演练里的悄悄话", "演练里的评语", "%E6%BC%94.pdf"];

impl Stage {
    /// The interview opens then.
    async fn opens(&mut self, opens_at: u64) {
        let setup = setup();
        let later = json!({ "opens_at": opens_at, "closes_at": opens_at + 3_600_000 });
        let mut body = setup.as_object().unwrap().clone();
        body.extend(later.as_object().unwrap().clone());
        let path = format!("/api/admin/interviews/{}", self.interview);
        good(self.administrator.ask(Method::PUT, &path, Some(Value::Object(body))).await);
    }

    /// When it opens, as it was set.
    async fn opens_at(&mut self) -> u64 {
        let path = format!("/api/admin/interviews/{}", self.interview);
        good(self.administrator.get(&path).await)["opens_at"].as_u64().unwrap()
    }

    fn rehearsals(&self) -> String {
        format!("/api/admin/interviews/{}/rehearsals", self.interview)
    }

    /// Opens a rehearsal of the interview, which opens in an hour.
    async fn rehearse(&mut self) -> String {
        self.opens(now().0 + 3_600_000).await;
        self.open_rehearsal().await
    }

    async fn open_rehearsal(&mut self) -> String {
        let row = good(self.administrator.post(&self.rehearsals(), json!({})).await);
        row["rehearsal"].as_str().unwrap().to_owned()
    }

    async fn end(&mut self, rehearsal: &str) -> Value {
        good(self.administrator.post(&format!("{}/{rehearsal}/end", self.rehearsals()), json!({})).await)
    }

    async fn report(&mut self, rehearsal: &str) -> Value {
        good(self.administrator.get(&format!("{}/{rehearsal}", self.rehearsals())).await)
    }

    /// The token of an account's seat in the rehearsal.
    async fn rehearsal_token(&self, account: &str) -> String {
        let mut browser = sign_in(&self.server, account).await;
        let session = good(browser.get("/api/session").await);
        let seats = session["seats"].as_array().unwrap();
        let seat = seats.iter().find(|seat| seat["rehearsal"] == true).unwrap()["seat"].as_str().unwrap();
        let path = format!("/api/seats/{seat}/token");
        good(browser.post(&path, json!({})).await)["token"].as_str().unwrap().to_owned()
    }

    async fn events(&self, interview: &str) -> Vec<StoredEvent> {
        let id: InterviewId = interview.parse().unwrap();
        self.server.app.store.events(id.0, 0).await.unwrap()
    }
}

async fn enter(stage: &Stage, candidate: usize) -> (Browser, super::api::Answer) {
    let mut browser = Browser::new(&stage.server);
    let body = json!({ "code": stage.candidates[candidate].0 });
    let answer = browser.post("/api/candidate/invitation", body).await;
    (browser, answer)
}

#[tokio::test]
async fn of_a_rehearsal_nothing_stays_but_its_report_and_the_interview_is_untouched() {
    let data = Data::new();
    let mut stage = data.stage(&[]).await;
    stage.opens(now().0 + 3_600_000).await;
    assert_eq!(code(enter(&stage, 0).await.1), "invitation_early");
    let before = stage.events(&stage.interview).await;
    let rehearsal = stage.open_rehearsal().await;
    let listed = good(stage.administrator.get("/api/admin/interviews").await);
    assert_eq!(listed.as_array().unwrap().len(), 1, "it stands with its interview");

    // Both come, one with the password of the invitation; one is through with everything.
    let mut one = stage.waiting(0).await;
    stage.entered(1).await;
    let view = good(one.get("/api/candidate").await);
    assert_eq!((&view["rehearsal"], &view["interview"]), (&json!(true), &json!(rehearsal)));
    let sent = good(stage.administrator.get("/api/admin/outbox").await);
    assert!(sent[0]["text"].as_str().unwrap().contains("演练"), "{sent}");
    let paper = one.request(Method::POST, &format!("/api/candidate/papers?name={}", TRACES[2]));
    good(one.send(paper.body(b"%PDF-1.4 a rehearsed paper".to_vec())).await);
    let seat = stage.candidates[0].1.clone();
    let mut host = Seat::take(&stage.server, &stage.rehearsal_token("host").await).await;
    assert_eq!(
        (&host.view["rehearsal"], &host.view["candidates"][0]["name"]),
        (&json!(true), &json!("考生001"))
    );
    let say = json!({ "do": "say", "audience": { "to": "panel" }, "text": TRACES[0] });
    host.act(say).await.unwrap();
    host.act(json!({ "do": "go_to_stage", "stage": 1 })).await.unwrap();
    host.act(json!({ "do": "call", "candidate": seat })).await.unwrap();
    let mut examiner = Seat::take(&stage.server, &stage.rehearsal_token("examiner-1").await).await;
    let points = json!({ "a": 9000, "b": 8000 });
    let save = json!({ "do": "save_scores", "candidate": seat, "points": points, "remark": TRACES[1] });
    examiner.act(save).await.unwrap();
    assert_eq!(data.hold(&TRACES[..2]), TRACES[..2], "this test would see what is left");

    let report = stage.report(&rehearsal).await;
    assert_eq!(
        (&report["came"], &report["passed"], &report["ended_at"]),
        (&json!(2), &json!(1), &Value::Null)
    );
    let ended = stage.end(&rehearsal).await;
    assert_eq!((&ended["ended_by"], &ended["people"]), (&json!("root"), &json!(2)));
    while examiner.client.next().await.is_some() {}

    assert_eq!(stage.events(&rehearsal).await, []);
    assert_eq!(stage.events(&stage.interview).await, before, "to the byte");
    assert_eq!(good(stage.administrator.get("/api/admin/outbox").await), json!([]));
    assert_eq!(data.hold(&TRACES), [""; 0]);
    let kept = stage.report(&rehearsal).await;
    assert_eq!(kept["candidates"], report["candidates"], "what was told stays");
    let first = &kept["candidates"][0];
    assert_eq!((&first["name"], &first["checks"]["camera"]["passed"]), (&json!("考生001"), &json!(true)));
    assert_eq!((&first["called"], &first["shown_by"]), (&json!(true), &json!("sms")));
    let text = kept.to_string();
    assert!(!text.contains("9000") && !text.contains(TRACES[1]), "no scores: {text}");
    let path = format!("{}/{rehearsal}/report.csv?lang=en", stage.rehearsals());
    let csv = good(stage.administrator.get(&path).await);
    assert!(csv.as_str().unwrap().contains("考生001,passed all checks"), "{csv}");

    assert_eq!(code(one.get("/api/candidate").await), "rehearsal_over");
    assert_eq!(code(enter(&stage, 0).await.1), "invitation_early");
    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    let done = |at: usize| (deeds[at]["deed"].clone(), deeds[at]["actor"].clone());
    let by = json!("administrator:root");
    assert_eq!(done(0), (json!("rehearsal_ended"), by.clone()));
    assert_eq!(done(1), (json!("rehearsal_opened"), by));
}

#[tokio::test]
async fn a_rehearsal_goes_on_after_a_restart() {
    let data = Data::new();
    let mut stage = data.stage(&[]).await;
    let rehearsal = stage.rehearse().await;
    let mut one = stage.waiting(0).await;
    stage.server.stop().await.unwrap();

    stage.server = server(&[data.folder()]).await;
    one.moved(&stage.server);
    stage.administrator.moved(&stage.server);
    assert_eq!(good(one.get("/api/candidate").await)["step"], "waiting");
    let (_, entered) = enter(&stage, 1).await;
    assert_eq!(good(entered)["rehearsal"], true);
    assert_eq!(stage.report(&rehearsal).await["came"], 2);
    assert_eq!(stage.end(&rehearsal).await["passed"], 1);
}

#[tokio::test]
async fn when_the_interview_opens_the_codes_lead_into_it_and_the_rehearsal_is_over() {
    let mut stage = Stage::set(&[]).await;
    let rehearsal = stage.rehearse().await;
    let mut one = stage.waiting(0).await;
    stage.opens(now().0 - 1000).await;
    let (_, entered) = enter(&stage, 1).await;
    assert_eq!(good(entered)["rehearsal"], false, "at once, whether it was ended by then or not");
    stage.server.app.sittings.end_due_rehearsals().await.unwrap();
    assert_eq!(stage.events(&rehearsal).await, []);
    assert_eq!(code(one.get("/api/candidate").await), "rehearsal_over");
    let report = stage.report(&rehearsal).await;
    assert_eq!((&report["ended_by"], &report["came"]), (&json!(""), &json!(1)));
    assert_eq!(code(stage.administrator.post(&stage.rehearsals(), json!({})).await), "rehearsal_late");
}

/// Asks for a seat by what its link holds.
async fn by_link(stage: &Stage, answer: &Value) -> super::api::Answer {
    let (page, token) = answer["link"].as_str().unwrap().split_once("#token=").unwrap();
    let path = format!("/api/seats/{}", page.rsplit('/').next().unwrap());
    let mut browser = Browser::new(&stage.server);
    let asked = browser.request(Method::GET, &path).bearer_auth(token);
    browser.send(asked).await
}

#[tokio::test]
async fn who_has_no_account_comes_by_a_link_into_the_rehearsal_that_ends_with_it() {
    let mut stage = Stage::set(&[]).await;
    let real = format!("/api/admin/interviews/{}", stage.interview);
    let guest = json!({ "account": "", "name": "外校考官", "role": "examiner" });
    let seat = good(stage.administrator.post(&format!("{real}/staff"), guest).await)["seat"].clone();
    let seat = seat.as_str().unwrap().to_owned();
    let rehearsal = stage.rehearse().await;
    let known = format!("{}/{rehearsal}/staff", stage.rehearsals());
    let rows = good(stage.administrator.get(&known).await);
    let linked: Vec<_> = rows.as_array().unwrap().iter().filter(|row| row["account"] == "").collect();
    assert_eq!((linked.len(), &linked[0]["name"]), (1, &json!("外校考官")));
    let own = linked[0]["seat"].as_str().unwrap().to_owned();
    assert_ne!(own, seat, "the seats of a rehearsal are its own");

    // Each link opens its own seat, in the one or the other.
    let link = format!("{known}/{own}/link");
    let rehearsed = good(stage.administrator.post(&link, json!({})).await);
    assert_eq!(rehearsed["expires_at"], json!(stage.opens_at().await));
    let told = good(by_link(&stage, &rehearsed).await);
    assert_eq!(
        (&told["seat"], &told["rehearsal"], &told["role"]),
        (&json!(own), &json!(true), &json!("examiner"))
    );
    let given = good(stage.administrator.post(&format!("{real}/staff/{seat}/link"), json!({})).await);
    let told = good(by_link(&stage, &given).await);
    assert_eq!((&told["seat"], &told["rehearsal"]), (&json!(seat), &json!(false)));
    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    let made: Vec<_> =
        deeds.as_array().unwrap().iter().filter(|deed| deed["deed"] == "staff_link_made").collect();
    assert_eq!(
        made.iter().map(|deed| &deed["detail"]).collect::<Vec<_>>(),
        [&json!(""), &json!("rehearsal")]
    );
    assert!(!deeds.to_string().contains("token"), "no link stands in the audit");

    // An account's seat has no link, a seat of one is none of the other, and nobody else makes links.
    let account = rows.as_array().unwrap().iter().find(|row| row["account"] == "host").unwrap();
    let path = format!("{known}/{}/link", account["seat"].as_str().unwrap());
    assert_eq!(code(stage.administrator.post(&path, json!({})).await), "not_found");
    assert_eq!(code(stage.administrator.post(&format!("{known}/{seat}/link"), json!({})).await), "not_found");
    assert_eq!(
        code(stage.administrator.post(&format!("{real}/staff/{own}/link"), json!({})).await),
        "not_found"
    );
    let mut host = sign_in(&stage.server, "host").await;
    assert_eq!(code(host.post(&link, json!({})).await), "forbidden");
    assert_eq!(code(host.get(&known).await), "forbidden");
    stage.end(&rehearsal).await;
    assert_eq!(code(stage.administrator.post(&link, json!({})).await), "not_found");
    assert_eq!(code(stage.administrator.get(&known).await), "not_found");
    assert_ne!(by_link(&stage, &rehearsed).await.0, 200);
    good(by_link(&stage, &given).await);
    good(stage.administrator.ask(Method::DELETE, &format!("{real}/staff/{seat}"), None).await);
    assert_ne!(by_link(&stage, &given).await.0, 200, "a seat that was taken away has no link");
}

#[tokio::test]
async fn a_message_that_is_sent_while_a_rehearsal_is_open_says_since_when() {
    let mut stage = Stage::set(&[]).await;
    stage.opens(now().0 + 3_600_000).await;
    let real = format!("/api/admin/interviews/{}", stage.interview);
    let (look, remind) =
        (format!("{real}/candidates/{}/sms/reminder", stage.candidates[0].1), format!("{real}/remind"));
    let before = good(stage.administrator.get(&look).await);
    assert!(!before["text"].as_str().unwrap().contains("演练"), "{before}");
    let rehearsal = stage.open_rehearsal().await;
    let rows = good(stage.administrator.get(&stage.rehearsals()).await);
    let since = Time(rows[0]["opened_at"].as_u64().unwrap());
    let since = TimeZone::of(USUAL_TIME_ZONE).told(since, Language::Zh);
    let said = format!("演练已于{since}开始，现在进入的是演练。");
    let during = good(stage.administrator.get(&look).await);
    assert!(during["text"].as_str().unwrap().contains(&said), "{during}");
    assert!(during["units"].as_u64() > before["units"].as_u64(), "{before} {during}");

    // What is counted before is what goes out, and what a template of a provider is filled with.
    let all = json!({ "seats": null });
    let counted = good(stage.administrator.post(&format!("{remind}?dry_run=true"), all.clone()).await);
    assert_eq!(counted["text"], during["text"]);
    assert_eq!(good(stage.administrator.post(&remind, all).await), counted);
    let id: InterviewId = stage.interview.parse().unwrap();
    let sent = stage.server.app.store.messages(Some(id.0), None, 10).await.unwrap();
    let reminders: Vec<_> =
        sent.iter().map(|message| &message.content).filter(|sent| sent.kind == "reminder").collect();
    assert_eq!(reminders.len(), 2);
    for reminder in reminders {
        assert!(reminder.text.contains(&said));
        assert_eq!(reminder.params["rehearsal"], since);
    }
    stage.end(&rehearsal).await;
    assert_eq!(good(stage.administrator.get(&look).await), before);
}

#[tokio::test]
async fn one_rehearsal_is_open_at_a_time_and_nothing_of_it_is_reached_as_an_interview() {
    let mut stage = Stage::set(&[]).await;
    stage.opens(now().0 + 3_600_000).await;
    let path = stage.rehearsals();
    let (mut root, mut other) = (sign_in(&stage.server, "root").await, sign_in(&stage.server, "root").await);
    let both = tokio::join!(root.post(&path, json!({})), other.post(&path, json!({})));
    let mut statuses = [both.0.0, both.1.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(code(root.post(&path, json!({})).await), "rehearsal_open");
    let list = good(root.get(&path).await);
    assert_eq!(list.as_array().unwrap().len(), 1);
    let rehearsal = list[0]["rehearsal"].as_str().unwrap().to_owned();

    let own = format!("/api/admin/interviews/{rehearsal}");
    for part in
        ["", "/candidates", "/audit.jsonl", "/scores.csv", "/results.csv", "/invitations.csv", "/minutes"]
    {
        assert_eq!(code(root.get(&format!("{own}{part}")).await), "not_found", "{part}");
    }
    assert_eq!(code(root.post(&format!("{own}/rehearsals"), json!({})).await), "not_found");
    assert_eq!(code(root.ask(Method::DELETE, &own, None).await), "not_found");
    let found = good(root.get("/api/admin/people?number=001").await);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");

    let real = format!("/api/admin/interviews/{}", stage.interview);
    assert_eq!(code(root.ask(Method::DELETE, &real, None).await), "rehearsal_open");
    let erase = format!("{real}/candidates/{}/erase", stage.candidates[0].1);
    let body = json!({ "number": "001", "keep_result": false });
    assert_eq!(code(root.post(&erase, body.clone()).await), "rehearsal_open");
    stage.end(&rehearsal).await;
    let again = root.post(&format!("{path}/{rehearsal}/end"), json!({})).await;
    assert_eq!(code(again), "rehearsal_over");
    good(root.post(&erase, body).await);
    let report = stage.report(&rehearsal).await;
    assert!(!report.to_string().contains("考生001"), "who is erased is named in no report");
    assert_eq!(good(root.ask(Method::DELETE, &real, None).await), json!(""));
    assert_eq!(code(root.get(&format!("{path}/{rehearsal}")).await), "not_found");
    let id: InterviewId = stage.interview.parse().unwrap();
    assert_eq!(stage.server.app.store.rehearsals(id.0).await.unwrap(), []);
}

#[tokio::test]
async fn a_rehearsal_shows_the_photos_of_the_interview_and_keeps_none_of_them() {
    let mut stage = Stage::set(&[]).await;
    let seat = stage.candidates[0].1.clone();
    let photo = format!("/api/admin/interviews/{}/candidates/{seat}/photo", stage.interview);
    let picture = stage.administrator.request(Method::PUT, &photo).body(b"\x89PNG\r\n\x1a\n".to_vec());
    good(stage.administrator.send(picture).await);
    let rehearsal = stage.rehearse().await;
    let token = stage.rehearsal_token("host").await;
    let path = format!("/api/candidates/{seat}/photo");
    let shown = Browser::new(&stage.server).request(Method::GET, &path).bearer_auth(&token).send().await;
    assert_eq!(shown.unwrap().status(), 200);
    let id: InterviewId = rehearsal.parse().unwrap();
    assert_eq!(stage.server.app.store.photo_seats(id.0).await.unwrap(), Vec::<u64>::new());
    stage.end(&rehearsal).await;
    let gone = Browser::new(&stage.server).request(Method::GET, &path).bearer_auth(&token).send().await;
    assert_ne!(gone.unwrap().status(), 200);
    let id: InterviewId = stage.interview.parse().unwrap();
    assert_eq!(stage.server.app.store.photo_seats(id.0).await.unwrap().len(), 1);
}
