//! WHIP and WHEP: status codes, headers, preconditions.

use super::client::{Client, offer, server, token_for};
use crate::serve::Server;
use reqwest::{Method, Response};
use serde_json::Value;
use viva_signaling::message::ServerMessage;

struct Http<'a> {
    server: &'a Server,
    client: reqwest::Client,
}

impl<'a> Http<'a> {
    fn new(server: &'a Server) -> Self {
        Self { server, client: reqwest::Client::new() }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let url = format!("http://{}{path}", self.server.address);
        let mut request = self.client.request(method, url).body(body.to_owned());
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    async fn post(&self, path: &str, token: &str, body: &str) -> Response {
        self.send(Method::POST, path, token, &[("content-type", "application/sdp")], body).await
    }
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

const FRAGMENT: (&str, &str) = ("content-type", "application/trickle-ice-sdpfrag");

fn fragment(ufrag: &str) -> String {
    format!(
        "a=ice-ufrag:{ufrag}\r\na=ice-pwd:{ufrag}aaaaaaaaaaaaaaaaaaaaaaaa\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
         a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag {ufrag} network-id 1\r\n\
         a=end-of-candidates\r\n"
    )
}

#[tokio::test]
async fn a_session_is_created_trickled_restarted_and_deleted() {
    let server = server(&[]).await;
    let (mut page, _) = Client::joined(&server, "page").await;
    let http = Http::new(&server);
    let token = token_for(&server, "exam", "obs", true, false);
    let created = http.post("/whip/exam", &token, &offer("abcd")).await;
    assert_eq!(created.status(), 201);
    assert_eq!(header(&created, "content-type"), "application/sdp");
    let (location, tag) = (header(&created, "location"), header(&created, "etag"));
    assert!(location.starts_with("/whip/exam/"), "{location}");
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "{tag}");
    assert!(created.text().await.unwrap().starts_with("v=0"));
    page.until(|m| matches!(m, ServerMessage::Publication { .. }).then_some(())).await;

    let patch = |tag: String, body: String| {
        let (http, location, token) = (&http, &location, &token);
        async move { http.send(Method::PATCH, location, token, &[FRAGMENT, ("if-match", &tag)], &body).await }
    };
    assert_eq!(patch(tag.clone(), fragment("abcd")).await.status(), 204);
    assert_eq!(patch("\"other\"".into(), fragment("abcd")).await.status(), 412);
    assert_eq!(patch(tag.clone(), fragment("wxyz")).await.status(), 412);
    let restarted = patch("*".into(), fragment("wxyz")).await;
    assert_eq!(restarted.status(), 200);
    assert_eq!(header(&restarted, "content-type"), FRAGMENT.1);
    let new_tag = header(&restarted, "etag");
    assert_ne!(new_tag, tag);
    assert!(restarted.text().await.unwrap().contains("a=ice-ufrag:"));
    assert_eq!(patch(tag, fragment("wxyz")).await.status(), 412);
    assert_eq!(patch(new_tag, fragment("wxyz")).await.status(), 204);
    assert_eq!(
        http.send(Method::PATCH, &location, &token, &[FRAGMENT], &fragment("wxyz")).await.status(),
        428
    );

    assert_eq!(http.send(Method::DELETE, &location, &token, &[], "").await.status(), 200);
    assert_eq!(http.send(Method::DELETE, &location, &token, &[], "").await.status(), 404);
    page.until(|m| matches!(m, ServerMessage::ParticipantLeft { .. }).then_some(())).await;
}

#[tokio::test]
async fn wrong_tokens_are_refused_alike_and_wrong_permissions_are_forbidden() {
    let server = server(&[]).await;
    let http = Http::new(&server);
    let foreign = token_for(&server, "other", "obs", true, true);
    let mut bodies = Vec::new();
    for token in ["", "nonsense", &foreign] {
        let response = http.post("/whip/exam", token, &offer("abcd")).await;
        assert_eq!(response.status(), 401);
        assert_eq!(header(&response, "www-authenticate"), "Bearer");
        bodies.push(response.json::<Value>().await.unwrap());
    }
    assert!(bodies.iter().all(|body| *body == bodies[0] && body["code"] == "unauthorized"));
    let listener = token_for(&server, "exam", "obs", false, true);
    assert_eq!(http.post("/whip/exam", &listener, &offer("abcd")).await.status(), 403);
    let sender = token_for(&server, "exam", "obs", true, false);
    assert_eq!(http.post("/whep/exam", &sender, &offer("abcd")).await.status(), 403);
    // Somebody else's session.
    let created = http.post("/whip/exam", &sender, &offer("abcd")).await;
    let other = token_for(&server, "exam", "other", true, false);
    let deleted = http.send(Method::DELETE, &header(&created, "location"), &other, &[], "").await;
    assert_eq!(deleted.status(), 401);
}

#[tokio::test]
async fn wrong_contents_are_refused_by_their_fault() {
    let server = server(&[("message_bytes", "20000")]).await;
    let http = Http::new(&server);
    let token = token_for(&server, "exam", "obs", true, true);
    let json = [("content-type", "application/json")];
    assert_eq!(http.send(Method::POST, "/whip/exam", &token, &json, "{}").await.status(), 415);
    assert_eq!(http.send(Method::POST, "/whip/exam", &token, &[], "v=0").await.status(), 415);
    let bad = http.post("/whip/exam", &token, "v=0\r\n").await;
    assert_eq!(bad.status(), 422);
    assert_eq!(bad.json::<Value>().await.unwrap()["code"], "bad_offer");
    assert_eq!(http.post("/whip/exam", &token, &"x".repeat(20_001)).await.status(), 413);
    // A bad offer does not take the place of a session that stands.
    let created = http.post("/whip/exam", &token, &offer("abcd")).await;
    assert_eq!(http.post("/whip/exam", &token, "v=0\r\n").await.status(), 422);
    let location = header(&created, "location");
    assert_eq!(http.send(Method::DELETE, &location, &token, &[], "").await.status(), 200);
    let unknown = format!("/whip/exam/{}", "0".repeat(48));
    let tagged = [FRAGMENT, ("if-match", "\"x\"")];
    for path in [unknown.as_str(), "/whip/exam/x"] {
        assert_eq!(http.send(Method::PATCH, path, &token, &tagged, &fragment("abcd")).await.status(), 404);
        assert_eq!(http.send(Method::DELETE, path, &token, &[], "").await.status(), 404);
    }
    assert_eq!(http.send(Method::GET, "/whip/exam", &token, &[], "").await.status(), 405);
}

#[tokio::test]
async fn options_name_what_may_be_posted_and_let_other_origins_in() {
    let server = server(&[]).await;
    let http = Http::new(&server);
    let plain = http.send(Method::OPTIONS, "/whip/exam", "", &[], "").await;
    assert_eq!(plain.status(), 204);
    assert_eq!(header(&plain, "accept-post"), "application/sdp");
    let preflight = [("origin", "https://studio.example"), ("access-control-request-method", "POST")];
    let preflight = http.send(Method::OPTIONS, "/whep/exam", "", &preflight, "").await;
    assert_eq!(header(&preflight, "access-control-allow-origin"), "*");
    assert!(header(&preflight, "access-control-allow-methods").contains("PATCH"));
    assert!(header(&preflight, "access-control-allow-headers").contains("Authorization"));
    let refused = http.post("/whip/exam", "", "v=0").await;
    assert_eq!(header(&refused, "access-control-allow-origin"), "*");
    assert!(header(&refused, "access-control-expose-headers").contains("Location"));
}

#[tokio::test]
async fn a_receiver_by_http_gets_only_slots() {
    let server = server(&[]).await;
    let (mut page, _) = Client::joined(&server, "page").await;
    let http = Http::new(&server);
    let token = token_for(&server, "exam", "wall", true, true);
    let created = http.post("/whep/exam", &token, &offer("abcd")).await;
    assert_eq!(created.status(), 201);
    assert!(header(&created, "location").starts_with("/whep/exam/"));
    let came = page.until(|m| match m {
        ServerMessage::Publication { .. } => Some(false),
        ServerMessage::Participant { .. } => Some(true),
        _ => None,
    });
    assert!(came.await, "a receiver publishes nothing");
}

#[tokio::test]
async fn a_room_whose_name_is_no_text_is_a_problem_like_any_other() {
    let server = server(&[]).await;
    let response =
        reqwest::Client::new().post(format!("http://{}/whip/%ff", server.address)).send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.json::<serde_json::Value>().await.unwrap()["code"], "not_found");
}

#[tokio::test]
async fn an_offer_is_accepted_whole_or_refused_by_the_name_of_its_section() {
    let server = server(&[]).await;
    let http = Http::new(&server);
    let token = token_for(&server, "exam", "obs", true, true);
    let deployed = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../signaling/fixtures/deployed");
        std::fs::read_to_string(format!("{folder}/{name}.sdp")).unwrap()
    };
    for name in [
        "bundle-names-a-missing-section",
        "h264-42c01f",
        "h264-without-fmtp",
        "mid-of-36-characters",
        "opus-without-channels",
        "profile-seven-digits",
        "simulcast-3-largest-first",
        "simulcast-4",
        "simulcast-ssrc-group",
    ] {
        let created = http.post("/whip/exam", &token, &deployed(name)).await;
        assert_eq!(created.status(), 201, "{name}");
        assert!(!created.text().await.unwrap().contains(" 0 UDP/TLS"), "{name}: half a success");
    }
    let control = deployed("control");
    for (name, offer, detail) in [
        ("passive", deployed("setup-passive"), "line 14: a=setup must be actpass or active"),
        ("twice", deployed("extmap-id-twice"), "line 29: extension id 1 stands for two extensions"),
        ("unbundled", deployed("no-bundle"), "no a=group:BUNDLE"),
        ("negative", deployed("ssrc-negative"), "line 28: a=ssrc: "),
        (
            "sound",
            control.replace("opus/48000/2", "PCMU/8000"),
            "line 6: media section 0 (audio) has no codec",
        ),
        ("picture", control.replace("H264", "H265"), "line 17: media section 1 (video) has no codec"),
        ("outside", control.replace("BUNDLE 0 1", "BUNDLE 0"), "line 17: media section 1 (video) is not in"),
    ] {
        for way in ["whip", "whep"] {
            let offer = if way == "whep" { offer.replace("a=sendonly", "a=recvonly") } else { offer.clone() };
            let refused = http.post(&format!("/{way}/exam"), &token, &offer).await;
            assert_eq!(refused.status(), 422, "{way} {name}");
            let problem = refused.json::<Value>().await.unwrap();
            assert_eq!(problem["code"], "bad_offer", "{way} {name}");
            let said = problem["detail"].as_str().unwrap_or_default().to_owned();
            assert!(said.contains(detail), "{way} {name}: {said}");
        }
    }
}

#[tokio::test]
async fn odd_candidates_of_a_patch_are_passed_over() {
    let server = server(&[]).await;
    let http = Http::new(&server);
    let token = token_for(&server, "exam", "obs", true, false);
    let created = http.post("/whip/exam", &token, &offer("abcd")).await;
    let (location, tag) = (header(&created, "location"), header(&created, "etag"));
    let odd = "a=candidate:x\r\na=candidate:1 1 ssltcp 1 192.0.2.1 443 typ host\r\nnonsense\r\n";
    let body = fragment("abcd").replace("a=end-of", &format!("{odd}a=end-of"));
    let headers = [FRAGMENT, ("if-match", tag.as_str())];
    assert_eq!(http.send(Method::PATCH, &location, &token, &headers, &body).await.status(), 204);
}
