//! The work of an office before the day: lists that update, people taken out together, imports undone, interviews copied.

use super::{
    api::{Browser, Stage, code, good, setup},
    import::{import, rows},
};
use reqwest::Method;
use serde_json::{Value, json};

/// What stands of a candidate in the list.
async fn candidates(stage: &mut Stage) -> Vec<Value> {
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    good(stage.administrator.get(&path).await).as_array().unwrap().clone()
}

fn table(rows: &str) -> [(&'static str, &'static str, Vec<u8>); 1] {
    [("file", "list.csv", format!("姓名,考号,手机,密码\n{rows}").into_bytes())]
}

#[tokio::test]
async fn a_list_updates_who_is_there_by_number_and_removes_nobody() {
    let mut stage = Stage::set(&[]).await;
    let list = table("李华,003,13900139003,\n新名字,001,,geheim\n考生002,００2,,\n");
    let taken = rows(import(&mut stage, "", &list).await);
    assert_eq!(taken.iter().map(|(row, ..)| *row).collect::<Vec<_>>(), [3, 4], "their numbers are taken");

    let before = candidates(&mut stage).await;
    let looked = good(import(&mut stage, "?dry_run=true&update=true", &list).await);
    let count = |name: &str| looked[name].as_u64().unwrap();
    assert_eq!((count("added"), count("changed"), count("unchanged"), count("missing")), (1, 1, 1, 0));
    let change = &looked["changes"][0];
    assert_eq!((&change["before"]["name"], &change["after"]["name"]), (&json!("考生001"), &json!("新名字")));
    assert_eq!(change["after"]["phone"], "13800138001", "what is empty in the list stays");
    assert_eq!((&change["new_password"], &change["new_photo"]), (&json!(true), &json!(false)));
    assert_eq!(candidates(&mut stage).await, before, "a look changes nothing");

    good(import(&mut stage, "?update=true", &list).await);
    let after = candidates(&mut stage).await;
    assert_eq!(after.len(), 3);
    assert_eq!((&after[0]["name"], &after[0]["code"]), (&json!("新名字"), &before[0]["code"]));
    assert_eq!((&after[1], &after[0]["password_set"]), (&before[1], &json!(true)));
    let again = good(import(&mut stage, "?update=true", &list).await);
    assert_eq!((&again["unchanged"], again.get("import")), (&json!(3), None), "it says nothing new");
    let one = good(import(&mut stage, "?dry_run=true&update=true", &table("新名字,001,,\n")).await);
    assert_eq!(one["missing"], 2, "who is not in the list is counted, and stays");
}

#[tokio::test]
async fn who_has_entered_keeps_the_name_and_may_get_another_phone() {
    let mut stage = Stage::set(&[]).await;
    stage.entered(0).await;
    let before = candidates(&mut stage).await;
    let list = table("考生002,002,13900139002,\n另一人,001,13900139001,\n");
    let refused = rows(import(&mut stage, "?update=true", &list).await);
    assert_eq!(refused, [(3, "name".to_owned(), "entered".to_owned())]);
    assert_eq!(candidates(&mut stage).await, before, "all of them, or none");
    good(import(&mut stage, "?update=true", &table("考生001,001,13900139001,\n")).await);
    assert_eq!(candidates(&mut stage).await[0]["phone"], "13900139001");
}

#[tokio::test]
async fn people_are_taken_out_together_unless_one_has_entered() {
    let mut stage = Stage::set(&[]).await;
    let added = good(import(&mut stage, "", &table("甲,101,,\n乙,102,,\n")).await);
    assert_eq!(added["added"], 2);
    stage.entered(0).await;
    let all = candidates(&mut stage).await;
    let seats: Vec<&Value> = all.iter().map(|row| &row["seat"]).collect();
    let path = format!("/api/admin/interviews/{}/candidates/remove", stage.interview);
    let refused = stage.administrator.post(&path, json!({ "seats": seats })).await;
    assert_eq!(code(refused), "candidate_entered");
    assert_eq!(candidates(&mut stage).await.len(), 4, "all of them, or none");
    let unknown = stage.administrator.post(&path, json!({ "seats": ["0123456789abcdef"] })).await;
    assert_eq!(code(unknown), "candidate_unknown");
    let removed = good(stage.administrator.post(&path, json!({ "seats": &seats[2..] })).await);
    assert_eq!(removed, json!({ "removed": 2 }));
    let gone = all[2]["code"].as_str().unwrap();
    let mut browser = Browser::new(&stage.server);
    let entered = browser.post("/api/candidate/invitation", json!({ "code": gone })).await;
    assert_eq!(code(entered), "invitation_unknown", "the code is void at once");
}

#[tokio::test]
async fn an_import_is_undone_with_its_photos_and_codes_until_somebody_of_it_has_entered() {
    let mut stage = Stage::set(&[]).await;
    let imports = format!("/api/admin/interviews/{}/imports", stage.interview);
    assert_eq!(good(stage.administrator.get(&imports).await), json!([]));
    let first = good(import(&mut stage, "", &table("甲,101,13900139000,\n乙,102,,\n")).await);
    let second = good(import(&mut stage, "?update=true", &table("丙,103,,\n新名字,001,,\n")).await);
    let id = |import: &Value| import["import"].as_str().unwrap().to_owned();
    let invited = good(
        stage
            .administrator
            .post(&format!("/api/admin/interviews/{}/invite", stage.interview), json!({}))
            .await,
    );
    assert_eq!(invited, json!({ "queued": 3, "kept": true, "without_phone": 2, "invited_before": 0 }));

    let list = good(stage.administrator.get(&imports).await);
    let told = |row: &Value| {
        let count = |name: &str| row[name].as_u64().unwrap();
        (id(row), count("added"), count("changed"), count("left"), count("entered"), count("invited"))
    };
    let rows: Vec<_> = list.as_array().unwrap().iter().map(told).collect();
    assert_eq!(rows, [(id(&second), 1, 1, 1, 0, 0), (id(&first), 2, 0, 2, 0, 1)]);
    assert_eq!(list[0]["by"], "root");

    let all = candidates(&mut stage).await;
    let of = |number: &str| all.iter().find(|row| row["number"] == number).unwrap().clone();
    let seat = of("101")["seat"].as_str().unwrap().to_owned();
    let photo = format!("/api/admin/interviews/{}/candidates/{seat}/photo", stage.interview);
    let picture = stage.administrator.request(Method::PUT, &photo).body(b"\x89PNG\r\n\x1a\n".to_vec());
    good(stage.administrator.send(picture).await);

    let mut browser = Browser::new(&stage.server);
    good(browser.post("/api/candidate/invitation", json!({ "code": of("103")["code"] })).await);
    let undo = |import: &str| format!("{imports}/{import}");
    let refused = stage.administrator.ask(Method::DELETE, &undo(&id(&second)), None).await;
    assert_eq!(code(refused), "candidate_entered");
    let unknown = stage.administrator.ask(Method::DELETE, &undo("another"), None).await;
    assert_eq!(code(unknown), "not_found");
    let undone = good(stage.administrator.ask(Method::DELETE, &undo(&id(&first)), None).await);
    assert_eq!(undone, json!({ "removed": 2 }));
    let left: Vec<_> = candidates(&mut stage).await.iter().map(|row| row["number"].clone()).collect();
    assert_eq!(left, ["001", "002", "103"]);
    let picture = stage.administrator.get(&format!("/api/candidates/{seat}/photo")).await;
    assert_eq!(code(picture), "not_found");
    let entered = browser.post("/api/candidate/invitation", json!({ "code": of("101")["code"] })).await;
    assert_eq!(code(entered), "invitation_unknown");
    let again = good(stage.administrator.ask(Method::DELETE, &undo(&id(&first)), None).await);
    assert_eq!(again, json!({ "removed": 0 }), "nobody is left of it");
}

#[tokio::test]
async fn invitations_that_nobody_gets_are_counted_with_why() {
    let mut stage = Stage::set(&[]).await;
    good(import(&mut stage, "", &table("甲,101,,\n")).await);
    let path = format!("/api/admin/interviews/{}/invite", stage.interview);
    let sent = good(stage.administrator.post(&path, json!({})).await);
    assert_eq!((&sent["queued"], &sent["without_phone"]), (&json!(2), &json!(1)));
    let again = good(stage.administrator.post(&path, json!({})).await);
    assert_eq!(again, json!({ "queued": 0, "kept": true, "without_phone": 1, "invited_before": 2 }));
}

#[tokio::test]
async fn a_copy_has_the_setup_and_perhaps_the_panel_but_nobody_to_be_examined() {
    let mut stage = Stage::set(&[]).await;
    let path = format!("/api/admin/interviews/{}", stage.interview);
    let host = &stage.staff["host"];
    let chair = format!("{path}/staff/{host}/chair");
    let marked = stage.administrator.ask(Method::PUT, &chair, Some(json!({ "chair": true })));
    assert_eq!(marked.await.0, 204);
    let source = good(stage.administrator.get(&path).await);
    let (opens, closes) = (
        setup()["opens_at"].as_u64().unwrap() + 86_400_000,
        setup()["closes_at"].as_u64().unwrap() + 86_400_000,
    );
    let body =
        |panel: bool| json!({ "name": "第二组", "opens_at": opens, "closes_at": closes, "panel": panel });
    let copy = good(stage.administrator.post(&format!("{path}/copy"), body(true)).await);
    assert_eq!(
        (&copy["name"], &copy["opens_at"], &copy["candidates"]),
        (&json!("第二组"), &json!(opens), &json!(0))
    );
    assert_eq!((&copy["stages"], &copy["criteria"]), (&source["stages"], &source["criteria"]));
    let people = |list: &Value| {
        let one = |row: &Value| {
            (row["account"].to_string(), row["role"].to_string(), row["chair"].as_bool().unwrap())
        };
        let mut all: Vec<_> = list.as_array().unwrap().iter().map(one).collect();
        all.sort();
        all
    };
    let there = good(
        stage
            .administrator
            .get(&format!("/api/admin/interviews/{}/staff", copy["id"].as_str().unwrap()))
            .await,
    );
    let here = good(stage.administrator.get(&format!("{path}/staff")).await);
    assert_eq!(people(&there), people(&here), "the chair is one there too");
    let empty = good(stage.administrator.post(&format!("{path}/copy"), body(false)).await);
    assert_eq!((&empty["staff"], &copy["staff"]), (&json!(0), &json!(4)));

    let before = good(stage.administrator.get("/api/admin/interviews").await).as_array().unwrap().len();
    let wrong = json!({ "name": " ", "opens_at": opens, "closes_at": closes });
    assert_eq!(code(stage.administrator.post(&format!("{path}/copy"), wrong).await), "text_empty");
    let wrong = json!({ "name": "第二组", "opens_at": closes, "closes_at": opens });
    assert_eq!(code(stage.administrator.post(&format!("{path}/copy"), wrong).await), "setup_invalid");
    let gone = stage.administrator.post("/api/admin/interviews/0123456789abcdef/copy", body(true)).await;
    assert_eq!(code(gone), "not_found");
    let after = good(stage.administrator.get("/api/admin/interviews").await).as_array().unwrap().len();
    assert_eq!(after, before, "nothing half made is left");
}
