//! A candidate shows themselves to a host before the room: the pictures, who sees them, and what the host says.

use super::api::{Answer, Browser, Seat, Stage, code, good};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use viva_face::Picture;

const ASK: &str = "/api/candidate/identity/staff";
const PICTURE: &str = "/api/candidate/identity/picture";

fn jpeg(shade: u8) -> Vec<u8> {
    Picture::from_rgb(64, 64, vec![shade; 64 * 64 * 3]).unwrap().jpeg().unwrap()
}

async fn show(browser: &mut Browser, jpeg: &[u8]) -> Answer {
    browser.send(browser.request(Method::POST, PICTURE).body(jpeg.to_vec())).await
}

fn of(stage: &Stage, after: u64) -> String {
    format!("/api/candidates/{}/showing?after={after}", stage.candidates[0].1)
}

/// The next picture for the holder of a token: its number and its bytes.
async fn look(stage: &Stage, token: &str, after: u64) -> reqwest::Response {
    Browser::new(&stage.server)
        .request(Method::GET, &of(stage, after))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
}

fn card<'a>(host: &'a Seat, stage: &Stage) -> &'a Value {
    let cards = host.view["candidates"].as_array().unwrap();
    cards.iter().find(|card| card["seat"] == stage.candidates[0].1).unwrap()
}

fn confirm(stage: &Stage) -> Value {
    json!({ "do": "confirm_identity", "candidate": stage.candidates[0].1 })
}

#[tokio::test]
async fn a_host_sees_the_picture_and_says_who_it_is() {
    let stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let token = stage.staff_token("host").await;
    let mut browser = stage.entered(0).await;
    assert_eq!(code(show(&mut browser, &jpeg(1)).await), "another_step", "nobody was asked for a look");
    let refused = look(&stage, &token, 0).await;
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "staff_check_not_asked");

    let view = good(browser.post(ASK, json!({})).await);
    assert!(view["staff_check"]["asked_at"].is_number());
    host.until(|host| card(host, &stage)["staff_check"]["asked_at"].is_number()).await;
    assert_eq!(host.act(confirm(&stage)).await, Err("picture_not_seen".to_owned()));

    let sent = good(show(&mut browser, &jpeg(1)).await);
    assert_eq!((&sent["watched"], sent["pause"].as_u64().unwrap() > 1000), (&json!(false), true));
    let first = look(&stage, &token, 0).await;
    assert_eq!(first.headers()["viva-picture"], "1");
    assert_eq!(first.headers()["content-type"], "image/jpeg");
    assert!(first.headers()["cache-control"].to_str().unwrap().contains("no-store"));
    assert_eq!(first.bytes().await.unwrap(), jpeg(1));
    assert_eq!(host.act(confirm(&stage)).await, Err("picture_not_seen".to_owned()), "not had until asked on");

    // Whoever waits gets the next one as soon as it is there.
    let (next, sent) = tokio::join!(look(&stage, &token, 1), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        show(&mut browser, &jpeg(2)).await
    });
    assert_eq!(good(sent)["watched"], true);
    assert_eq!(next.headers()["viva-picture"], "2");
    assert_eq!(next.bytes().await.unwrap(), jpeg(2));
    host.act(confirm(&stage)).await.unwrap();
    let view = good(browser.get("/api/candidate").await);
    assert_eq!((&view["step"], &view["identity"]["method"]), (&json!("speaker"), &json!("staff")));
    assert_eq!(code(show(&mut browser, &jpeg(3)).await), "another_step");
    assert_eq!(look(&stage, &token, 2).await.status(), StatusCode::CONFLICT, "nothing of it is kept");
}

#[tokio::test]
async fn nobody_else_sees_it_and_whoever_waits_hears_that_it_is_over() {
    let stage = Stage::set(&[]).await;
    let mut host = stage.staff("host").await;
    let mut browser = stage.entered(0).await;
    good(browser.post(ASK, json!({})).await);
    good(show(&mut browser, &jpeg(1)).await);
    for account in ["examiner-1", "patrol"] {
        let answer = look(&stage, &stage.staff_token(account).await, 0).await;
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "forbidden", "{account}");
    }
    let mut stranger = Browser::new(&stage.server);
    assert_eq!(code(stranger.get(&of(&stage, 0)).await), "unauthorized");
    assert_eq!(code(stage.entered(1).await.get(&of(&stage, 0)).await), "unauthorized");
    assert_eq!(code(show(&mut stranger, &jpeg(1)).await), "unauthorized");

    let token = stage.staff_token("host").await;
    let reason =
        json!({ "do": "refuse_identity", "candidate": stage.candidates[0].1, "reason": "证件看不清" });
    let (waits, refused) = tokio::join!(look(&stage, &token, 1), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        host.act(reason).await
    });
    refused.unwrap();
    assert_eq!(waits.json::<Value>().await.unwrap()["code"], "staff_check_not_asked");
    let view = good(browser.get("/api/candidate").await);
    assert_eq!(view["staff_check"]["failure"]["reason"], "证件看不清");
    good(browser.post(ASK, json!({})).await);
    let view = good(browser.ask(Method::DELETE, ASK, None).await);
    assert_eq!(view["staff_check"]["asked_at"], Value::Null);

    // Another device takes the seat, and what the first one shows is nobody's.
    let mut other = stage.entered(0).await;
    good(other.post(ASK, json!({})).await);
    assert_eq!(code(show(&mut browser, &jpeg(1)).await), "unauthorized");
    good(show(&mut other, &jpeg(1)).await);
}

#[tokio::test]
async fn what_is_no_picture_does_not_reach_a_host_and_a_flood_costs_its_sender() {
    let stage = Stage::set(&[("seat_rate", "1"), ("seat_burst", "12")]).await;
    let mut browser = stage.entered(0).await;
    good(browser.post(ASK, json!({})).await);
    let wall = {
        // A head that claims 65,500 pixels a side, over the pixels of a small one.
        let mut bytes = jpeg(1);
        let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bytes[at + 5..at + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
        bytes
    };
    for other in [&b""[..], b"<svg/>", b"\x89PNG\r\n\x1a\n", &jpeg(1)[..200], &wall] {
        assert_eq!(code(show(&mut browser, other).await), "picture_invalid");
    }
    let large = [jpeg(1), vec![0; 128 << 10]].concat();
    assert_eq!(code(show(&mut browser, &large).await), "too_large");
    let mut refused = 0;
    for shade in 0..12 {
        if show(&mut browser, &jpeg(shade)).await.0 == 429 {
            refused += 1;
        }
    }
    assert!(refused >= 6, "{refused}");
}
