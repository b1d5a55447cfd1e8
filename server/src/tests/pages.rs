//! Pages, health and metrics by plain HTTP.

use super::client::{Client, server};
use crate::serve::Server;
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use serde_json::Value;

pub async fn get(server: &Server, path: &str) -> reqwest::Response {
    reqwest::get(format!("http://{}{path}", server.address)).await.unwrap()
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_are_problems_of_the_one_table() {
    let server = server(&[]).await;
    for path in ["/nothing", "/assets/nothing.js", "/../Cargo.toml", "/.git/config"] {
        let response = get(&server, path).await;
        assert_eq!(response.status(), 404, "{path}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["code"], "not_found");
        assert!(
            body["text"]["zh"].is_string() && body["text"]["en"].is_string() && body["detail"].is_string()
        );
    }
    let client = reqwest::Client::new();
    for path in ["/healthz", "/room"] {
        let response = client.post(format!("http://{}{path}", server.address)).send().await.unwrap();
        assert_eq!(response.status(), 405, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "method_not_allowed");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_for_people() {
    let server = server(&[]).await;
    let ask = |path: &str, accept: &str| {
        let request = reqwest::Client::new().get(format!("http://{}{path}", server.address));
        request.header("accept", accept).send()
    };
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for path in ["/nothing", "/interviews/7", "/plan.pdf"] {
        let page = ask(path, browser).await.unwrap();
        assert_eq!(page.status(), 404, "{path}");
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        assert_eq!(page.headers()["cache-control"], "no-store");
    }
    for (path, accept) in [("/nothing", "*/*"), ("/assets/x.js", "*/*"), ("/api/nothing", browser)] {
        let refused = ask(path, accept).await.unwrap();
        assert_eq!(refused.status(), 404, "{path}");
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "not_found", "{path}");
    }
    for path in ["/download", "/download-mobile"] {
        assert_eq!(ask(path, browser).await.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test]
async fn who_comes_by_https_is_told_to_stay_with_it() {
    let by_https = server(&[("public_url", "https://viva.example")]).await;
    for path in ["/", "/api/settings", "/nothing"] {
        let response = get(&by_https, path).await;
        assert_eq!(response.headers()["strict-transport-security"], "max-age=31536000", "{path}");
    }
    let local = get(&server(&[]).await, "/").await;
    assert!(!local.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn metrics_and_the_description_are_for_operators_alone_behind_any_proxy() {
    let token = "0123456789abcdef0123456789abcdef";
    let by_https = server(&[("public_url", "https://viva.example"), ("metrics_token", token)]).await;
    let local = server(&[("metrics_token", token)]).await;
    let ask = |server: &Server, path: &str, headers: &[(&'static str, String)]| {
        let mut request = reqwest::Client::new().get(format!("http://{}{path}", server.address));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        async { request.send().await.unwrap().status().as_u16() }
    };
    let right = [("authorization", format!("Bearer {token}"))];
    let wrong = [("authorization", format!("Bearer {}", &token[1..]))];
    for path in ["/metrics", "/api/openapi.json"] {
        // A proxy that says nothing of whom it asks for looks like a program of this machine.
        assert_eq!(ask(&by_https, path, &[]).await, 401, "{path}");
        assert_eq!(ask(&by_https, path, &wrong).await, 401, "{path}");
        assert_eq!(ask(&by_https, path, &right).await, 200, "{path}");
        assert_eq!(ask(&local, path, &[]).await, 200, "{path}");
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
            assert_eq!(ask(&local, path, &[(name, "for=192.0.2.7".to_owned())]).await, 401, "{path} {name}");
        }
    }
}

#[tokio::test]
async fn the_token_of_the_metrics_is_made_once_and_kept() {
    let server = server(&[("public_url", "https://viva.example")]).await;
    let kept = std::fs::read_to_string(server.app.settings.data_dir.join("metrics_token")).unwrap();
    assert_eq!((kept.len(), &*server.app.metrics_token), (64, kept.as_str()));
}

#[tokio::test]
async fn every_page_carries_the_headers_that_protect_it() {
    let server = server(&[]).await;
    for path in ["/", "/room", "/healthz", "/nothing"] {
        let response = get(&server, path).await;
        let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("default-src 'self'"));
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("permissions-policy").contains("camera=(self), microphone=(self)"));
        assert_eq!(header("x-request-id").len(), 16);
    }
    let page = get(&server, "/room").await;
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(["no-cache", "no-store"].contains(&page.headers()["cache-control"].to_str().unwrap()));
}

/// A page or a part of it, asked for as a browser does that takes these codings.
async fn ask(server: &Server, path: &str, codings: &str, tag: Option<&str>) -> reqwest::Response {
    let request = reqwest::Client::new().get(format!("http://{}{path}", server.address));
    let request = request.header("accept-encoding", codings).header("accept", "text/html,*/*");
    match tag {
        Some(tag) => request.header("if-none-match", tag).send().await.unwrap(),
        None => request.send().await.unwrap(),
    }
}

/// The name of a part that the page asks for.
async fn part(server: &Server) -> String {
    let page = ask(server, "/", "identity", None).await.text().await.unwrap();
    let start = page.find("/assets/").expect("the web pages are built: make web");
    page[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn pages_leave_in_the_form_that_the_build_compressed_for_whoever_asks() {
    let server = server(&[]).await;
    let script = part(&server).await;
    let built =
        |path: &str| std::fs::read(format!("{}/../web/dist{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for (path, file) in [("/", "/index.html"), ("/i", "/index.html"), (script.as_str(), script.as_str())] {
        for (codings, coding, extension) in [
            ("gzip, deflate, br, zstd", Some("br"), ".br"),
            ("br;q=0.9, gzip;q=0.9", Some("br"), ".br"),
            ("gzip", Some("gzip"), ".gz"),
            ("GZIP, br;q=0", Some("gzip"), ".gz"),
            ("br;q=0.5, gzip", Some("gzip"), ".gz"),
            ("*", Some("br"), ".br"),
            ("", None, ""),
            ("identity", None, ""),
            ("identity, br;q=0.5", None, ""),
            ("br;q=much", None, ""),
            ("zstd, *;q=0", None, ""),
        ] {
            let answer = ask(&server, path, codings, None).await;
            assert_eq!(answer.status(), 200, "{path} {codings}");
            let header =
                |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(header("content-encoding").as_deref(), coding, "{path} {codings}");
            assert_eq!(header("vary").as_deref(), Some("accept-encoding"), "{path} {codings}");
            let kind = header("content-type").unwrap();
            assert!(kind.starts_with(if file == script { "text/javascript" } else { "text/html" }), "{kind}");
            assert_eq!(
                answer.bytes().await.unwrap(),
                built(&format!("{file}{extension}")),
                "{path} {codings}"
            );
        }
    }
    // Nothing that a browser shows stands at the address of a compressed form, and a page for people is compressed as well.
    for path in ["/index.html.br".to_owned(), format!("{script}.gz")] {
        assert_eq!(get(&server, &path).await.status(), 404, "{path}");
    }
    let nowhere = ask(&server, "/nothing", "br", None).await;
    assert_eq!(nowhere.status(), 404);
    assert_eq!(nowhere.headers()["content-encoding"], "br");
}

#[tokio::test]
async fn each_form_of_a_page_has_its_own_tag_and_is_not_sent_again_to_who_has_it() {
    let server = server(&[]).await;
    for path in ["/".to_owned(), part(&server).await] {
        let mut tags = Vec::new();
        for codings in ["br", "gzip", "identity"] {
            let tag = ask(&server, &path, codings, None).await.headers()["etag"].to_str().unwrap().to_owned();
            for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
                let answer = ask(&server, &path, codings, Some(&known)).await;
                assert_eq!(answer.status(), 304, "{path} {codings} {known}");
                assert_eq!(answer.headers()["etag"], *tag);
                assert_eq!(answer.headers()["vary"], "accept-encoding");
                assert!(answer.bytes().await.unwrap().is_empty());
            }
            assert!(!tags.contains(&tag), "{path} {codings}");
            tags.push(tag);
        }
        // Who has the other form is sent this one.
        assert_eq!(ask(&server, &path, "br", Some(&tags[1])).await.status(), 200, "{path}");
    }
}

/// What the first page and its parts may weigh as they are sent, in bytes. With their headers they stay below 60 KB; the pages
/// of the browser tests measure that.
const FIRST_PAGE: usize = 54_000;

#[tokio::test]
async fn the_first_page_is_small_with_all_that_it_needs_before_a_code_can_be_typed() {
    let server = server(&[]).await;
    let page = ask(&server, "/", "identity", None).await.text().await.unwrap();
    let named = page.split(['"', '\'']).filter(|text| text.starts_with("/assets/"));
    let mut parts: Vec<String> = named.map(str::to_owned).collect();
    assert!(parts.len() >= 3 && parts.iter().any(|part| part.ends_with(".css")), "{parts:?}");
    // The texts come in the language of the browser: the larger one counts.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/dist/assets");
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let texts = names.filter(|name| name.starts_with("start-") && name.ends_with(".js"));
    let largest = texts.max_by_key(|name| std::fs::metadata(format!("{folder}/{name}.br")).unwrap().len());
    parts.push(format!("/assets/{}", largest.unwrap()));
    parts.push("/".to_owned());
    parts.sort();
    parts.dedup();

    let mut weights = Vec::new();
    for part in &parts {
        let answer = ask(&server, part, "br", None).await;
        weights.push((part, answer.bytes().await.unwrap().len()));
    }
    let sum: usize = weights.iter().map(|(_, weight)| weight).sum();
    assert!(sum < FIRST_PAGE, "{sum} bytes, of which {weights:?}");
}

#[tokio::test]
async fn the_style_in_the_text_of_the_page_is_the_one_that_its_headers_allow() {
    let server = server(&[]).await;
    let answer = ask(&server, "/", "identity", None).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let page = answer.text().await.unwrap();
    let styles: Vec<&str> =
        page.split("<style>").skip(1).map(|rest| rest.split("</style>").next().unwrap()).collect();
    assert_eq!(styles.len(), 1);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, styles[0].as_bytes());
    let allowed = format!("'sha256-{}'", BASE64.encode(hash));
    assert!(policy.contains(&allowed), "server/src/http/headers.rs is to name {allowed}");
    // That one and the library's; and no script stands in the page.
    assert_eq!((policy.matches("'sha256-").count(), policy.contains("unsafe")), (2, false));
    assert!(page.split("<script").skip(1).all(|rest| rest.split('>').next().unwrap().contains("src=")));
    assert!(!page.contains(" style="));
}

#[tokio::test]
async fn health_and_readiness_answer() {
    let server = server(&[]).await;
    assert_eq!(get(&server, "/healthz").await.status(), 200);
    assert_eq!(get(&server, "/readyz").await.status(), 200);
}

#[tokio::test]
async fn metrics_parse_and_count_what_is_there() {
    let server = server(&[]).await;
    let (_client, _) = Client::joined(&server, "a").await;
    let text = get(&server, "/metrics").await.text().await.unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let name = series.split('{').next().unwrap();
        assert!(
            name.starts_with("viva_") && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'),
            "{line}"
        );
        assert!(series == name || series.ends_with('}'), "{line}");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    for series in [
        "viva_rooms 1",
        "viva_participants 1",
        "viva_websockets 1",
        "viva_join_seconds_count 0",
        "viva_shard_rooms{shard=\"0\"} 0",
        "viva_forward_delay_seconds_bucket{shard=\"0\",le=\"+Inf\"} 0",
        "viva_packets_in_total{shard=\"0\"} 0",
        "viva_packets_dropped_total{reason=\"authentication\",shard=\"0\"} 0",
        "viva_handshakes_failed_total{reason=\"no_certificate\",shard=\"0\"} 0",
        "viva_store_failures_total{operation=\"read\"} 0",
        "viva_store_failures_total{operation=\"write\"} 0",
        "viva_sms_waiting{provider=\"outbox\"} 0",
    ] {
        assert!(text.lines().any(|line| line == series), "{series} in\n{text}");
    }
    // At least the code of the first administrator was written.
    let writes = text.lines().find_map(|line| line.strip_prefix("viva_store_write_seconds_count "));
    assert!(writes.unwrap().parse::<f64>().unwrap() >= 1.0, "{text}");
}
