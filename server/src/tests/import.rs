//! Import of candidates: all or nothing, with the rows that are wrong.

use super::api::{Answer, Stage, code, good};
use serde_json::{Value, json};

pub async fn import(stage: &mut Stage, query: &str, parts: &[(&str, &str, Vec<u8>)]) -> Answer {
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

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/tables/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Name, number and phone of those who were not there before, and whether there is a password and a photo.
pub async fn newcomers(stage: &mut Stage) -> Vec<(String, String, String, bool, bool)> {
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    let all = good(stage.administrator.get(&path).await);
    let known: Vec<&String> = stage.candidates.iter().map(|(_, seat)| seat).collect();
    let new = all.as_array().unwrap().iter().filter(|row| !known.iter().any(|seat| row["seat"] == **seat));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let flag = |value: &Value| value.as_bool().unwrap();
    new.map(|row| {
        (
            text(&row["name"]),
            text(&row["number"]),
            text(&row["phone"]),
            flag(&row["password_set"]),
            flag(&row["photo"]),
        )
    })
    .collect()
}

/// What an import of this table brings in, in an interview of its own.
async fn brought(name: &str) -> Vec<(String, String, String, bool, bool)> {
    let mut stage = Stage::set(&[]).await;
    good(import(&mut stage, "", &[("file", name, fixture(name))]).await);
    newcomers(&mut stage).await
}

fn person(name: &str, number: &str, phone: &str) -> (String, String, String, bool, bool) {
    (name.to_owned(), number.to_owned(), phone.to_owned(), false, false)
}

pub fn cells((status, body): Answer) -> Vec<(String, String)> {
    assert_eq!((status, body["code"].as_str()), (422, Some("import_refused")), "{body}");
    let rows = body["rows"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.map(|row| (text(&row["cell"]), text(&row["problem"]))).collect()
}

async fn count(stage: &mut Stage) -> usize {
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    good(stage.administrator.get(&path).await).as_array().unwrap().len()
}

pub fn rows((status, body): Answer) -> Vec<(u64, String, String)> {
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
    let looked = good(import(&mut stage, "?dry_run=true", &parts).await);
    // The first are shown as they will be kept, and what follows from it is counted.
    let person = |name: &str, number: &str, phone: &str, password: bool| json!({ "name": name, "number": number, "phone": phone, "password": password, "photo": false, "starts_at": null });
    let people = [person("李华", "101", "13900139000", false), person("王芳", "102", "", true)];
    let wanted = json!({ "added": 2, "changed": 0, "unchanged": 0, "missing": 0, "without_phone": 1,
        "people": people, "changes": [] });
    assert_eq!(looked, wanted);
    assert_eq!(count(&mut stage).await, before);
    let mut done = good(import(&mut stage, "", &parts).await);
    assert!(done.as_object_mut().unwrap().remove("import").is_some(), "it can be undone");
    assert_eq!(done, wanted);
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
    for broken in [b"PK\x03\x04".to_vec(), Vec::new(), "first,second\nx,y\n".as_bytes().to_vec()] {
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

#[tokio::test]
async fn tables_as_offices_make_them_give_what_stands_in_them() {
    for (name, wanted) in [
        ("I01-shoujihao.csv", vec![person("考甲", "101", "13900139000")]),
        ("I01-phone-number.csv", vec![person("Cand A", "103", "13900139000")]),
        ("I05-formula-text.csv", vec![person("考甲", "007", ""), person("考乙", "009", "")]),
        ("I07-sep.csv", vec![person("考甲", "120", "")]),
        ("I07-title.csv", vec![person("考甲", "121", "")]),
        ("I08-short-gbk.csv", vec![person("郑强", "130", "")]),
        ("I08-big5.csv", vec![person("陳顯揚", "132", "")]),
        ("I09-invisible-phone.csv", vec![person("考甲", "142", "13900139000")]),
        ("I14-zeros-by-format.xlsx", vec![person("李华", "007", ""), person("王芳", "008", "")]),
    ] {
        assert_eq!(brought(name).await, wanted, "{name}");
    }
    let with_password = brought("I01-kouling.csv").await;
    assert_eq!((with_password[0].1.as_str(), with_password[0].3), ("102", true));
    let wide = brought("I11-fullwidth-phone.csv").await;
    assert_eq!(wide[0].2, "13900139000");
}

#[tokio::test]
async fn what_is_not_plainly_what_it_shows_is_refused_with_its_cell() {
    let mut stage = Stage::set(&[]).await;
    let before = count(&mut stage).await;
    for (name, wanted) in [
        ("I02-id18-as-number.xlsx", vec![("B2", "rounded"), ("B3", "rounded")]),
        ("I06-scientific.csv", vec![("B2", "scientific")]),
        ("I09-invisible-number.csv", vec![("B3", "duplicate")]),
        ("I10-x-and-X.csv", vec![("B3", "duplicate")]),
        ("I11-fullwidth-number.csv", vec![("B3", "duplicate")]),
    ] {
        let found = cells(import(&mut stage, "", &[("file", name, fixture(name))]).await);
        let found: Vec<_> = found.iter().map(|(cell, problem)| (cell.as_str(), problem.as_str())).collect();
        assert_eq!(found, wanted, "{name}");
    }
    let text = "姓名,考号,手机,密码\n甲,7.0,13900139000.0,\n乙,1,,。\n丙,2\n姓名,考号\n\"丁\n戊\",\"3\n4\"\n"
        .as_bytes()
        .to_vec();
    let found = cells(import(&mut stage, "", &[("file", "list.csv", text)]).await);
    for (cell, problem) in [("B2", "decimal"), ("C2", "decimal"), ("D3", "invalid"), ("", "heading_again")] {
        assert!(found.contains(&(cell.to_owned(), problem.to_owned())), "{cell} {found:?}");
    }
    let text = "姓名,考号\n甲,110105194912310000\n".as_bytes().to_vec();
    assert_eq!(
        cells(import(&mut stage, "", &[("file", "a.csv", text)]).await),
        [("B2".to_owned(), "rounded".to_owned())]
    );
    let text = "姓名,考号\n甲,\"8\n9\"\n".as_bytes().to_vec();
    assert_eq!(
        cells(import(&mut stage, "", &[("file", "a.csv", text)]).await),
        [("B2".to_owned(), "invalid".to_owned())]
    );
    assert_eq!(count(&mut stage).await, before);
}

#[tokio::test]
async fn no_column_is_left_out_in_silence() {
    let mut stage = Stage::set(&[]).await;
    let file = |text: &str| vec![("file", "list.csv", text.as_bytes().to_vec())];
    let added = good(import(&mut stage, "", &file("姓名,备注,考号\n甲,迟到,101\n")).await);
    assert_eq!(
        (&added["added"], &added["ignored"]),
        (&json!(1), &json!([{ "column": "B", "heading": "备注" }]))
    );
    for (text, cell, problem) in [
        ("姓名,考号,登录口令串\n甲,102,geheim\n", "C1", "column_unknown"),
        ("姓名,考号,紧急联系电话\n甲,102,13900139000\n", "C1", "column_unknown"),
        ("姓名,考号,准考证号\n甲,102,103\n", "B1", "column_twice"),
        ("姓名,考号\n甲,乙,102\n", "C2", "no_heading"),
    ] {
        let found = cells(import(&mut stage, "", &file(text)).await);
        assert!(found.contains(&(cell.to_owned(), problem.to_owned())), "{text} {found:?}");
    }
    let mut parts = file("姓名,考号,登录口令串,紧急联系电话\n甲,102,geheim,x\n");
    parts.push((
        "choices",
        "choices.json",
        json!({ "columns": { "C": "password", "D": "ignore" } }).to_string().into_bytes(),
    ));
    good(import(&mut stage, "", &parts).await);
    let new = newcomers(&mut stage).await;
    assert_eq!(new[1], ("甲".to_owned(), "102".to_owned(), String::new(), true, false));
    let choices =
        json!({ "heading_row": 0, "columns": { "A": "number", "B": "name" } }).to_string().into_bytes();
    let parts = vec![("file", "bare.csv", "103,乙\n104,丙\n".as_bytes().to_vec()), ("choices", "c", choices)];
    assert_eq!(good(import(&mut stage, "", &parts).await)["added"], 2);
    let parts = vec![("file", "bare.csv", b"1,2".to_vec()), ("choices", "c", b"{\"column\":{}}".to_vec())];
    assert_eq!(code(import(&mut stage, "", &parts).await), "malformed");
}

#[tokio::test]
async fn a_preview_shows_names_columns_and_ways_to_read_them_and_takes_nothing() {
    let mut stage = Stage::set(&[]).await;
    let before = count(&mut stage).await;
    let seen = good(import(&mut stage, "/preview", &[("file", "a.csv", fixture("I08-big5.csv"))]).await);
    assert_eq!((seen["encoding"].as_str(), seen["people"].as_u64()), (Some("big5"), Some(1)));
    let names = |encoding: &str| {
        let all = seen["encodings"].as_array().unwrap();
        all.iter().find(|one| one["encoding"] == encoding).map(|one| one["names"][0].clone())
    };
    assert_eq!((names("big5"), names("gb18030")), (Some("陳顯揚".into()), Some("朝陪喘".into())));
    let choices = json!({ "encoding": "gb18030" }).to_string().into_bytes();
    let parts = [("file", "a.csv", fixture("I08-big5.csv")), ("choices", "c", choices)];
    assert_eq!(good(import(&mut stage, "/preview", &parts).await)["rows"][1]["cells"][0]["text"], "朝陪喘");
    let text = "复试名单,,,\n姓名,考号,系统口令串,备注\n甲,1.1E+17,x,\n".as_bytes().to_vec();
    let seen = good(import(&mut stage, "/preview", &[("file", "a.csv", text)]).await);
    assert_eq!(seen["heading_row"], 2);
    assert_eq!(seen["rows"][2]["cells"][1], json!({ "text": "1.1E+17", "problem": "scientific" }));
    let column = |index: usize| &seen["columns"][index];
    assert_eq!((&column(0)["meaning"], &column(1)["meaning"]), (&json!("name"), &json!("number")));
    assert_eq!(
        column(2),
        &json!({ "column": "C", "heading": "系统口令串", "meaning": null, "likely": "password", "hidden": false, "filled": 1 })
    );
    assert_eq!(seen["faults"][0]["problem"], "column_unknown");
    assert_eq!(count(&mut stage).await, before);
}

#[tokio::test]
async fn limits_say_what_they_are_to_the_person() {
    let mut stage = Stage::set(&[]).await;
    for name in ["I13-501.csv", "I13-rows-2001-contiguous.xlsx", "I13-2001.csv"] {
        let (status, body) = import(&mut stage, "", &[("file", name, fixture(name))]).await;
        assert_eq!(status, 422, "{name} {body}");
        for language in ["zh", "en"] {
            let text = body["text"][language].as_str().unwrap();
            assert!(text.contains("500") && !text.contains("稍后") && !text.contains("later"), "{text}");
        }
    }
    let (status, body) = import(&mut stage, "", &[("file", "list.csv", vec![b'x'; 6 * 1024 * 1024])]).await;
    assert_eq!(status, 413);
    assert!(body["text"]["zh"].as_str().unwrap().contains("5 MiB"), "{body}");
    let text = format!("姓名,考号\n{},{}\n", "长".repeat(101), "9".repeat(41)).into_bytes();
    let (_, body) = import(&mut stage, "", &[("file", "list.csv", text)]).await;
    assert_eq!((&body["rows"][0]["limit"], &body["rows"][1]["limit"]), (&json!(100), &json!(40)));
    let text = format!("姓名,考号,密码\n甲,1,{}\n", "p".repeat(65)).into_bytes();
    let (_, body) = import(&mut stage, "", &[("file", "list.csv", text)]).await;
    assert_eq!((&body["rows"][0]["cell"], &body["rows"][0]["limit"]), (&json!("C2"), &json!(64)));
}

#[tokio::test]
async fn photos_find_their_people_as_every_system_names_them() {
    for (archive, number) in [("I15-gbk-names.zip", "语文009"), ("I15-lower-x.zip", "11010519491231002X")] {
        let mut stage = Stage::set(&[]).await;
        let parts = [("file", "a.csv", fixture("I15-people.csv")), ("photos", "a.zip", fixture(archive))];
        good(import(&mut stage, "", &parts).await);
        let pictured: Vec<String> =
            newcomers(&mut stage).await.into_iter().filter(|new| new.4).map(|new| new.1).collect();
        assert_eq!(pictured, [number], "{archive}");
    }
}

#[tokio::test]
async fn what_is_exported_is_imported_as_it_was() {
    let mut stage = Stage::set(&[]).await;
    let text = "姓名,考号,手机\n＝李华,007,+8613900139000\n'=王芳,110105194912310021,13900139001\n\"赵 'x', \"\"y\"\"\",1E5,\n-孙,3-4,+85298765432\n";
    let mut plain = text.as_bytes().to_vec();
    good(import(&mut stage, "", &[("file", "a.csv", std::mem::take(&mut plain))]).await);
    let before = newcomers(&mut stage).await;
    assert_eq!(before.len(), 4);
    for kind in ["csv", "xlsx"] {
        let path = format!("/api/admin/interviews/{}/candidates.{kind}", stage.interview);
        let request = stage.administrator.request(reqwest::Method::GET, &path);
        let file = request.send().await.unwrap().bytes().await.unwrap().to_vec();
        let made = good(stage.administrator.post("/api/admin/interviews", super::api::setup()).await);
        let first = std::mem::replace(&mut stage.interview, made["id"].as_str().unwrap().to_owned());
        good(import(&mut stage, "", &[("file", "again", file)]).await);
        let mut again = newcomers(&mut stage).await;
        // The two of the stage are among them now.
        again.retain(|person| before.iter().any(|other| other.1 == person.1));
        assert_eq!(again, before, "{kind}");
        stage.interview = first;
    }
}
