//! Many rooms from one table: looked at first, every fault by its cell, all of them made together or none.

use super::{
    api::{Answer, Browser, Stage, code, good},
    import::rows,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write;

/// 2099-12-01 09:00 in Beijing.
const NINE: u64 = 4_099_770_000_000;
const HALF: u64 = 1_800_000;
const HEADS: &str = "考场,考官,工作人员,姓名,考号,手机,密码,时间\n";

fn request(stage: &Stage, query: &str, file: &[u8]) -> reqwest::RequestBuilder {
    let mut body =
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rooms.csv\"\r\n\r\n".to_vec();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let window = format!("opens_at={NINE}&closes_at={}", NINE + 16 * HALF);
    let path = format!("/api/admin/interviews/{}/rooms?{window}{query}", stage.interview);
    let request = stage.administrator.request(Method::POST, &path);
    request.header("content-type", "multipart/form-data; boundary=edge").body(body)
}

async fn make(stage: &mut Stage, query: &str, file: &[u8]) -> Answer {
    let request = request(stage, query, file);
    stage.administrator.send(request).await
}

async fn account(stage: &mut Stage, account: &str, name: &str) {
    let body = json!({ "account": account, "name": name, "password": "correct horse battery", "administrator": false });
    good(stage.administrator.post("/api/admin/accounts", body).await);
}

/// A stage with three people of the staff besides: two of one name.
async fn staffed() -> Stage {
    let mut stage = Stage::set(&[]).await;
    for (one, name) in [("zhang", "张三"), ("li.1", "李四"), ("li.2", "李四"), ("wang", "王五")] {
        account(&mut stage, one, name).await;
    }
    stage
}

async fn interviews(stage: &mut Stage) -> Vec<Value> {
    good(stage.administrator.get("/api/admin/interviews").await).as_array().unwrap().clone()
}

/// The faults with their columns and what is meant.
fn named(answer: Answer) -> Vec<(String, String, String)> {
    let (_, body) = &answer;
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let found = body["rows"].as_array().cloned().unwrap_or_default();
    rows(answer);
    found.iter().map(|row| (text(row, "cell"), text(row, "problem"), text(row, "text"))).collect()
}

fn fault(cell: &str, problem: &str, text: &str) -> (String, String, String) {
    (cell.to_owned(), problem.to_owned(), text.to_owned())
}

#[tokio::test]
async fn rooms_of_a_table_are_looked_at_and_then_made_with_panel_and_candidates() {
    let mut stage = staffed().await;
    let table = format!(
        "{HEADS}第一考场,张三、li.1,王五,甲,101,13900139000,,9:00\n第一考场,,,乙,102,,geheim,9:30\n第 二 考场,zhang，li.2,,丙,103,,,2099/12/1 13:00\n第一考场,LI.1;张三,王五,丁,104,,,9:15\n"
    );
    let before = interviews(&mut stage).await.len();
    let looked = good(make(&mut stage, "&dry_run=true", table.as_bytes()).await);
    assert_eq!(interviews(&mut stage).await.len(), before, "a look makes none");
    let first = &looked["rooms"][0];
    assert_eq!((&first["name"], &first["candidates"]), (&json!("复试 第一考场"), &json!(3)));
    assert_eq!((&first["examiners"], &first["hosts"]), (&json!(["张三", "李四"]), &json!(["王五"])));
    assert_eq!((&first["first_at"], &first["last_at"]), (&json!(NINE), &json!(NINE + HALF)));
    assert_eq!((&first["without_phone"], &first["id"]), (&json!(2), &Value::Null));
    let known = (looked["rooms"].as_array().unwrap().len(), &looked["candidates"]);
    assert_eq!(known, (2, &json!(4)));
    assert_eq!(looked["warnings"][0]["problem"], "no_hosts", "{looked}");

    let made = good(make(&mut stage, "", table.as_bytes()).await);
    let rooms = made["rooms"].as_array().unwrap();
    let mut codes = std::collections::BTreeSet::new();
    for (room, candidates) in rooms.iter().zip([vec!["101", "104", "102"], vec!["103"]]) {
        let path = format!("/api/admin/interviews/{}", room["id"].as_str().unwrap());
        let row = good(stage.administrator.get(&path).await);
        assert_eq!((&row["name"], &row["opens_at"]), (&room["name"], &json!(NINE)));
        assert_eq!(row["criteria"][0]["name"], "专业", "as in the model");
        let people = good(stage.administrator.get(&format!("{path}/candidates")).await);
        let numbers: Vec<_> = people.as_array().unwrap().iter().map(|one| &one["number"]).collect();
        assert_eq!(numbers, candidates, "in the order of their times");
        codes.extend(people.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()));
        let staff = good(stage.administrator.get(&format!("{path}/staff")).await);
        let accounts: Vec<_> =
            staff.as_array().unwrap().iter().map(|one| one["account"].as_str().unwrap()).collect();
        assert!(accounts.contains(&"zhang") && !accounts.contains(&""), "{accounts:?}");
    }
    assert_eq!(codes.len(), 4);
    let mut guest = Browser::new(&stage.server);
    let code_of_first = codes.first().unwrap();
    let (_, entered) = guest.post("/api/candidate/invitation", json!({ "code": code_of_first })).await;
    assert_eq!(entered["code"], "invitation_early", "a code leads to its room: {entered}");

    let again = named(make(&mut stage, "", table.as_bytes()).await);
    assert_eq!(
        again[0],
        fault("", "room_exists", "复试 第一考场"),
        "the same table twice makes nothing twice"
    );
    assert_eq!(interviews(&mut stage).await.len(), before + 2);
}

#[tokio::test]
async fn every_fault_of_panel_and_candidates_is_named_at_once_and_no_room_is_made() {
    let mut stage = staffed().await;
    let before = interviews(&mut stage).await.len();
    let table = format!(
        "{HEADS}A,张三,赵六,甲,101,,,9:00\nA,李四,,乙,102,12,,9:30\n,,,丙,103,,,\nB,李四,,丁,101,,,8:00\nb,zhang,zhang,戊,104,,,下午\n"
    );
    let found = named(make(&mut stage, "", table.as_bytes()).await);
    for wanted in [
        fault("C2", "account_unknown", "赵六"),
        fault("B3", "panel_differs", "B2"),
        fault("A4", "empty", ""),
        fault("B5", "account_ambiguous", "李四"),
        fault("B6", "panel_differs", "B5"),
        fault("H6", "time_format", ""),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} {found:?}");
    }
    // Once all rows can be read, their candidates are looked at too.
    let table = format!("{HEADS}A,张三,,甲,101,12,,9:00\nB,王五,王五,乙,101,,,8:00\nB,,,,103,,,\n");
    let found = named(make(&mut stage, "", table.as_bytes()).await);
    let wanted = [
        fault("F2", "invalid", ""),
        fault("C3", "person_twice", "王五"),
        fault("E3", "duplicate", "E2"),
        fault("H3", "outside", ""),
        fault("D4", "empty", ""),
    ];
    assert_eq!(found, wanted);
    let (status, _) = make(&mut stage, "&closes_at=1", HEADS.as_bytes()).await;
    assert_eq!(status, 400, "a time twice");
    assert_eq!(interviews(&mut stage).await.len(), before);
}

#[tokio::test]
async fn nobody_examines_in_two_rooms_at_once_and_hosts_are_warned_of() {
    let mut stage = staffed().await;
    let table = |second: &str, third: &str| {
        format!(
            "{HEADS}A,张三,王五,甲,101,,,9:00\nA,,,乙,102,,,9:30\nB,张三,王五,丙,103,,,{second}\nB,,,丁,104,,,{third}\n"
        )
    };
    // In the model nothing is planned: the last candidate takes a minute at least.
    let found = named(make(&mut stage, "&dry_run=true", table("9:30", "10:00").as_bytes()).await);
    assert_eq!(found, [fault("B4", "two_rooms", "张三 · A · B")]);
    let found = named(make(&mut stage, "&dry_run=true", table("11:00", "").as_bytes()).await);
    assert_eq!(found, [fault("B4", "two_rooms", "张三 · A · B")], "without a time the whole of it counts");
    let apart = good(make(&mut stage, "&dry_run=true", table("10:30", "11:00").as_bytes()).await);
    assert_eq!(apart["warnings"], json!([]));
    let hosts = format!("{HEADS}A,张三,王五,甲,101,,,\nB,li.1,王五,乙,102,,,\n");
    let warned = good(make(&mut stage, "&dry_run=true", hosts.as_bytes()).await);
    assert_eq!(warned["warnings"][0]["problem"], "two_rooms", "{warned}");
}

#[tokio::test]
async fn a_table_that_two_people_send_at_once_makes_its_rooms_once() {
    let mut stage = staffed().await;
    let before = interviews(&mut stage).await.len();
    let table = format!("{HEADS}A,张三,王五,甲,101,,,\nB,li.1,,乙,102,,,\n");
    let send = || request(&stage, "", table.as_bytes()).send();
    let (first, second) = tokio::join!(send(), send());
    let mut answers = [first.unwrap().status().as_u16(), second.unwrap().status().as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 422]);
    assert_eq!(interviews(&mut stage).await.len(), before + 2);
}

#[tokio::test]
async fn strange_tables_are_refused_with_words_that_say_what_to_mend() {
    let mut stage = staffed().await;
    let problems =
        |answer: Answer| named(answer).into_iter().map(|(_, problem, _)| problem).collect::<Vec<_>>();
    for (table, problem) in [
        ("姓名,考号\n甲,1\n", "column_missing"),
        ("考场,房间,姓名,考号\nA,B,甲,1\n", "column_twice"),
        ("考场,姓名,考号,系统登录口令串\nA,甲,1,x\n", "heading_unclear"),
        ("考场,姓名,考号\nA,甲,1.1E+17\n", "scientific"),
        ("考场,姓名,考号\n=A1,甲,1\n", "formula"),
        ("考场,姓名,考号\nA,甲,\n", "empty"),
        ("", "column_missing"),
        ("PK\u{3}\u{4}", "broken"),
    ] {
        let found = problems(make(&mut stage, "&dry_run=true", table.as_bytes()).await);
        assert!(found.iter().any(|found| found == problem), "{table}: {found:?}");
    }
    let rooms = (0..61).fold("考场,姓名,考号\n".to_owned(), |mut table, room| {
        let _ = writeln!(table, "R{room},甲,{room}");
        table
    });
    assert_eq!(problems(make(&mut stage, "", rooms.as_bytes()).await), ["too_many_rooms"]);
    let full = (0..501).fold("考场,姓名,考号\n".to_owned(), |mut table, number| {
        let _ = writeln!(table, "A,甲,{number}");
        table
    });
    assert_eq!(problems(make(&mut stage, "", full.as_bytes()).await), ["room_full"]);
    let long = "考场,姓名,考号\n".to_owned() + &"A,甲,1\n".repeat(5000);
    assert_eq!(problems(make(&mut stage, "", long.as_bytes()).await), ["too_many_rows"]);
    let gone = stage.administrator.request(Method::POST, "/api/admin/interviews/0123456789abcdef/rooms");
    assert_eq!(code(stage.administrator.send(gone).await), "not_found");
}

#[tokio::test]
async fn sixty_rooms_with_nearly_five_thousand_candidates_are_made_together() {
    let mut stage = staffed().await;
    let table = (0..4980).fold(HEADS.to_owned(), |mut table, number| {
        let _ = writeln!(
            table,
            "R{},,,考生{number},{},13900139000,k7m2,9:{:02}",
            number % 60,
            10_000 + number,
            number / 60 % 60
        );
        table
    });
    let start = std::time::Instant::now();
    good(make(&mut stage, "&dry_run=true", table.as_bytes()).await);
    let looked = start.elapsed();
    let made = good(make(&mut stage, "", table.as_bytes()).await);
    eprintln!("{} bytes: looked at in {looked:?}, with making {:?}", table.len(), start.elapsed());
    assert_eq!((made["rooms"].as_array().unwrap().len(), &made["candidates"]), (60, &json!(4980)));
}
