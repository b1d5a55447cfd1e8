//! The server under test, and sessions with it by plain HTTP.

use reqwest::{Method, Response};
use std::time::Duration;
use viva_server::{links::SeatFor, serve::Server, settings::Sources};

pub const SDP: &str = "application/sdp";
pub const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// Nothing on one machine takes so long.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A server on free ports of the loopback interface.
pub async fn server() -> Server {
    let mut sources = Sources { file: None, ..Sources::default() };
    for (key, value) in [
        ("listen", "127.0.0.1:0"),
        ("media_port", "0"),
        ("media_addresses", "127.0.0.1"),
        ("shards", "1"),
        ("quality_interval", "200ms"),
        ("secret", "a secret of tests, longer than 32 characters"),
    ] {
        sources.flags.insert(key.to_owned(), value.to_owned());
    }
    sources.flags.insert("data_dir".to_owned(), folder().display().to_string());
    Server::start(sources.load().expect("settings")).await.expect("a server")
}

/// A folder of this server's own.
fn folder() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let number = SERVERS.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("viva-interop-{}-{number}", std::process::id()))
}

/// A token for one seat.
pub fn token(server: &Server, room: &str, name: &str, publish: bool, subscribe: bool) -> String {
    token_for(server, room, name, publish, subscribe, Duration::from_secs(60))
}

/// A token for one seat, good for so long.
pub fn token_for(
    server: &Server,
    room: &str,
    name: &str,
    publish: bool,
    subscribe: bool,
    ttl: Duration,
) -> String {
    let seat = SeatFor { room: room.into(), identity: name.into(), name: name.into(), publish, subscribe };
    seat.token(&server.tokens, ttl).expect("a token")
}

/// One request, with the token as bearer.
pub async fn request(
    server: &Server,
    (method, path): (Method, &str),
    token: &str,
    headers: &[(&str, &str)],
    body: impl Into<String>,
) -> Response {
    let url = format!("http://{}{path}", server.address);
    let mut request = reqwest::Client::new().request(method, url).body(body.into()).timeout(PATIENCE);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

/// A header's value, empty where it is missing.
pub fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A session by WHIP or WHEP.
pub struct Session<'a> {
    server: &'a Server,
    token: String,
    /// The path of the session.
    pub location: String,
    /// The entity tag of the ICE session, with its quotes.
    pub tag: String,
}

impl<'a> Session<'a> {
    /// Offers at `/whip/{room}` or `/whep/{room}`; the session and the answer.
    pub async fn create(
        server: &'a Server,
        way: &str,
        room: &str,
        name: &str,
        offer: &str,
    ) -> (Self, String) {
        let token = token(server, room, name, way == "whip", way == "whep");
        let path = format!("/{way}/{room}");
        let created = request(server, (Method::POST, &path), &token, &[("content-type", SDP)], offer).await;
        assert_eq!(created.status(), 201, "{}", created.text().await.unwrap_or_default());
        let (location, tag) = (header(&created, "location"), header(&created, "etag"));
        let answer = created.text().await.expect("an answer");
        (Self { server, token, location, tag }, answer)
    }

    /// Trickles or restarts with a fragment under an entity tag.
    pub async fn patch(&self, tag: &str, fragment: &str) -> Response {
        let headers = [("content-type", FRAGMENT), ("if-match", tag)];
        request(self.server, (Method::PATCH, &self.location), &self.token, &headers, fragment).await
    }

    /// Ends the session: the status.
    pub async fn delete(&self) -> u16 {
        request(self.server, (Method::DELETE, &self.location), &self.token, &[], "").await.status().as_u16()
    }
}
