//! Import of candidates: all or nothing, with the rows that are wrong.

use super::api::{Answer, Stage, code, good};
use serde_json::{Value, json};

async fn import(stage: &mut Stage, query: &str, parts: &[(&str, &str, Vec<u8>)]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let path = format!("/api/admin/interviews/{}/candidates/import{query}", stage.interview);
    let request = stage.administrator.request(reqwest::Method::POST, &path);
    let request = request.header("content-type", "multipart/form-data; boundary=edge").body(body);
    stage.administrator.send(request).await
}

async fn count(stage: &mut Stage) -> usize {
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    good(stage.administrator.get(&path).await).as_array().unwrap().len()
}

fn rows((status, body): Answer) -> Vec<(u64, String, String)> {
    assert_eq!((status, body["code"].as_str()), (422, Some("import_refused")), "{body}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = body["rows"].as_array().unwrap().iter();
    rows.map(|row| (row["row"].as_u64().unwrap(), text(&row["column"]), text(&row["problem"]))).collect()
}

#[tokio::test]
async fn a_good_file_adds_everybody_and_a_dry_run_nobody() {
    let mut stage = Stage::set(&[]).await;
    let file = "姓名,考号,手机,密码\n李华,101,13900139000,\n王芳,102,,geheim\n".as_bytes().to_vec();
    let before = count(&mut stage).await;
    let parts = [("file", "list.csv", file)];
    assert_eq!(good(import(&mut stage, "?dry_run=true", &parts).await), json!({ "added": 2 }));
    assert_eq!(count(&mut stage).await, before);
    assert_eq!(good(import(&mut stage, "", &parts).await), json!({ "added": 2 }));
    assert_eq!(count(&mut stage).await, before + 2);
}

#[tokio::test]
async fn a_file_with_faults_names_each_row_and_adds_nobody() {
    let mut stage = Stage::set(&[]).await;
    let before = count(&mut stage).await;
    let file = "name,number,phone\nA,201,13900139000\n\n,202,\nC,201,12345678901234567890123\nD,001,\nE,203,1380013\nF,204,+4930123\n"
        .as_bytes()
        .to_vec();
    let found = rows(import(&mut stage, "", &[("file", "list.csv", file)]).await);
    let named = |row: u64, column: &str| found.iter().any(|(r, c, _)| (*r, c.as_str()) == (row, column));
    assert!(named(4, "name") && named(5, "number") && named(5, "phone") && named(6, "number"), "{found:?}");
    // What no SMS could reach.
    for row in [7, 8] {
        assert!(found.contains(&(row, "phone".to_owned(), "invalid".to_owned())), "{found:?}");
    }
    for broken in [b"PK\x03\x04".to_vec(), Vec::new(), "no,headings\nx,y\n".as_bytes().to_vec()] {
        rows(import(&mut stage, "", &[("file", "list.xlsx", broken)]).await);
    }
    let mistyped = [("file", "list.csv", b"name,number\nA,203\n".to_vec()), ("photo", "a.zip", Vec::new())];
    assert_eq!(code(import(&mut stage, "", &mistyped).await), "malformed");
    let (status, _) = import(&mut stage, "", &[("file", "list.csv", vec![b'x'; 6 * 1024 * 1024])]).await;
    assert_eq!(status, 413);
    assert_eq!(count(&mut stage).await, before);
}

#[tokio::test]
async fn what_is_no_form_is_a_problem_like_any_other() {
    let mut stage = Stage::set(&[]).await;
    let path = format!("/api/admin/interviews/{}/candidates/import", stage.interview);
    for kind in ["multipart/form-data", "text/csv"] {
        let request = stage.administrator.request(reqwest::Method::POST, &path);
        let request = request.header("content-type", kind).body("name,number");
        assert_eq!(code(stage.administrator.send(request).await), "unsupported_media_type", "{kind}");
    }
}
