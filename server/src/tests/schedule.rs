//! Candidates with a time of their own, from the table of an office to the SMS and back into a table.

use super::{
    api::{Stage, code, good, setup},
    import::{import, rows},
};
use reqwest::Method;
use serde_json::{Value, json};

/// 2099-12-01 09:00 in Beijing.
const NINE: u64 = 4_099_770_000_000;
const HALF: u64 = 1_800_000;

/// A stage whose interview is open from nine to five on that day.
async fn on_a_day() -> Stage {
    let mut stage = Stage::set(&[]).await;
    let mut setup = setup();
    (setup["opens_at"], setup["closes_at"]) = (json!(NINE), json!(NINE + 16 * HALF));
    let path = format!("/api/admin/interviews/{}", stage.interview);
    good(stage.administrator.ask(Method::PUT, &path, Some(setup)).await);
    stage
}

async fn people(stage: &mut Stage) -> Vec<Value> {
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    good(stage.administrator.get(&path).await).as_array().unwrap().clone()
}

/// Numbers and times in the order of the list.
async fn times(stage: &mut Stage) -> Vec<(String, Option<u64>)> {
    let row = |row: &Value| (row["number"].as_str().unwrap().to_owned(), row["starts_at"].as_u64());
    people(stage).await.iter().map(row).collect()
}

fn list(rows: &str) -> Vec<u8> {
    format!("姓名,考号,手机,面谈时间\n{rows}").into_bytes()
}

#[tokio::test]
async fn a_list_with_times_orders_the_candidates_tells_them_and_comes_back_as_it_was() {
    let mut stage = on_a_day().await;
    let file = list("甲,101,13900139000,2099/12/1 10:00\n乙,102,,9:30\n丙,103,,\n");
    let looked = good(import(&mut stage, "?dry_run=true", &[("file", "a.csv", file.clone())]).await);
    assert_eq!((&looked["added"], &looked["people"][1]["starts_at"]), (&json!(3), &json!(NINE + HALF)));
    good(import(&mut stage, "", &[("file", "a.csv", file)]).await);
    let listed = times(&mut stage).await;
    let own: Vec<_> = listed.iter().map(|(number, at)| (number.as_str(), *at)).collect();
    let timed = [("102", Some(NINE + HALF)), ("101", Some(NINE + 2 * HALF))];
    assert_eq!((own.len(), &own[own.len() - 2..]), (5, &timed[..]), "who has no time comes first: {own:?}");

    let seat = people(&mut stage).await.iter().find(|row| row["number"] == "101").unwrap()["seat"].clone();
    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    let path = format!("{path}/{}/sms/invitation", seat.as_str().unwrap());
    let text = good(stage.administrator.get(&path).await)["text"].as_str().unwrap().to_owned();
    assert!(text.contains("2099-12-01 10:00（北京时间"), "{text}");

    for (kind, wanted) in [("csv", "2099-12-01 10:00:00"), ("xlsx", "")] {
        let path = format!("/api/admin/interviews/{}/candidates.{kind}", stage.interview);
        let request = stage.administrator.request(Method::GET, &path);
        let file = request.send().await.unwrap().bytes().await.unwrap().to_vec();
        assert!(String::from_utf8_lossy(&file).contains(wanted));
        let again = good(import(&mut stage, "?update=true&dry_run=true", &[("file", "again", file)]).await);
        assert_eq!((&again["unchanged"], &again["changed"]), (&json!(5), &json!(0)), "{kind}");
    }
    let invitations = format!("/api/admin/interviews/{}/invitations.csv?lang=en", stage.interview);
    let table = stage.administrator.request(Method::GET, &invitations).send().await.unwrap();
    let table = table.text().await.unwrap();
    assert!(table.contains("Time (Beijing time)") && table.contains("2099-12-01 09:30:00"), "{table}");
}

#[tokio::test]
async fn times_that_cannot_be_are_named_by_their_cells_and_nobody_is_added() {
    let mut stage = on_a_day().await;
    let before = times(&mut stage).await;
    let file = list("甲,101,,下午三点\n乙,102,,12/1/2099 9:30\n");
    let found = rows(import(&mut stage, "", &[("file", "a.csv", file)]).await);
    let fault = |row, problem: &str| (row, "time".to_owned(), problem.to_owned());
    assert_eq!(found, [fault(2, "time_format"), fault(3, "time_format")]);
    let file = list("甲,101,,2099-12-01 08:59\n乙,102,,17:00\n丙,103,,16:59\n");
    let found = rows(import(&mut stage, "", &[("file", "a.csv", file)]).await);
    assert_eq!(found, [fault(2, "outside"), fault(3, "outside")]);
    assert_eq!(times(&mut stage).await, before);
}

#[tokio::test]
async fn an_update_gives_times_and_a_form_takes_them_away() {
    let mut stage = on_a_day().await;
    let before = people(&mut stage).await;
    let (first, number) = (&before[0], before[0]["number"].as_str().unwrap());
    let file = list(&format!("{},{number},,9:30\n", first["name"].as_str().unwrap()));
    let done = good(import(&mut stage, "?update=true", &[("file", "a.csv", file)]).await);
    let change = &done["changes"][0];
    assert_eq!((&done["changed"], &change["after"]["starts_at"]), (&json!(1), &json!(NINE + HALF)));
    assert_eq!(change["before"]["starts_at"], Value::Null);

    let path = format!("/api/admin/interviews/{}/candidates", stage.interview);
    let path = format!("{path}/{}", first["seat"].as_str().unwrap());
    let body = |starts_at: Value| {
        let (name, phone) = (&first["name"], &first["phone"]);
        Some(
            json!({ "name": name, "number": number, "phone": phone, "password": null, "starts_at": starts_at }),
        )
    };
    let late = stage.administrator.ask(Method::PUT, &path, body(json!(NINE - 1))).await;
    assert_eq!(code(late), "import_refused");
    let row = good(stage.administrator.ask(Method::PUT, &path, body(Value::Null)).await);
    assert_eq!(row["starts_at"], Value::Null);
}
