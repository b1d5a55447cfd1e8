//! The face check from outside: consent, the WebSocket with real pictures, what the staff sees, what is erased.

mod verifier;

use super::api::{Answer, Browser, Stage, code, good, setup};
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use std::{path::PathBuf, sync::OnceLock, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};

/// Where the set-up of tests puts models and photos.
pub fn faces() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.cache/faces"))
}

pub fn photo(name: &str) -> Vec<u8> {
    let path = faces().join("photos").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; scripts/setup test", path.display()))
}

/// An interview that compares faces, in which the first candidate has a photo and has entered.
async fn asked(rules: Value, changes: &[(&str, &str)]) -> (Stage, Browser) {
    let models = faces().display().to_string();
    let mut settings = vec![("face_models", models.as_str())];
    settings.extend(changes);
    let mut stage = Stage::set(&settings).await;
    let mut setup = setup();
    setup["identity"] = rules;
    let path = format!("/api/admin/interviews/{}", stage.interview);
    good(stage.administrator.ask(Method::PUT, &path, Some(setup)).await);
    put_photo(&mut stage, 0, "obama2.jpg").await;
    let browser = stage.entered(0).await;
    (stage, browser)
}

async fn put_photo(stage: &mut Stage, candidate: usize, name: &str) {
    let seat = &stage.candidates[candidate].1;
    let path = format!("/api/admin/interviews/{}/candidates/{seat}/photo", stage.interview);
    let request = stage.administrator.request(Method::PUT, &path).header("content-type", "image/jpeg");
    good(stage.administrator.send(request.body(photo(name))).await);
}

fn rules(face: &str, turn: bool) -> Value {
    json!({ "face": face, "attempts": 3, "turn": turn })
}

/// Says yes to the terms as they are.
async fn consents(browser: &mut Browser) {
    let terms = good(browser.get("/api/candidate/identity/face").await);
    assert_eq!(terms["ready"], true, "{terms}");
    good(browser.post("/api/candidate/identity/consent", answer_to(&terms, true)).await);
}

/// Yes or no to these terms.
fn answer_to(terms: &Value, given: bool) -> Value {
    json!({
        "version": terms["version"],
        "kept_days": terms["kept_days"],
        "verifier": terms["verifier"],
        "given": given,
    })
}

/// The page of a face check.
struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    nonce: Vec<u8>,
}

impl Page {
    async fn open(stage: &Stage, browser: &Browser) -> Result<Self, Answer> {
        let url = format!("ws://{}/api/candidate/identity/face/check", stage.server.address);
        let mut request = url.into_client_request().unwrap();
        let http = browser.request(Method::GET, "/").build().unwrap();
        request.headers_mut().insert("cookie", http.headers()["cookie"].clone());
        match connect_async(request).await {
            Ok((socket, _)) => {
                let mut page = Self { socket, nonce: Vec::new() };
                let welcome = page.next().await.unwrap();
                assert_eq!(welcome["type"], "welcome");
                page.take_nonce(&welcome);
                Ok(page)
            }
            Err(tungstenite::Error::Http(response)) => {
                let status = response.status().as_u16();
                let body = response.into_body().unwrap_or_default();
                Err((status, serde_json::from_slice(&body).unwrap_or_default()))
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn take_nonce(&mut self, message: &Value) {
        let hex = message["nonce"].as_str().unwrap();
        self.nonce = (0..16).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            match timeout(Duration::from_secs(60), self.socket.next()).await.unwrap()? {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn frame(&mut self, jpeg: &[u8]) {
        let bytes = [self.nonce.as_slice(), jpeg].concat();
        let _ = self.socket.send(Message::binary(bytes)).await;
    }

    async fn start(&mut self) {
        self.socket.send(Message::text("{\"type\":\"start\"}")).await.unwrap();
        loop {
            let message = self.next().await.expect("the check begins");
            assert_ne!(message["type"], "error", "{message}");
            if message["type"] == "check" {
                return self.take_nonce(&message);
            }
        }
    }

    /// Shows these pictures one after the other until the check is over.
    async fn show(&mut self, pictures: &[Vec<u8>]) -> Value {
        let end = self.end(pictures).await;
        assert_eq!(end["type"], "result", "{end}");
        end
    }

    /// The same, with the result or the error.
    async fn end(&mut self, pictures: &[Vec<u8>]) -> Value {
        let mut heard = Vec::new();
        for picture in pictures.iter().cycle().take(60) {
            self.frame(picture).await;
            while let Ok(message) = timeout(Duration::from_millis(220), self.next()).await {
                let message = message.expect("a result comes before the end");
                if message["type"] == "result" || message["type"] == "error" {
                    return message;
                }
                heard.push(message.to_string());
            }
        }
        panic!("no result after {heard:?}");
    }
}

async fn checked(stage: &Stage, browser: &Browser, pictures: &[&str]) -> Value {
    let end = ended(stage, browser, pictures).await;
    assert_eq!(end["type"], "result", "{end}");
    end
}

/// The same, with the result or the error.
async fn ended(stage: &Stage, browser: &Browser, pictures: &[&str]) -> Value {
    let pictures: Vec<_> = pictures.iter().flat_map(|name| (0..4).map(|moved| frame(name, moved))).collect();
    let mut page = Page::open(stage, browser).await.unwrap();
    page.start().await;
    page.end(&pictures).await
}

/// The models, loaded once.
pub fn models() -> &'static viva_face::Models {
    static MODELS: OnceLock<viva_face::Models> = OnceLock::new();
    MODELS.get_or_init(|| {
        let read = |name: &str| std::fs::read(faces().join(name)).unwrap();
        viva_face::Models::load(&read(viva_face::DETECTOR.name), &read(viva_face::EMBEDDER.name)).unwrap()
    })
}

/// The face in a picture.
fn face(picture: &viva_face::Picture) -> viva_face::Face {
    models().analyser().look(picture).unwrap().face.unwrap()
}

/// As a camera would send it of somebody who sits before it: the face in the middle, half as high as the picture. Nobody
/// holds still to the pixel.
pub fn frame(name: &str, moved: u8) -> Vec<u8> {
    let picture = viva_face::Picture::decode(&photo(name)).unwrap();
    let face = face(&picture);
    let (centre, high) = (face.area.centre(), face.area.height * 2.0);
    let (width, height) = (480, 360);
    let mut rgb = Vec::new();
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let scale = high / height as f32;
        let from_x = centre.x + (x as f32 - width as f32 / 2.0 + f32::from(moved)) * scale;
        let from_y = centre.y + (y as f32 - height as f32 / 2.0) * scale;
        let inside = from_x >= 0.0 && from_y >= 0.0;
        let at = (from_y as usize * picture.width() as usize + from_x as usize) * 3;
        let here = inside && (from_x as u32) < picture.width() && (from_y as u32) < picture.height();
        rgb.extend_from_slice(if here { &picture.rgb()[at..at + 3] } else { &[120, 120, 120] });
    }
    viva_face::Picture::from_rgb(width, height, rgb).unwrap().jpeg().unwrap()
}

/// The person of `obama2.jpg`, whose head is turned to the right a little, with the nose drawn on, or mirrored.
pub fn turned(left: bool) -> Vec<u8> {
    let picture = viva_face::Picture::decode(&frame("obama2.jpg", 0)).unwrap();
    let face = face(&picture);
    let (nose, wide, high) = (face.landmarks.nose, face.area.width, face.area.height);
    let drawn = |x: f32, y: f32| {
        let (u, v) = ((x - nose.x) / (wide * 0.3), (y - nose.y) / (high * 0.25));
        -0.3 * wide * (-(u * u + v * v) / 2.0).exp()
    };
    let (width, height) = (picture.width(), picture.height());
    let mut rgb = Vec::new();
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let at = if left { width - 1 - x } else { x };
        // What lands here was moved by what holds where it came from: a few rounds find that.
        let from = (0..12).fold(at as f32, |from, _| at as f32 - drawn(from, y as f32));
        let from = from.round().clamp(0.0, width as f32 - 1.0) as usize;
        let place = (y as usize * width as usize + from) * 3;
        rgb.extend_from_slice(&picture.rgb()[place..place + 3]);
    }
    viva_face::Picture::from_rgb(width, height, rgb).unwrap().jpeg().unwrap()
}

impl Page {
    /// Somebody who looks ahead, and turns the head when asked to: to that side, or to the other. The result, and the sides
    /// that were asked for.
    async fn turns(&mut self, as_asked: bool) -> (Value, Vec<String>) {
        let ahead: Vec<_> = (0..4).map(|moved| frame("obama.jpg", moved)).collect();
        let sides = [turned(false), turned(true)];
        let mut asked = vec![String::new()];
        for number in 0..100 {
            let picture = match asked.last().unwrap().strip_prefix("turn_") {
                Some(side) => &sides[usize::from((side == "left") == as_asked)],
                None => &ahead[number % ahead.len()],
            };
            self.frame(picture).await;
            while let Ok(message) = timeout(Duration::from_millis(220), self.next()).await {
                let message = message.expect("a result comes before the end");
                match message["type"].as_str().unwrap() {
                    "result" => return (message, asked.split_off(1)),
                    "ask" => asked.push(message["ask"].as_str().unwrap().to_owned()),
                    other => assert_ne!(other, "error", "{message}"),
                }
            }
        }
        panic!("no result after {asked:?}");
    }
}

#[tokio::test]
async fn who_turns_the_head_to_the_side_that_was_drawn_passes_and_who_turns_to_the_other_does_not() {
    let (stage, mut browser) = asked(rules("once", true), &[]).await;
    consents(&mut browser).await;
    let mut page = Page::open(&stage, &browser).await.unwrap();
    page.start().await;
    let (result, sides) = page.turns(false).await;
    assert_eq!(result["outcome"], "not_followed", "{result} {sides:?}");
    let mut page = Page::open(&stage, &browser).await.unwrap();
    page.start().await;
    let (result, sides) = page.turns(true).await;
    assert_eq!(result["outcome"], "passed", "{result} {sides:?}");
    assert!(sides.iter().any(|side| side.starts_with("turn_")), "{sides:?}");
    assert_eq!(sides.last().unwrap(), "look_ahead");
}

#[tokio::test]
async fn who_comes_back_is_compared_again_and_somebody_else_stays_outside() {
    let (stage, mut browser) = asked(rules("each_entry", false), &[]).await;
    consents(&mut browser).await;
    assert_eq!(checked(&stage, &browser, &["obama.jpg"]).await["outcome"], "passed");
    for check in ["speaker", "microphone", "camera"] {
        let body = json!({ "passed": true, "device": "test" });
        good(browser.post(&format!("/api/candidate/checks/{check}"), body).await);
    }
    let seat = stage.candidate(&mut browser).await;
    drop(seat);
    // With the code again, as after a break: the face first, and nothing else once more.
    let mut again = stage.entered(0).await;
    let view = good(again.get("/api/candidate").await);
    assert_eq!((&view["step"], &view["face"]["attempts_left"]), (&json!("identity"), &json!(3)), "{view}");
    assert_eq!(code(again.post("/api/candidate/seat", json!({})).await), "not_in_room");
    assert_eq!(checked(&stage, &again, &["biden.jpg"]).await["outcome"], "different");
    assert_eq!(good(again.get("/api/candidate").await)["step"], "identity");
    assert_eq!(checked(&stage, &again, &["obama.jpg"]).await["outcome"], "passed");
    assert_eq!(good(again.get("/api/candidate").await)["step"], "waiting");
    let mut host = stage.staff("host").await;
    host.until(|host| host.view["candidates"][0]["face"]["trials"].as_array().unwrap().len() == 3).await;
    stage.candidate(&mut again).await;
}

#[tokio::test]
async fn the_same_person_passes_and_the_staff_sees_both_pictures() {
    let (mut stage, mut browser) = asked(rules("once", false), &[]).await;
    assert_eq!(Page::open(&stage, &browser).await.err().map(code).as_deref(), Some("consent_missing"));
    consents(&mut browser).await;
    let result = checked(&stage, &browser, &["obama.jpg"]).await;
    assert_eq!(result["outcome"], "passed", "{result}");
    let view = good(browser.get("/api/candidate").await);
    assert_eq!((&view["step"], &view["identity"]["method"]), (&json!("speaker"), &json!("face")));
    let mut host = stage.staff("host").await;
    let seat = stage.candidates[0].1.clone();
    host.until(|host| host.view["candidates"][0]["face"]["trials"][0]["outcome"] == "passed").await;
    let trial = &host.view["candidates"][0]["face"]["trials"][0];
    assert!(trial["score"].as_i64().unwrap() > 3630, "{trial}");
    let path = format!("/api/candidates/{seat}/face-pictures/{}", trial["picture"]);
    let (status, _) = stage.administrator.get(&path).await;
    assert_eq!(status, 200);
    assert_eq!(Browser::new(&stage.server).get(&path).await.0, 401);
    // It lies in the database as nobody can read it.
    let interview = u64::from_str_radix(&stage.interview, 16).unwrap();
    let kept = stage.server.app.store.face_picture(interview, u64::from_str_radix(&seat, 16).unwrap(), 0);
    assert!(kept.await.unwrap().unwrap().bytes.starts_with(&[0xff, 0xd8]));
}

#[tokio::test]
async fn another_person_fails_three_times_and_goes_on_by_sms() {
    let (mut stage, mut browser) = asked(rules("once", false), &[]).await;
    consents(&mut browser).await;
    for left in [2, 1, 0] {
        let result = checked(&stage, &browser, &["biden.jpg"]).await;
        assert_eq!(result["outcome"], "different", "{result}");
        let view = good(browser.get("/api/candidate").await);
        assert_eq!((&view["step"], &view["face"]["attempts_left"]), (&json!("identity"), &json!(left)));
    }
    let refused = Page::open(&stage, &browser).await.err().map(code);
    assert_eq!(refused.as_deref(), Some("face_not_offered"));
    good(browser.post("/api/candidate/identity/send", json!({})).await);
    let sms = stage.sms_code(0).await;
    let view = good(browser.post("/api/candidate/identity/verify", json!({ "code": sms })).await);
    assert_eq!((&view["step"], &view["identity"]["method"]), (&json!("speaker"), &json!("sms")));
}

#[tokio::test]
async fn frames_of_before_nonsense_and_bombs_cost_nothing() {
    let (stage, mut browser) = asked(rules("once", false), &[]).await;
    consents(&mut browser).await;
    let mut page = Page::open(&stage, &browser).await.unwrap();
    page.frame(&photo("sample2.jpg")).await;
    let hint = page.next().await.unwrap();
    assert_eq!((&hint["type"], &hint["hint"]), (&json!("hint"), &json!("several_faces")));
    let old = page.nonce.clone();
    page.start().await;
    // A frame with the nonce of before is as if it had not come; neither is what is no picture.
    let own: Vec<_> = (0..4).map(|moved| frame("obama.jpg", moved)).collect();
    for junk in [b"".as_slice(), b"\xff\xd8\xff\xe0 no picture", &[0; 200_000]] {
        page.frame(junk).await;
    }
    let nonce = std::mem::replace(&mut page.nonce, old);
    page.frame(&frame("biden.jpg", 0)).await;
    page.nonce = nonce;
    assert_eq!(page.show(&own).await["outcome"], "passed");
    // What is too large ends the connection.
    let mut other = stage.entered(0).await;
    assert_eq!(code(other.post("/api/candidate/pledge", json!({ "version": 1 })).await), "another_step");
}

#[tokio::test]
async fn without_models_only_the_sms_is_offered() {
    let (stage, mut browser) = asked(rules("once", true), &[("face_models", "/nowhere")]).await;
    let terms = good(browser.get("/api/candidate/identity/face").await);
    assert_eq!(terms["ready"], false);
    good(browser.post("/api/candidate/identity/consent", answer_to(&terms, true)).await);
    assert_eq!(Page::open(&stage, &browser).await.err().map(code).as_deref(), Some("face_unavailable"));
}

#[tokio::test]
async fn who_lacks_the_models_is_told_what_to_type_and_the_server_is_ready_all_the_same() {
    let mut stage = Stage::set(&[("face_models", "/nowhere")]).await;
    let (status, text) = Browser::new(&stage.server).get("/readyz").await;
    let text = text.as_str().unwrap();
    assert_eq!(status, 200, "{text}");
    let said = text.lines().find(|line| line.starts_with("faces_missing: ")).unwrap();
    assert!(said.contains("/nowhere") && said.contains("`scripts/face-models /nowhere`"), "{said}");
    let health = good(stage.administrator.get("/api/admin/health").await);
    let concern = |health: &Value| {
        let concerns = health["concerns"].as_array().unwrap().clone();
        concerns.into_iter().find(|concern| concern["code"] == "faces_missing")
    };
    assert_eq!(concern(&health).unwrap()["stops"], false, "{health}");
    let models = faces().display().to_string();
    let mut stage = Stage::set(&[("face_models", &models)]).await;
    assert_eq!(concern(&good(stage.administrator.get("/api/admin/health").await)), None);
}

#[tokio::test]
async fn a_staff_member_looks_at_the_picture_that_is_sent() {
    let (mut stage, _) = asked(rules("off", false), &[]).await;
    let mut browser = stage.waiting(0).await;
    let _candidate = stage.candidate(&mut browser).await;
    let mut host = stage.staff("host").await;
    let token = stage.staff_token("host").await;
    let seat = stage.candidates[0].1.clone();
    for (name, outcome) in [("obama.jpg", "passed"), ("biden.jpg", "different")] {
        let path = format!("/api/candidates/{seat}/face-look");
        let nobody = Browser::new(&stage.server);
        let request = nobody.request(Method::POST, &path).bearer_auth(&token);
        let mut sender = Browser::new(&stage.server);
        let body = frame(name, 0);
        let found = good(sender.send(request.header("content-type", "image/jpeg").body(body)).await);
        assert_eq!((&found["outcome"], &found["in_room"]), (&json!(outcome), &json!(true)), "{found}");
    }
    host.until(|host| host.view["candidates"][0]["face"]["suspects"] == 1).await;
    assert_eq!(host.view["candidates"][0]["step"], "waiting");
}

#[tokio::test]
async fn a_page_opens_its_connection_as_often_as_a_bad_line_needs_and_a_flood_is_told_to_wait() {
    let (stage, mut browser) = asked(rules("once", false), &[]).await;
    consents(&mut browser).await;
    let mut refused = None;
    for opened in 0..40 {
        if let Err(answer) = Page::open(&stage, &browser).await {
            assert!(opened >= 20, "{opened} {answer:?}");
            refused = Some(answer);
            break;
        }
    }
    assert_eq!(refused.map(code).as_deref(), Some("rate_limited"));
    // Another seat notices nothing.
    let mut other = stage.entered(1).await;
    assert_eq!(Page::open(&stage, &other).await.err().map(code).as_deref(), Some("face_not_offered"));
    good(other.get("/api/candidate").await);
}

#[tokio::test]
async fn the_staff_is_told_which_thresholds_are_set() {
    let (stage, mut browser) =
        asked(rules("once", false), &[("face_single", "0.5"), ("face_unclear", "0.25")]).await;
    let nobody = Browser::new(&stage.server);
    let token = stage.staff_token("examiner-1").await;
    let request = nobody.request(Method::GET, "/api/face-thresholds").bearer_auth(&token);
    let told = good(Browser::new(&stage.server).send(request).await);
    assert_eq!(told, json!({ "same": 0.5, "different": 0.25 }));
    assert_eq!(code(browser.get("/api/face-thresholds").await), "unauthorized");
}

#[tokio::test]
async fn pictures_are_erased_in_time_and_the_audit_says_so() {
    let (mut stage, mut browser) = asked(rules("once", false), &[("face_kept_days", "0")]).await;
    consents(&mut browser).await;
    checked(&stage, &browser, &["biden.jpg"]).await;
    for _ in 0..100 {
        crate::retention::forget_old(&stage.server.app).await.unwrap();
        let path = format!("/api/candidates/{}/face-pictures/0", stage.candidates[0].1);
        if stage.administrator.get(&path).await.0 == 404 {
            break;
        }
    }
    let path = format!("/api/admin/interviews/{}/audit.jsonl", stage.interview);
    let (status, audit) = stage.administrator.get(&path).await;
    let audit = audit.to_string();
    assert_eq!(status, 200, "{audit}");
    assert!(audit.contains("pictures_erased") && audit.contains("1 taken before"), "{audit}");
    assert!(audit.contains("face_compared") && audit.contains("Different"), "{audit}");
}

#[tokio::test]
async fn a_check_that_the_model_of_prints_doubts_is_marked_for_a_person_and_keeps_nobody_out() {
    let prints = faces().join(viva_face::PRINT_DETECTOR.name).display().to_string();
    for (doubt, suspects) in [("1", 1), ("0", 0)] {
        let settings = [("face_print_model", prints.as_str()), ("face_print_doubt", doubt)];
        let (stage, mut browser) = asked(rules("once", false), &settings).await;
        consents(&mut browser).await;
        assert_eq!(checked(&stage, &browser, &["obama.jpg"]).await["outcome"], "passed");
        let mut host = stage.staff("host").await;
        host.until(|host| host.view["candidates"][0]["face"]["trials"][0]["outcome"] == "passed").await;
        let face = &host.view["candidates"][0]["face"];
        assert_eq!(face["suspects"], suspects, "{face}");
        assert_eq!(face["trials"][0]["print"].is_i64(), suspects == 1, "{face}");
        // So does a look of the staff.
        for check in ["speaker", "microphone", "camera"] {
            let body = json!({ "passed": true, "device": "test" });
            good(browser.post(&format!("/api/candidate/checks/{check}"), body).await);
        }
        let _candidate = stage.candidate(&mut browser).await;
        let token = stage.staff_token("host").await;
        let path = format!("/api/candidates/{}/face-look", stage.candidates[0].1);
        let request = Browser::new(&stage.server).request(Method::POST, &path).bearer_auth(token);
        let found = good(Browser::new(&stage.server).send(request.body(frame("obama.jpg", 1))).await);
        assert_eq!(
            (&found["outcome"], found["print"].is_i64()),
            (&json!("passed"), suspects == 1),
            "{found}"
        );
    }
}

#[tokio::test]
async fn a_model_of_prints_that_cannot_be_had_or_is_another_file_stops_the_start_and_says_what_to_type() {
    let models = faces().display().to_string();
    let other = faces().join(viva_face::DETECTOR.name).display().to_string();
    for path in ["/nowhere", other.as_str()] {
        let changes = [("face_models", models.as_str()), ("face_print_model", path)];
        let started = crate::serve::Server::start(super::client::settings(&changes)).await;
        let error = started.err().unwrap().to_string();
        assert!(error.contains(path) && error.contains("`scripts/face-models --prints`"), "{error}");
    }
}
