//! Clients of the HTTP API: a browser with its cookies, and an interview with people in it.

use super::client::{Client, server};
use crate::{account::NewAccount, clock::now, serve::Server};
use reqwest::{Method, header};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use viva_signaling::message::{ClientMessage, PublicationState, PublishedTrack, ServerMessage, TrackSource};

/// The administrator's password in these tests.
pub const PASSWORD: &str = "correct horse battery";

/// A browser.
pub struct Browser {
    base: String,
    cookies: BTreeMap<String, String>,
    http: reqwest::Client,
}

/// An answer: its status, and its JSON or null.
pub type Answer = (u16, Value);

impl Browser {
    pub fn new(server: &Server) -> Self {
        let base = format!("http://{}", server.address);
        Self { base, cookies: BTreeMap::new(), http: reqwest::Client::new() }
    }

    /// The server has moved to another port.
    pub fn moved(&mut self, server: &Server) {
        self.base = format!("http://{}", server.address);
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.send(request).await
    }

    /// A request with the cookies and the guard.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.base)).header("X-Viva", "1");
        request.header(header::COOKIE, cookies.join("; "))
    }

    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            assert!(text.contains("HttpOnly") && text.contains("SameSite=Strict"), "{text}");
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

/// The code of a problem, or what came instead.
pub fn code((status, body): Answer) -> String {
    match body["code"].as_str() {
        Some(code) => {
            assert!(body["text"]["zh"].is_string() && status >= 400, "{body}");
            code.to_owned()
        }
        None => panic!("a problem, not {status} {body}"),
    }
}

/// What an answer of success says.
pub fn good((status, body): Answer) -> Value {
    assert!((200..300).contains(&status), "{status} {body}");
    body
}

/// An administrator who is signed in.
pub async fn administrator(server: &Server) -> Browser {
    let new = NewAccount {
        account: "root".to_owned(),
        name: "管理员".to_owned(),
        password: PASSWORD.to_owned(),
        administrator: true,
    };
    server.app.accounts.create(new, now().0).await.unwrap();
    sign_in(server, "root").await
}

pub async fn sign_in(server: &Server, account: &str) -> Browser {
    let mut browser = Browser::new(server);
    good(browser.post("/api/session", json!({ "account": account, "password": PASSWORD })).await);
    browser
}

/// An interview with two candidates (the second with a password), two examiners, a host and a patrol.
pub struct Stage {
    pub server: Server,
    pub administrator: Browser,
    pub interview: String,
    /// Code and seat of each candidate.
    pub candidates: Vec<(String, String)>,
    /// Seats by the name of the account.
    pub staff: BTreeMap<&'static str, String>,
}

/// The staff of [`Stage`], with the name of each account.
pub const STAFF: [(&str, &str); 4] =
    [("examiner-1", "examiner"), ("examiner-2", "examiner"), ("host", "host"), ("patrol", "patrol")];

/// A setup that is open now.
pub fn setup() -> Value {
    let stage = |name: &str, kind: &str| json!({ "name": name, "kind": kind, "minutes": null });
    json!({
        "name": "复试", "opens_at": now().0 - 1000, "closes_at": now().0 + 3_600_000,
        "stages": [stage("候考", "waiting"), stage("面谈", "interview"), stage("评议", "deliberation"),
            stage("公布", "announcement"), stage("确认", "confirmation"), stage("结束", "end")],
        "criteria": [{ "id": "a", "name": "专业", "weight": 60, "max": 10000, "min": 0 },
            { "id": "b", "name": "综合", "weight": 40, "max": 10000, "min": 0 }],
        "second_camera": "allowed",
    })
}

impl Stage {
    pub async fn set(changes: &[(&str, &str)]) -> Self {
        let server = server(changes).await;
        let mut administrator = administrator(&server).await;
        let made = good(administrator.post("/api/admin/interviews", setup()).await);
        let interview = made["id"].as_str().unwrap().to_owned();
        let (mut candidates, mut staff) = (Vec::new(), BTreeMap::new());
        for (number, password) in [("001", Value::Null), ("002", json!("geheim"))] {
            let body = json!({ "name": format!("考生{number}"), "number": number, "phone": format!("13800138{number}"), "password": password });
            let path = format!("/api/admin/interviews/{interview}/candidates");
            let made = good(administrator.post(&path, body).await);
            let text = |name: &str| made[name].as_str().unwrap().to_owned();
            candidates.push((text("code"), text("seat")));
        }
        for (account, role) in STAFF {
            let new = NewAccount {
                account: account.to_owned(),
                name: account.to_owned(),
                password: PASSWORD.to_owned(),
                administrator: false,
            };
            server.app.accounts.create(new, now().0).await.unwrap();
            let path = format!("/api/admin/interviews/{interview}/staff");
            let body = json!({ "account": account, "name": account, "role": role });
            let made = good(administrator.post(&path, body).await);
            staff.insert(account, made["seat"].as_str().unwrap().to_owned());
        }
        Self { server, administrator, interview, candidates, staff }
    }

    /// A candidate who has entered with the code and passed the password, where there is one.
    pub async fn entered(&self, candidate: usize) -> Browser {
        let mut browser = Browser::new(&self.server);
        let code = &self.candidates[candidate].0;
        let view = good(browser.post("/api/candidate/invitation", json!({ "code": code })).await);
        if view["step"] == "password" {
            good(browser.post("/api/candidate/password", json!({ "password": "geheim" })).await);
        }
        browser
    }

    /// The newest code that was sent by SMS to this candidate.
    pub async fn sms_code(&mut self, candidate: usize) -> String {
        let list = good(self.administrator.get("/api/admin/outbox").await);
        let phone = format!("13800138{:03}", candidate + 1);
        let texts = list.as_array().unwrap().iter().rev().filter(|message| {
            message["phone"].as_str().unwrap().ends_with(&phone)
                && message["text"].as_str().unwrap().contains("验证码")
        });
        let text = texts.map(|message| message["text"].as_str().unwrap()).next().unwrap().to_owned();
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
        digits.unwrap().to_owned()
    }

    /// A candidate in the waiting room, by the way of SMS and working devices.
    pub async fn waiting(&mut self, candidate: usize) -> Browser {
        let mut browser = self.entered(candidate).await;
        good(browser.post("/api/candidate/identity/send", json!({})).await);
        let code = self.sms_code(candidate).await;
        good(browser.post("/api/candidate/identity/verify", json!({ "code": code })).await);
        for check in ["speaker", "microphone", "camera"] {
            let body = json!({ "passed": true, "device": "test" });
            good(browser.post(&format!("/api/candidate/checks/{check}"), body).await);
        }
        browser
    }

    /// A candidate's seat in the room, taken with a token of the browser.
    pub async fn candidate(&self, browser: &mut Browser) -> Seat {
        let token = good(browser.post("/api/candidate/seat", json!({})).await);
        Seat::take(&self.server, token["token"].as_str().unwrap()).await
    }

    /// The room's seat of a phone that is paired.
    pub async fn phone(&self, browser: &mut Browser) -> Seat {
        let token = good(browser.post("/api/second-camera/seat", json!({})).await);
        Seat::take(&self.server, token["token"].as_str().unwrap()).await
    }

    /// The seat of somebody of the staff.
    pub async fn staff(&self, account: &str) -> Seat {
        let token = self.staff_token(account).await;
        Seat::take(&self.server, &token).await
    }

    pub async fn staff_token(&self, account: &str) -> String {
        let mut browser = sign_in(&self.server, account).await;
        let path = format!("/api/seats/{}/token", self.staff[account]);
        good(browser.post(&path, json!({})).await)["token"].as_str().unwrap().to_owned()
    }
}

/// A seat in the room, with what it knows.
pub struct Seat {
    pub client: Client,
    pub view: Value,
    /// The publications that it may receive: by whom, from where, of which seat.
    pub publications: BTreeMap<String, (String, String, Option<String>)>,
    /// Everybody on its list, by participant: the seat.
    pub people: BTreeMap<String, String>,
    /// Lines of chat as they came.
    pub lines: Vec<Value>,
    /// The view in parts.
    known: serde_json::Map<String, Value>,
    commands: u32,
}

impl Seat {
    pub async fn take(server: &Server, token: &str) -> Self {
        let mut client = Client::connect(server).await;
        client.hello().await;
        client.say(ClientMessage::Join { token: token.to_owned() }).await;
        let (view, known, lines, publications, people) = Default::default();
        let mut seat = Self { client, view, known, lines, publications, people, commands: 0 };
        seat.answer().await.unwrap();
        seat.until(|seat| !seat.view.is_null()).await;
        seat
    }

    /// Takes in one message; the answer to the newest request, if it is that.
    async fn next(&mut self) -> Option<ServerMessage> {
        let envelope = self.client.next().await.expect("more messages");
        match &envelope.message {
            message @ (ServerMessage::Interview { .. } | ServerMessage::InterviewChange { .. })
                if message.take_into(&mut self.known) =>
            {
                self.view = Value::Object(self.known.clone());
            }
            ServerMessage::Chat { lines, .. } => self.lines.extend(lines.iter().cloned()),
            ServerMessage::Joined { participants, publications, .. } => {
                self.people = participants.iter().map(|p| (p.id.clone(), p.seat.clone().unwrap())).collect();
                self.publications = publications.iter().map(known).collect();
            }
            ServerMessage::Participant { participant: p } => {
                self.people.insert(p.id.clone(), p.seat.clone().unwrap());
            }
            ServerMessage::ParticipantLeft { participant } => {
                self.people.remove(participant);
            }
            ServerMessage::Publication { publication: p } => {
                self.publications.extend([known(p)]);
            }
            ServerMessage::PublicationGone { publication } => {
                self.publications.remove(publication);
            }
            _ => {}
        }
        envelope.re.is_some().then_some(envelope.message)
    }

    /// The answer to the newest request.
    pub async fn answer(&mut self) -> Result<ServerMessage, String> {
        loop {
            match self.next().await {
                Some(ServerMessage::Error { code, .. }) => return Err(code.code().to_owned()),
                Some(answer) => return Ok(answer),
                None => {}
            }
        }
    }

    /// Takes in messages until something is so.
    pub async fn until(&mut self, is: impl Fn(&Self) -> bool) {
        while !is(self) {
            self.next().await;
        }
    }

    /// Sends `act`; the error's code when it is refused.
    pub async fn act(&mut self, action: Value) -> Result<(), String> {
        self.commands += 1;
        let command = format!("c-{}", self.commands);
        self.client.say(ClientMessage::Act { command, action }).await;
        self.answer().await.map(drop)
    }

    /// Sends sound and picture, and wants to receive both.
    pub async fn send(&mut self, ufrag: &str) {
        self.send_as(ufrag, TrackSource::Camera).await;
    }

    /// The same, with a picture that is said to come from there.
    pub async fn send_as(&mut self, ufrag: &str, source: TrackSource) {
        let sdp = super::client::offer(ufrag);
        let track = PublishedTrack { mid: "1".into(), source, muted: false };
        self.client.say(ClientMessage::Offer { sdp, tracks: vec![track] }).await;
        assert!(matches!(self.answer().await, Ok(ServerMessage::Answer { .. })));
    }

    /// The sources that it may receive of this seat.
    pub fn receives(&self, seat: &str) -> Vec<String> {
        let of = |participant: &String| self.people.get(participant).is_some_and(|known| known == seat);
        let mut sources: Vec<String> = self
            .publications
            .values()
            .filter(|(by, ..)| of(by))
            .map(|(_, source, _)| source.clone())
            .collect();
        sources.sort();
        sources
    }

    /// The sources that it may receive of this seat, by whichever device.
    pub fn is_shown(&self, seat: &str) -> Vec<String> {
        let of = |known: &Option<String>| known.as_deref() == Some(seat);
        let all = self.publications.values().filter(|(.., known)| of(known));
        let mut sources: Vec<String> = all.map(|(_, source, _)| source.clone()).collect();
        sources.sort();
        sources
    }
}

fn known(p: &PublicationState) -> (String, (String, String, Option<String>)) {
    (p.id.clone(), (p.participant.clone(), format!("{:?}", p.source), p.seat.clone()))
}
