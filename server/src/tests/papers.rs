//! Papers over HTTP: who adds, reads and removes them, how large they may be, and that nothing stays of what is erased.

use super::api::{Answer, Browser, Seat, Stage, code, good, sign_in};
use reqwest::Method;
use serde_json::{Value, json};

const PDF: &[u8] = b"%PDF-1.4\n% the candidate's own words\n";
const OWN: &str = "/api/candidate/papers";

async fn upload(browser: &mut Browser, path: &str, bytes: &[u8]) -> Answer {
    browser.send(browser.request(Method::POST, path).body(bytes.to_vec())).await
}

fn of_panel(stage: &Stage, number: u32) -> String {
    format!("/api/candidates/{}/papers/{number}", stage.candidates[0].1)
}

fn of_office(stage: &Stage) -> String {
    format!("/api/admin/interviews/{}/candidates/{}/papers", stage.interview, stage.candidates[0].1)
}

async fn go(host: &mut Seat, stage: u32) {
    host.act(json!({ "do": "go_to_stage", "stage": stage })).await.unwrap();
}

#[tokio::test]
async fn a_paper_of_the_candidate_is_read_by_the_panel_and_by_nobody_else() {
    let mut stage = Stage::set(&[]).await;
    let mut early = stage.entered(0).await;
    let path = format!("{OWN}?name=%E7%AE%80%E5%8E%86.pdf");
    assert_eq!(code(upload(&mut early, &path, PDF).await), "papers_closed");
    let mut browser = stage.waiting(0).await;
    let view = good(upload(&mut browser, &path, PDF).await);
    let paper = &view["papers"][0];
    assert_eq!(
        (&paper["name"], &paper["kind"], &paper["own"]),
        (&json!("简历.pdf"), &json!("pdf"), &json!(true))
    );
    assert_eq!(paper["bytes"], json!(PDF.len()));

    let mut examiner = stage.staff("examiner-1").await;
    examiner.until(|seat| seat.view["candidates"][0]["papers"][0]["name"] == "简历.pdf").await;
    let patrol = stage.staff("patrol").await;
    assert_eq!(patrol.view["candidates"][0]["papers"], json!([]));

    let token = stage.staff_token("examiner-1").await;
    let asked = Browser::new(&stage.server).request(Method::GET, &of_panel(&stage, 1)).bearer_auth(token);
    let answer = asked.send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-disposition"), "inline");
    assert!(header("cache-control").contains("no-store"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(answer.bytes().await.unwrap(), PDF);

    let mut patrol = sign_in(&stage.server, "patrol").await;
    assert_eq!(code(patrol.get(&of_panel(&stage, 1)).await), "not_your_seat");
    assert_eq!(code(browser.get(&of_panel(&stage, 1)).await), "unauthorized");
    let mut other = stage.waiting(1).await;
    assert_eq!(code(other.get(&format!("{OWN}/1")).await), "not_found");
    let removed = other.ask(Method::DELETE, &format!("{OWN}/1"), None).await;
    assert_eq!(good(removed)["papers"], json!([]));
    assert_eq!(good(browser.get("/api/candidate").await)["papers"].as_array().unwrap().len(), 1);
    assert_eq!(browser.get(&format!("{OWN}/1")).await.0, 200);
    good(browser.ask(Method::DELETE, &format!("{OWN}/1"), None).await);
    assert_eq!(code(browser.get(&format!("{OWN}/1")).await), "not_found");
}

#[tokio::test]
async fn what_is_no_paper_or_too_much_is_refused_and_leaves_nothing() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    let path = format!("{OWN}?name=a");
    for other in [&b"<html><script>alert(1)</script></html>"[..], b"", b"MZ", b"PK\x03\x04 a document"] {
        assert_eq!(code(upload(&mut browser, &path, other).await), "paper_kind");
    }
    let large = [PDF, &vec![b' '; 20 << 20]].concat();
    let (status, body) = upload(&mut browser, &path, &large).await;
    assert_eq!((status, &body["code"], &body["limit"]), (413, &json!("papers_too_large"), &json!("20 MiB")));
    assert_eq!(code(upload(&mut browser, OWN, PDF).await), "malformed");
    let slides = upload(&mut browser, &format!("{path}&slides=true"), b"\x89PNG\r\n\x1a\n1234").await;
    assert_eq!(code(slides), "slides_not_pdf");
    for _ in 0..10 {
        good(upload(&mut browser, &path, PDF).await);
    }
    assert_eq!(code(upload(&mut browser, &path, PDF).await), "limit_reached");
    let (interview, seat) =
        (stage.interview.parse::<viva_interview::InterviewId>().unwrap().0, &stage.candidates[0].1);
    let seat = seat.parse::<viva_interview::SeatId>().unwrap().0;
    let store = &stage.server.app.store;
    assert!(store.paper(interview, seat, 10).await.unwrap().is_some());
    assert_eq!(store.paper(interview, seat, 11).await.unwrap(), None, "of what was refused nothing is kept");
}

#[tokio::test]
async fn the_office_adds_and_removes_and_what_is_removed_is_gone() {
    let mut stage = Stage::set(&[]).await;
    let path = of_office(&stage);
    let list = good(upload(&mut stage.administrator, &format!("{path}?name=a.pdf&slides=true"), PDF).await);
    assert_eq!((&list[0]["slides"], &list[0]["own"]), (&json!(true), &json!(false)));
    assert_eq!(good(stage.administrator.get(&path).await), list);
    let rows =
        good(stage.administrator.get(&format!("/api/admin/interviews/{}/candidates", stage.interview)).await);
    assert_eq!(rows[0]["papers"], 1);
    let mut browser = stage.waiting(0).await;
    assert_eq!(code(browser.ask(Method::DELETE, &format!("{OWN}/1"), None).await), "forbidden");
    assert_eq!(stage.administrator.get(&of_panel(&stage, 1)).await.0, 200);
    let left = good(stage.administrator.ask(Method::DELETE, &format!("{path}/1"), None).await);
    assert_eq!(left, json!([]));
    assert_eq!(code(stage.administrator.get(&of_panel(&stage, 1)).await), "not_found");
    // A number is never given again: who has the old one in mind does not read another paper.
    let list = good(upload(&mut stage.administrator, &format!("{path}?name=b.pdf"), PDF).await);
    assert_eq!(list[0]["number"], 2);
    let nobody = path.replace(&stage.candidates[0].1, "0123456789abcdef");
    assert_eq!(code(stage.administrator.get(&nobody).await), "candidate_unknown");
}

#[tokio::test]
async fn papers_are_handed_out_with_a_person_and_erased_with_them() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    good(upload(&mut browser, &format!("{OWN}?name=%E6%9D%8E%E5%8D%8E.pdf"), PDF).await);
    good(browser.post("/api/candidate/leave", json!({})).await);
    let own = of_office(&stage).replace("/papers", "");
    let request = stage.administrator.request(Method::GET, &format!("{own}/person.zip"));
    let zip = request.send().await.unwrap().bytes().await.unwrap().to_vec();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut kept = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("paper-1.pdf").unwrap(), &mut kept).unwrap();
    assert_eq!(kept, PDF);

    let ask = json!({ "number": "001", "keep_result": true });
    assert_eq!(stage.administrator.post(&format!("{own}/erase"), ask).await.0, 204);
    assert_eq!(code(stage.administrator.get(&of_panel(&stage, 1)).await), "not_found");
    assert_eq!(good(stage.administrator.get(&of_office(&stage)).await), json!([]));
    let audit = format!("/api/admin/interviews/{}/audit.jsonl", stage.interview);
    let (_, audit) = stage.administrator.get(&audit).await;
    assert!(audit.to_string().contains("paper_added") && !audit.to_string().contains("李华"), "{audit}");
    let store = &stage.server.app.store;
    assert_eq!(store.old_papers(u64::MAX).await.unwrap(), 0);
}

#[tokio::test]
async fn the_panel_sees_the_page_to_which_the_candidate_turns_and_so_does_who_comes_late() {
    let mut stage = Stage::set(&[]).await;
    let mut browser = stage.waiting(0).await;
    good(upload(&mut browser, &format!("{OWN}?name=s.pdf&slides=true"), PDF).await);
    let mut candidate = stage.candidate(&mut browser).await;
    let (mut host, mut examiner) = (stage.staff("host").await, stage.staff("examiner-1").await);
    let seat = stage.candidates[0].1.clone();
    go(&mut host, 1).await;
    host.act(json!({ "do": "call", "candidate": seat })).await.unwrap();
    assert_eq!(
        candidate.act(json!({ "do": "turn_page", "page": 2 })).await,
        Err("slides_not_asked".to_owned())
    );
    let invite = json!({ "do": "invite_slides", "candidate": seat, "invited": true });
    examiner.act(invite).await.unwrap();
    let records = stage.server.app.store.interviews().await.unwrap()[0].seq;
    candidate.until(|seat| seat.view["slides"] == json!({ "number": 1, "page": 1 })).await;
    for page in 2..=30 {
        candidate.act(json!({ "do": "turn_page", "page": page })).await.unwrap();
    }
    let at = |page: u32| json!({ "number": 1, "page": page });
    examiner.until(|seat| seat.view["slides"] == at(30)).await;
    let late = stage.staff("examiner-2").await;
    assert_eq!(late.view["slides"], at(30));
    let patrol = stage.staff("patrol").await;
    assert_eq!(patrol.view["slides"], Value::Null);
    assert_eq!(stage.server.app.store.interviews().await.unwrap()[0].seq, records, "no turn is recorded");
    host.act(json!({ "do": "send_back" })).await.unwrap();
    examiner.until(|seat| seat.view["slides"].is_null()).await;
}
