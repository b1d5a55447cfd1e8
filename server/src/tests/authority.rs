//! Every operation of the API, asked by everybody: who may not is refused, in the way that the table says, and nothing changes.

use super::{
    api::{Browser, PASSWORD, Stage, good, setup, sign_in},
    client::{Client, offer},
};
use crate::{account::NewAccount, clock::now, tokens::Tokens};
use reqwest::Method;
use serde_json::{Value, json};
use viva_signaling::{
    message::{ClientMessage, ErrorCode, ServerMessage},
    token::Claims,
};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Candidate,
    /// Of another interview.
    OtherCandidate,
    /// A paired phone of the candidate.
    Phone,
    Examiner,
    Host,
    Patrol,
    /// An examiner of another interview.
    OtherExaminer,
    Administrator,
    /// Somebody of the panel whose account was disabled.
    Disabled,
}
use Who::*;

const STAFF: [Who; 5] = [Examiner, Host, Patrol, OtherExaminer, Administrator];

/// The refusal that somebody gets, by code; nothing where it is another matter than who asks.
fn refusal(method: &str, path: &str, who: Who) -> Option<&'static str> {
    let only = |allowed: &[Who], refused| (!allowed.contains(&who)).then_some(refused);
    match (method, path) {
        _ if path.starts_with("/api/admin/") => match who {
            Administrator => None,
            who if STAFF.contains(&who) => Some("forbidden"),
            _ => Some("unauthorized"),
        },
        ("post", "/api/candidate/invitation") => None,
        _ if path.starts_with("/api/candidate") && !path.starts_with("/api/candidates") => {
            only(&[Candidate, OtherCandidate], "unauthorized")
        }
        ("post", "/api/second-camera/seat") | ("delete", "/api/second-camera") => {
            only(&[Phone], "unauthorized")
        }
        ("get", "/api/session") | ("post", "/api/session/password") => only(&STAFF, "unauthorized"),
        // The seat is the host's.
        (_, "/api/seats/{seat}" | "/api/seats/{seat}/token") => match who {
            Host => None,
            who if STAFF.contains(&who) => Some("not_your_seat"),
            _ => Some("unauthorized"),
        },
        // The photo is of a candidate of the panel's interview.
        ("get", "/api/candidates/{seat}/photo") => match who {
            Examiner | Host | Patrol | Administrator => None,
            OtherExaminer => Some("not_found"),
            _ => Some("unauthorized"),
        },
        // Who looks has a seat of the panel in the candidate's interview.
        ("post", "/api/candidates/{seat}/face-look") => match who {
            Examiner | Host => None,
            Patrol => Some("forbidden"),
            OtherExaminer | Administrator => Some("not_your_seat"),
            _ => Some("unauthorized"),
        },
        // The picture before the room is for who leads the candidate's interview.
        ("get", "/api/candidates/{seat}/showing") => match who {
            Host => None,
            Examiner | Patrol => Some("forbidden"),
            OtherExaminer | Administrator => Some("not_your_seat"),
            _ => Some("unauthorized"),
        },
        ("get", "/api/face-thresholds") => only(&STAFF, "unauthorized"),
        ("get", "/api/candidates/{seat}/face-pictures/{number}") => match who {
            Examiner | Host | Patrol | Administrator => None,
            OtherExaminer => Some("not_found"),
            _ => Some("unauthorized"),
        },
        // Papers are for whoever judges: a patrol only watches.
        ("get", "/api/candidates/{seat}/papers/{number}") => match who {
            Examiner | Host | Administrator => None,
            Patrol => Some("not_your_seat"),
            OtherExaminer => Some("not_found"),
            _ => Some("unauthorized"),
        },
        // Draws are begun by hosts, and looked at by all of the staff of the interview.
        ("get", "/api/interviews/{id}/draws") => match who {
            Examiner | Host | Patrol | Administrator => None,
            OtherExaminer => Some("not_your_seat"),
            _ => Some("unauthorized"),
        },
        ("post", _) if path.starts_with("/api/interviews/{id}/draws") => match who {
            Host | Administrator => None,
            Examiner | Patrol => Some("forbidden"),
            OtherExaminer => Some("not_your_seat"),
            _ => Some("unauthorized"),
        },
        // Cookies open nothing here.
        _ if path.starts_with("/whip/") || path.starts_with("/whep/") => Some("unauthorized"),
        _ => None,
    }
}

/// What the operations change, as the administrator sees it.
async fn state(stage: &mut Stage) -> Vec<Value> {
    let interview = format!("/api/admin/interviews/{}", stage.interview);
    let mut state = Vec::new();
    for path in ["/candidates", "/staff", ""].map(|part| format!("{interview}{part}")) {
        state.push(good(stage.administrator.get(&path).await));
    }
    for path in ["/api/admin/interviews", "/api/admin/accounts", "/api/admin/settings"] {
        state.push(good(stage.administrator.get(path).await));
    }
    state
}

/// Everybody, with their cookies.
async fn everybody(stage: &mut Stage) -> Vec<(Who, Browser)> {
    let other = good(stage.administrator.post("/api/admin/interviews", setup()).await);
    let other = format!("/api/admin/interviews/{}", other["id"].as_str().unwrap());
    let body = json!({ "name": "B", "number": "1", "phone": "13900139000", "password": null });
    let candidate = good(stage.administrator.post(&format!("{other}/candidates"), body).await);
    for account in ["other", "gone"] {
        let (account, password) = (account.to_owned(), PASSWORD.to_owned());
        let new = NewAccount { name: account.clone(), account, password, administrator: false };
        stage.server.app.accounts.create(new, now().0).await.unwrap();
    }
    let panel = |account: &str| json!({ "account": account, "name": account, "role": "examiner" });
    good(stage.administrator.post(&format!("{other}/staff"), panel("other")).await);
    let own = format!("/api/admin/interviews/{}/staff", stage.interview);
    good(stage.administrator.post(&own, panel("gone")).await);

    let mut all = vec![(Nobody, Browser::new(&stage.server))];
    let mut own = stage.waiting(0).await;
    let link = good(own.post("/api/candidate/second-camera", json!({})).await);
    let mut phone = Browser::new(&stage.server);
    good(phone.post("/api/second-camera", json!({ "code": link["code"] })).await);
    let mut foreign = Browser::new(&stage.server);
    good(foreign.post("/api/candidate/invitation", json!({ "code": candidate["code"] })).await);
    all.extend([(Candidate, own), (Phone, phone), (OtherCandidate, foreign)]);
    for (who, account) in [
        (Examiner, "examiner-1"),
        (Host, "host"),
        (Patrol, "patrol"),
        (OtherExaminer, "other"),
        (Disabled, "gone"),
    ] {
        all.push((who, sign_in(&stage.server, account).await));
    }
    let disabled = json!({ "disabled": true });
    good(stage.administrator.ask(Method::PUT, "/api/admin/accounts/gone", Some(disabled)).await);
    all.push((Administrator, sign_in(&stage.server, "root").await));
    all
}

/// Every operation by method and path, the reading ones first and the deleting ones last.
fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
    });
    let mut all: Vec<_> = all.collect();
    let order = |method: &str| ["get", "put", "patch", "post", "delete"].iter().position(|m| *m == method);
    all.sort_by_key(|(method, path)| (order(method), path.clone()));
    all
}

#[tokio::test]
async fn every_operation_refuses_everybody_who_may_not_ask_and_nobody_else() {
    let mut stage = Stage::set(&[]).await;
    let photo =
        format!("/api/admin/interviews/{}/candidates/{}/photo", stage.interview, stage.candidates[0].1);
    let picture = stage.administrator.request(Method::PUT, &photo).body(b"\x89PNG\r\n\x1a\n".to_vec());
    good(stage.administrator.send(picture).await);
    let mut everybody = everybody(&mut stage).await;
    let document = good(stage.administrator.get("/api/openapi.json").await);
    let operations = operations(&document);
    assert!(operations.len() >= 57, "{}", operations.len());
    let before = state(&mut stage).await;

    let mut asked = 0;
    for may in [false, true] {
        for (method, path) in &operations {
            let seat =
                if path.contains("/candidates/") { &stage.candidates[0].1 } else { &stage.staff["host"] };
            let address = path.replace("{id}", &stage.interview).replace("{seat}", seat);
            let address =
                address.replace("{check}", "camera").replace("{account}", "patrol").replace("{number}", "0");
            let address = address.replace("{text}", "invitation").replace("{rehearsal}", &stage.interview);
            for (who, browser) in &mut everybody {
                let expected = refusal(method, path, *who);
                // Signing out is anybody's, and would end what the others are asked with.
                let ends = (method.as_str(), path.as_str()) == ("delete", "/api/session") && *who != Nobody;
                if expected.is_none() != may || ends {
                    continue;
                }
                let request = browser.request(method.to_uppercase().parse().unwrap(), &address);
                let (status, body) = browser.send(request).await;
                let code = body["code"].as_str().unwrap_or_default();
                if let Some(expected) = expected {
                    assert_eq!(code, expected, "{who:?} {method} {path}: {status} {body}");
                } else {
                    let told = ["unauthorized", "forbidden", "not_your_seat"].contains(&code);
                    assert!(!told && status < 500, "{who:?} {method} {path}: {status} {body}");
                }
                asked += 1;
            }
        }
        if !may {
            assert_eq!(state(&mut stage).await, before, "who was refused has changed nothing");
        }
    }
    assert!(asked > operations.len() * 8, "{asked}");
}

/// Where a token is shown, with the status and the code of what comes.
async fn shown(stage: &Stage, method: Method, path: &str, token: &str) -> (u16, String) {
    let mut nobody = Browser::new(&stage.server);
    let request = nobody.request(method, path).bearer_auth(token);
    let request = request.header("content-type", "application/sdp").body(offer("abcd"));
    let (status, body) = nobody.send(request).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

async fn joined(stage: &Stage, token: &str) -> Option<ErrorCode> {
    let mut client = Client::connect(&stage.server).await;
    client.hello().await;
    client.say(ClientMessage::Join { token: token.to_owned() }).await;
    match client.answer().await {
        ServerMessage::Error { code, .. } => Some(code),
        _ => None,
    }
}

#[tokio::test]
async fn a_token_that_is_forged_over_foreign_or_of_another_kind_opens_nothing() {
    let mut stage = Stage::set(&[]).await;
    let host = stage.staff_token("host").await;
    let claims = stage.server.tokens.verify(&host).unwrap();
    let elsewhere = Tokens::new("the secret of another server, and long enough").unwrap();
    let sign = |claims: &Claims| stage.server.tokens.sign(claims).unwrap();
    let (head, rest) = host.split_once('.').unwrap();
    let (body, seal) = rest.split_once('.').unwrap();
    let foreign = Claims { room: "0123456789abcdef".to_owned(), ..claims.clone() };
    let nobodys = Claims { seat: Some("0123456789abcdef".to_owned()), ..claims.clone() };
    let bad = [
        String::new(),
        "x".repeat(5000),
        format!("{head}.{body}."),
        format!("{head}.{body}.{}", seal.chars().rev().collect::<String>()),
        // {"alg":"none"}
        format!("eyJhbGciOiJub25lIn0.{body}."),
        elsewhere.sign(&claims).unwrap(),
        sign(&Claims { expires: 1, ..claims.clone() }),
        sign(&foreign),
        sign(&nobodys),
        sign(&Claims { mark: Some("0000000000000000".to_owned()), ..claims.clone() }),
    ];
    let own = format!("/api/seats/{}", stage.staff["host"]);
    let photo = format!("/api/candidates/{}/photo", stage.candidates[0].1);
    for token in &bad {
        for path in [&own, &photo] {
            let (status, code) = shown(&stage, Method::GET, path, token).await;
            let refused = ["unauthorized", "not_found", "not_your_seat"].contains(&code.as_str());
            assert!(refused && (401..=404).contains(&status), "{token} {path}: {status} {code}");
        }
        for path in ["/whip/exam", "/whep/exam"] {
            let (status, code) = shown(&stage, Method::POST, path, token).await;
            assert_eq!((status, code.as_str()), (401, "unauthorized"), "{token} {path}");
        }
        let code = joined(&stage, token).await;
        assert!(matches!(code, Some(ErrorCode::Unauthorized | ErrorCode::NotFound)), "{token}: {code:?}");
    }
    // The right one opens its seat, and nothing beside it.
    assert_eq!(shown(&stage, Method::GET, &own, &host).await.0, 200);
    let others = format!("/api/seats/{}", stage.staff["patrol"]);
    assert_eq!(shown(&stage, Method::GET, &others, &host).await.1, "not_your_seat");
    assert_eq!(shown(&stage, Method::POST, "/whip/exam", &host).await.1, "unauthorized");
    let own_room = format!("/whip/{}", stage.interview);
    assert_eq!(
        shown(&stage, Method::POST, &own_room, &host).await.0,
        403,
        "a seat is taken by the WebSocket"
    );
    let mut candidate = stage.waiting(0).await;
    let token =
        good(candidate.post("/api/candidate/seat", json!({})).await)["token"].as_str().unwrap().to_owned();
    assert_eq!(
        shown(&stage, Method::GET, &photo, &token).await.0,
        401,
        "no candidate sees a reference photo"
    );
    assert_eq!((joined(&stage, &host).await, joined(&stage, &token).await), (None, None));
}
