//! Accounts from a table: all of them or none, their passwords told once, and nobody else waits for their hashes.

use super::{
    api::{Answer, Browser, Stage, good, sign_in},
    import::rows,
};
use reqwest::Method;
use serde_json::json;

fn part(bytes: &[u8]) -> Vec<u8> {
    let mut body =
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

async fn import(administrator: &mut Browser, query: &str, table: &str) -> Answer {
    let request = administrator.request(Method::POST, &format!("/api/admin/accounts/import{query}"));
    let request = request.header("content-type", "multipart/form-data; boundary=edge");
    administrator.send(request.body(part(table.as_bytes()))).await
}

async fn known(stage: &mut Stage) -> usize {
    good(stage.administrator.get("/api/admin/accounts").await).as_array().unwrap().len()
}

#[tokio::test]
async fn accounts_of_a_table_are_looked_at_first_and_then_sign_in_with_the_passwords_told_once() {
    let mut stage = Stage::set(&[]).await;
    let table = "2026 年考官名单\n姓名,账号,角色,备注\n张 三,Zhang.San,考官,\n李四,li@example.com,管理员,新\n王五,wang,,\n";
    let before = known(&mut stage).await;
    let looked = good(import(&mut stage.administrator, "?dry_run=true", table).await);
    let person = |account: &str, name: &str, administrator: bool| json!({ "account": account, "name": name, "administrator": administrator });
    let people = [
        person("zhang.san", "张 三", false),
        person("li@example.com", "李四", true),
        person("wang", "王五", false),
    ];
    assert_eq!(looked["accounts"], json!(people), "as they will be kept, without passwords");
    assert_eq!((&looked["added"], &looked["administrators"]), (&json!(3), &json!(1)));
    assert_eq!(looked["ignored"], json!(["D 备注"]));
    assert_eq!(known(&mut stage).await, before, "a look makes none");

    let made = good(import(&mut stage.administrator, "", table).await);
    assert_eq!(known(&mut stage).await, before + 3);
    let passwords: Vec<&str> =
        made["accounts"].as_array().unwrap().iter().map(|one| one["password"].as_str().unwrap()).collect();
    assert_eq!(passwords.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    for (one, password) in people.iter().zip(&passwords) {
        let body = json!({ "account": one["account"], "password": password });
        let mut browser = Browser::new(&stage.server);
        good(browser.post("/api/session", body).await);
    }
    let listed = good(stage.administrator.get("/api/admin/accounts").await).to_string();
    assert!(passwords.iter().all(|password| !listed.contains(password)));
}

#[tokio::test]
async fn every_fault_is_named_by_its_cell_and_no_account_is_made() {
    let mut stage = Stage::set(&[]).await;
    let before = known(&mut stage).await;
    let table = "name,account,role\n,a.one,\n二,examiner-1,\n三,a one,\n四,a.four,king\n五,A.FOUR,staff\n=1+1,a.six,\n";
    let problem = |row, column: &str, problem: &str| (row, column.to_owned(), problem.to_owned());
    let formula = rows(import(&mut stage.administrator, "", table).await);
    assert_eq!(formula, [problem(7, "name", "formula")], "what is not plainly what it shows, first");
    let table = table.replace("=1+1", "六");
    let found = rows(import(&mut stage.administrator, "", &table).await);
    let wanted = [
        problem(2, "name", "empty"),
        problem(3, "account", "duplicate"),
        problem(4, "account", "invalid"),
        problem(5, "role", "role_unknown"),
        problem(6, "account", "duplicate"),
    ];
    assert_eq!(found, wanted);
    for (table, wanted) in [
        ("姓名,手机\n张三,13900139000\n", problem(1, "account", "column_missing")),
        ("姓名,账号,用户名\n张三,a,b\n", problem(1, "account", "column_twice")),
        ("姓名,账号\n", problem(1, "file", "empty")),
        ("", problem(1, "file", "empty")),
    ] {
        assert_eq!(rows(import(&mut stage.administrator, "", table).await), [wanted], "{table}");
    }
    let many: String = (0..=200).map(|n| format!("考官{n},many-{n}\n")).collect();
    let refused = import(&mut stage.administrator, "", &format!("姓名,账号\n{many}")).await;
    assert_eq!(refused.1["rows"][0]["limit"], 200);
    assert_eq!(rows(refused), [problem(0, "file", "too_many_accounts")]);
    let broken = rows(import(&mut stage.administrator, "", "PK\u{3}\u{4}").await);
    assert_eq!(broken, [problem(0, "file", "broken")]);
    assert_eq!(known(&mut stage).await, before);
}

#[tokio::test]
async fn others_sign_in_while_many_passwords_are_hashed() {
    let stage = Stage::set(&[]).await;
    let table: String = (0..24).map(|n| format!("考官{n},many-{n}\n")).collect();
    let mut administrator = sign_in(&stage.server, "root").await;
    let importing = tokio::spawn(async move {
        let made = good(import(&mut administrator, "", &format!("姓名,账号\n{table}")).await);
        made["added"] == 24
    });
    for account in ["examiner-1", "host"] {
        sign_in(&stage.server, account).await;
    }
    assert!(!importing.is_finished(), "they did not wait for all of the hashes");
    assert!(importing.await.unwrap());
}
