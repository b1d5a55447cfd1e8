//! Another comparer of faces in place of the built-in one: nobody is let in but by its word for this very question.

use super::*;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use std::{
    collections::VecDeque,
    future::pending,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

const SECRET: &str = "a secret of the verifier";

/// How each question is answered, in this order, and what was asked.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<(VecDeque<&'static str>, Vec<Value>)>>);

impl Script {
    async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/verify", listener.local_addr().unwrap());
        let body = axum::extract::DefaultBodyLimit::max(32 << 20);
        let router = Router::new().route("/verify", post(answer)).layer(body).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn next(&self, how: &'static str) {
        self.0.lock().unwrap().0.push_back(how);
    }

    fn asked(&self) -> Vec<Value> {
        self.0.lock().unwrap().1.clone()
    }
}

async fn answer(State(script): State<Script>, headers: HeaderMap, Json(question): Json<Value>) -> Response {
    assert_eq!(headers["authorization"], format!("Bearer {SECRET}"));
    let how = {
        let mut script = script.0.lock().unwrap();
        script.1.push(question.clone());
        script.0.pop_front().unwrap()
    };
    let says =
        |request: &Value, decision: &str| json!({ "request": request, "decision": decision, "score": 0.9 });
    match how {
        "never" => pending().await,
        "fails" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "nonsense" => Json(json!({ "decision": "same" })).into_response(),
        "of another" => Json(says(&json!("0".repeat(32)), "same")).into_response(),
        decision => Json(says(&question["request"], decision)).into_response(),
    }
}

#[tokio::test]
async fn only_the_word_of_the_verifier_for_this_question_lets_anybody_in() {
    let script = Script::default();
    let url = script.serve().await;
    let settings = [
        ("face_verifier", url.as_str()),
        ("face_verifier_secret", SECRET),
        ("face_verifier_timeout", "1500ms"),
    ];
    let (stage, mut browser) = asked(rules("once", false), &settings).await;
    let terms = good(browser.get("/api/candidate/identity/face").await);
    assert_eq!((&terms["service"], &terms["version"]), (&json!("127.0.0.1"), &json!(2)));
    assert_eq!(terms["verifier"], "external: 127.0.0.1");
    consents(&mut browser).await;

    // The built-in one would let this person in. What is no verdict costs no try.
    for how in ["never", "fails", "nonsense", "of another"] {
        script.next(how);
        let end = ended(&stage, &browser, &["obama.jpg"]).await;
        assert_eq!(
            (&end["type"], &end["code"]),
            (&json!("error"), &json!("face_unavailable")),
            "{how}: {end}"
        );
        let view = good(browser.get("/api/candidate").await);
        assert_eq!((&view["step"], &view["face"]["attempts_left"]), (&json!("identity"), &json!(3)), "{how}");
    }
    for (how, left) in [("different", 2), ("unclear", 1)] {
        script.next(how);
        let end = ended(&stage, &browser, &["obama.jpg"]).await;
        assert_eq!((&end["type"], &end["outcome"]), (&json!("result"), &json!(how)), "{end}");
        let view = good(browser.get("/api/candidate").await);
        assert_eq!((&view["step"], &view["face"]["attempts_left"]), (&json!("identity"), &json!(left)));
    }
    // Somebody else comes before the camera in the middle: nobody is asked.
    let before = script.asked().len();
    let mut page = Page::open(&stage, &browser).await.unwrap();
    page.start().await;
    let end = page.end(&[frame("obama.jpg", 0), frame("biden.jpg", 0), frame("biden.jpg", 1)]).await;
    assert_eq!((&end["outcome"], script.asked().len()), (&json!("changed"), before), "{end}");
    let mut host = stage.staff("host").await;
    host.until(|host| {
        host.view["candidates"][0]["face"]["trials"].as_array().is_some_and(|all| all.len() >= 6)
    })
    .await;
    for trial in host.view["candidates"][0]["face"]["trials"].as_array().unwrap() {
        assert_eq!(trial["verifier"], "external: 127.0.0.1");
        assert_ne!(trial["outcome"], "passed");
    }
}

#[tokio::test]
async fn the_verifier_decides_and_is_sent_the_photo_and_two_pictures() {
    let script = Script::default();
    let url = script.serve().await;
    let settings = [("face_verifier", url.as_str()), ("face_verifier_secret", SECRET)];
    let (stage, mut browser) = asked(rules("once", false), &settings).await;
    consents(&mut browser).await;
    // Another person for the built-in one.
    script.next("same");
    let end = ended(&stage, &browser, &["biden.jpg"]).await;
    assert_eq!((&end["type"], &end["outcome"]), (&json!("result"), &json!("passed")), "{end}");
    let view = good(browser.get("/api/candidate").await);
    assert_eq!((&view["step"], &view["identity"]["method"]), (&json!("speaker"), &json!("face")));
    let asked = script.asked();
    assert_eq!((asked.len(), asked[0]["pictures"].as_array().unwrap().len()), (1, 2));
    assert_eq!(asked[0]["reference"]["content_type"], "image/jpeg");
}

#[tokio::test]
async fn the_consent_tells_who_compares_and_holds_for_nobody_else() {
    let folder = std::env::temp_dir().join(format!("viva-consent-{}", crate::random::hex::<8>()));
    let kept = ("data_dir", folder.to_str().unwrap());
    let (mut stage, mut browser) = asked(rules("once", false), &[kept]).await;
    let own = good(browser.get("/api/candidate/identity/face").await);
    assert_eq!((&own["verifier"], &own["service"]), (&json!("viva"), &Value::Null));
    // Who answers to other terms has not read these.
    for (name, value) in
        [("verifier", json!("external: elsewhere")), ("version", json!(2)), ("kept_days", json!(1))]
    {
        let mut other = answer_to(&own, true);
        other[name] = value;
        assert_eq!(
            code(browser.post("/api/candidate/identity/consent", other).await),
            "face_terms_changed",
            "{name}"
        );
    }
    consents(&mut browser).await;
    Page::open(&stage, &browser).await.unwrap();
    // The server comes back with another comparer: everybody is asked anew, and it is sent nobody's face before.
    let script = Script::default();
    let (url, models) = (script.serve().await, faces().display().to_string());
    let settings =
        [kept, ("face_models", &models), ("face_verifier", &url), ("face_verifier_secret", SECRET)];
    stage.server.stop().await.unwrap();
    stage.server = super::super::client::server(&settings).await;
    browser.moved(&stage.server);
    stage.administrator.moved(&stage.server);
    let view = good(browser.get("/api/candidate").await);
    assert_eq!(view["face"]["consent"]["terms"]["verifier"], "viva");
    assert_eq!(Page::open(&stage, &browser).await.err().map(code).as_deref(), Some("consent_missing"));
    consents(&mut browser).await;
    assert_eq!(script.asked(), Vec::<Value>::new());
    script.next("same");
    assert_eq!(checked(&stage, &browser, &["obama.jpg"]).await["outcome"], "passed");
    // The staff and the audit tell.
    let host = stage.staff("host").await;
    let told = &host.view["candidates"][0]["face"]["consent"];
    assert_eq!((&told["given"], &told["terms"]["verifier"]), (&json!(true), &json!("external: 127.0.0.1")));
    let path = format!("/api/admin/interviews/{}/audit.jsonl", stage.interview);
    let audit = stage.administrator.get(&path).await.1.to_string();
    for by in ["viva", "external: 127.0.0.1"] {
        assert!(audit.contains(&format!("pictures kept 30 days, compared by {by}")), "{audit}");
    }
    stage.server.stop().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn who_refused_is_not_compared_by_the_staff_either_and_no_verifier_is_sent_the_face() {
    let script = Script::default();
    let url = script.serve().await;
    let settings = [("face_verifier", url.as_str()), ("face_verifier_secret", SECRET)];
    let (mut stage, mut browser) = asked(rules("once", false), &settings).await;
    let terms = good(browser.get("/api/candidate/identity/face").await);
    good(browser.post("/api/candidate/identity/consent", answer_to(&terms, false)).await);
    assert_eq!(Page::open(&stage, &browser).await.err().map(code).as_deref(), Some("consent_missing"));
    let mut browser = stage.waiting(0).await;
    let _candidate = stage.candidate(&mut browser).await;
    let token = stage.staff_token("host").await;
    let path = format!("/api/candidates/{}/face-look", stage.candidates[0].1);
    let request = Browser::new(&stage.server).request(Method::POST, &path).bearer_auth(token);
    let looked = Browser::new(&stage.server).send(request.body(frame("obama.jpg", 0))).await;
    assert_eq!((code(looked), script.asked()), ("consent_missing".to_owned(), Vec::<Value>::new()));
}
