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
